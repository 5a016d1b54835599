"""Moments that have not come: nothing was acknowledged then, and no refused document waits until then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from esad_gateway.store import tables
from esad_gateway.store.rows import moment

_message = tables.message.c
_outbox = tables.outbox.c

_APART: Final = timedelta(hours=1)
"""By how much the clock of the check may be behind that of the gateway, and a clock that was put back behind itself."""


def ahead(connection: Connection, longest: timedelta, now: datetime) -> Iterator[str]:
    """What lies in the future as of ``now``, or of the newest message, where that is later.

    ``longest`` is the longest pause between two tries of a document that is refused.
    """
    newest = connection.execute(select(func.max(_message.recorded_at))).scalar()
    present = max(now, datetime.fromisoformat(newest)) if newest else now
    acknowledged = select(_message.mailbox, _message.seq, _message.acknowledged_at).where(
        _message.acknowledged_at > moment(present + _APART)
    )
    for row in connection.execute(acknowledged):
        yield f"message {row.seq} of {row.mailbox}: it was acknowledged at {row.acknowledged_at}, which has not come"
    waiting = select(_outbox.id, _outbox.destination, _outbox.next_attempt_at).where(
        _outbox.delivered_at.is_(None), _outbox.refusals > 0, _outbox.dead.is_(False)
    )
    latest = moment(present + longest + _APART)
    for row in connection.execute(waiting.where(_outbox.next_attempt_at > latest)):
        yield f"outbox {row.id} for {row.destination}: it waits until {row.next_attempt_at}, longer than any pause"
