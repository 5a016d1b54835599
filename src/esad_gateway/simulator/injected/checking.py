"""Whether an injection can ever strike: everything that is in the way, told at once."""

from collections.abc import Iterator
from datetime import timedelta

from esad_gateway.emcs.identifiers import Malformed, MemberState
from esad_gateway.emcs.messages import NAMES
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, listed, said
from esad_gateway.simulator.injected.content_faults import BREAKS_RULE, BROKEN
from esad_gateway.simulator.injected.model import Injection


def check(injection: Injection) -> None:
    """That an injection can ever strike. Raises UnreadableInput with everything that is in the way."""
    wrong = [*_wrong_states(injection), *_wrong_message(injection), *_wrong_rule(injection), *_wrong_turns(injection)]
    if wrong:
        raise UnreadableInput(*wrong)


def _wrong_states(injection: Injection) -> Iterator[Said]:
    for code in filter(None, (injection.state, injection.other)):
        try:
            MemberState(code)
        except Malformed as refusal:
            yield refusal.why


def _wrong_message(injection: Injection) -> Iterator[Said]:
    wanted = injection.message
    possible = sorted({name for fault in injection.faults for name in fault.messages or NAMES})
    if wanted is not None and wanted not in possible:
        names = listed(fault.name for fault in injection.faults)
        yield said("injected.message", message=wanted, names=names, possible=listed(possible))


def _wrong_rule(injection: Injection) -> Iterator[Said]:
    if (rule := injection.rule) is None:
        return
    if any(fault.name != BREAKS_RULE for fault in injection.faults):
        yield said("injected.no_rule", names=listed(fault.name for fault in injection.faults), breaks=BREAKS_RULE)
    if rule not in BROKEN:
        yield said("injected.rule", rule=rule, possible=listed(BROKEN))
    elif injection.message not in {None, BROKEN[rule].message}:
        yield said("injected.rule_of", rule=rule, message=BROKEN[rule].message)


def _wrong_turns(injection: Injection) -> Iterator[Said]:
    numbers = {"nth": injection.nth, "times": injection.times}
    for name, number in numbers.items():
        if number is not None and number < 1:
            yield said("injected.number", name=name, number=number)
    if not 0 < injection.share <= 1:
        yield said("injected.share", share=str(injection.share))
    if injection.after < timedelta(0):
        yield said("injected.after", after=str(injection.after))
