"""Messages in which every element is there once, each with a value of its own, whatever the schema says of it."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from itertools import count
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")

_DAY = date(2026, 3, 2)
_MOMENT = datetime(2026, 3, 2, 7)  # noqa: DTZ001 - documents leave the zone out


def filled(kind: type[T]) -> T:
    """A message or group of ``kind`` with everything in it; texts and numbers differ from place to place."""
    value: T = _group(kind, count(1))
    return value


def _group(kind: type[Any], numbers: "count[int]") -> Any:
    hints = get_type_hints(kind)
    return kind(**{one.name: _field(hints[one.name], "occurs" in one.metadata, numbers) for one in fields(kind)})


def _field(hint: Any, repeated: bool, numbers: "count[int]") -> Any:  # noqa: FBT001 - of the field's own metadata
    kind = next((one for one in get_args(hint) if one is not type(None)), hint)
    value = _value(kind, next(numbers), numbers)
    return (value,) if repeated else value


def _value(kind: type[Any], number: int, numbers: "count[int]") -> Any:
    if is_dataclass(kind):
        return _group(kind, numbers)
    if issubclass(kind, StrEnum):
        return next(iter(kind))
    scalars = {
        str: f"v{number}",
        int: number,
        bool: True,
        Decimal: Decimal(number),
        bytes: b"%d" % number,
        date: _DAY,
        time: time(number % 24),
        datetime: _MOMENT,
    }
    return scalars[kind]
