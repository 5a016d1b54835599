"""``ports.Store`` over a database: transactions of the committer, and the outbox of the delivery."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    select,
    tuple_,
    union,
    update,
)

from esad_gateway.ports.clock import Due, What
from esad_gateway.ports.outbox import Attempt, DueDispatch
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Dispatch, Ended, Records, Unattributed
from esad_gateway.store import claims, tables
from esad_gateway.store.agenda import upcoming
from esad_gateway.store.database import Database, deciding, looking, writing
from esad_gateway.store.documents import BODY, body_of
from esad_gateway.store.rows import entries_of, moment, receipt_of
from esad_gateway.store.stopped import CLOCK_IS_STOPPED, MESSAGE_IS_STOPPED, NO_MAILBOX, this_build
from esad_gateway.store.tables import IN_LINE, NOT_TAKEN
from esad_gateway.store.transaction import SqlTransaction

SECURITY_LOG_ENTRIES = 10_000
"""How many refusals the security log keeps: a flood of rubbish may not fill the disk."""

_outbox = tables.outbox.c
_held = tables.held.c
_security = tables.security_log.c

_AGAIN = NOT_TAKEN & (_outbox.dead == false()) & (_outbox.next_attempt_at <= bindparam("now"))
_before = tables.outbox.alias("before").c
BEHIND_TROUBLE = exists().where(
    _before.delivered_at.is_(None),
    _before.dropped_at.is_(None),
    _before.refusals > literal_column("0"),
    _before.destination == _outbox.destination,
    _before.arc == _outbox.arc,
)
_DISPATCHES = select(
    _outbox.id,
    _outbox.destination,
    _outbox.identifier,
    _outbox.arc,
    _outbox.attempts,
    _outbox.refusals,
    _outbox.last_error,
    *BODY,
).select_from(tables.outbox.join(tables.document).join(tables.carried))
_DUE = tuple(column.name for column in _DISPATCHES.selected_columns if column.table is tables.outbox)
_NUMBERED = _DISPATCHES.where(_outbox.id == bindparam("number"))


def _of_peer(rows: Select[Any], condition: ColumnElement[bool]) -> Select[Any]:
    """The first of a peer's rows, oldest first."""
    of_peer = rows.where(_outbox.destination == bindparam("peer"), condition)
    return of_peer.order_by(_outbox.id).limit(bindparam("most"))


_LINE = _of_peer(select(_outbox.id, _outbox.arc), IN_LINE & ~BEHIND_TROUBLE)
_DUE_AGAIN = _of_peer(select(_outbox.id), _AGAIN)
_REFUSING = select(_outbox.destination).where(_AGAIN).distinct()
_TRIED = (
    update(tables.outbox)
    .where(_outbox.id == bindparam("dispatch"), _outbox.delivered_at.is_(None))
    .values(
        attempts=_outbox.attempts + 1,
        refusals=bindparam("refused"),
        next_attempt_at=bindparam("next_due"),
        last_error=bindparam("error"),
        delivered_at=bindparam("delivered"),
        dead=bindparam("given_up"),
    )
)
_attempt = tables.attempt.c
_NOTED = insert(tables.attempt).from_select(
    [_attempt.outbox_id, _attempt.at, _attempt.error],
    select(_outbox.id, bindparam("tried_at"), bindparam("error")).where(
        _outbox.id == bindparam("dispatch"), _outbox.delivered_at.is_(None)
    ),
)
_NOT_LATER = (
    update(tables.outbox)
    .where(NOT_TAKEN, _outbox.next_attempt_at > bindparam("latest"))
    .values(next_attempt_at=bindparam("latest"))
)


def _peers() -> Select[Any]:
    """Each destination in line once, by one look-up in the index for each, however many documents wait for it."""
    first = select(func.min(_outbox.destination).label("peer")).where(IN_LINE).cte("peers", recursive=True)
    after = select(func.min(_outbox.destination)).where(IN_LINE, _outbox.destination > first.c.peer).scalar_subquery()
    peers = first.union_all(select(after).where(first.c.peer.is_not(None)))
    return select(peers.c.peer).where(peers.c.peer.is_not(None))


_PEERS = _peers()
_DUE_HELD = (
    select(tables.held).where(_held.released_at.is_(None), _held.due <= bindparam("now")).order_by(_held.due, _held.id)
)


_RECEIPT = (
    select(tables.inbox_identity.c.receipt)
    .select_from(tables.document)
    .join(
        tables.message,
        (tables.message.c.mailbox == tables.document.c.mailbox) & (tables.message.c.seq == tables.document.c.seq),
    )
    .join(
        tables.inbox_identity,
        (tables.inbox_identity.c.sender == tables.message.c.mailbox)
        & (tables.inbox_identity.c.identifier == tables.message.c.identifier),
    )
    .where(tables.document.c.sha256 == bindparam("sha"), tables.inbox_identity.c.sha256 == bindparam("sha"))
)


