"""Time by hand: a clock that stands still until somebody moves it, and then lets gateways do what is due."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from esad_gateway.errors import OwnError
from esad_gateway.faults import said
from esad_gateway.ports.clock import Due

_MICROSECOND: Final = 1e-6
"""Seconds: a moment is told no more exactly."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """Somebody who rests until so many seconds have elapsed, in an event loop of some thread."""

    until: float
    loop: asyncio.AbstractEventLoop
    over: asyncio.Event


class HandClock:
    """A clock that stands still at ``at`` (aware, UTC) until it is moved, or its hands are set."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._began = at
        self._resting: list[_Rest] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment it was moved to."""
        return self.at

    def elapsed(self) -> float:
        """How far it was moved, in seconds."""
        return (self.at - self._began).total_seconds()

    def move(self, **step: float) -> None:
        """Move forward by a ``timedelta`` given in its own words (``days=1``); who rests until then goes on."""
        self.move_to(self.now() + timedelta(**step))

    def move_to(self, at: datetime) -> None:
        """Move to a moment; who rests until then goes on."""
        with self._lock:
            self.at = at
            over = [rest for rest in self._resting if self._has_come(rest.until)]
            self._resting = [rest for rest in self._resting if rest not in over]
        for rest in over:
            rest.loop.call_soon_threadsafe(rest.over.set)

    def wake(self) -> None:
        """Let everybody who rests go on, whatever it shows."""
        with self._lock:
            over, self._resting = self._resting, []
        for rest in over:
            rest.loop.call_soon_threadsafe(rest.over.set)

    def set_hands(self, **step: float) -> None:
        """Show another time, as if somebody had set the clock of the machine: ``elapsed`` stays as it is."""
        self.at += timedelta(**step)
        self._began += timedelta(**step)

    async def rest(self, until: float, woken: asyncio.Event) -> None:
        """Return when it was moved so far, or when ``woken`` is set, whichever comes first."""
        rest = _Rest(until, asyncio.get_running_loop(), woken)
        with self._lock:
            if self._has_come(until):
                return
            self._resting.append(rest)
        try:
            await woken.wait()
        finally:
            with self._lock:
                self._resting = [one for one in self._resting if one is not rest]

    def _has_come(self, until: float) -> bool:
        return until - self.elapsed() < _MICROSECOND


class Dutiful(Protocol):
    """Who has something to do at moments of its own: the duties of a gateway, or an agenda."""

    def next_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""

    async def act(self) -> bool:
        """Do what is due now. Returns whether any of it could be done."""


async def advance_to(moment: datetime, clock: HandClock, gateways: Sequence[Dutiful]) -> None:
    """Move the clock of some gateways to a moment. On the way they do everything that is due, in order.

    The clock stops at the moment of each thing until it is done, so that it is dated then. What was due before is done
    first, and dated now. Raises OwnError when something cannot be done; the log says why, and the clock stays there.
    """
    while (found := _next(gateways)) is not None and found[0].at <= moment:
        due, gateway = found
        clock.move_to(max(due.at, clock.now()))
        if not await gateway.act() and gateway.next_due() == due:
            raise OwnError(said("detail.not_done", what=str(due.what), at=due.at.isoformat()))
    clock.move_to(max(moment, clock.now()))


def first_due(gateways: Sequence[Dutiful]) -> Due | None:
    """What some gateways have to do first; ``None`` for nothing."""
    found = _next(gateways)
    return found[0] if found else None


def _next(gateways: Sequence[Dutiful]) -> tuple[Due, Dutiful] | None:
    dues = [(due, place) for place, gateway in enumerate(gateways) if (due := gateway.next_due()) is not None]
    return (min(dues)[0], gateways[min(dues)[1]]) if dues else None
