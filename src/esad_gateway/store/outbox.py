"""The outbox as a person sees it: what waits for whom and why, and what was given up and can be tried again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from esad_gateway.store import tables
from esad_gateway.store.database import reading, writing
from esad_gateway.store.rows import moment
from esad_gateway.store.store import BEHIND_TROUBLE, SqlStore
from esad_gateway.store.tables import DROPPED, IN_LINE, NOT_TAKEN

_outbox = tables.outbox.c
_message = tables.message.c
_attempt = tables.attempt.c


class Standing(StrEnum):
    """How a document of the outbox stands."""

    WAITING = "waiting"
    """In line: it goes as soon as its peer takes anything."""

    BEHIND = "behind"
    """In line behind a document of its movement that is refused or given up."""

    REFUSED = "refused"
    """Its peer refuses it: it waits alone and is tried again."""

    DEAD = "dead letter"
    """Given up after too many refusals: a person has to act."""

    DROPPED = "dropped"
    """A person decided that it is not sent: nothing waits behind it."""

    DELIVERED = "delivered"
    """Its administration has acknowledged it."""


IN_TROUBLE = (Standing.BEHIND, Standing.REFUSED, Standing.DEAD)
"""Where a person may want to look."""

NOT_DELIVERED = tuple(one for one in Standing if one is not Standing.DELIVERED)
"""What can be listed: what was delivered in all the years is not looked for."""


_WITH_A_REASON = (Standing.REFUSED, Standing.DEAD, Standing.DROPPED)


@dataclass(frozen=True, slots=True)
class DeliveryStanding:
    """How a document stands, and ``why``: what its peer refuses it for, or who dropped it for which reason."""

    standing: Standing
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingDispatch:
    """A document that was not delivered yet.

    ``id`` is its number in the outbox; ``since`` is when it was first tried, ``None`` when it never was; ``next_try``
    is when a refused one is tried again. Moments are ISO 8601 in UTC.
    """

    id: int
    destination: str
    type: str
    identifier: str
    arc: str | None
    standing: Standing
    attempts: int
    refusals: int
    since: str | None
    next_try: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many documents stand in line, how many were refused and wait alone, and how many are dead letters."""

    waiting: int
    refused: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerBacklog:
    """What waits for one administration; ``reason`` is why its oldest document was not taken, if it was tried."""

    destination: str
    waiting: int
    refused: int
    dead: int
    reason: str | None


_DEAD = NOT_TAKEN & (_outbox.dead == true())
_ALONE = NOT_TAKEN & (_outbox.dead == false())
_PENDING = select(
    tables.outbox,
    # The note that it was dropped is none of a try.
    select(func.min(_attempt.at))
    .where(_attempt.outbox_id == _outbox.id, _attempt.at.is_distinct_from(_outbox.dropped_at))
    .scalar_subquery()
    .label("since"),
    select(func.min(_message.type))
    .where(_message.mailbox == _outbox.destination, _message.document == _outbox.document)
    .scalar_subquery()
    .label("type"),
)
# Each question has one condition, whose partial index answers it: what was delivered in all the years is not looked at.
_STANDINGS = {
    Standing.WAITING: _PENDING.where(IN_LINE, ~BEHIND_TROUBLE),
    Standing.BEHIND: _PENDING.where(IN_LINE, BEHIND_TROUBLE),
    Standing.REFUSED: _PENDING.where(_ALONE),
    Standing.DEAD: _PENDING.where(_DEAD),
    Standing.DROPPED: _PENDING.where(DROPPED),
}


_OF: BindParameter[str] = bindparam("of", expanding=True)
_NAMED: BindParameter[str] = bindparam("named", expanding=True)


def _counted(condition: ColumnElement[bool]) -> Any:
    return select(_outbox.destination, func.count().label("many")).where(condition).group_by(_outbox.destination)


_COUNTS = {"waiting": _counted(IN_LINE), "refused": _counted(_ALONE), "dead": _counted(_DEAD)}
_WHY = (
    select(_outbox.last_error)
    .where(IN_LINE, _outbox.destination == bindparam("peer"), _outbox.last_error.is_not(None))
    .order_by(_outbox.id)
    .limit(1)
)
_OLDEST = select(_outbox.destination, func.min(_outbox.id).label("id")).group_by(_outbox.destination)
# By its movement, since a mailbox has no index by document; what is of none has been tried by then, or is a moment old.
_SINCE = select(
    func.coalesce(
        select(func.min(_message.recorded_at))
        .where(_message.arc == _outbox.arc, _message.mailbox == _outbox.destination)
        .where(_message.document == _outbox.document)
        .scalar_subquery(),
        select(func.min(_attempt.at)).where(_attempt.outbox_id == _outbox.id).scalar_subquery(),
    )
).where(_outbox.id == bindparam("number"))
_AGAIN = (
    update(tables.outbox)
    .where(_outbox.id.in_(bindparam("ids", expanding=True)), or_(NOT_TAKEN, DROPPED))
    .values(dead=False, refusals=0, attempts=0, next_attempt_at=bindparam("at"), dropped_at=None)
    .returning(_outbox.id)
)
_DROP = (
    update(tables.outbox)
    .where(_outbox.id.in_(bindparam("ids", expanding=True)), or_(IN_LINE, NOT_TAKEN))
    .values(dropped_at=bindparam("at"), dead=False, last_error=bindparam("why"))
    .returning(_outbox.id)
)


