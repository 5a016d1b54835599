"""Movements as the last message about each has left them, found by digest."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection, func, select

from esad_gateway.store import tables
from esad_gateway.store.chain import digest_of_values

_movement = tables.movement.c
_message = tables.message.c
_last = tables.message.alias().c

_AT_ONCE: Final = 1000
_WRITTEN = _message.movement.is_not(None)
_AT = select(func.max(_message.recorded_at)).where(_message.arc == _movement.arc, _WRITTEN).scalar_subquery()
# One transaction may have written both sides of a movement: each entry keeps the digest of one of them.
_LEFT = (
    select(tables.movement, _last.movement)
    .outerjoin_from(
        tables.movement,
        _last.movement.table,
        (_last.arc == _movement.arc) & _last.movement.is_not(None) & (_last.recorded_at == _AT),
    )
    .order_by(_movement.arc, _movement.side)
)
_OF_NOTHING = (
    select(_message.arc)
    .distinct()
    .where(_WRITTEN, ~select(_movement.arc).where(_movement.arc == _message.arc).exists())
)


def movements(connection: Connection) -> Iterator[str]:
    """Movements that are not as they were left, or that are gone. Not checked: whether what was decided is right."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_LEFT)
    for (arc, side), same in groupby(rows, itemgetter(0, 1)):
        if not any(digest_of_values(row[:-1]) == row[-1] for row in same):
            yield f"movement {arc} ({side}): it is not as the last message about it has left it"
    for arc in sorted(connection.execute(_OF_NOTHING).scalars()):
        yield f"movement {arc}: there are messages about it, and no movement"
