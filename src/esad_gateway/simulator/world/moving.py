"""How the clock of a world is moved: to a moment, past all that falls due on the way, or as the machine's goes."""

import asyncio
from contextlib import suppress
from typing import Final, Protocol

from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.timed.pace import Timekeeper
from esad_gateway.simulator.world.background import WITHIN
from esad_gateway.simulator.world.world import SimulatedWorld


class Mover(Protocol):
    """Who moves the clock of a world, in the world's event loop."""

    @property
    def within(self) -> float:
        """Seconds of real time in which something happens while it moves, or nothing comes of it."""

    async def obey(self, order: ClockOrder) -> None:
        """Do what an order says, and everything that falls due on the way."""


class WorldMover:
    """Moves a world alone."""

    within: Final = WITHIN

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._keeper = Timekeeper(world)
        self._living: asyncio.Task[None] | None = None

    async def obey(self, order: ClockOrder) -> None:
        """Do what an order says; a clock that runs stands while it is moved."""
        clock = self._world.clock
        rate = clock.rate if order.rate is None else order.rate
        if order.to is not None:
            self.run(0)
            await self._world.advance_to(order.to)
        self.run(rate)
        await self.settle()

    def run(self, rate: float) -> None:
        """Let the clock run so many times as fast as the machine's; 0 stops it."""
        self._world.clock.run(rate)
        if rate and self._living is None:
            self._living = asyncio.create_task(self._keeper.run())

    async def settle(self) -> None:
        """Let everything happen that is due now."""
        await self._keeper.settle()

    async def end(self) -> None:
        """Let nothing more happen by itself."""
        if self._living is not None:
            self._living.cancel()
            with suppress(asyncio.CancelledError):
                await self._living
