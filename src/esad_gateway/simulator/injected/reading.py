"""Injections as people write them on a command line: ``lost PL message=IE818 nth=2 after='3 days'``."""

import shlex
from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.injected.catalogue import fault_named
from esad_gateway.simulator.injected.model import InjectedFault, Injection
from esad_gateway.simulator.injected.rules import breakable
from esad_gateway.simulator.scripts.waits import wait_of

BY_ITSELF: Final = -1
"""As often as the fault does by itself: once, or for good when it is one that lasts."""

ALWAYS: Final = "always"
YES: Final = "yes"


def injection(
    fault: InjectedFault,
    state: str,
    *,
    message: str | None = None,
    rule: str | None = None,
    times: int | None = BY_ITSELF,
    **more: Any,
) -> Injection:
    """An injection of one fault, with what else it has by name.

    A rule that can be broken in one message only means that message. Not checked: whether it can ever strike.
    """
    possible = breakable().get(rule, frozenset()) if rule else frozenset()
    if message is None and len(possible) == 1:
        message = min(possible)
    if times == BY_ITSELF:
        times = None if fault.lasting else 1
    return Injection(faults=(fault,), state=state, message=message, rule=rule, times=times, **more)


def injection_of(words: str) -> Injection:
    """An injection in words: the fault, the state, and what :class:`.Injection` has by name.

    Raises UnreadableInput with what is wrong with the words. Not checked: whether it can ever strike.
    """
    try:
        fault, state, *more = shlex.split(words)
    except ValueError as error:
        raise UnreadableInput(said("injected.words", words=words)) from error
    pairs = [one.partition("=") for one in more]
    wrong = [_unknown(name) for name, _, _ in pairs if name not in _READERS]
    if wrong:
        raise UnreadableInput(*wrong)
    return injection(fault_named(fault), state, **{name: _value(name, text) for name, _, text in pairs})


def _unknown(name: str) -> Said:
    near = get_close_matches(name, _READERS, n=1) or _READERS
    return said("injected.key", name=name, near=", ".join(near))


def _value(name: str, text: str) -> Any:
    try:
        return _READERS[name](text)
    except ValueError as error:
        raise UnreadableInput(said("injected.value", name=name, value=text)) from error


def _times(text: str) -> int | None:
    return None if text == ALWAYS else int(text)


def _after(text: str) -> timedelta:
    found = wait_of(text)
    if not isinstance(found, timedelta):
        raise ValueError(text)  # noqa: TRY004 - the words are wrong, no type is
    return found


def _yes(text: str) -> bool:
    if text not in {YES, ""}:
        raise ValueError(text)
    return True


_READERS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "message": str,
        "arc": str,
        "other": str,
        "nth": int,
        "times": _times,
        "share": float,
        "rule": str,
        "after": _after,
        "traders": _yes,
    }
)
"""What may be said of an injection, each with how it is read."""
