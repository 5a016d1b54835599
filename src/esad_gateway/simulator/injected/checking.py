"""Whether an injection can ever strike: everything that is in the way, told at once."""

from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches

from esad_gateway.emcs.identifiers import ARC, Malformed, MemberState
from esad_gateway.emcs.messages import NAMES
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, listed, said
from esad_gateway.simulator.injected.content_faults import BREAKS_RULE
from esad_gateway.simulator.injected.model import BY_ITSELF, Answered, Injection
from esad_gateway.simulator.injected.rules import breakable


def check(injection: Injection) -> None:
    """That an injection can ever strike. Raises UnreadableInput with everything that is in the way."""
    looks = (_wrong_states, _wrong_arc, contradictions, _wrong_turns)
    wrong = [why for look in looks for why in look(injection)]
    if wrong:
        raise UnreadableInput(*wrong)


def contradictions(injection: Injection) -> Iterator[Said]:
    """Why no message can ever fit it, though each of its values could be."""
    for look in (_wrong_message, _wrong_rule, _wrong_door):
        yield from look(injection)


def _wrong_states(injection: Injection) -> Iterator[Said]:
    for code in filter(None, (injection.state, injection.other)):
        try:
            MemberState(code)
        except Malformed as refusal:
            yield refusal.why


def _wrong_arc(injection: Injection) -> Iterator[Said]:
    if injection.arc is not None:
        try:
            ARC(injection.arc)
        except Malformed as refusal:
            yield refusal.why


def _wrong_message(injection: Injection) -> Iterator[Said]:
    wanted = injection.message
    possible = sorted({name for fault in injection.faults for name in fault.messages or NAMES})
    if wanted is not None and wanted not in possible:
        names = listed(fault.name for fault in injection.faults)
        yield said("injected.message", message=wanted, names=names, possible=listed(possible))


def _wrong_door(injection: Injection) -> Iterator[Said]:
    acts = {fault.name: fault.act for fault in injection.faults}
    kept = [name for name, act in acts.items() if not isinstance(act, Answered) or act.to_traders is None]
    if injection.traders and kept:
        yield said("injected.not_traders", names=listed(kept))


def _wrong_rule(injection: Injection) -> Iterator[Said]:
    if (rule := injection.rule) is None:
        return
    if any(fault.name != BREAKS_RULE for fault in injection.faults):
        yield said("injected.no_rule", names=listed(fault.name for fault in injection.faults), breaks=BREAKS_RULE)
    possible = breakable().get(rule)
    if possible is None:
        near = get_close_matches(rule, breakable(), n=5, cutoff=0) or breakable()
        yield said("injected.rule", rule=rule, possible=listed(near))
    elif injection.message not in {None, *possible}:
        yield said("injected.rule_of", rule=rule, possible=listed(sorted(possible)))


def _wrong_turns(injection: Injection) -> Iterator[Said]:
    numbers = {"nth": injection.nth, "times": injection.times}
    for name, number in numbers.items():
        if number not in {None, BY_ITSELF} and number < 1:
            yield said("injected.number", name=name, number=number)
    if not 0 < injection.share <= 1:
        yield said("injected.share", share=str(injection.share))
    if injection.after < timedelta(0):
        yield said("injected.after", after=str(injection.after))
