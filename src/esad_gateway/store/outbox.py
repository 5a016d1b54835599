"""The outbox as a person sees it: what waits for whom and why, what was given up, and trying that again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, false, func, literal, select, true, update

from esad_gateway.store import tables
from esad_gateway.store.engine import reading, writing
from esad_gateway.store.rows import moment
from esad_gateway.store.store import IN_LINE, REFUSED, SqlStore

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
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
    """How many documents stand in line, are refused and wait alone, and are dead letters."""

    waiting: int
    refused: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What waits for one administration; ``reason`` is why its oldest document was not taken, if it was tried."""

    destination: str
    waiting: int
    refused: int
    dead: int
    reason: str | None


_UNDELIVERED = _outbox.delivered_at.is_(None)
_DEAD = _outbox.dead == true()
_ALONE = and_(REFUSED, _outbox.dead == false())
_before = tables.outbox.alias("before").c
_BEHIND = exists().where(
    _before.delivered_at.is_(None),
    _before.refusals > 0,
    _before.destination == _outbox.destination,
    _before.arc == _outbox.arc,
)
_STANDING = case(
    (_DEAD, literal(Standing.DEAD.value)),
    (_outbox.refusals > 0, literal(Standing.REFUSED.value)),
    (_BEHIND, literal(Standing.BEHIND.value)),
    else_=literal(Standing.WAITING.value),
)
_PENDING = (
    select(
        tables.outbox,
        _STANDING.label("standing"),
        select(func.min(_attempt.at)).where(_attempt.outbox_id == _outbox.id).scalar_subquery().label("since"),
        select(func.min(_message.type))
        .where(_message.mailbox == _outbox.destination, _message.document == _outbox.document)
        .scalar_subquery()
        .label("type"),
    )
    .where(_UNDELIVERED)
    .order_by(_outbox.destination, _outbox.id)
)
_TROUBLED = _PENDING.where(_DEAD | (_outbox.refusals > 0) | _BEHIND)


def _sum(condition: Any, name: str) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)


_SUMS = (_sum(IN_LINE, "waiting"), _sum(_ALONE, "refused"), _sum(_DEAD, "dead"))
_COUNTS = select(*_SUMS).where(_UNDELIVERED)
_oldest = tables.outbox.alias("oldest").c
_WHY = (
    select(_oldest.last_error)
    .where(
        _oldest.destination == _outbox.destination,
        _oldest.delivered_at.is_(None),
        _oldest.dead == false(),
        _oldest.refusals == 0,
        _oldest.last_error.is_not(None),
    )
    .order_by(_oldest.id)
    .limit(1)
    .scalar_subquery()
)
_LINES = (
    select(_outbox.destination, *_SUMS, _WHY.label("reason"))
    .where(_UNDELIVERED)
    .group_by(_outbox.destination)
    .order_by(_outbox.destination)
)
_REVIVED = (
    update(tables.outbox)
    .where(_outbox.id.in_(bindparam("ids", expanding=True)), REFUSED | (_UNDELIVERED & _DEAD))
    .values(dead=False, refusals=0, attempts=0, next_attempt_at=bindparam("at"))
    .returning(_outbox.id)
)


class Outbox:
    """What one administration still has to deliver."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def counts(self) -> Counts:
        """How much there is, in all."""
        with reading(self._store.reader) as connection:
            return Counts(**connection.execute(_COUNTS).mappings().one())

    def lines(self) -> Sequence[Line]:
        """How much there is for each administration for which there is anything."""
        with reading(self._store.reader) as connection:
            return [Line(**row) for row in connection.execute(_LINES).mappings()]

    def troubled(self) -> Sequence[Pending]:
        """What is refused or given up, and what waits behind such a document, by administration and age."""
        return self._read(_TROUBLED)

    def every(self) -> Sequence[Pending]:
        """Everything that was not delivered yet, by administration and age."""
        return self._read(_PENDING)

    def retry(self, ids: Collection[int], at: datetime) -> Collection[int]:
        """Put documents that are refused or given up back into their lines, as if they had not been tried.

        Returns which of the numbers were such documents. A gateway that runs delivers them at its next look at the
        outbox, before what waits behind them. What was tried stays in the history. Raises StoreUnavailable.
        """
        with writing(self._store.writer) as connection:
            return connection.execute(_REVIVED, {"ids": list(ids), "at": moment(at)}).scalars().all()

    def _read(self, statement: Any) -> Sequence[Pending]:
        with reading(self._store.reader) as connection:
            return [_pending(row) for row in connection.execute(statement).mappings()]


def _pending(row: Any) -> Pending:
    standing = Standing(row["standing"])
    return Pending(
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
