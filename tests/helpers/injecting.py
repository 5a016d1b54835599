"""Two simulated states between which something goes wrong, and what each of them makes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from esad_gateway.emcs.messages import IE906, IE917
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.traders import Consignee, Consignor
from esad_gateway.store.outbox import Outbox, Standing

SEED = 7
UNDELIVERED = (Standing.WAITING, Standing.BEHIND, Standing.REFUSED, Standing.DEAD)


@dataclass(frozen=True)
class Pair:
    """Lithuania sends goods to Poland."""

    emcs: Emcs
    vilnius: Consignor
    warsaw: Consignee

    def dispatch(self) -> SimulatedMovement:
        """Some wine."""
        return self.vilnius.dispatch(to=self.warsaw)

    def outcomes(self) -> list[str]:
        """What came of each strike."""
        return [strike.outcome for strike in self.emcs.faults.journal]


@contextmanager
def pair(seed: int = SEED) -> Iterator[Pair]:
    """A world of two states."""
    with Emcs(seed=seed) as emcs:
        yield Pair(emcs, emcs.consignor("LT"), emcs.consignee("PL"))


def between(state: SimulatedState, other: SimulatedState) -> list[tuple[str, str, str]]:
    """What a state has had from another one and given to it: direction, type, outcome."""
    return [(one.direction, one.type, one.outcome) for one in state.entries(other.address)]


def refusals(state: SimulatedState, other: SimulatedState) -> list[str]:
    """Why a state has refused messages of another one, as it has told that one."""
    given = [state.message(one) for one in state.entries(other.address) if one.direction == "out"]
    functional = (error.error_reason for one in given if isinstance(one, IE906) for error in one.functional_error)
    return [*functional, *(error.error_reason for one in given if isinstance(one, IE917) for error in one.xml_error)]


def waiting(state: SimulatedState) -> list[tuple[Standing, str]]:
    """What a state has not delivered yet: whether its line waits, or the document alone, and why."""
    return [(one.standing, one.reason or "") for one in Outbox(state.runtime.store).pending(*UNDELIVERED)]
