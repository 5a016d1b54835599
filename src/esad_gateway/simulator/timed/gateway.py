"""A gateway as it is served with a clock for tests: ``esad serve --test-clock``."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from starlette.types import ASGIApp

from esad_gateway.batch.work.workers import Workers
from esad_gateway.bootstrap import Runtime
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.ports.clock import Due
from esad_gateway.server import application
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.doors import Following, clock_doors
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.timed.pace import TimedGateway, Timekeeper
from esad_gateway.store.batches import Batches
from esad_gateway.store.latest import latest_moment
from esad_gateway.web.problems import Problem

LONGEST_BATCH: Final = 60
"""Seconds that an order to the clock waits for batches that are worked on."""

PROBE: Final = timedelta(hours=1)
"""How seldom an administration that is down is tried at least: days pass in a moment, and it is down all of it."""


def timed_application(runtime: Runtime, clock: TestClock, loaded: Callable[[], object] = lambda: None) -> ASGIApp:
    """All doors of a gateway that was built with this ``clock``, and ``/test-clock``, where it is moved.

    What falls due happens by that clock alone. Workers on batches are told what it shows, and nobody moves it before
    they have ended.
    """
    timed = TimedGateway(runtime, clock)
    keeper = Timekeeper(timed)
    # They wait by the machine's clock: ours may stand.
    workers = Workers(
        runtime.data.root,
        Batches(runtime.store).pending,
        SystemClock(),
        arguments=lambda: ("--clock", clock.now().isoformat(), "--rate", str(clock.rate)),
        ended=keeper.wake,
    )

    @asynccontextmanager
    async def living() -> AsyncIterator[None]:
        async with runtime.open(), keeper.running(), workers.running():
            yield

    doors = clock_doors(_Alone(timed, keeper, workers))
    return Following(application(runtime, loaded, living=living, workers=workers, more=doors), keeper.settle)


def check_beginning(runtime: Runtime, clock: TestClock) -> None:
    """That a clock begins no earlier than the store of its gateway has come already. Raises UnreadableInput."""
    latest, begins = latest_moment(runtime.store), clock.now()
    if latest is not None and begins < latest:
        raise UnreadableInput(said("serve.begins_early", begins=begins.isoformat(), latest=latest.isoformat()))


class _Alone:
    """A gateway whose clock nobody else follows."""

    def __init__(self, timed: TimedGateway, keeper: Timekeeper, workers: Workers) -> None:
        self.clock = timed.clock
        self._workers = workers
        self._timed = timed
        self._keeper = keeper

    def first_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""
        return self._timed.first_due()

    async def obey(self, order: ClockOrder) -> None:
        """Move the clock and do everything on the way, then let it run as the order says; batches come before it.

        Raises Problem when they take too long.
        """
        if not await self._workers.idle(LONGEST_BATCH):
            raise Problem(503, "try-again", said("serve.batch_at_work", seconds=LONGEST_BATCH))
        if order.to is not None:
            await self._timed.advance_to(order.to)
        if order.rate is not None:
            self.clock.run(order.rate)
        await self._keeper.settle()