_LAST = tuple_(*(bindparam(f"after_{name}") for name in ("at", "arc", "mailbox", "seq")))


def _ended(at: Column[Any], *place: ColumnElement[Any]) -> Select[Any]:
    named = (one.label(name) for one, name in zip(place, ("arc", "mailbox", "seq"), strict=True))
    return select(at.label("at"), *named).where(at <= bindparam("now"), tuple_(at, *place) > _LAST)


_clock, _parked = tables.movement.c, tables.parked.c
_ENDED = (
    union(
        _ended(_clock.clock_at, _clock.arc, literal(NO_MAILBOX), literal_column("0")).where(~CLOCK_IS_STOPPED),
        _ended(_parked.until, _parked.arc, _parked.mailbox, _parked.seq).where(~MESSAGE_IS_STOPPED),
    )
    .order_by("at", "arc", "mailbox", "seq")
    .limit(bindparam("most"))
)


class SqlStore:
    """Messages, movements and the outbox of one administration, in a ``database`` that is the store's from now on."""

    def __init__(self, database: Database) -> None:
        self.writer = database.writer
        self.reader = database.reader
        self.watcher = database.watcher
        self.committed: Callable[[Mapping[str, int]], object] = lambda _: None
        """Is told, in the thread that has committed, the last numbers of the mailboxes of a transaction."""
        self._database = database

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction that asks first and then writes; raises StoreUnavailable when it cannot be committed."""
        with deciding(self.writer) as connection:
            transaction = SqlTransaction(connection)
            yield transaction
        self.committed(transaction.last_numbers)

    def ended(self, now: datetime, limit: int, after: Ended | None) -> Sequence[Ended]:
        """What has ended by ``now``, in order of moment and ARC: at most ``limit`` after ``after``. Only reads.

        What a defect of this build has stopped is left out.
        """
        names = ("at", "arc", "mailbox", "seq")
        last = (moment(after.at), after.arc, after.mailbox, after.seq) if after else ("", "", "", 0)
        place = {f"after_{name}": value for name, value in zip(names, last, strict=True)}
        with looking(self.reader) as driver:
            rows = driver.rows(_ENDED, {"now": moment(now), "most": limit, **place, **this_build()})
        return [Ended(datetime.fromisoformat(row["at"]), row["arc"], row["mailbox"], row["seq"]) for row in rows]

    def begin_delivery(self, now: datetime, latest: datetime) -> None:
        """Note that a delivery begins, and bring forward to ``latest`` what is due later. Raises StoreUnavailable."""
        with writing(self.writer) as connection:
            connection.execute(insert(tables.delivery_start), {"at": moment(now)})
            connection.execute(_NOT_LATER, {"latest": moment(latest)})

    def claim(self, peer: str, holder: str, now: Callable[[], datetime], lease: timedelta) -> bool:
        """Claim a peer for a process, for ``lease`` from ``now()`` on; returns whether that process has the claim."""
        with writing(self.writer) as connection:
            return claims.claim(connection, peer, holder, now, lease)

    def give_back(self, holder: str) -> None:
        """End all claims of a process; raises StoreUnavailable."""
        with writing(self.writer) as connection:
            claims.give_back(connection, holder)

    def peers(self) -> Collection[str]:
        """The administrations for which something waits in line that was not refused."""
        with looking(self.reader) as driver:
            return [row["peer"] for row in driver.rows(_PEERS)]

    def refusing_peers(self, now: datetime) -> Collection[str]:
        """The administrations that have refused something which is due again."""
        with looking(self.reader) as driver:
            return [row["destination"] for row in driver.rows(_REFUSING, {"now": moment(now)})]

    def line(self, peer: str, limit: int) -> Sequence[int]:
        """The numbers of documents that may be sent to a peer, oldest first: the oldest of each movement.

        It looks at the first ``limit`` documents of the line, and reads none of them, so looking far is cheap.
        """
        found: dict[str | int, int] = {}
        with looking(self.reader) as driver:
            for row in driver.rows(_LINE, {"peer": peer, "most": limit}):
                found.setdefault(row["arc"] or row["id"], row["id"])
        return list(found.values())

    def dispatches(self, numbers: Sequence[int], room: int) -> Sequence[DueDispatch]:
        """The dispatches with these numbers, in this order, until their documents have ``room`` bytes or more.

        Numbers that do not exist are passed over. How large a document is shows when it is read: so the last one may be
        larger than the room that was left, and none is read after it.
        """
        found: list[DueDispatch] = []
        with looking(self.reader) as driver:
            for number in numbers:
                if room <= 0:
                    break
                for row in driver.rows(_NUMBERED, {"number": number}):
                    found.append(DueDispatch(**{name: row[name] for name in _DUE}, body=body_of(row)))
                    room -= len(found[-1].body)
        return found

    def refused(self, peer: str, now: datetime, limit: int) -> Sequence[int]:
        """The numbers of documents that a peer has refused and that are due again: at most ``limit``, oldest first."""
        with looking(self.reader) as driver:
            found = driver.rows(_DUE_AGAIN, {"peer": peer, "now": moment(now), "most": limit})
        return [row["id"] for row in found]

    def record(self, attempts: Sequence[Attempt]) -> None:
        """Write down the outcomes of tries. Raises StoreUnavailable, and then nothing is written.

        When another process has taken over and delivered a document meanwhile, its outcome here is dropped.
        """
        if not attempts:
            return
        noted = [_note(one) for one in attempts if one.noted]
        with writing(self.writer) as connection:
            if noted:
                connection.execute(_NOTED, noted)
            connection.execute(_TRIED, [_tried(attempt) for attempt in attempts])

    def upcoming(self, *kinds: What) -> Sequence[Due]:
        """The next thing that is due of each of these kinds, the earliest first. Only reads."""
        with looking(self.reader) as driver:
            return upcoming(driver, kinds)

    def release_held(self, now: datetime) -> int:
        """Release every held message whose time has come; returns how many there were."""
        with writing(self.writer) as connection:
            rows = connection.execute(_DUE_HELD, {"now": moment(now)}).mappings().all()
            if rows:
                release_held(connection, rows, now)
        return len(rows)

    def receipt_for(self, sha256: bytes) -> Receipt | None:
        """The receipt of the received document with that digest; raises StoreUnavailable."""
        with looking(self.reader) as driver:
            text = driver.value(_RECEIPT, {"sha": sha256})
        return receipt_of(text) if text is not None else None

    def refuse(self, refusal: Unattributed) -> None:
        """Add to the security log, which keeps its newest entries only."""
        with writing(self.writer) as connection:
            added = insert(tables.security_log).returning(_security.id)
            newest = connection.execute(added, _refusal_row(refusal)).scalar_one()
            connection.execute(delete(tables.security_log).where(_security.id <= newest - SECURITY_LOG_ENTRIES))

    def close(self) -> None:
        """Give back every connection."""
        self._database.close()


def release_held(connection: Connection, rows: Sequence[RowMapping], at: datetime, by: str | None = None) -> None:
    """Release rows of ``held``: number their mailbox entries, queue their dispatches, and note who released them.

    ``by`` is the account that releases them, ``None`` when their time has come. ``connection`` is inside the write
    transaction that has read the rows. Not checked: that they are still held.
    """
    transaction = SqlTransaction(connection)
    transaction.write(_released(transaction, rows, at))
    noted = {"released_at": moment(at), "released_by": by}
    connection.execute(update(tables.held).where(_held.id.in_([row["id"] for row in rows])).values(noted))


def _note(attempt: Attempt) -> dict[str, Any]:
    return {"dispatch": attempt.dispatch, "tried_at": moment(attempt.at), "error": attempt.error}


def _tried(attempt: Attempt) -> dict[str, Any]:
    delivered = attempt.error is None
    return {
        "dispatch": attempt.dispatch,
        "refused": attempt.refusals,
        "next_due": moment(attempt.next_due or attempt.at),
        "error": attempt.error,
        "delivered": moment(attempt.at) if delivered else None,
        "given_up": not delivered and attempt.next_due is None,
    }


def _refusal_row(refusal: Unattributed) -> dict[str, Any]:
    return {
        "at": moment(refusal.at),
        "channel": refusal.channel,
        "client": refusal.client,
        "reason": refusal.reason,
        "sha256": refusal.sha256,
        "size": refusal.size,
    }


def _released(transaction: SqlTransaction, rows: Sequence[RowMapping], now: datetime) -> Records:
    entries = [entry for row in rows for entry in entries_of(row["entries"])]
    transaction.look_up_numbers({entry.mailbox for entry in entries})
    return Records(
        at=now,
        entries=[replace(entry, seq=transaction.next_number(entry.mailbox)) for entry in entries],
        dispatches=[_dispatch(row) for row in rows],
    )


def _dispatch(held: RowMapping) -> Dispatch:
    return Dispatch(held["destination"], held["identifier"], held["document"], held["arc"])
