"""Checkpoints: signed documents outside the database that say how far the chains of mailboxes and books had come.

Who can write the database can write a chain anew, but not the administration's signature. Each checkpoint names the
digest of the one before it, so that none can be taken out of the middle. Copied to another place they also show that a
whole data directory was put back to an earlier day.
"""

import asyncio
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import structlog
from lxml import etree
from sqlalchemy import select

from esad_gateway.errors import OwnError, StoreUnavailable
from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.crypto import Signer
from esad_gateway.store import batch_tables, tables
from esad_gateway.store.database import reading
from esad_gateway.store.rows import moment
from esad_gateway.store.seal import Seal, changes_of, seal_of
from esad_gateway.store.store import SqlStore

NAMESPACE: Final = "urn:esad-gateway:checkpoint:1"
CHECKPOINT: Final = f"{{{NAMESPACE}}}Checkpoint"
MAILBOX: Final = f"{{{NAMESPACE}}}Mailbox"
BOOK: Final = f"{{{NAMESPACE}}}Book"
REGISTER: Final = f"{{{NAMESPACE}}}Register"
SETTINGS: Final = f"{{{NAMESPACE}}}Settings"

MOST_MAILBOXES: Final = 10_000
"""How many mailboxes and books one checkpoint names: readers take no document of many more elements."""

_mailbox, _book = tables.mailbox.c, batch_tables.saad_book.c
_CHAINS: Final = (
    (MAILBOX, select(_mailbox.name, _mailbox.last_seq, _mailbox.head).order_by(_mailbox.name)),
    (BOOK, select(_book.trader, _book.last_number, _book.head).order_by(_book.trader)),
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain of a mailbox, or of a trader's SAAD list (``BOOK``), had come: its last number and head."""

    mailbox: str
    seq: int
    head: bytes
    element: str = MAILBOX


def files_of(folder: Path) -> Sequence[Path]:
    """The checkpoints of a folder, the oldest first; empty when there is no such folder."""
    return sorted(folder.glob("[0-9]*.xml"))


class Checkpoints:
    """Writes the checkpoints of a running gateway into ``folder``, at most one in ``pause`` seconds.

    ``settings`` is the text of the settings that this run works by: what was decided under them can be decided again.
    The first checkpoint of a run names every mailbox and book, later ones those with something new.
    """

    def __init__(
        self, store: SqlStore, signer: Callable[[], Signer], folder: Path, settings: str, clock: Clock, pause: float
    ) -> None:
        self._store = store
        self._signer = signer
        self._folder = folder
        self._settings: str | None = settings
        self._clock = clock
        self._pause = pause
        self._vouched: dict[tuple[str, str], int] = {}
        self._sealed: int | None = None
        # Who stops a gateway does not wait for the thread that may be writing one.
        self._one_at_a_time = threading.Lock()

    async def run(self) -> None:
        """Write checkpoints until cancelled, the first after a pause."""
        while True:
            await self._clock.rest(self._clock.elapsed() + self._pause, asyncio.Event())
            await asyncio.to_thread(self.attempt)

    def attempt(self) -> None:
        """Write what is due. A failure is logged, and made up for by the next checkpoint."""
        try:
            with self._one_at_a_time:
                self.write()
        except OwnError as error:
            log.warning("checkpoints have to wait", reason=str(error))
        except Exception:
            log.exception("checkpoints have to wait")

    def write(self) -> int:
        """Write checkpoints of everything that no one vouches for yet; returns how many (0 when nothing is new).

        Raises StoreUnavailable, also when the folder cannot be written.
        """
        written = 0
        heads, seal = self._new()
        new = iter(heads)
        while (heads := list(islice(new, MOST_MAILBOXES))) or seal or self._settings is not None:
            self._append(heads, seal)
            self._vouched.update(((one.element, one.mailbox), one.seq) for one in heads)
            self._sealed = seal.changes if seal else self._sealed
            self._settings = seal = None
            written += 1
        return written

    def _new(self) -> tuple[list[Head], Seal | None]:
        """Heads of chains with something new, and the seal of the register if it has changed, as of one moment."""
        with reading(self._store.reader) as connection:
            heads = [Head(*row, element) for element, chain in _CHAINS for row in connection.execute(chain)]
            seal = None if changes_of(connection) == self._sealed else seal_of(connection)
        return [one for one in heads if self._vouched.get((one.element, one.mailbox)) != one.seq], seal

    def _append(self, heads: Sequence[Head], seal: Seal | None) -> None:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            last = next(reversed(files_of(self._folder)), None)
            number = int(last.stem) + 1 if last else 1
            previous = hashlib.sha256(last.read_bytes()).hexdigest() if last else ""
            document = self._signer().sign(self._document(number, previous, heads, seal))
            _put(self._folder / f"{number:09}.xml", document)
        except OSError as error:
            raise StoreUnavailable(said("store.no_checkpoint", folder=str(self._folder), why=why(error))) from error

    def _document(self, number: int, previous: str, heads: Sequence[Head], seal: Seal | None) -> etree._Element:
        about = {"number": str(number), "previous": previous, "at": moment(self._clock.now())}
        root = etree.Element(CHECKPOINT, about, nsmap={None: NAMESPACE})
        if self._settings is not None:
            etree.SubElement(root, SETTINGS).text = self._settings
        if seal is not None:
            etree.SubElement(root, REGISTER, changes=str(seal.changes), sha256=seal.digest.hex())
        for one in heads:
            etree.SubElement(root, one.element, name=one.mailbox, seq=str(one.seq), head=one.head.hex())
        return root


def heads_in(root: etree._Element) -> Iterator[Head]:
    """The heads that a checkpoint names. Not checked: its signature."""
    for element in root.iter(MAILBOX, BOOK):
        head = bytes.fromhex(element.get("head", ""))
        yield Head(element.get("name", ""), int(element.get("seq", "0")), head, str(element.tag))


def _put(path: Path, content: bytes) -> None:
    """Write a file that is whole and on disk when it has its name."""
    partial = path.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
