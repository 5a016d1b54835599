"""A world and a gateway elsewhere, whose clocks are moved together: what falls due on either side has one order."""

import asyncio
from datetime import datetime
from typing import Final

from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.world.background import WITHIN
from esad_gateway.simulator.world.moving import WorldMover
from esad_gateway.simulator.world.world import SimulatedWorld

MOST_ROUNDS: Final = 200
"""How often both sides are asked about one moment, until one that never comes to an end there is told."""

_AS_THE_MACHINE: Final = ClockOrder(rate=1)


class Together:
    """Moves a world and a neighbour. One that follows the machine's clock cannot be kept up with: nothing is moved."""

    def __init__(self, world: SimulatedWorld, alone: WorldMover, neighbour: Neighbour) -> None:
        self.neighbour = neighbour
        self.within = neighbour.patience + WITHIN
        self._world = world
        self._alone = alone
        self._turn = asyncio.Lock()

    async def obey(self, order: ClockOrder) -> None:
        """Do what an order says, on both sides.

        Raises UnreadableInput for a neighbour that cannot be moved, and PeerError for one that answers badly or never.
        """
        if not self.neighbour.movable and order != _AS_THE_MACHINE:
            raise UnreadableInput(said("simulate.by_machine", url=self.neighbour.introduced.url))
        async with self._turn:
            rate = self._world.clock.rate if order.rate is None else order.rate
            if order.to is not None:
                await self._run(0)
                await self._go(order.to)
            await self._run(rate)
            await self._alone.settle()

    async def _run(self, rate: float) -> None:
        self._alone.run(rate)
        if self.neighbour.movable:
            await self.neighbour.run(rate)

    async def _go(self, to: datetime) -> None:
        world, other = self._world, self.neighbour
        # Clocks that ran until a moment ago may show a little more than was reckoned with.
        to = max(to, world.clock.now(), (await other.due())[0])
        before, rounds = None, 0
        while True:
            at = await self._next(to)
            before, rounds = at, rounds + 1 if at == before else 0
            if rounds > MOST_ROUNDS:
                raise PeerError(said("simulate.no_end", url=other.introduced.url, moment=(at or to).isoformat()))
            await other.move(at or to)
            await world.advance_to(at or to)
            if at is None and await self._next(to) is None:
                return

    async def _next(self, to: datetime) -> datetime | None:
        """The next moment at which something is due on either side until then; ``None`` for nothing more."""
        ours = self._world.first_due()
        shown, theirs = await self.neighbour.due()
        dues = [one for one in (ours.at if ours else None, theirs) if one is not None and one <= to]
        return max(min(dues), shown, self._world.clock.now()) if dues else None
