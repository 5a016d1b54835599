"""Explanations that need nothing but tables: rules, functional errors, states, steps of a verification."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.movement import Side, Trigger
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import CATALOGUE, RULES, Rule
from esad_gateway.emcs.rules.catalogue import OPTIONAL
from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.answer import Explanation, Line, chosen, head, label
from esad_gateway.explain.meanings import Neighbours, error_meaning, neighbours, state_name
from esad_gateway.faults import Said, said
from esad_gateway.profiles import STATES
from esad_gateway.signing.steps import STEPS
from esad_gateway.texts import in_every_language, say


def rule(number: str, wanted: Sequence[str], profile: NationalProfile | None = None) -> Explanation:
    """A rule by its official number, in capitals. Raises ``KeyError`` for a number that is not in the catalogue.

    ``profile`` is that of the administration for which it is told whether, and from when on, the rule is asked there.
    """
    code_of_it = CATALOGUE[number]
    text, hint, meaning, places = _text(number), _hint(number), error_meaning(code_of_it), _places(number)
    described = {
        "kind": "rule",
        "rule": number,
        "code": code_of_it,
        "meaning": in_every_language(meaning),
        "text": in_every_language(text),
        "hint": say(hint),
        "hints": in_every_language(hint),
        "applies": places,
        "optional": number in OPTIONAL,
        "off_in": [code for code, one in STATES.items() if number in one.rules_off],
        **({"here": _asked_here(number, profile)} if profile else {}),
    }
    title = label(said("told.rule", number=number), wanted)
    lines: list[Line] = [(head(title),), *(f"  {one}" for one in chosen(text, wanted))]
    lines += [f"  {label(said('told.hint', hint=one), wanted)}" for one in chosen(hint, wanted)]
    means = " / ".join(chosen(meaning, wanted))
    framed = [said("told.answered_with", code=code_of_it.value, meaning=means), *_applies(places), *_choices(described)]
    return Explanation(as_json=described, lines=[*lines, *(f"  {label(one, wanted)}" for one in framed)])


def _asked_here(number: str, profile: NationalProfile) -> list[dict[str, Any]]:
    """From which day on an administration asks a rule, or does not; ``None`` is the beginning."""
    return [
        {"state": one.state, "from": first and first.isoformat(), "asked": number not in one.rules_off}
        for first, one in ((None, profile), *profile.changes)
    ]


def _choices(described: Mapping[str, Any]) -> Iterator[Said]:
    if described["optional"]:
        yield Said("told.optional")
    if described["off_in"]:
        yield said("told.off_in", states=", ".join(described["off_in"]))
    for one in described.get("here", ()):
        state = one["state"]
        asked = said("told.asked", state=state) if one["asked"] else said("told.not_asked", state=state)
        since = said("told.from_on", what=asked, first=one["from"]) if one["from"] else asked
        yield said("told.by_directory", what=since)


def _places(number: str) -> list[dict[str, Any]]:
    return [
        {
            "message": one.message.__name__,
            "path": f"{one.message.BODY}/{one.path}",
            "stateful": one.stateful,
            "since": one.since,
            "until": one.until,
            **({"state": code} if code else {}),
        }
        for code, one in (*((None, one) for one in RULES), *_national())
        if one.number == number
    ]


def _national() -> Iterator[tuple[str, Rule]]:
    """The rules that single member states ask beside the rulebook."""
    return ((code, one) for code, state in STATES.items() for one in state.rules)


def _applies(places: Sequence[Mapping[str, Any]]) -> list[Said]:
    """Where a rule applies, each element once: what it asks there, in which releases, and in which state alone."""
    if not places:
        return [Said("told.applies_nowhere")]
    kinds: dict[tuple[Any, ...], set[bool]] = {}
    for one in places:
        place = (one["message"], one["path"], one["since"], one["until"], one.get("state"))
        kinds.setdefault(place, set()).add(one["stateful"])
    return [_applies_to(*place, asks=_ASKS[frozenset(asked)]) for place, asked in kinds.items()]


_ASKS: Final = MappingProxyType(
    {
        frozenset({False}): Said("told.asks_content"),
        frozenset({True}): Said("told.asks_state"),
        frozenset({False, True}): Said("told.asks_both"),
    }
)
"""What a rule looks at, by whether it is asked of what needs the register or a movement."""


def _applies_to(
    message: str, path: str, since: str | None, until: str | None, state: str | None, *, asks: Said
) -> Said:
    what = said("told.applies_to", message=message, path=path, asks=asks)
    if since:
        what = said("told.since_release", what=what, release=since)
    if until:
        what = said("told.before_release", what=what, release=until)
    return said("told.in_state_only", what=what, state=state) if state else what


def code(value: str, wanted: Sequence[str]) -> Explanation:
    """A functional error by its code, and the rules that are answered with it.

    Raises ``ValueError`` for a code that is not in TC49.
    """
    known = FunctionalErrorCodes(value)
    meaning = error_meaning(known)
    codes = {**CATALOGUE, **{number: one.code for number, one in SAAD_RULES.items()}}
    numbers = [number for number, answered in codes.items() if answered is known]
    rules = [{"rule": number, "text": in_every_language(_text(number))} for number in numbers]
    described = {"kind": "code", "code": value, "meaning": in_every_language(meaning), "rules": rules}
    title = label(said("told.code", code=value), wanted)
    lines: list[Line] = [(head(title),), *(f"  {text}" for text in chosen(meaning, wanted))]
    lines.append(f"  {label(said('told.rules_of_code', number=len(rules)), wanted)}")
    return Explanation(as_json=described, lines=[*lines, *_rule_lines(numbers, wanted)])


def _rule_lines(numbers: Iterable[str], wanted: Sequence[str]) -> Iterable[str]:
    for number in numbers:
        texts = chosen(_text(number), wanted)
        yield f"  {number:7} {texts[0]}"
        yield from (f"  {'':7} {text}" for text in texts[1:])


def _text(number: str) -> Said:
    return Said(f"{number}.text")


def _hint(number: str) -> Said:
    return Said(f"{number}.hint")


def state(value: str, wanted: Sequence[str]) -> Explanation:
    """A state of a movement: what leads to it, out of it, and what is taken in it. Raises ``ValueError``."""
    known = StatusType(value)
    views = {side: neighbours(known, side) for side in Side}
    described = {
        "kind": "state",
        "state": value,
        "name": state_name(known),
        "names": in_every_language(Said(f"state.{known}")),
        "sides": {side.value: _view_json(view) for side, view in views.items()},
    }
    title = said("told.state", state=value, name=Said(f"state.{known}"))
    lines: list[Line] = [(head(label(title, wanted)),)]
    for side, view in views.items():
        lines += [f"  {label(Said(f'side.{side}'), wanted)}:", *(f"    {label(one, wanted)}" for one in _view(view))]
    return Explanation(as_json=described, lines=lines)


def _view_json(view: Neighbours) -> dict[str, Any]:
    return {
        "from": [{"state": step.before.value, "on": step.trigger.value} for step in view.into],
        "to": [{"state": step.after.value, "on": step.trigger.value} for step in view.out_of],
        "stays": [trigger.value for trigger in view.staying],
    }


def _view(view: Neighbours) -> Iterator[Said]:
    for step in view.into:
        yield said("told.from_state", **_named(step.before), what=_happens(step.trigger))
    for step in view.out_of:
        yield said("told.to_state", **_named(step.after), what=_happens(step.trigger))
    if view.staying:
        yield said("told.stays", what=tuple(map(_happens, view.staying)))
    if not (view.into or view.out_of or view.staying):
        yield Said("told.never")


def _named(known: StatusType) -> dict[str, Any]:
    return {"state": known.value, "name": Said(f"state.{known}")}


def _happens(trigger: Trigger) -> Said:
    return Said(f"trigger.{trigger.name}")


def step(number: str, wanted: Sequence[str]) -> Explanation:
    """A step of ESAD-SIG-1 by its number. Raises UnreadableInput."""
    if not number.isdecimal() or int(number) not in STEPS:
        raise UnreadableInput(said("usage.no_step", number=number, last=max(STEPS)))
    what = Said(f"step.{int(number)}")
    described = {"kind": "step", "step": int(number), "text": STEPS[int(number)], "texts": in_every_language(what)}
    title = label(said("told.step", number=int(number)), wanted)
    return Explanation(as_json=described, lines=[(head(title),), *(f"  {text}" for text in chosen(what, wanted))])
