"""Explanations that need nothing but tables: rules, functional errors, states, steps of a verification."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.movement import Side
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import CATALOGUE, RULES, Rule
from esad_gateway.emcs.rules.catalogue import OPTIONAL
from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.answer import Explanation, Line, chosen, head
from esad_gateway.explain.meanings import Neighbours, error_meaning, neighbours, state_name
from esad_gateway.faults import Said
from esad_gateway.profiles import STATES
from esad_gateway.signing.steps import STEPS
from esad_gateway.texts import in_every_language, say

_MOST_NEAR = 5


def rule(number: str, wanted: Sequence[str], profile: NationalProfile | None = None) -> Explanation:
    """A rule by its official number, in capitals; of an unknown number the nearest known ones, and a negative end.

    ``profile`` is that of the administration for which it is told whether, and from when on, the rule is asked there.
    """
    code_of_it = CATALOGUE.get(number)
    if code_of_it is None:
        return _unknown(number)
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
    lines: list[Line] = [(head(f"Rule {number}"),), *(f"  {one}" for one in chosen(text, wanted))]
    lines += [f"  hint: {one}" for one in chosen(hint, wanted)]
    lines.append(f"  answered with code {code_of_it}: {' / '.join(chosen(meaning, wanted))}")
    return Explanation(as_json=described, lines=[*lines, *_place_lines(places), *_choice_lines(described)])


def _asked_here(number: str, profile: NationalProfile) -> list[dict[str, Any]]:
    """From which day on an administration asks a rule, or does not; ``None`` is the beginning."""
    return [
        {"state": one.state, "from": first and first.isoformat(), "asked": number not in one.rules_off}
        for first, one in ((None, profile), *profile.changes)
    ]


def _choice_lines(described: Mapping[str, Any]) -> Iterator[str]:
    if described["optional"]:
        yield "  optional: the rulebook leaves it to each member state (rules_off in settings.toml)"
    if described["off_in"]:
        yield f"  not asked in {', '.join(described['off_in'])}"
    for one in described.get("here", ()):
        since = f" from {one['from']} on" if one["from"] else ""
        yield f"  {'asked' if one['asked'] else 'not asked'} in {one['state']}{since}, as this data directory says"


def _unknown(number: str) -> Explanation:
    near = get_close_matches(number, CATALOGUE, n=_MOST_NEAR, cutoff=0.5)
    described = {"kind": "unknown", "asked": number, "nearest": near}
    lines = [
        f"{number}: no rule, code, state, ARC or file of this name",
        *([f"  nearest: {', '.join(near)}"] if near else []),
    ]
    return Explanation(as_json=described, lines=lines, ok=False)


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


def _place_lines(places: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    if not places:
        return ["  applies to no single element of a message"]
    kinds = {False: "the content alone", True: "the register or the movement"}
    return [
        f"  applies to {one['message']} {one['path']} (asks {kinds[one['stateful']]}){_when(one)}{_where(one)}"
        for one in places
    ]


def _where(place: Mapping[str, Any]) -> str:
    return f", in {place['state']} only" if "state" in place else ""


def _when(place: Mapping[str, Any]) -> str:
    """In which releases of the messages a rule applies there, if not in all."""
    bounds = ((" since release ", place["since"]), (" before release ", place["until"]))
    return ",".join(f"{words}{number}" for words, number in bounds if number)


def code(value: str, wanted: Sequence[str]) -> Explanation:
    """A functional error by its code, and the rules that are answered with it.

    Raises ``ValueError`` for a code that is not in TC49.
    """
    known = FunctionalErrorCodes(value)
    meaning = error_meaning(known)
    numbers = [number for number, answered in CATALOGUE.items() if answered is known]
    rules = [{"rule": number, "text": in_every_language(_text(number))} for number in numbers]
    described = {"kind": "code", "code": value, "meaning": in_every_language(meaning), "rules": rules}
    lines: list[Line] = [(head(f"Code {value}"),), *(f"  {text}" for text in chosen(meaning, wanted))]
    lines.append(f"  rules answered with it: {len(rules)} (a rule may answer one of its violations with another code)")
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


def state(value: str) -> Explanation:
    """A state of a movement: what leads to it, out of it, and what is taken in it. Raises ``ValueError``."""
    known = StatusType(value)
    views = {side: neighbours(known, side) for side in Side}
    described = {
        "kind": "state",
        "state": value,
        "name": state_name(known),
        "sides": {side.value: _view_json(view) for side, view in views.items()},
    }
    lines: list[Line] = [(head(f"State {value}: {state_name(known)}"),)]
    for side, view in views.items():
        lines += [f"  at {side}:", *_view_lines(view)]
    return Explanation(as_json=described, lines=lines)


def _view_json(view: Neighbours) -> dict[str, Any]:
    return {
        "from": [{"state": step.before.value, "on": step.trigger.value} for step in view.into],
        "to": [{"state": step.after.value, "on": step.trigger.value} for step in view.out_of],
        "stays": [trigger.value for trigger in view.staying],
    }


def _view_lines(view: Neighbours) -> list[str]:
    lines = [f"    from {_named(step.before)}: {step.trigger}" for step in view.into]
    lines += [f"    to   {_named(step.after)}: {step.trigger}" for step in view.out_of]
    if view.staying:
        lines.append(f"    stays on: {', '.join(view.staying)}")
    return lines or ["    never: an e-SAD does not come into this state here"]


def _named(known: StatusType) -> str:
    return f"{known.value} {state_name(known)}"


def step(number: str) -> Explanation:
    """A step of ESAD-SIG-1 by its number. Raises UnreadableInput."""
    if not number.isdecimal() or int(number) not in STEPS:
        raise UnreadableInput(f"{number!r} is no step of ESAD-SIG-1; expected 1 to {max(STEPS)}")
    text = STEPS[int(number)]
    described = {"kind": "step", "step": int(number), "text": text}
    return Explanation(as_json=described, lines=[(head(f"Step {int(number)} of ESAD-SIG-1"),), f"  {text}"])
