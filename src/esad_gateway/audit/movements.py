"""Movements as the last message about each has left them, found by digest, and their logs as they were written."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, func, select

from esad_gateway.audit.findings import movement, placed
from esad_gateway.faults import Said
from esad_gateway.store import tables
from esad_gateway.store.chain import NO_LOG, digest_of_values, logged_values

_movement = tables.movement.c
_log = tables.movement_log.c
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
_LOGS = (
    select(_message.arc, tables.movement_log)
    .join(tables.movement_log, (_log.mailbox == _message.mailbox) & (_log.seq == _message.seq))
    .where(_message.arc.is_not(None))
    .order_by(_message.arc, _log.side, _log.number)
)
_LINES = select(func.count()).select_from(tables.movement_log)
_OF_NOTHING = (
    select(_message.arc)
    .distinct()
    .where(_WRITTEN, ~select(_movement.arc).where(_movement.arc == _message.arc).exists())
)


def movements(connection: Connection) -> Iterator[Said]:
    """Movements, and their logs, that are not as they were left, or that are gone.

    Not checked: whether what was decided is right.
    """
    logs = _Logs(connection.execution_options(yield_per=_AT_ONCE).execute(_LOGS))
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_LEFT)
    for (arc, side), same in groupby(rows, itemgetter(0, 1)):
        kept = list(same)
        if not any(digest_of_values(row[:-1]) == row[-1] for row in kept):
            yield placed(movement(arc, side), Said("found.not_as_left"))
        if logs.of(arc, side) != (kept[0].acts, kept[0].log):
            yield placed(movement(arc, side), Said("found.log_changed"))
    if logs.matched != connection.execute(_LINES).scalar_one():
        yield Said("found.log_of_nothing")
    for arc in sorted(connection.execute(_OF_NOTHING).scalars()):
        yield placed(movement(arc), Said("found.only_messages"))


class _Logs:
    """The logs of all movements, read once, in the order of their movements; ``matched`` counts their lines."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._logs = groupby(rows, itemgetter(0, _SIDE))
        self._next: tuple[tuple[str, str], Iterable[Any]] | None = next(self._logs, None)
        self.matched = 0

    def of(self, arc: str, side: str) -> tuple[int, bytes]:
        """How many lines there are for a movement, and the head of the chain over them."""
        while self._next is not None and self._next[0] < (arc, side):
            self._next = next(self._logs, None)
        if self._next is None or self._next[0] != (arc, side):
            return NO_LOG
        number, head = NO_LOG
        for row in self._next[1]:
            number, head = number + 1, logged_values(head, row[1:])
        self.matched += number
        return number, head


_SIDE: Final = 1 + list(tables.movement_log.c.keys()).index("side")
