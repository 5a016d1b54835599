"""What is wrong with a script, all at once: values that cannot be, contradictions, steps that are never reached."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.messages import NAMES
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep
from esad_gateway.simulator.injected.checking import contradictions
from esad_gateway.simulator.injected.model import Injection
from esad_gateway.simulator.scripts.deeds import DEEDS, REACHED, SAYS, SPOKEN, waits_for
from esad_gateway.simulator.scripts.forms import ValueForm, among, quoted
from esad_gateway.simulator.scripts.keys import FAULT, STEP, THEN, TRAFFIC, Table
from esad_gateway.simulator.scripts.model import Script, ScriptStep, Then, Traffic, When

WHOLE: Final = Place(in_data=True)
_NAMED: Final = ("state", "trader", "arc", "lrn", "says")
_OF_DEEDS: Final = tuple(key.name for key in THEN.keys if key.name not in {"do", "after"})


@frozen
class ScriptFault:
    """A fault of a script: where, what was expected there, and what stands there (``None`` for nothing)."""

    place: Place
    expected: Said
    given: str | None = None

    def told(self, line: int | None = None) -> Said:
        """It as a sentence; ``line`` is where the table begins in the file, if that is known."""
        where = said("sim.script_line", line=line, place=str(self.place)) if line else str(self.place)
        if self.given is None:
            return said("file.named", file=where, why=self.expected)
        return said("sim.script_at", place=where, expected=self.expected, given=self.given)


def check(script: Script) -> Script:
    """The script, if nothing is wrong with it. Raises UnreadableInput with every fault."""
    parts = (("step", STEP, script.steps), ("traffic", TRAFFIC, script.traffic), ("fault", FAULT, script.faults))
    found = [
        fault for name, table, made in parts for place, one in _placed(name, made) for fault in _all(table, one, place)
    ]
    if found := [*found, *unreachable(script.steps)]:
        raise UnreadableInput(*(fault.told() for fault in found))
    return script


def within(made: object, place: Place) -> Iterator[ScriptFault]:
    """What in a step, in its ``when`` or ``then``, in a traffic or in a fault contradicts something else in it."""
    yield from _WITHIN[type(made)](made, place)


def unreachable(steps: Sequence[ScriptStep | None]) -> Iterator[ScriptFault]:
    """Steps that can never be taken, since one before takes all that they could. ``None`` is what could not be read."""
    for later, step in enumerate(steps):
        before = (number for number, one in enumerate(steps[:later], 1) if step and one and _covers(one, step))
        if number := next(before, None):
            place = WHOLE / PlaceStep("step", later + 1)
            yield ScriptFault(place, said("sim.script_unreachable", before=f"step[{number}]"))


def _placed(name: str, found: Iterable[Any]) -> Iterator[tuple[Place, Any]]:
    return ((WHOLE / PlaceStep(name, number), one) for number, one in enumerate(found, 1))


def _all(table: Table, made: object, place: Place) -> Iterator[ScriptFault]:
    """What is wrong with the values of a table, one by one and with each other."""
    for key in table.keys:
        value = getattr(made, key.of_model)
        if isinstance(key.form, Table):
            yield from _all(key.form, value, place / key.name)
        elif said_at_all(value) and (expected := key.form.check(value)):
            yield ScriptFault(place / key.name, expected, key.form.written(value))
    yield from within(made, place)


def said_at_all(value: object) -> bool:
    """Whether a value of the model says anything."""
    return value not in (None, "", {})


def _of_step(step: ScriptStep, place: Place) -> Iterator[ScriptFault]:
    yield from _of_message(step, place / "when")
    if step.when.nth is not None and (step.times or 1) > 1:
        yield ScriptFault(place / "times", Said("sim.script_nth_once"), str(step.times))


def _of_when(when: When, place: Place) -> Iterator[ScriptFault]:
    if when.product is None:
        for name in ("at_least", "at_most"):
            if (bound := getattr(when, name)) is not None:
                yield ScriptFault(place / name, Said("sim.script_of_what"), f"{bound:f}")
    yield from _range(when, place)
    if when.state and when.trader and when.trader[:2] != when.state:
        yield ScriptFault(place / "trader", said("sim.script_of_state", state=when.state), quoted(when.trader))


def _range(bounds: Any, place: Place) -> Iterator[ScriptFault]:
    least, most = bounds.at_least, bounds.at_most
    if least is not None and most is not None and least > most:
        yield ScriptFault(place / "at_least", said("sim.script_at_most", bound=f"{most:f}"), f"{least:f}")


def _of_message(step: ScriptStep, place: Place) -> Iterator[ScriptFault]:
    """What a step waits for has to reach who can do what is done then."""
    deed, (who, message) = DEEDS[step.then.do], waits_for(step)
    if who not in deed.by:
        by = said("sim.script_does", do=step.then.do, who=tuple(SPOKEN[one] for one in deed.by))
        yield ScriptFault(place / "who", by, quoted(who))
    elif deed.only and message != deed.by[who]:
        yield ScriptFault(
            place / "message", said("sim.script_only_on", do=step.then.do, message=deed.by[who]), quoted(message)
        )
    elif (near := among(message, sorted(REACHED[who]))) and not among(message, _MESSAGES):
        yield ScriptFault(
            place / "message", said("sim.script_never_reaches", who=SPOKEN[who], expected=near), quoted(message)
        )
    yield from _of_says(step.when.says, message, place)


def _of_says(says: str | None, message: str, place: Place) -> Iterator[ScriptFault]:
    if says is None:
        return
    words = SAYS.get(message)
    if words is None:
        yield ScriptFault(
            place / "says", said("sim.script_says_nothing", message=message, known=", ".join(SAYS)), quoted(says)
        )
    elif says not in words and not among(says, _WORDS):
        yield ScriptFault(place / "says", said("sim.script_one_of", known=", ".join(words)), quoted(says))


def _of_then(then: Then, place: Place) -> Iterator[ScriptFault]:
    deed = DEEDS[then.do]
    for name in _OF_DEEDS:
        value = getattr(then, name)
        if said_at_all(value) and name not in deed.may | deed.must:
            yield ScriptFault(place / name, said("sim.script_not_with", do=then.do), _written(THEN, name, value))
        if not said_at_all(value) and name in deed.must:
            yield ScriptFault(place / name, said("sim.script_needs", do=then.do))
    for number in sorted(set(then.shortages) & set(then.excesses)):
        yield ScriptFault(place / "excesses", Said("sim.script_short_or_more"), str(number))


def _of_traffic(traffic: Traffic, place: Place) -> Iterator[ScriptFault]:
    if traffic.origin == traffic.destination:
        yield ScriptFault(place / "to", Said("sim.script_other_state"), quoted(traffic.destination))
    if traffic.every <= timedelta(0):
        yield ScriptFault(place / "every", Said("sim.script_above_nothing"), _written(TRAFFIC, "every", traffic.every))
    yield from _range(traffic, place)
    if traffic.quantity is not None and (traffic.at_least or traffic.at_most):
        yield ScriptFault(place / "quantity", Said("sim.script_quantity_once"), f"{traffic.quantity:f}")
    if (traffic.at_least is None) != (traffic.at_most is None):
        yield ScriptFault(
            place / ("at_most" if traffic.at_most is None else "at_least"), Said("sim.script_both_bounds")
        )
    for name, state in (("consignor", traffic.origin), ("consignee", traffic.destination)):
        trader = getattr(traffic, name)
        if trader and trader[:2] != state:
            yield ScriptFault(place / name, said("sim.script_of_state", state=state), quoted(trader))


def _of_injection(injection: Injection, place: Place) -> Iterator[ScriptFault]:
    if injection.message in {None, *NAMES}:
        yield from (ScriptFault(place, why) for why in contradictions(injection))


def _written(table: Table, name: str, value: object) -> str:
    """A value as it stands in TOML."""
    key = table.named(name)
    return key.form.written(value) if key and isinstance(key.form, ValueForm) else str(value)


def _covers(before: ScriptStep, after: ScriptStep) -> bool:
    """Whether a step takes everything that a later one could."""
    always = before.times is None and before.chance is None and before.when.nth is None
    return always and waits_for(before) == waits_for(after) and _wider(before.when, after.when)


def _wider(wide: When, narrow: When) -> bool:
    state = narrow.state or (narrow.trader or "")[:2] or None
    named = {name: getattr(narrow, name) for name in _NAMED} | {"state": state}
    return all(getattr(wide, name) in {None, value} for name, value in named.items()) and _wider_goods(wide, narrow)


def _wider_goods(wide: When, narrow: When) -> bool:
    if wide.product is None:
        return True
    least, most = wide.at_least, wide.at_most
    return (
        wide.product == narrow.product
        and (least is None or (narrow.at_least is not None and least <= narrow.at_least))
        and (most is None or (narrow.at_most is not None and narrow.at_most <= most))
    )


_MESSAGES: Final[Collection[str]] = frozenset().union(*REACHED.values())
_WORDS: Final[Collection[str]] = frozenset(word for words in SAYS.values() for word in words)

_WITHIN: Final[Mapping[type, Callable[[Any, Place], Iterator[ScriptFault]]]] = MappingProxyType(
    {When: _of_when, Then: _of_then, ScriptStep: _of_step, Traffic: _of_traffic, Injection: _of_injection}
)
