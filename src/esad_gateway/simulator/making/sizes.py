"""As small and as large as a message may be: the rules themselves say what can be left out, and what can be added.

A message that is valid is the beginning; what is tried stays only where nothing is wrong with it then. So what comes
out cannot break a rule, and a rule that is added is obeyed at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass, replace
from itertools import cycle
from typing import Any, Final, TypeAlias

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.simulator.making.changing import get, put
from esad_gateway.simulator.making.items import MessageItem, items_of, values_for

IsValid: TypeAlias = Callable[[Message], bool]
"""Says whether nothing is wrong with a message."""

Path: TypeAlias = tuple[str, ...]

MOST_LINES: Final = 999
"""How many lines a document has at most, and how many members a group gets that has no bound."""

_FEWER: Final = (99, 9, 2)
"""How many are tried where the rules do not allow as many as the schema."""

_NUMBERS: Final = frozenset({"reference_of_tax_warehouse", "temporary_authorisation_reference", "trader_excise_number"})
"""What tells the records of a register from each other."""

_PASSES: Final = 2
"""How often everything is tried: what could not be added alone may be possible beside what came later."""


def smallest(message: Message, is_valid: IsValid) -> Message:
    """The message without everything that it can be valid without. It must be valid itself."""
    for path, item in reversed(tuple(_items(message, ()))):
        if item.repeated:
            message = _shortened(message, path, item, is_valid)
        elif item.optional and get(message, path) is not None:
            message = _if_valid(message, path, None, is_valid)
    return message


def fullest(message: Message, is_valid: IsValid) -> Message:
    """The message with everything in it that it can be valid with, repeated groups once. It must be valid itself."""
    for _ in range(_PASSES):
        before, message = message, _filled(message, (), is_valid)
        if message == before:
            break
    return message


def _filled(message: Message, at: Path, is_valid: IsValid) -> Message:
    for item in items_of(type(get(message, at))):
        path = (*at, item.name)
        if not get(message, path) and item.optional and get(message, path) in (None, ()):
            message = _added(message, path, item, is_valid)
        for inner in _groups(message, path, item):
            message = _filled(message, inner, is_valid)
    return message


def _added(message: Message, path: Path, item: MessageItem, is_valid: IsValid) -> Message:
    for value in values_for(item):
        more = put(message, path, (value,) if item.repeated else value)
        if is_valid(more):
            return more  # type: ignore[no-any-return]
    return message


def _shortened(message: Message, path: Path, item: MessageItem, is_valid: IsValid) -> Message:
    members = get(message, path)
    for number in range(item.least, len(members)):
        less: Message = put(message, path, members[:number])
        if is_valid(less):
            return less
    return message


def _if_valid(message: Message, path: Path, value: Any, is_valid: IsValid) -> Message:
    other: Message = put(message, path, value)
    return other if is_valid(other) else message


def _items(message: Message, at: Path) -> Iterator[tuple[Path, MessageItem]]:
    """Every item that is there, outer ones first."""
    for item in items_of(type(get(message, at))):
        path = (*at, item.name)
        yield path, item
        for inner in _groups(message, path, item):
            yield from _items(message, inner)


def _groups(message: Message, path: Path, item: MessageItem) -> Iterator[Path]:
    value = get(message, path)
    if item.repeated:
        yield from ((*path, str(number)) for number in range(len(value)) if item.is_group)
    elif is_dataclass(value) and not isinstance(value, Text):
        yield path


def largest(message: Message, is_valid: IsValid, products: Sequence[str] = ()) -> Message:
    """The message with as many lines and other groups as it can have, 999 where there is no bound.

    Lines are numbered; those about a movement name the ``products`` of its lines. Groups within lines stay as they are,
    so that the whole is no larger than a gateway takes.
    """
    for path, item in tuple(_items(message, ())):
        if item.repeated and item.is_group and not any(step.isdigit() for step in path):
            message = _repeated(message, path, item, is_valid, products)
    return message


def _repeated(message: Message, path: Path, item: MessageItem, is_valid: IsValid, products: Sequence[str]) -> Message:
    members = get(message, path)
    for number in (item.most or MOST_LINES, *_FEWER) if members else ():
        if len(members) < number <= (item.most or MOST_LINES):
            more = (_numbered(one, at, products) for at, one in zip(range(1, number + 1), cycle(members), strict=False))
            other: Message = put(message, path, tuple(more))
            if is_valid(other):
                return other
    return message


def _numbered(member: Any, number: int, products: Sequence[str]) -> Any:
    names = {item.name for item in items_of(type(member))}
    numbers = names & _NUMBERS if "action" in names else frozenset()
    changes: dict[str, Any] = {name: f"{get(member, (name,))[:2]}{number:011}" for name in numbers}
    if "body_record_unique_reference" in names:
        changes["body_record_unique_reference"] = number
        if products and "cn_code" not in names and member.excise_product_code is not None:
            changes["excise_product_code"] = products[(number - 1) % len(products)]
    return replace(member, **changes) if changes else member
