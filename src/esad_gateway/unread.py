"""Values that are there, or should be, and could not be read: what is made of them is judged as far as it is known."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

UNREAD: Final = object()
"""Stands for such a value."""


class UnreadError(Exception):
    """Somebody asks for a value that could not be read."""


def guarded(value: T) -> T:
    """``value`` as it is, but that whoever asks for an ``UNREAD`` field in it, at any depth, gets an UnreadError.

    Where nothing is unread that is the very same value.
    """
    return cast("T", _guarded(value))


def where_read(ask: Callable[[], T], otherwise: T) -> T:
    """What ``ask`` returns, or ``otherwise`` where it asks for a value that could not be read."""
    try:
        return ask()
    except UnreadError:
        return otherwise


def _guarded(value: Any) -> Any:
    kind: Any = type(value)
    if isinstance(value, tuple):
        members = tuple(map(_guarded, value))
        return value if all(map(_same, members, value)) else members
    if not is_dataclass(value):
        return value
    given = [getattr(value, one.name) for one in fields(value)]
    parts = [_guarded(part) for part in given]
    if all(part is not UNREAD and _same(part, before) for part, before in zip(parts, given, strict=True)):
        return value
    made = object.__new__(_guarded_kind(kind))
    for field, part in zip(fields(value), parts, strict=True):
        object.__setattr__(made, field.name, part)
    return made


def _same(one: object, other: object) -> bool:
    return one is other


@cache
def _guarded_kind(kind: type[Any]) -> type[Any]:
    """A class as ``kind`` is and is called, whose values do not hand out what is unread."""

    def ask(self: Any, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if value is UNREAD:
            raise UnreadError(name)
        return value

    return type(kind.__name__, (kind,), {"__slots__": (), "__getattribute__": ask})
