"""The check of a store: it compares everything that the store holds with what it promises."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select
from sqlalchemy.exc import DBAPIError

from esad_gateway.audit.agents import agents
from esad_gateway.audit.batches import batches
from esad_gateway.audit.belief import Holders
from esad_gateway.audit.bodies import looked_at, structure
from esad_gateway.audit.books import books
from esad_gateway.audit.checkpoints import Vouched, Witness, vouched
from esad_gateway.audit.deliveries import deliveries, given_up
from esad_gateway.audit.documents import documents
from esad_gateway.audit.dossiers import Basis, prove
from esad_gateway.audit.findings import DATABASE, placed
from esad_gateway.audit.holds import holds
from esad_gateway.audit.mailboxes import Walk, walk
from esad_gateway.audit.moments import ahead, malformed
from esad_gateway.audit.movements import movements
from esad_gateway.audit.notes import notes
from esad_gateway.audit.processes import beside
from esad_gateway.audit.schema import schema
from esad_gateway.audit.snapshot import address_of, file_of, snapshot
from esad_gateway.audit.undecided import to_decide, undecided
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Said, said
from esad_gateway.settings import read_settings
from esad_gateway.store import tables
from esad_gateway.store.seal import seal_of
from esad_gateway.texts import say

_message = tables.message.c
_outbox = tables.outbox.c

_WAITING = _outbox.delivered_at.is_(None) & _outbox.dead.is_(False) & _outbox.dropped_at.is_(None)

_MANY: Final = 8000
"""Above how many documents others help: below, a process takes longer to start than it saves."""

_Part: TypeAlias = Callable[[], Iterable[Said]]
"""Finds problems."""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What was looked at, and every promise that is broken.

    ``vouched`` is how many of the messages a signed checkpoint vouches for: the others are those since the last one.
    ``broken`` says where and how. ``given_up`` has a sentence for each of the ``dead``, and ``to_decide`` one for each
    message that ran into a defect: the store is whole with them, but a person has to act.
    """

    messages: int
    movements: int
    waiting: int
    dead: int
    vouched: int
    broken: tuple[Said, ...]
    given_up: tuple[Said, ...] = ()
    to_decide: tuple[Said, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """What is ``broken``, in English."""
        return tuple(map(say, self.broken))

    @property
    def dead_letters(self) -> tuple[str, ...]:
        """What is ``given_up``, in English."""
        return tuple(map(say, self.given_up))

    @property
    def undecided(self) -> tuple[str, ...]:
        """What there is ``to_decide``, in English."""
        return tuple(map(say, self.to_decide))

    @property
    def told(self) -> tuple[Said, ...]:
        """All of it, one after the other."""
        return (*self.broken, *self.given_up, *self.to_decide)

    @property
    def ok(self) -> bool:
        """Whether there is nothing for a person to do."""
        return not self.told


def check(data: DataDirectory, *, deep: bool = False) -> CheckOutcome:
    """Look at everything in the store of a data directory, in one snapshot; a gateway may run on it meanwhile.

    What a signed checkpoint vouches for is compared by digests. Everything since then, or all of it when ``deep``, is
    proved from the documents: signatures as of their time, the columns beside them, and movements decided again.

    Nothing is written. Raises NotConfigured and StoreUnavailable for what cannot be read at all.
    """
    settings = read_settings(data.root)
    own = settings.profile().address
    with snapshot(data.database) as connection, _begun(connection) as (structured, *looked):
        signed, found = signed_by_us(data, own, connection), Walk()
        parts: tuple[_Part, ...] = (
            lambda: schema(connection, own),
            lambda: _checkpoints(connection, signed),
            lambda: walk(connection, signed, found),
            lambda: documents(connection),
            lambda: movements(connection),
            lambda: deliveries(connection, own),
            lambda: holds(connection),
            lambda: notes(connection),
            lambda: agents(connection, Holders(connection, data.own_certificates(), own)),
            lambda: undecided(connection),
            lambda: books(connection, signed.books),
            lambda: batches(connection, data.batches, data.database),
            lambda: malformed(connection),
            lambda: ahead(connection, settings.retry_policy().longest, datetime.now(UTC)),
            lambda: _proofs(connection, data, signed, found, deep=deep),
        )
        # What other processes look at meanwhile is waited for last; damage of the file is still told first.
        here = _told(parts)
        return CheckOutcome(
            broken=(*_told([structured]), *here, *_told(looked)),
            messages=_known(connection, tables.message),
            movements=_known(connection, tables.movement),
            waiting=_known(connection, tables.outbox, _WAITING),
            dead=_known(connection, tables.outbox, _outbox.dead.is_(True)),
            vouched=found.vouched,
            given_up=tuple(_told([lambda: given_up(connection)])),
            to_decide=tuple(_told([lambda: to_decide(connection)])),
        )


def waiting(data: DataDirectory) -> int:
    """How many documents are still to be delivered. Raises NotConfigured and StoreUnavailable."""
    with snapshot(data.database) as connection:
        return int(connection.execute(_count(tables.outbox, _WAITING)).scalar_one())


@contextmanager
def _begun(connection: Connection) -> Iterator[Sequence[_Part]]:
    """What needs the file only, by other processes where there is much: its structure, and shares of the documents."""
    file, cores = file_of(connection), os.cpu_count() or 1
    helpers = cores - 1 if _known(connection, tables.document) > _MANY else 0
    shares = max(helpers, 1)
    with beside(helpers) as begin:
        yield [begin(structure, file), *(begin(looked_at, file, share, shares) for share in range(shares))]


def signed_by_us(data: DataDirectory, own: str, connection: Connection) -> Vouched:
    """What checkpoints vouch for, as far as our administration has signed them."""
    held = select(tables.certificate.c.fingerprint).where(tables.certificate.c.holder == own)
    witness = Witness(frozenset(data.own_certificates()), frozenset(_asked(connection, held)), data.load_trust())
    return vouched(data.checkpoints, witness)


def settings_since(data: DataDirectory, signed: Vouched) -> tuple[tuple[str, str], ...]:
    """The settings that a gateway worked by, each since a moment; those of today where no checkpoint names any."""
    return tuple(signed.settings) or (("", data.settings_text()),)


def _told(parts: Iterable[_Part]) -> Sequence[Said]:
    return [problem for part in parts for problem in _readable(part)]


def _readable(part: _Part) -> Iterator[Said]:
    """The problems that a part finds; what cannot be read, and values that were never written, are one as well."""
    try:
        yield from part()
    except (DBAPIError, sqlite3.Error, StoreDamaged) as error:
        reason = error.what if isinstance(error, StoreDamaged) else said("store.database", words=str(_own_words(error)))
        yield placed(DATABASE, said("found.unread", why=reason))
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
        yield placed(DATABASE, said("store.nobody_wrote", words=f"{type(error).__name__}: {error}"))


def _own_words(error: Exception) -> object:
    """What the database itself says of an error."""
    return getattr(error, "orig", error)


def _count(table: Table, where: ColumnElement[bool] | None = None) -> Select[Any]:
    statement = select(func.count()).select_from(table)
    return statement if where is None else statement.where(where)


def _known(connection: Connection, table: Table, where: ColumnElement[bool] | None = None) -> int:
    return sum(_asked(connection, _count(table, where)))


def _asked(connection: Connection, statement: Select[Any]) -> Sequence[Any]:
    """The values of a column; none where it cannot be read, which other parts tell."""
    try:
        return connection.execute(statement).scalars().all()
    except DBAPIError:
        return ()


def _checkpoints(connection: Connection, signed: Vouched) -> Iterator[Said]:
    yield from signed.problems
    if not signed.files and connection.execute(select(_message.seq).limit(1)).first() is not None:
        yield Said("found.no_checkpoints")
    sealed, present = signed.register, seal_of(connection)
    # What was changed since it was sealed has a higher count, and waits for the next checkpoint.
    if sealed is not None and present.changes <= sealed.changes and present != sealed:
        yield Said("found.register")


def _proofs(connection: Connection, data: DataDirectory, signed: Vouched, found: Walk, *, deep: bool) -> Iterator[Said]:
    """Where documents prove something else than stands beside them, as far as no checkpoint vouches for it."""
    own = read_settings(data.root).profile().address
    settings = settings_since(data, signed)
    unchained = (tables.held.c.arc, tables.parked.c.arc, tables.report.c.arc, *((_message.arc,) if deep else ()))
    arcs = found.arcs.union(*(connection.execute(select(arc).distinct()).scalars() for arc in unchained)) - {None}
    through = {} if deep else {name: signed.through(name) for name in signed.heads}
    basis = Basis(data.root, own, settings, address_of(connection))
    holders = Holders(connection, data.own_certificates(), own)
    for proved in prove(connection, basis, arcs, through):
        yield from proved.problems
        yield from filter(None, map(holders.why_not, proved.uses))
