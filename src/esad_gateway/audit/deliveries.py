"""The outbox: what was given to other administrations stands in it, and counts what its tries have noted."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from esad_gateway.audit.findings import placed
from esad_gateway.faults import Said, said
from esad_gateway.ports.writing import REGISTER_LINE
from esad_gateway.recognising import recognised
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
WRONG = {
    "settled_otherwise": _DELIVERED
    & or_(_TAKEN != 1, _LAST.c.error.is_not(None), _LAST.c.at.is_distinct_from(_outbox.delivered_at)),
    "still_waiting": _outbox.delivered_at.is_(None) & (_TAKEN > 0),
    "other_error": _outbox.last_error.is_distinct_from(_LAST.c.error),
    "tries_unnoted": (_outbox.attempts > 0) & (_NOTED == 0),
    "settled_untried": or_(_DELIVERED, _outbox.dead.is_(True)) & (_outbox.attempts < 1),
    "dropped_unnoted": _DROPPED & _LAST.c.at.is_distinct_from(_outbox.dropped_at),
    "more_refusals": or_(_outbox.refusals > _outbox.attempts, _outbox.refusals > _NOTED),
    "below_zero": or_(_outbox.attempts < 0, _outbox.refusals < 0),
    "given_up_unrefused": and_(_outbox.dead.is_(True), or_(_outbox.refusals < 1, _DELIVERED)),
}
_QUESTIONS: Final = ("IE904", "IE905")
_OUT_OF_LINE: Final = frozenset({*_QUESTIONS, "IE704", "IE714", "IE906", "IE917"})
_ASKED = (
    select(_message.seq)
    .where(_message.arc == bindparam("about"), _message.direction == "in", _message.type.in_(_QUESTIONS))
    .where(or_(_message.recorded_at == bindparam("at"), _message.identifier == bindparam("answered")))
)
_UNLIKE = (
    select(_outbox.id, _outbox.destination, *(wrong.label(told) for told, wrong in WRONG.items()))
    .outerjoin(_TRIES, _TRIES.c.outbox_id == _outbox.id)
    .outerjoin(_LAST, _LAST.c.id == _TRIES.c.last)
    .where(or_(*WRONG.values()))
)


def deliveries(connection: Connection, own: str) -> Iterator[Said]:
    """What is wrong with the outbox of our administration ``own``. Not checked: when it is to be tried again."""
    yield from _queued(connection, own)
    for row in connection.execute(_UNLIKE).mappings():
        place = said("found.outbox", number=row["id"], destination=row["destination"])
        yield from (placed(place, Said(f"found.{wrong}")) for wrong in WRONG if row[wrong])


def given_up(connection: Connection) -> Iterator[Said]:
    """The dead letters, each with why and with the command that tries it again."""
    dead = select(_outbox.id, _outbox.destination, _outbox.identifier, _outbox.last_error).where(_outbox.dead.is_(True))
    for row in connection.execute(dead.order_by(_outbox.id)):
        place = said("found.outbox", number=row.id, destination=row.destination)
        dead_letter = said(
            "found.dead", identifier=row.identifier, error=recognised(str(row.last_error)), number=row.id
        )
        yield placed(place, dead_letter)


def _queued(connection: Connection, own: str) -> Iterator[Said]:
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
        here, there = _as_queued(given_one), _plain(queued_one)
        where = (here or there)[0]
        place = said("found.outbox_of", destination=where)
        # What may overtake others of its movement, such as an answer to a question, is queued without its ARC.
        if (here[:3] != there[:3] or there[3] not in (here[3], None)) and where not in told:
            told.add(where)
            yield placed(place, said("found.queued_other", queued=_named(there), stands=_named(here)))
        elif there[3] != here[3] and where not in told and not _overtakes(connection, given_one):
            told.add(where)
            yield placed(place, said("found.queued_alone", queued=_named(here)))


def _overtakes(connection: Connection, given: Any) -> bool:
    """Whether something waits for nothing else of its movement: a refusal, a question, and what answers one."""
    if given.type in _OUT_OF_LINE:
        return True
    values = {"about": given.arc, "at": given.recorded_at, "answered": given.correlation}
    return connection.execute(_ASKED, values).first() is not None


def _as_queued(given: Any) -> tuple[Any, ...]:
    """What stands in the outbox for a message; changes of our register have a line of their own."""
    plain = _plain(given)[:4]
    return (*plain[:3], REGISTER_LINE) if plain and given.type == "IE713" else plain


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row) if row is not None else ()


def _named(row: tuple[Any, ...]) -> Said:
    if not row:
        return Said("found.nothing")
    about = row[3] or Said("found.no_movement")
    return said("found.named", identifier=row[1], digest=row[2].hex()[:16], about=about)
