"""The faults of a world: what its administrations are told to do wrong, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp

from esad_gateway.bootstrap import Carrier
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import listed, said
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.injected.carrier import FaultyCarrier, Hand
from esad_gateway.simulator.injected.catalogue import fault_named, faults_of
from esad_gateway.simulator.injected.checking import check
from esad_gateway.simulator.injected.doors import FaultyDoor
from esad_gateway.simulator.injected.injections import Injections
from esad_gateway.simulator.injected.journal import Journal, Strike
from esad_gateway.simulator.injected.model import BY_ITSELF, FaultKind, Injection
from esad_gateway.simulator.injected.reading import injection
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.transport.memory import Door

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs
    from esad_gateway.simulator.world.movements import SimulatedMovement
    from esad_gateway.simulator.world.world import SimulatedWorld


@dataclass(slots=True)
class WorldFaults:
    """What goes wrong in a world, by its seed."""

    world: "SimulatedWorld"
    injections: Injections = field(init=False)
    journal: Journal = field(init=False)
    hand: Hand = field(init=False)

    def __post_init__(self) -> None:
        self.injections, self.journal = Injections(self.world.seed), Journal(self.world.seed)
        self.hand = Hand(
            injections=self.injections,
            journal=self.journal,
            now=self.world.clock.now,
            later=self.world.agenda.enter,
            signer=self._signer,
        )

    @property
    def fresh(self) -> bool:
        """Whether nothing was injected so far."""
        return not (self.journal.strikes or self.injections.waiting())

    def carrier(self, state: str, inner: Carrier) -> FaultyCarrier:
        """The transport of a state."""
        return FaultyCarrier(state, inner, self.hand)

    def door(self, state: SimulatedState) -> Door:
        """The door of a state."""
        return FaultyDoor(state.code, state.door, self.hand).answer

    def application(self, state: SimulatedState, app: ASGIApp) -> ASGIApp:
        """The application of a state over HTTP, whose connections are :class:`CuttableConnection`."""
        from esad_gateway.simulator.injected.served import FaultyApplication  # noqa: PLC0415 - a server takes long to load

        return FaultyApplication(app, FaultyDoor(state.code, state.door, self.hand))

    async def inject(self, injection: Injection) -> None:
        """Let faults wait for their moment; a state that needs another certificate gets it, and others know it."""
        check(injection)
        state = await self.world.state(injection.state)
        now = self.world.clock.now()
        names = [fault.certificate for fault in injection.faults if fault.certificate]
        for name in names:
            state.identities.make(name, now)
        for other in self.world.states.values() if names else ():
            if other is not state:
                other.meet(state)
        self.injections.add(injection)

    def _signer(self, state: str, name: str | None) -> XmlSigner:
        found = self.world.states[state]
        return found.identities.signer(name) if name else found.runtime.verifier.signer()


AFTER: Final = timedelta(days=2)
"""How long what comes later takes, unless it is said."""


@dataclass(frozen=True, slots=True)
class EmcsFaults:
    """What goes wrong, for tests: faults by name, or by the seed."""

    emcs: "Emcs"

    @property
    def seed(self) -> int:
        """What decides where chance does."""
        return self._world.journal.seed

    @property
    def journal(self) -> tuple[Strike, ...]:
        """What was injected so far, in its order; printed, a strike is a line."""
        return tuple(self._world.journal.strikes)

    def inject(
        self,
        name: str,
        state: str,
        *,
        message: str | None = None,
        movement: "SimulatedMovement | None" = None,
        other: str | None = None,
        nth: int = 1,
        times: int | None = BY_ITSELF,
        share: float = 1.0,
        rule: str | None = None,
        after: timedelta = AFTER,
        traders: bool = False,
    ) -> Injection:
        """Have the administration of a ``state`` commit a fault, at the next message that it fits.

        A message fits when it has the type ``message`` (IE818), is about ``movement``, and goes to or comes from the
        state ``other``. The fault strikes from the ``nth`` try that fits, ``times`` (``None``: always), and each with
        the probability ``share``. ``rule`` is the rule to be broken, ``after`` how long what comes later takes. With
        ``traders`` it strikes what traders submit over HTTP.
        Raises UnreadableInput with everything that is wrong with that.
        """
        return self.inject_this(
            injection(
                fault_named(name),
                state,
                message=message,
                arc=movement.arc if movement else None,
                other=other,
                nth=nth,
                times=times,
                share=share,
                rule=rule,
                after=after,
                traders=traders,
            )
        )

    def inject_this(self, waiting: Injection) -> Injection:
        """Have faults committed as an injection says, such as one in words (``injected.reading.injection_of``)."""
        self.emcs.run(self._world.inject(waiting))
        return waiting

    def at_random(
        self,
        state: str,
        share: float = 0.2,
        *,
        kinds: Iterable[str] = (),
        names: Iterable[str] = (),
        times: int | None = None,
    ) -> Injection:
        """Have the administration of a ``state`` commit faults at a ``share`` of its messages; the seed chooses.

        They are those with these ``names``, or of these ``kinds`` (``order``, ``transport``), or all that there are.
        Raises UnreadableInput for a kind or a name that there is not.
        """
        found = tuple(map(fault_named, names)) or faults_of(*map(_kind, kinds))
        return self.inject_this(Injection(faults=found, state=state, share=share, times=times))

    def give_up(self) -> int:
        """Let nothing strike any more of what was injected so far; returns how many injections could have."""
        return self._world.injections.give_up()

    def check(self) -> None:
        """That every fault has struck at least once. Raises UnreadableInput with those that have not."""
        if waiting := self._world.injections.waiting():
            raise UnreadableInput(*(one.never for one in waiting))

    def __str__(self) -> str:
        return str(self._world.journal)

    @property
    def _world(self) -> WorldFaults:
        return self.emcs.world.faults


def _kind(name: str) -> FaultKind:
    try:
        return FaultKind(name)
    except ValueError as error:
        raise UnreadableInput(said("injected.kind", name=name, possible=listed(FaultKind))) from error
