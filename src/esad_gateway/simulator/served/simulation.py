"""What is served of a world: its clock, which a system under test may follow, and what falls due by it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.ports.clock import Due
from esad_gateway.simulator.injected.journal import replay_command
from esad_gateway.simulator.injected.reading import words_of
from esad_gateway.simulator.served.known_movements import movement_in
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.served.together import Together
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.orders import ClockOrder
from esad_gateway.simulator.world.clock import moment_of
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.web.problems import Problem


class Simulation:
    """The clock of a world as it is moved over HTTP; all methods but the first belong into the world's event loop.

    ``ports`` are those of states that have some of their own.
    """

    def __init__(self, emcs: Emcs, ports: Mapping[str, int] = MappingProxyType({})) -> None:
        self.emcs = emcs
        self.neighbour: Neighbour | None = None
        self.ports = ports
        self.command: tuple[str, ...] = ()
        """The command that has begun it, without its seed, if one has."""
        self.begun_with = 0
        """How many faults that command has injected."""

    def meet(self, neighbour: Neighbour) -> None:
        """Move the clock of a gateway elsewhere together with that of the world from now on."""
        self.neighbour = neighbour
        self.emcs.mover = Together(self.emcs.world, self.emcs.alone, neighbour)

    def part(self) -> None:
        """Move the world alone from now on."""
        if self.neighbour is not None:
            self.neighbour, self.emcs.mover = None, self.emcs.alone

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
        await self.emcs.alone.settle()

    async def obey(self, order: ClockOrder) -> None:
        """Do what an order says, and everything that falls due on the way. Raises Problem."""
        try:
            await self.emcs.mover.obey(order)
        except PeerError as error:
            raise Problem(502, "clock-order", error.what) from error
        except UnreadableInput as error:
            raise Problem(409, "clock-order", error.what) from error
