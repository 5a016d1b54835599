"""Processes that read, judge and sign dispatches of a table, beside the one that commits them.

Each reads the whole file and judges a share of its documents: one chunk after the other, in turn. What they find comes
back in the order of the file. They are copies of the worker from before it had threads or was at any batch, so that
they hold nothing of what it holds then; they write nothing, and end when it ends, however that happens.
"""

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from itertools import cycle
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

import structlog

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.opening import OpenedBatch, Opening
from esad_gateway.batch.tables.reading import Document, Share
from esad_gateway.errors import OwnError, Unreadable
from esad_gateway.faults import Faults, said
from esad_gateway.ports.batches import Batch
from esad_gateway.sheets.table import BLANK, Cell, FileFormat, Kind, SheetRow
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.packing import PackedDraft, pack_quickly

MOST: Final = 2
"""Helpers of one worker, at most: each reads all of the file, and who commits has to keep up with them."""

WORTH: Final = 8 * 1024
"""Bytes of a file from which on helpers pay."""

OpenAgain: TypeAlias = Callable[[Batch], AbstractContextManager[OpenedBatch]]
"""Opens the file of a batch that somebody has opened and checked."""

Signer: TypeAlias = Callable[[str], XmlSigner | None]
"""What signs for a trader, if anything does."""

log = structlog.get_logger(__name__)

Row: TypeAlias = tuple[int, tuple[str, ...]]


class _Sent(NamedTuple):
    """A document of a CSV file on its way between processes, as plain values; ``entry`` is signed and packed."""

    rows: Sequence[Row]
    key: str
    called: str
    entry: bytes | None
    faults: Faults
    content: bytes


class HelperLost(OwnError):
    """A helper has ended before its work: somebody has killed it, or it has found a defect, which it has told."""

    def __init__(self, batch: str) -> None:
        super().__init__(said("batch.helper_lost", batch=batch))


class Helpers:
    """The helpers of one worker, with the ends of what leads to them."""

    def __init__(self, processes: Sequence[tuple[int, Connection]]) -> None:
        self._processes = list(processes)
        self._at_work = False

    @property
    def free(self) -> bool:
        """Whether there are any with nothing to do."""
        return bool(self._processes) and not self._at_work

    def documents(self, batch: Batch, share: Share) -> Generator[Document, None, None]:
        """The documents of the file of a batch from where a share begins, in their order, signed where they are good.

        Raises Unreadable as the file is read, and HelperLost. Whoever does not read to the end has no helpers any more.
        """
        self._at_work = True
        try:
            for turn, (_, there) in enumerate(self._processes):
                there.send((batch, replace(share, among=len(self._processes), turn=turn)))
            yield from self._in_turn()
        except (EOFError, OSError) as error:
            raise HelperLost(batch.id) from error
        finally:
            if self._at_work:
                self.end()

    def _in_turn(self) -> Iterator[Document]:
        for _, there in cycle(self._processes):
            chunk, end = there.recv()
            yield from map(_received, chunk)
            if end is not None:
                break
        self._drain(there)
        self._at_work = False
        if isinstance(end, Unreadable):
            raise end

    def _drain(self, ended: Connection) -> None:
        """All of them have come to the end of the file, or will: what is left is a chunk of nothing each."""
        for _, there in self._processes:
            while there is not ended and there.recv()[1] is None:
                pass

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of their processes."""
        return tuple(pid for pid, _ in self._processes)

    def end(self) -> None:
        """End all of them; what they were at is lost, and was nothing but reading."""
        ended, self._processes = self._processes, []
        for pid, there in ended:
            there.close()
            os.kill(pid, signal.SIGKILL)
        for pid, _ in ended:
            os.waitpid(pid, 0)


NOBODY: Final = Helpers(())


class Helped:
    """Opens the files of batches as ``opening`` does; what is worth it is read by helpers, and signed by them."""

    def __init__(self, opening: Opening, helpers: Helpers, signer: Signer) -> None:
        self._opening = opening
        self._helpers = helpers
        self._signer = signer

    @contextmanager
    def __call__(self, batch: Batch, path: Path) -> Iterator[OpenedBatch]:
        """The file of a batch, until the end of the block. Raises as ``opening`` does."""
        with self._opening(batch, path) as opened:
            helped = self._helpers.free and self._worth(batch, opened)
            yield replace(opened, documents=partial(self._helpers.documents, batch)) if helped else opened

    def _worth(self, batch: Batch, opened: OpenedBatch) -> bool:
        table = batch.kind == BatchKind.DISPATCH.value and opened.told["format"] == FileFormat.CSV.value
        return table and batch.size >= WORTH and self._signer(batch.trader) is not None


@contextmanager
def helping(reopen: OpenAgain, signer: Signer, count: int | None = None) -> Iterator[Helpers]:
    """Helpers until the end of the block: ``count``, or as many as pay on this machine. No thread may run yet."""
    if count is None:
        several = len(os.sched_getaffinity(0))
        count = min(several, MOST) if several > 1 else 0
    helpers = Helpers(tuple(_begun(reopen, signer, count)))
    try:
        yield helpers
    finally:
        helpers.end()


def _begun(reopen: OpenAgain, signer: Signer, count: int) -> Iterator[tuple[int, Connection]]:
    opened = list[Connection]()
    for _ in range(count):
        ours, theirs = Pipe()
        opened.append(ours)
        pid = os.fork()
        if not pid:
            _serve(theirs, opened, reopen, signer)
        theirs.close()
        yield pid, ours


def _serve(to: Connection, others: Sequence[Connection], reopen: OpenAgain, signer: Signer) -> NoReturn:
    """What a helper does: file after file, until nobody is there any more who says which. Nothing is tidied up."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for one in others:
            one.close()
        while True:
            batch, share = to.recv()
            _send_all(to, _documents(reopen, signer, batch, share), share.chunk)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass
    except BaseException:
        log.exception("a helper of a worker ends by a defect")
    finally:
        os._exit(0)


def _documents(reopen: OpenAgain, signer: Signer, batch: Batch, share: Share) -> Iterator[_Sent]:
    signs = signer(batch.trader)
    with reopen(batch) as opened:
        for document in opened.documents(share):
            yield _sent(document, opened.form, signs)


def _send_all(to: Connection, documents: Iterator[_Sent], most: int) -> None:
    """Chunks of documents, each with ``None``; the last one with why it is that."""
    chunk = list[_Sent]()
    try:
        for one in documents:
            chunk.append(one)
            if len(chunk) == most:
                to.send((chunk, None))
                chunk = []
    except Unreadable as error:
        to.send((chunk, error))
    else:
        to.send((chunk, True))


def _sent(document: Document, form: Callable[[Any], bytes] | None, signer: XmlSigner | None) -> _Sent:
    entry = document.entry
    if entry is not None and form is not None and signer is not None:
        entry = pack_quickly(signer.sign_form(form(entry)))
    rows = [(row.number, tuple([cell[1] for cell in row.cells])) for row in document.source]
    return _Sent(rows, document.key, document.called, entry, document.faults, document.content)


_cell = partial(tuple.__new__, Cell)


def _received(sent: _Sent) -> Document:
    rows, key, called, entry, faults, content = sent
    signed = None if entry is None else PackedDraft(entry)
    return Document(source=tuple(map(_row, rows)), key=key, called=called, entry=signed, faults=faults, content=content)


def _row(sent: Row) -> SheetRow:
    """A row of a CSV file again: all of its cells are texts, or blank."""
    number, texts = sent
    kind = Kind.TEXT
    return SheetRow(number, tuple([_cell((kind, text)) if text else BLANK for text in texts]))
