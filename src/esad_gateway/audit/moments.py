"""Moments that nothing signed speaks of: each is one, and none lies in a future in which it cannot lie."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, func, or_, select

from esad_gateway.audit.findings import message, placed
from esad_gateway.faults import Said, said
from esad_gateway.store import tables
from esad_gateway.store.rows import moment

_message = tables.message.c
_outbox = tables.outbox.c

_APART: Final = timedelta(hours=1)
"""By how much the clock of the check may be behind that of the gateway, and a clock that was put back behind itself."""

_MOMENTS: Final = tuple(
    tables.metadata.tables[table].c[column]
    for table, column in (
        ("message", "acknowledged_at"),
        ("outbox", "next_attempt_at"),
        ("outbox", "delivered_at"),
        ("attempt", "at"),
        ("delivery_start", "at"),
        ("delivery_claim", "until"),
        ("held", "released_at"),
        ("undecided", "at"),
        ("undecided", "decided_at"),
        ("stopped", "at"),
        ("stopped", "since"),
        ("stopped", "decided_at"),
        ("security_log", "at"),
        ("used_envelope", "until"),
        ("sign_in_step", "until"),
        ("batch", "received_at"),
        ("batch", "ended_at"),
        ("batch", "withdrawn_at"),
        ("batch", "file_removed_at"),
        ("webhook", "previous_until"),
        ("webhook", "created_at"),
        ("webhook", "failing_since"),
        ("webhook", "next_try"),
        ("webhook_dead_letter", "at"),
        ("role_grant", "saved_at"),
        ("role_grant", "effective_at"),
        ("role_grant", "ended_at"),
        ("person_token", "issued_at"),
        ("person_token", "until"),
        ("person_token", "revoked_at"),
        ("national_act", "at"),
        ("guarantee", "added_at"),
        ("guarantee_entry", "at"),
        ("guarantee_entry", "noted_at"),
        ("guarantee_amount", "at"),
        ("due_feed", "made_at"),
        ("due_feed", "ended_at"),
    )
)
_SECONDS: Final = len("2026-03-02T10:00:00")


def malformed(connection: Connection) -> Iterator[Said]:
    """What stands where a moment should, and is none as the store writes it down: no day of the calendar, no time."""
    for column in _MOMENTS:
        keys = column.table.primary_key.columns
        for *key, value in connection.execute(select(*keys, column).where(_is_none(column))):
            place = " ".join(str(part) for part in key)
            yield said("found.no_moment", place=f"{column.table.name} {place}", column=column.name, value=repr(value))


def _is_none(column: Column[Any]) -> ColumnElement[bool]:
    seconds = func.substr(column, 1, _SECONDS)
    read = func.strftime("%Y-%m-%dT%H:%M:%S", seconds, "+0 days")
    rest = func.substr(column, _SECONDS + 1)
    # Reckoned with, a day that no month has is one of the next month.
    return or_(read.is_(None) & column.is_not(None), read != seconds, rest.op("NOT GLOB")(f".{6 * '[0-9]'}+00:00"))


def ahead(connection: Connection, longest: timedelta, now: datetime) -> Iterator[Said]:
    """What lies in the future as of ``now``, or of the newest message, where that is later.

    ``longest`` is the longest pause between two tries of a document that is refused.
    """
    newest = connection.execute(select(func.max(_message.recorded_at))).scalar()
    present = max(now, datetime.fromisoformat(newest)) if newest else now
    acknowledged = select(_message.mailbox, _message.seq, _message.acknowledged_at).where(
        _message.acknowledged_at > moment(present + _APART)
    )
    for row in connection.execute(acknowledged):
        yield placed(message(row.seq, row.mailbox), said("found.not_yet", at=row.acknowledged_at))
    waiting = select(_outbox.id, _outbox.destination, _outbox.next_attempt_at).where(
        _outbox.delivered_at.is_(None), _outbox.dropped_at.is_(None), _outbox.refusals > 0, _outbox.dead.is_(False)
    )
    latest = moment(present + longest + _APART)
    for row in connection.execute(waiting.where(_outbox.next_attempt_at > latest)):
        place = said("found.outbox", number=row.id, destination=row.destination)
        yield placed(place, said("found.waits_long", until=row.next_attempt_at))
