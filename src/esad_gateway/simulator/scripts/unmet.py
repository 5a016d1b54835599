"""What of a script did not happen as it says, in words: what was expected, what came, and what was the nearest."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from esad_gateway.errors import SenderError
from esad_gateway.faults import Fault, Faults, Listed, Said, listed, said
from esad_gateway.simulator.scripts.deeds import SPOKEN, waits_for
from esad_gateway.simulator.scripts.keys import STEP, WHEN, Table
from esad_gateway.simulator.scripts.matching import Near, Played, RefusedDeed, Sighting
from esad_gateway.simulator.scripts.model import Actor, ScriptStep
from esad_gateway.simulator.scripts.toml_file import in_a_line


class ScriptUnmet(SenderError):
    """What happened is not what a script says; ``found`` is everything, without a language."""

    def __init__(self, found: Iterable[Said]) -> None:
        self.found = tuple(found)
        super().__init__(said("said.as_it_is", text=listed(self.found, "\n")))


def unmet(played: Played, now: datetime) -> Iterator[Said]:
    """What did not happen as a script says by a moment (aware): steps, messages that fit none, and refused deeds."""
    yield from (_never(played, place, now) for place in played.untaken())
    yield from (_unfit(played, near) for near in played.unfit)
    if (more := played.unfits - len(played.unfit)) > 0:
        yield said("sim.script_more_unfit", more=more)
    yield from (_refused(played, deed) for deed in played.refused)
    if (more := played.refusals - len(played.refused)) > 0:
        yield said("sim.script_more_refused", more=more)


def in_words(faults: Faults) -> Said:
    """The faults of a refusal, one after the other."""
    return said("said.as_it_is", text=listed(map(_fault, faults), "; "))


def _never(played: Played, place: int, now: datetime) -> Said:
    near, due = played.nearest.get(place), played.due(place)
    if due is not None:
        nearest = said("sim.script_pending", at=_moment(due), now=_moment(now))
    elif near is None:
        who, message = waits_for(played.script.steps[place])
        nearest = said("sim.script_none_came", message=message, who=SPOKEN[who])
    elif near.taken is not None and not near.misfits:
        nearest = said("sim.script_taken", seen=_seen(near.seen), step=f"step[{near.taken + 1}]")
    else:
        nearest = said("sim.script_nearest", seen=_seen(near.seen), misfits=_misfits(played, near))
    return said("sim.script_never", step=_step(played, place), nearest=nearest)


def _unfit(played: Played, near: Near) -> Said:
    step = _step(played, near.place)
    return said("sim.script_unfit", seen=_seen(near.seen), step=step, misfits=_misfits(played, near))


def _refused(played: Played, deed: RefusedDeed) -> Said:
    step = f"traffic[{deed.place + 1}]" if deed.seen is None else _step(played, deed.place)
    about = _seen(deed.seen) if deed.seen else Said("sim.script_by_itself")
    return said("sim.script_refused", step=step, seen=about, why=deed.why)


def _step(played: Played, place: int) -> str:
    """A step as its file has it."""
    return f"step[{place + 1}] ({in_a_line(STEP, played.script.steps[place])})"


def _seen(seen: Sighting) -> Said:
    return said(
        "sim.script_seen",
        message=seen.message,
        arc=seen.arc,
        who=SPOKEN[seen.who],
        name=seen.trader if seen.who is not Actor.OFFICE else seen.state,
        at=_moment(seen.at),
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _misfits(played: Played, near: Near) -> Listed:
    step = played.script.steps[near.place]
    return listed((_misfit(step, name, came) for name, came in near.misfits.items()), "; ")


def _misfit(step: ScriptStep, name: str, came: str) -> Said:
    table, value = (STEP, step) if name in {"times", "chance"} else (WHEN, step.when)
    named = _TOGETHER.get(name, (name,))
    asked = Table(table.made, tuple(key for key in table.keys if key.name in named), table.about)
    return said("sim.script_misfit", expected=in_a_line(asked, value), came=came or Said("sim.script_nothing"))


def _fault(fault: Fault) -> Said:
    return said("sim.script_fault", rule=fault.rule, path=fault.path, value=fault.value or "", text=fault.text)


_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"product": ("product", "at_least", "at_most")})
"""Keys that are told together with the one that does not fit."""
