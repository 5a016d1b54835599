"""Whether a store is whole and true: what it promises, counted and proved over everything it holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from esad_gateway.audit.checkpoints import Vouched, vouched
from esad_gateway.audit.documents import documents
from esad_gateway.audit.mailboxes import Walk, walk
from esad_gateway.audit.snapshot import snapshot
from esad_gateway.bootstrap import DataDirectory
from esad_gateway.settings import Settings, read_settings
from esad_gateway.signing.verifier import Verifier
from esad_gateway.store import tables
from esad_gateway.store.chain import digest_of

_message = tables.message.c
_outbox = tables.outbox.c

_WAITING = _outbox.delivered_at.is_(None) & _outbox.dead.is_(False)

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and every promise that is broken.

    ``vouched`` is how many of the messages a signed checkpoint vouches for: the others are those since the last one.
    """

    messages: int
    movements: int
    waiting: int
    dead: int
    vouched: int
    problems: tuple[str, ...]


def check(data: DataDirectory) -> Report:
    """Look at everything in the store of a data directory, in one snapshot; a gateway may run on it meanwhile.

    Nothing is written. Raises NotConfigured and StoreUnavailable for what cannot be read at all.
    """
    settings = read_settings(data.root)
    with snapshot(data.database) as connection:
        signed = _signed(data, settings, connection)
        found = Walk()
        parts: tuple[Callable[[], Iterator[str]], ...] = (
            lambda: _database(connection),
            lambda: _checkpoints(connection, signed),
            lambda: walk(connection, signed, found),
            lambda: documents(connection),
            lambda: _movements(connection, found),
            lambda: _dispatches(connection, settings.profile().address),
        )
        return Report(
            problems=tuple(problem for part in parts for problem in _readable(part)),
            messages=_count(connection, tables.message),
            movements=_count(connection, tables.movement),
            waiting=_count(connection, tables.outbox, _WAITING),
            dead=_count(connection, tables.outbox, _outbox.dead.is_(True)),
            vouched=found.vouched,
        )


def waiting(data: DataDirectory) -> int:
    """How many documents are still to be delivered. Raises NotConfigured and StoreUnavailable."""
    with snapshot(data.database) as connection:
        return _count(connection, tables.outbox, _WAITING)


def _signed(data: DataDirectory, settings: Settings, connection: Connection) -> Vouched:
    """What checkpoints vouch for, as far as our administration has signed them."""
    held = select(tables.certificate.c.fingerprint).where(tables.certificate.c.holder == settings.profile().address)
    own = frozenset(connection.execute(held).scalars())
    return vouched(data.checkpoints, Verifier(data.load_trust(), None), own.union(data.own_certificates()))


def _readable(part: Callable[[], Iterator[str]]) -> Iterator[str]:
    """The problems that a part finds; values of another kind than was ever written are one as well."""
    try:
        yield from part()
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
        yield f"database: it holds what nobody wrote: {type(error).__name__}: {error}"


def _count(connection: Connection, table: Table, where: ColumnElement[bool] | None = None) -> int:
    statement = select(func.count()).select_from(table)
    return connection.execute(statement if where is None else statement.where(where)).scalar_one()


def _database(connection: Connection) -> Iterator[str]:
    for pragma in ("integrity_check", "foreign_key_check"):
        rows = connection.exec_driver_sql(f"PRAGMA {pragma}").all()
        yield from (f"database: {pragma}: {tuple(row)}" for row in rows if tuple(row) != ("ok",))


def _checkpoints(connection: Connection, signed: Vouched) -> Iterator[str]:
    yield from signed.problems
    if not signed.files and connection.execute(select(_message.seq).limit(1)).first() is not None:
        yield "checkpoints: there are none, so nobody outside the database vouches for what is in it"


def _movements(connection: Connection, found: Walk) -> Iterator[str]:
    """Movements as the last message about them has left them; found by digest."""
    vouched_for = dict(found.movements)
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(tables.movement)).mappings()
    for row in rows:
        _, digests = vouched_for.pop(row["arc"], ("", set()))
        if digest_of(dict(row)) not in digests:
            yield f"movement {row['arc']} ({row['side']}): it is not as the last message about it has left it"
    yield from (f"movement {arc}: there are messages about it, and no movement" for arc in sorted(vouched_for))


def _dispatches(connection: Connection, own: str) -> Iterator[str]:
    """What was given to another administration stands in the outbox, one for one and in the same order."""
    given = (
        select(_message.mailbox, _message.identifier, _message.document)
        .where(_message.direction == "out", _message.mailbox.startswith("NDEA."), _message.mailbox != own)
        .order_by(_message.mailbox, _message.seq)
    )
    queued = select(_outbox.destination, _outbox.identifier, _outbox.document).order_by(_outbox.destination, _outbox.id)
    told: set[str] = set()
    for given_one, queued_one in zip_longest(connection.execute(given), connection.execute(queued)):
        here, there = _plain(given_one), _plain(queued_one)
        where = (here or there)[0]
        if here != there and where not in told:
            told.add(where)
            yield f"outbox for {where}: {_named(there)} is queued where {_named(here)} stands in the mailbox"


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row) if row is not None else ()


def _named(row: tuple[Any, ...]) -> str:
    return f"{row[1]} ({row[2].hex()[:16]})" if row else "nothing"
