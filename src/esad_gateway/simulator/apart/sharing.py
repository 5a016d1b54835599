"""A script is played by several processes: which part of it is whose, and what of it cannot be divided. Pure."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.injected.model import Injection
from esad_gateway.simulator.scripts.model import Script, ScriptStep


def check_shares(script: Script, states: AbstractSet[str], outside: str | None) -> None:
    """That a script can be played by ``states`` that are a process each. Raises UnreadableInput with all reasons.

    ``outside`` is the state of the gateway elsewhere. What counts messages, or has to happen, is to say in which state:
    nobody counts in two processes at once.
    """
    wrong = [*_steps(script, states), *_traffic(script, states, outside)]
    wrong += (why for one in script.faults if (why := refused(one, states)))
    if wrong:
        raise UnreadableInput(*wrong)


def check_fault(fault: Injection, states: AbstractSet[str]) -> None:
    """That a fault can be injected. Raises UnreadableInput."""
    if (why := refused(fault, states)) is not None:
        raise UnreadableInput(why)


def refused(fault: Injection, states: AbstractSet[str]) -> Said | None:
    """Why a fault cannot be injected where ``states`` are a process each; ``None`` where it can."""
    if fault.state not in states:
        return said("simulate.only", state=fault.state, states=", ".join(sorted(states)))
    names = [one.name for one in fault.faults if one.certificate]
    return said("simulate.apart_fault", names=", ".join(names)) if names else None


def share_of(script: Script, code: str, consignees: Sequence[str | None]) -> Script:
    """What the process of a state plays of a script.

    Steps of others stay, so that all are called the same everywhere, and nobody misses them here. ``consignees`` are
    the traders that the movements of ``traffic`` go to; those that others begin are passed over by who plays.
    """
    steps = tuple(one if home_of(one) in {code, None} else replace(one, optional=True) for one in script.steps)
    traffic = tuple(replace(one, consignee=to) for one, to in zip(script.traffic, consignees, strict=True))
    faults = tuple(one for one in script.faults if one.state == code)
    return replace(script, steps=steps, traffic=traffic, faults=faults)


def home_of(step: ScriptStep) -> str | None:
    """The state in which a step is taken, as far as it says so."""
    return step.when.state or (step.when.trader[:2] if step.when.trader else None)


def _steps(script: Script, states: AbstractSet[str]) -> Iterator[Said]:
    for number, step in enumerate(script.steps, 1):
        home = home_of(step)
        if home is None and not _uncounted(step):
            yield said("simulate.apart_step", step=f"step[{number}]")
        elif home is not None and home not in states:
            yield _elsewhere(f"step[{number}]", home, states)


def _traffic(script: Script, states: AbstractSet[str], outside: str | None) -> Iterator[Said]:
    for number, one in enumerate(script.traffic, 1):
        if one.origin not in states:
            yield _elsewhere(f"traffic[{number}]", one.origin, states)
        elif one.destination not in {*states, outside}:
            yield _elsewhere(f"traffic[{number}]", one.destination, states)


def _uncounted(step: ScriptStep) -> bool:
    """Whether a step may be taken in every process by itself: nothing is counted, nothing drawn, nothing missed."""
    return step.optional and step.times is None and step.when.nth is None and step.chance is None


def _elsewhere(place: str, state: str, states: AbstractSet[str]) -> Said:
    why = said("simulate.only", state=state, states=", ".join(sorted(states)))
    return said("file.named", file=place, why=why)
