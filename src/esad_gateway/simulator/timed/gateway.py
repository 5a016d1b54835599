"""A gateway as it is served with a clock for tests: ``esad serve --test-clock``."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from starlette.types import ASGIApp

from esad_gateway.bootstrap import Runtime
from esad_gateway.ports.clock import Due
from esad_gateway.server import application
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.doors import Following, clock_doors
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.timed.pace import TimedGateway, Timekeeper

PROBE: Final = timedelta(hours=1)
"""How seldom an administration that is down is tried at least: days pass in a moment, and it is down all of it."""


def timed_application(runtime: Runtime, clock: TestClock, loaded: Callable[[], object] = lambda: None) -> ASGIApp:
    """All doors of a gateway that was built with this ``clock``, and ``/test-clock``, where it is moved.

    What falls due happens by that clock alone. Tables that are handed in are kept, and nobody works on them: workers
    live by the machine's clock.
    """
    timed = TimedGateway(runtime, clock)
    keeper = Timekeeper(timed)

    @asynccontextmanager
    async def living() -> AsyncIterator[None]:
        async with runtime.open(), keeper.running():
            yield

    doors = clock_doors(_Alone(timed, keeper))
    return Following(application(runtime, loaded, living=living, more=doors), keeper.settle)


class _Alone:
    """A gateway whose clock nobody else follows."""

    def __init__(self, timed: TimedGateway, keeper: Timekeeper) -> None:
        self.clock = timed.clock
        self._timed = timed
        self._keeper = keeper

    def first_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""
        return self._timed.first_due()

    async def obey(self, order: ClockOrder) -> None:
        """Move the clock and do everything on the way, then let it run as the order says."""
        if order.to is not None:
            await self._timed.advance_to(order.to)
        if order.rate is not None:
            self.clock.run(order.rate)
        await self._keeper.settle()
