"""Which step of a script is meant by what was seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from esad_gateway.frozen import frozen
from esad_gateway.simulator.scripts.model import Script, ScriptStep, When


@frozen(kw_only=True)
class Sighting:
    """A message that has reached somebody: its type, whom, of which movement, and how much of what it names."""

    message: str
    state: str
    trader: str
    arc: str
    quantities: Sequence[tuple[str, Decimal]] = ()


@dataclass(slots=True)
class Played:
    """A script that is being played: how often each step has fitted, and was taken."""

    script: Script
    _fitted: "Counter[int]" = field(default_factory=Counter)
    _taken: "Counter[int]" = field(default_factory=Counter)

    def step(self, seen: Sighting) -> ScriptStep | None:
        """The first step that fits what was seen now, which is taken; ``None`` when none does."""
        fitting = [place for place, step in enumerate(self.script.steps) if fits(step.when, seen)]
        self._fitted.update(fitting)
        place = next((place for place in fitting if self._may(place)), None)
        if place is None:
            return None
        self._taken[place] += 1
        return self.script.steps[place]

    def untaken(self) -> tuple[ScriptStep, ...]:
        """The steps that were never taken."""
        return tuple(step for place, step in enumerate(self.script.steps) if not self._taken[place])

    def _may(self, place: int) -> bool:
        step = self.script.steps[place]
        in_turn = step.when.nth in {None, self._fitted[place]}
        return in_turn and (step.times is None or self._taken[place] < step.times)


def fits(when: When, seen: Sighting) -> bool:
    """Whether a step waits for this, whatever its turn."""
    return not misfits(when, seen)


def misfits(when: When, seen: Sighting) -> Mapping[str, str]:
    """What keeps a step from fitting, by the name of its condition: what was seen instead."""
    found = {name: getattr(seen, name) for name in ("message", "state", "trader", "arc")}
    other = {name: value for name, value in found.items() if getattr(when, name) not in {None, value}}
    if when.product is not None and not any(_enough(when, *line) for line in seen.quantities):
        other["product"] = ", ".join(f"{quantity} of {product}" for product, quantity in seen.quantities)
    return other


def _enough(when: When, product: str, quantity: Decimal) -> bool:
    least, most = when.at_least, when.at_most
    return product == when.product and (least is None or least <= quantity) and (most is None or quantity <= most)
