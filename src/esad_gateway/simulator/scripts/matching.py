"""Which step of a script is meant by what was seen, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Final

from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.simulator.scripts.deeds import waits_for
from esad_gateway.simulator.scripts.model import Actor, Script, When

MOST_KEPT: Final = 20
"""Messages of which it is told that they fit no step, or of which an answer was refused; the rest is counted."""

_NAMED: Final = ("state", "trader", "arc", "lrn", "says")


@frozen(kw_only=True)
class Sighting:
    """A message about a movement that has reached somebody.

    Its type, ``who`` it has reached in which ``state`` and ``at`` what moment (aware), the ``trader`` that it is for,
    of which movement it is, what it ``says``, and how much of what the e-SAD of its movement names.
    """

    message: str
    who: Actor
    state: str
    trader: str
    arc: str
    at: datetime
    lrn: str = ""
    says: str = ""
    quantities: Sequence[tuple[str, Decimal]] = ()


@frozen
class Near:
    """The message that was the nearest to one that a step waits for.

    ``misfits`` is what kept it from fitting, by the key of ``when``: what came instead. ``taken`` is the place of the
    step that took it, ``None`` for none; ``place`` that of the step that it is near to.
    """

    place: int
    seen: Sighting
    misfits: Mapping[str, str]
    taken: int | None = None


@frozen
class RefusedDeed:
    """What a step did was refused by the gateway of who did it, and why.

    ``seen`` is what it was about; ``None`` for a movement that a traffic began, of which ``place`` is the place.
    """

    place: int
    seen: Sighting | None
    why: Said


@dataclass(slots=True)
class Played:
    """A script that is being played: how often each step has fitted, and was taken; and what did not go as it says.

    ``random`` decides where a step has a chance. ``unfit`` are messages that its steps could have waited for, and
    ``refused`` deeds, at most :data:`MOST_KEPT` each; ``unfits`` and ``refusals`` is how many there were.
    """

    script: Script
    random: Random
    unfit: list[Near] = field(default_factory=list)
    refused: list[RefusedDeed] = field(default_factory=list)
    unfits: int = 0
    refusals: int = 0
    nearest: dict[int, Near] = field(default_factory=dict)
    """By the place of a step that was not taken yet."""
    _awaited: tuple[tuple[Actor, str], ...] = field(init=False)
    _fitted: "Counter[int]" = field(default_factory=Counter)
    _taken: "Counter[int]" = field(default_factory=Counter)
    _done: "Counter[int]" = field(default_factory=Counter)
    _due: "defaultdict[int, list[datetime]]" = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._awaited = tuple(map(waits_for, self.script.steps))

    def step(self, seen: Sighting) -> int | None:
        """The place of the first step that fits what was seen now, which is taken; ``None`` when none does."""
        waiting = (place for place, awaited in enumerate(self._awaited) if awaited == (seen.who, seen.message))
        asked = {place: self.script.steps[place] for place in waiting}
        unfit = {place: misfits(step.when, seen) for place, step in asked.items()}
        self._fitted.update(place for place in asked if not unfit[place])
        taken = next((place for place in asked if not (unfit[place] or self._out_of_turn(place, unfit))), None)
        if taken is not None:
            self._taken[taken] += 1
            self.nearest.pop(taken, None)
        self._note(seen, unfit, taken)
        return taken

    def waits(self, who: Actor, message: str) -> bool:
        """Whether a step could wait for a message of a type that reaches somebody."""
        return (who, message) in self._awaited

    def happened(self) -> list[int]:
        """How often each step has happened."""
        return [self._done[place] for place in range(len(self.script.steps))]

    def untaken(self) -> tuple[int, ...]:
        """The places of the steps that had to happen, and never did: none fitted, or it is not done yet."""
        steps = enumerate(self.script.steps)
        return tuple(place for place, step in steps if not (self._done[place] or step.optional or step.chance))

    def is_due(self, place: int, at: datetime) -> None:
        """Note that what a step says is to be done at a moment (aware)."""
        self._due[place].append(at)

    def was_done(self, place: int) -> None:
        """Note that what was due first of a step has been done."""
        self._due[place].pop(0)
        self._done[place] += 1

    def was_refused(self, place: int, seen: Sighting | None, why: Said) -> None:
        """Note that what a step, or a traffic, did was refused."""
        self.refusals += 1
        if len(self.refused) < MOST_KEPT:
            self.refused.append(RefusedDeed(place, seen, why))

    def due(self, place: int) -> datetime | None:
        """When what a step says is to be done first; ``None`` where nothing is."""
        return min(self._due[place], default=None)

    def _out_of_turn(self, place: int, unfit: dict[int, Mapping[str, str]]) -> Mapping[str, str]:
        """What keeps a step that fits from being taken now; it is entered among what is ``unfit``."""
        step = self.script.steps[place]
        if step.when.nth not in {None, self._fitted[place]}:
            unfit[place] = {"nth": str(self._fitted[place])}
        elif step.times is not None and self._taken[place] >= step.times:
            unfit[place] = {"times": str(self._taken[place] + 1)}
        elif step.chance is not None and self.random.random() >= step.chance:
            unfit[place] = {"chance": "0"}
        return unfit[place]

    def _note(self, seen: Sighting, unfit: Mapping[int, Mapping[str, str]], taken: int | None) -> None:
        """Note to which steps this was near that were not taken yet; and that no step took it, where one has to."""
        near = [Near(place, seen, found, taken) for place, found in unfit.items() if not self._taken[place]]
        for one in near:
            before = self.nearest.get(one.place)
            if before is None or _distance(one) < _distance(before):
                self.nearest[one.place] = one
        if taken is None and unfit and self.script.complete:
            self.unfits += 1
            if len(self.unfit) < MOST_KEPT:
                place = min(unfit, key=lambda one: len(unfit[one]))
                self.unfit.append(Near(place, seen, unfit[place]))


def misfits(when: When, seen: Sighting) -> Mapping[str, str]:
    """What keeps a step from fitting, by the key of its condition: what was seen instead. Whatever its turn."""
    found = {name: getattr(seen, name) for name in _NAMED}
    other = {name: value for name, value in found.items() if getattr(when, name) not in {None, value}}
    if when.product is not None and not any(_enough(when, *line) for line in seen.quantities):
        other["product"] = ", ".join(f"{product} = {quantity:f}" for product, quantity in seen.quantities)
    return other


def _enough(when: When, product: str, quantity: Decimal) -> bool:
    least, most = when.at_least, when.at_most
    return product == when.product and (least is None or least <= quantity) and (most is None or quantity <= most)


def _distance(near: Near) -> int:
    return len(near.misfits)
