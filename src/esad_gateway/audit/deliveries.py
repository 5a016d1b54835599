"""The outbox: what was given to other administrations stands in it, and counts what its tries have noted."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from esad_gateway.store import tables

_message = tables.message.c
_outbox = tables.outbox.c
_attempt = tables.attempt.c

_TRIES = (
    select(
        _attempt.outbox_id,
        func.count().label("noted"),
        func.count().filter(_attempt.error.is_(None)).label("taken"),
        func.max(_attempt.id).label("last"),
    )
    .group_by(_attempt.outbox_id)
    .subquery()
)
_LAST = tables.attempt.alias()
_NOTED = func.coalesce(_TRIES.c.noted, 0)
_TAKEN = func.coalesce(_TRIES.c.taken, 0)
_DELIVERED = _outbox.delivered_at.is_not(None)
_DROPPED = _outbox.delivered_at.is_(None) & _outbox.dropped_at.is_not(None)

# That something was dropped is noted beside its tries, and is none of them.
# A try that fails like the one before it is counted and not noted, and a person's retry begins the counts anew: so the
# counts are not those of the notes. A refusal is always noted, and so is what ends the tries.
_WRONG = {
    "is not delivered when its last try says so": _DELIVERED
    & or_(_TAKEN != 1, _LAST.c.error.is_not(None), _LAST.c.at.is_distinct_from(_outbox.delivered_at)),
    "was acknowledged, and is still to be delivered": _outbox.delivered_at.is_(None) & (_TAKEN > 0),
    "has another error than its last try": _outbox.last_error.is_distinct_from(_LAST.c.error),
    "counts tries of which none is noted": (_outbox.attempts > 0) & (_NOTED == 0),
    "is settled without a try": or_(_DELIVERED, _outbox.dead.is_(True)) & (_outbox.attempts < 1),
    "is dropped, and no note says so at that moment": _DROPPED & _LAST.c.at.is_distinct_from(_outbox.dropped_at),
    "counts more refusals than tries": or_(_outbox.refusals > _outbox.attempts, _outbox.refusals > _NOTED),
    "counts less than nothing": or_(_outbox.attempts < 0, _outbox.refusals < 0),
    "is given up without a refusal": and_(_outbox.dead.is_(True), or_(_outbox.refusals < 1, _DELIVERED)),
}
_QUESTIONS: Final = ("IE904", "IE905")
_OUT_OF_LINE: Final = frozenset({*_QUESTIONS, "IE704", "IE714", "IE906", "IE917"})
_ASKED = (
    select(_message.seq)
    .where(_message.arc == bindparam("about"), _message.direction == "in", _message.type.in_(_QUESTIONS))
    .where(or_(_message.recorded_at == bindparam("at"), _message.identifier == bindparam("answered")))
)
_UNLIKE = (
    select(_outbox.id, _outbox.destination, *(wrong.label(told) for told, wrong in _WRONG.items()))
    .outerjoin(_TRIES, _TRIES.c.outbox_id == _outbox.id)
    .outerjoin(_LAST, _LAST.c.id == _TRIES.c.last)
    .where(or_(*_WRONG.values()))
)


def deliveries(connection: Connection, own: str) -> Iterator[str]:
    """What is wrong with the outbox of our administration ``own``. Not checked: when it is to be tried again."""
    yield from _queued(connection, own)
    for row in connection.execute(_UNLIKE).mappings():
        yield from (f"outbox {row['id']} for {row['destination']}: it {told}" for told in _WRONG if row[told])


def given_up(connection: Connection) -> Iterator[str]:
    """The dead letters, each with why and with the command that tries it again."""
    dead = select(_outbox.id, _outbox.destination, _outbox.identifier, _outbox.last_error).where(_outbox.dead.is_(True))
    for row in connection.execute(dead.order_by(_outbox.id)):
        told = f"outbox {row.id} for {row.destination}: {row.identifier} is a dead letter: {row.last_error}"
        yield f"{told}; esad outbox retry {row.id} tries it again"


def _queued(connection: Connection, own: str) -> Iterator[str]:
    """What was given to another administration stands in the outbox, one for one and in the same order."""
    given = (
        select(
            *(_message.mailbox, _message.identifier, _message.document, _message.arc),
            *(_message.type, _message.correlation, _message.recorded_at),
        )
        .where(_message.direction == "out", _message.mailbox.startswith("NDEA."), _message.mailbox != own)
        .order_by(_message.mailbox, _message.seq)
    )
    queued = select(_outbox.destination, _outbox.identifier, _outbox.document, _outbox.arc).order_by(
        _outbox.destination, _outbox.id
    )
    told: set[str] = set()
    for given_one, queued_one in zip_longest(connection.execute(given), connection.execute(queued)):
        here, there = _plain(given_one)[:4], _plain(queued_one)
        where = (here or there)[0]
        # What may overtake others of its movement, such as an answer to a question, is queued without its ARC.
        if (here[:3] != there[:3] or there[3] not in (here[3], None)) and where not in told:
            told.add(where)
            yield f"outbox for {where}: {_named(there)} is queued where {_named(here)} stands in the mailbox"
        elif there[3] != here[3] and where not in told and not _overtakes(connection, given_one):
            told.add(where)
            yield f"outbox for {where}: {_named(here)} is queued without its movement, and may overtake others"


def _overtakes(connection: Connection, given: Any) -> bool:
    """Whether something waits for nothing else of its movement: a refusal, a question, and what answers one."""
    if given.type in _OUT_OF_LINE:
        return True
    values = {"about": given.arc, "at": given.recorded_at, "answered": given.correlation}
    return connection.execute(_ASKED, values).first() is not None


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row) if row is not None else ()


def _named(row: tuple[Any, ...]) -> str:
    return f"{row[1]} ({row[2].hex()[:16]}, {row[3] or 'about no movement'})" if row else "nothing"
