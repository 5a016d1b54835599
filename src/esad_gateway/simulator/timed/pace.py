"""What lets things happen by a clock for tests: at their moments while it runs, in order when it is moved."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, Protocol

import structlog

from esad_gateway.bootstrap import Runtime
from esad_gateway.ports.clock import Due
from esad_gateway.simulator.clock import advance_to
from esad_gateway.simulator.timed.clock import TestClock

log = structlog.get_logger(__name__)

TRY_AGAIN: Final = 1.0
"""Seconds until what could not be done is tried again, unless something comes before that."""


class Timed(Protocol):
    """What lives by a clock for tests: a gateway alone, or a world of them."""

    @property
    def clock(self) -> TestClock:
        """Its clock."""

    def first_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""

    def advance_to(self, moment: datetime) -> Awaitable[None]:
        """Move the clock; on the way everything happens that falls due, in order."""


class TimedGateway:
    """A gateway that is open, and lives by a clock for tests."""

    def __init__(self, runtime: Runtime, clock: TestClock) -> None:
        self.clock = clock
        self._duties = runtime.duties
        self._turn = asyncio.Lock()

    def first_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""
        return self._duties.next_due()

    async def advance_to(self, moment: datetime) -> None:
        """Move the clock; on the way everything happens that falls due, in order. Raises OwnError."""
        async with self._turn:
            with self.clock.held():
                await advance_to(max(moment, self.clock.now()), self.clock, [self._duties])


class Timekeeper:
    """Lets happen what falls due: at its moment while the clock runs, at once when something new has come."""

    def __init__(self, timed: Timed) -> None:
        self.timed = timed
        self._woken = asyncio.Event()

    async def settle(self) -> None:
        """Let everything happen that is due now, and look anew at what comes next."""
        await self.timed.advance_to(self.timed.clock.now())
        self._woken.set()

    def wake(self) -> None:
        """Look anew at what is due: somebody else has written to the store."""
        self._woken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do what falls due until the end of the block."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def run(self) -> None:
        """Do what falls due, until it is cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.timed.advance_to(self.timed.clock.now())
                await self._rest(self.timed.first_due())
            except Exception:  # the others go on, and a test reads of it
                log.exception("what falls due could not be done")
                await self.timed.clock.rest(self.timed.clock.elapsed() + TRY_AGAIN, self._woken)

    async def _rest(self, due: Due | None) -> None:
        if due is None:
            await self._woken.wait()
            return
        clock = self.timed.clock
        await clock.rest(clock.elapsed() + (due.at - clock.now()).total_seconds(), self._woken)
