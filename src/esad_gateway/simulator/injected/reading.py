"""Injections as people write them on a command line: ``lost PL message=IE818 nth=2 after='3 days'``."""

import shlex
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.injected.catalogue import fault_named
from esad_gateway.simulator.injected.model import InjectedFault, Injection
from esad_gateway.simulator.injected.rules import breakable
from esad_gateway.simulator.scripts.waits import in_words, wait_of

ALWAYS: Final = "always"
YES: Final = "yes"

NEEDED: Final = ("name", "state")
"""What an injection in JSON has to have."""

_ALIASES: Final[Mapping[str, str]] = MappingProxyType({"movement": "arc"})
"""How ``inject`` calls what has another name in words."""


def injection(
    fault: InjectedFault,
    state: str,
    *,
    message: str | None = None,
    rule: str | None = None,
    **more: Any,
) -> Injection:
    """An injection of one fault, with what else it has by name.

    A rule that can be broken in one message only means that message. Not checked: whether it can ever strike.
    """
    possible = breakable().get(rule, frozenset()) if rule else frozenset()
    if message is None and len(possible) == 1:
        message = min(possible)
    return Injection(faults=(fault,), state=state, message=message, rule=rule, **more)


def injection_of(words: str) -> Injection:
    """An injection in words: the fault, the state, and what :class:`.Injection` has by name.

    Raises UnreadableInput with what is wrong with the words. Not checked: whether it can ever strike.
    """
    try:
        fault, state, *more = shlex.split(words)
    except ValueError as error:
        raise UnreadableInput(said("injected.words", words=words)) from error
    pairs = [one.partition("=") for one in more]
    return _injection(fault, state, [(name, text) for name, _, text in pairs])


def injection_told(told: Mapping[str, Any]) -> Injection:
    """An injection as JSON has it: ``name`` and ``state``, and all else by the name that ``inject`` gives it.

    Raises UnreadableInput with everything that is wrong with it. Not checked: whether it can ever strike.
    """
    missing = [said("injected.needed", name=name) for name in NEEDED if not isinstance(told.get(name), str)]
    if missing:
        raise UnreadableInput(*missing)
    pairs = [(_ALIASES.get(name, name), value) for name, value in told.items() if name not in NEEDED]
    said_at_all = [(name, value) for name, value in pairs if value is not None or name == "times"]
    return _injection(told["name"], told["state"], [pair for pair in said_at_all if pair != ("traders", False)])


def words_of(waiting: Injection) -> str:
    """An injection of one fault in words, of which :func:`injection_of` makes the same."""
    (fault,) = waiting.faults
    usual = injection(fault, waiting.state)
    found = {name: getattr(waiting, name) for name in _READERS}
    told = {name: value for name, value in found.items() if value != getattr(usual, name)}
    return shlex.join((fault.name, waiting.state, *(f"{name}={_written(value)}" for name, value in told.items())))


def _written(value: object) -> str:
    if isinstance(value, timedelta):
        return in_words(value)
    return ALWAYS if value is None else YES if value is True else str(value)


def _injection(name: str, state: str, pairs: Iterable[tuple[str, object]]) -> Injection:
    """What a name and pairs say. Raises UnreadableInput with everything that is wrong with them."""
    wrong: list[Said] = []
    values: dict[str, Any] = {}
    try:
        fault_named(name)
    except UnreadableInput as error:
        wrong.append(error.what)
    for key, value in pairs:
        try:
            values[key] = _value(key, value)
        except UnreadableInput as error:
            wrong.append(error.what)
    if wrong:
        raise UnreadableInput(*wrong)
    return injection(fault_named(name), state, **values)


def _value(name: str, told: object) -> Any:
    """The value of a name, which is told in words or, in JSON, as what it is."""
    if name not in _READERS:
        near = get_close_matches(name, _READERS, n=1) or _READERS
        raise UnreadableInput(said("injected.key", name=f"{name:.40}", near=", ".join(near)))
    text = _written(told)
    try:
        if not isinstance(told, str | int | float | Decimal | None):
            raise TypeError(text)  # noqa: TRY301 - one sentence for all that cannot be
        return _READERS[name](text)
    except (ValueError, TypeError, OverflowError) as error:
        raise UnreadableInput(said("injected.value", name=name, value=f"{text:.80}")) from error


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
