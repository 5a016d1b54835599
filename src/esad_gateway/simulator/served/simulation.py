"""What is served of a world: its clock, which a system under test may follow, and what falls due by it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.ports.clock import Due
from esad_gateway.simulator.injected.journal import replay_command
from esad_gateway.simulator.injected.reading import words_of
from esad_gateway.simulator.served.known_movements import movement_in
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.timed.pace import Timekeeper
from esad_gateway.simulator.world.clock import moment_of
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.web.problems import Problem

MOST_ROUNDS: Final = 200
"""How often both sides are asked about one moment, until one that never comes to an end there is told."""


class Simulation:
    """The clock of a world as it is moved over HTTP; all methods but the first belong into the world's event loop.

    ``ports`` are those of states that have some of their own. With a ``neighbour`` whose clock can be moved, both are
    moved together: what falls due on either side happens in one order. One that follows the machine's clock cannot be
    kept up with: then nothing is moved.
    """

    def __init__(
        self, emcs: Emcs, neighbour: Neighbour | None = None, ports: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self.emcs = emcs
        self.neighbour = neighbour
        self.ports = ports
        self.command: tuple[str, ...] = ()
        """The command that has begun it, without its seed, if one has."""
        self.begun_with = 0
        """How many faults that command has injected."""
        self._keeper = Timekeeper(emcs.world)
        self._living: asyncio.Task[None] | None = None

    def base(self, url: str, state: str) -> str:
        """Where the gateway of a state is, by its code, for whoever reaches the simulator at ``url``."""
        if state not in self.ports:
            return f"{url}/{state.lower()}"
        return f"{url.rpartition(':')[0] if url.count(':') > 1 else url}:{self.ports[state]}"

    @property
    def clock(self) -> TestClock:
        """The clock of the world."""
        return self.emcs.world.clock

    def first_due(self) -> Due | None:
        """What is due first in the world; ``None`` for nothing."""
        return self.emcs.world.first_due()

    def moment(self, words: str, arc: str | None) -> datetime:
        """A moment in words about the movement of an ARC, or the only one that there is. Raises Malformed."""
        try:
            return moment_of(words, lambda: movement_in(self.emcs, arc))
        except UnreadableInput as error:
            raise Malformed(error.what) from error

    def again(self) -> str:
        """The one command that has the same again, with all faults from its beginning on."""
        if not self.command:
            return replay_command(self.emcs.seed)
        later = [one for one, _, _ in self.emcs.world.faults.injections.each()[self.begun_with :]]
        words = [word for one in later if len(one.faults) == 1 for word in ("--fault", words_of(one))]
        return replay_command(self.emcs.seed, (*self.command, *words))

    async def settle(self) -> None:
        """Let everything happen that is due now."""
        await self._keeper.settle()

    async def obey(self, order: ClockOrder) -> None:
        """Do what an order says, and everything that falls due on the way. Raises Problem."""
        if self.neighbour is not None and not self.neighbour.movable:
            raise Problem(409, "clock-order", said("simulate.by_machine", url=self.neighbour.introduced.url))
        rate = self.clock.rate if order.rate is None else order.rate
        try:
            if order.to is not None:
                await self.run(0)
                await self._go(order.to)
            await self.run(rate)
        except PeerError as error:
            raise Problem(502, "clock-order", error.what) from error
        await self._keeper.settle()

    async def run(self, rate: float) -> None:
        """Let all clocks run so many times as fast as the machine's; 0 stops them. Raises PeerError."""
        self.clock.run(rate)
        if self.neighbour is not None and self.neighbour.movable:
            await self.neighbour.run(rate)
        if rate and self._living is None:
            self._living = asyncio.create_task(self._keeper.run())

    async def _go(self, to: datetime) -> None:
        world, other = self.emcs.world, self.neighbour
        if other is None:
            await world.advance_to(to)
            return
        # Clocks that ran until a moment ago may show a little more than was reckoned with.
        to = max(to, world.clock.now(), (await other.due())[0])
        before, rounds = None, 0
        while True:
            at = await self._next(other, to)
            before, rounds = at, rounds + 1 if at == before else 0
            if rounds > MOST_ROUNDS:
                raise PeerError(said("simulate.no_end", url=other.introduced.url, moment=(at or to).isoformat()))
            await other.move(at or to)
            await world.advance_to(at or to)
            if at is None and await self._next(other, to) is None:
                return

    async def _next(self, other: Neighbour, to: datetime) -> datetime | None:
        """The next moment at which something is due on either side until then; ``None`` for nothing more."""
        ours = self.first_due()
        shown, theirs = await other.due()
        dues = [one for one in (ours.at if ours else None, theirs) if one is not None and one <= to]
        return max(min(dues), shown, self.clock.now()) if dues else None