def standings(connection: Connection, sent: Collection[tuple[str, str]]) -> dict[tuple[str, str], DeliveryStanding]:
    """How documents that were given to administrations stand, by administration and message identifier.

    Only what was not delivered yet is looked up: what stands nowhere there was.
    """
    asked = {"of": sorted({peer for peer, _ in sent}), "named": sorted({identifier for _, identifier in sent})}
    found = dict.fromkeys(sent, DeliveryStanding(Standing.DELIVERED))
    for standing, question in _STANDINGS.items():
        named = question.where(_outbox.destination.in_(_OF), _outbox.identifier.in_(_NAMED))
        columns = (_outbox.destination, _outbox.identifier, _outbox.last_error)
        rows = connection.execute(named.with_only_columns(*columns), asked)
        for row in rows:
            why = row.last_error if standing in _WITH_A_REASON else None
            found[row.destination, row.identifier] = DeliveryStanding(standing, why)
    return found


class Outbox:
    """The documents that one administration still has to deliver."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def counts(self) -> Counts:
        """How much there is, in all."""
        with reading(self._store.reader) as connection:
            return Counts(**{name: sum(of.values()) for name, of in _counts(connection).items()})

    def lines(self) -> Sequence[PeerBacklog]:
        """How much there is for each administration for which there is anything."""
        with reading(self._store.reader) as connection:
            counts = _counts(connection)
            peers = sorted(set().union(*counts.values()))
            whys = {peer: connection.execute(_WHY, {"peer": peer}).scalar() for peer in peers}
        return [
            PeerBacklog(destination=peer, **{name: of.get(peer, 0) for name, of in counts.items()}, reason=whys[peer])
            for peer in peers
        ]

    def oldest(self) -> dict[str, datetime]:
        """Since when the oldest document that is not given up waits, by administration.

        A document of no movement counts from its first try. Raises StoreUnavailable.
        """
        found: dict[str, datetime] = {}
        with reading(self._store.reader) as connection:
            for condition in (IN_LINE, _ALONE):
                for row in connection.execute(_OLDEST.where(condition)).all():
                    since = connection.execute(_SINCE, {"number": row.id}).scalar()
                    if since is not None:
                        at = datetime.fromisoformat(since)
                        found[row.destination] = min(at, found.get(row.destination, at))
        return found

    def pending(self, *standings: Standing) -> Sequence[PendingDispatch]:
        """The documents with this standing, by administration, oldest first."""
        with reading(self._store.reader) as connection:
            found = [
                _pending(row, standing)
                for standing in standings
                for row in connection.execute(_STANDINGS[standing]).mappings()
            ]
        return sorted(found, key=attrgetter("destination", "id"))

    def retry(self, ids: Collection[int], at: datetime) -> Collection[int]:
        """Put documents that are refused, given up or dropped back into their lines, as if they had not been tried.

        ``numbers`` are their numbers in the outbox; returns those that were such documents. A running gateway delivers
        them at its next look, before what waits behind them. The notes of earlier tries stay. Raises StoreUnavailable.
        """
        with writing(self._store.writer) as connection:
            return connection.execute(_AGAIN, {"ids": list(ids), "at": moment(at)}).scalars().all()

    def drop(self, ids: Collection[int], at: datetime, why: str) -> Collection[int]:
        """Decide that documents are not sent; what waits behind them goes on. ``why`` is kept with their tries.

        Returns which of the numbers were not delivered yet, and not dropped before. One that is on its way at this
        moment may still be taken. The messages stay in their mailboxes. Raises StoreUnavailable.
        """
        with writing(self._store.writer) as connection:
            values = {"ids": list(ids), "at": moment(at), "why": why}
            dropped = connection.execute(_DROP, values).scalars().all()
            if dropped:
                notes = [{"outbox_id": number, "at": moment(at), "error": why} for number in dropped]
                connection.execute(insert(tables.attempt), notes)
        return dropped


def _counts(connection: Connection) -> dict[str, dict[str, int]]:
    return {
        name: {row.destination: row.many for row in connection.execute(statement)}
        for name, statement in _COUNTS.items()
    }


def _pending(row: RowMapping, standing: Standing) -> PendingDispatch:
    return PendingDispatch(
        id=row["id"],
        destination=row["destination"],
        type=row["type"] or "",
        identifier=row["identifier"],
        arc=row["arc"],
        standing=standing,
        attempts=row["attempts"],
        refusals=row["refusals"],
        since=row["since"],
        next_try=row["next_attempt_at"] if standing is Standing.REFUSED else None,
        reason=row["last_error"],
    )
