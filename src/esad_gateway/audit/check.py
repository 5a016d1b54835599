"""Whether a store is whole and true: what it promises, counted and proved over everything it holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from esad_gateway.audit.belief import Holders
from esad_gateway.audit.checkpoints import Vouched, Witness, vouched
from esad_gateway.audit.deliveries import deliveries
from esad_gateway.audit.documents import documents
from esad_gateway.audit.dossiers import Basis, prove
from esad_gateway.audit.holds import holds
from esad_gateway.audit.mailboxes import Walk, walk
from esad_gateway.audit.moments import ahead
from esad_gateway.audit.schema import schema
from esad_gateway.audit.snapshot import snapshot
from esad_gateway.bootstrap import DataDirectory
from esad_gateway.settings import Settings, read_settings
from esad_gateway.store import tables
from esad_gateway.store.chain import digest_of
from esad_gateway.store.seal import seal_of

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


def check(data: DataDirectory, *, deep: bool = False) -> Report:
    """Look at everything in the store of a data directory, in one snapshot; a gateway may run on it meanwhile.

    What a signed checkpoint vouches for is compared by digests. Everything since then, or all of it when ``deep``, is
    proved from the documents: signatures as of their time, the columns beside them, and movements decided again.

    Nothing is written. Raises NotConfigured and StoreUnavailable for what cannot be read at all.
    """
    settings = read_settings(data.root)
    with snapshot(data.database) as connection:
        signed = _signed(data, settings, connection)
        found = Walk()
        parts: tuple[Callable[[], Iterator[str]], ...] = (
            lambda: _database(connection),
            lambda: schema(connection, settings.profile().address),
            lambda: _checkpoints(connection, signed),
            lambda: walk(connection, signed, found),
            lambda: documents(connection),
            lambda: _movements(connection, found),
            lambda: deliveries(connection, settings.profile().address),
            lambda: holds(connection),
            lambda: ahead(connection, settings.retry_policy().longest, datetime.now(UTC)),
            lambda: _proofs(connection, data, signed, found, deep=deep),
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
    registered = frozenset(connection.execute(held).scalars())
    return vouched(data.checkpoints, Witness(frozenset(data.own_certificates()), registered, data.load_trust()))


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
    sealed, present = signed.register, seal_of(connection)
    # What was changed since it was sealed has a higher count, and waits for the next checkpoint.
    if sealed is not None and present.changes <= sealed.changes and present != sealed:
        yield "register: operators, offices, certificates, peers or tokens are not as they were when it was sealed"


def _proofs(connection: Connection, data: DataDirectory, signed: Vouched, found: Walk, *, deep: bool) -> Iterator[str]:
    """Where documents prove something else than stands beside them, as far as no checkpoint vouches for it."""
    own = read_settings(data.root).profile().address
    settings = (*signed.settings, *(() if signed.settings else (("", data.settings_text()),)))
    unchained = (tables.held.c.arc, tables.parked.c.arc, tables.report.c.arc, *((_message.arc,) if deep else ()))
    arcs = found.arcs.union(*(connection.execute(select(arc).distinct()).scalars() for arc in unchained)) - {None}
    through = {} if deep else {name: signed.through(name) for name in signed.heads}
    holders = Holders(connection, data.own_certificates(), own)
    for proved in prove(connection, Basis(data.root, own, settings), arcs, through):
        yield from proved.problems
        yield from filter(None, map(holders.why_not, proved.uses))


def _movements(connection: Connection, found: Walk) -> Iterator[str]:
    """Movements as the last message about them has left them; found by digest."""
    vouched_for = dict(found.movements)
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(tables.movement)).mappings()
    for row in rows:
        _, digests = vouched_for.pop(row["arc"], ("", set()))
        if digest_of(dict(row)) not in digests:
            yield f"movement {row['arc']} ({row['side']}): it is not as the last message about it has left it"
    yield from (f"movement {arc}: there are messages about it, and no movement" for arc in sorted(vouched_for))
