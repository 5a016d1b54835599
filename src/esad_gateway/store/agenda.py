"""What is due next by the store: one look into an index for each kind, however much there is."""

from collections.abc import Collection
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Select, false, select

from esad_gateway.ports.clock import Due, What
from esad_gateway.store import tables
from esad_gateway.store.database import Driver
from esad_gateway.store.stopped import CLOCK_IS_STOPPED, MESSAGE_IS_STOPPED, this_build

_movement, _parked, _held, _outbox = tables.movement.c, tables.parked.c, tables.held.c, tables.outbox.c


def _first(moment: Column[Any]) -> Select[Any]:
    # Compared with a bound below all moments: a search for the first one, past those that have none.
    return select(moment).where(moment > "").order_by(moment).limit(1)


_FIRST = MappingProxyType(
    {
        What.CLOCK: _first(_movement.clock_at).where(~CLOCK_IS_STOPPED),
        What.PARKED: _first(_parked.until).where(~MESSAGE_IS_STOPPED),
        What.HELD: _first(_held.due).where(_held.released_at.is_(None)),
        What.REFUSED: _first(_outbox.next_attempt_at).where(tables.NOT_TAKEN, _outbox.dead == false()),
    }
)

_MAY_BE_STOPPED = frozenset({What.CLOCK, What.PARKED})


def upcoming(driver: Driver, kinds: Collection[What]) -> list[Due]:
    """The next thing that is due of each of ``kinds``, the earliest first.

    Left out: documents in line, and clocks and parked messages that a defect of this build has stopped.
    """
    found = {what: driver.value(_FIRST[what], this_build() if what in _MAY_BE_STOPPED else {}) for what in kinds}
    return sorted(Due(datetime.fromisoformat(at), what) for what, at in found.items() if at is not None)
