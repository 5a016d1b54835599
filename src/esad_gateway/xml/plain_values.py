"""Single values of a message in plain data (JSON, CSV cells): one table from a field's type to how it is written there.

A value may come as the type that JSON has for it or as the text that stands in the XML, so a CSV cell and a JSON
string are read alike.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})")
_TRUTH: Final[Mapping[Any, bool]] = MappingProxyType({True: True, False: False, "1": True, "0": False})


@frozen
class ValueKind:
    """One type of value: what a user has to write, and both directions.

    ``read`` takes anything that plain data can hold and raises ``ValueError`` when it is not of this kind;
    ``write`` takes the value of the message's field and gives something that JSON has a form for.
    """

    expected: Said
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def kind_of(python_type: type) -> ValueKind:
    """The kind of a scalar field; raises ``KeyError`` for a type that no message uses."""
    return _coded(python_type) if issubclass(python_type, StrEnum) else _KINDS[python_type]


def not_in_xml(value: Any) -> Said | None:
    """What is wrong with a text that holds a character which no XML document can hold; ``None`` if nothing."""
    found = _NOT_IN_XML.search(value) if isinstance(value, str) else None
    return said("hint.not_in_xml", character=f"U+{ord(found[0]):04X}") if found else None


def _coded(codes: type[StrEnum]) -> ValueKind:
    def read(value: Any) -> StrEnum:
        return codes(_text(value))

    return ValueKind(said("kind.one_of", codes=", ".join(codes)), read, str)


def _text(value: Any) -> str:
    if not isinstance(value, str) or _NOT_IN_XML.search(value):
        raise ValueError(value)
    return value


def _whole(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not _WHOLE.fullmatch(text):
        raise ValueError(value)
    return int(text)


def _decimal(value: Any) -> Decimal:
    """A decimal number; a binary float counts as the shortest text that stands for it."""
    text = f"{Decimal(str(value)):f}" if isinstance(value, float) and abs(value) < 1e18 else str(value)  # noqa: PLR2004 - see _DECIMAL
    if isinstance(value, bool) or not _DECIMAL.fullmatch(text):
        raise ValueError(value)
    return Decimal(text)


def _truth(value: Any) -> bool:
    key = value.lower() if isinstance(value, str) else value
    try:
        return _TRUTH[{"true": "1", "false": "0"}.get(key, key)]
    except (KeyError, TypeError):
        raise ValueError(value) from None


def _date(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _time(value: Any) -> time:
    read = time.fromisoformat(_text(value))
    if read.utcoffset():
        raise ValueError(value)
    return read.replace(tzinfo=None)


def _moment(value: Any) -> datetime:
    """A moment; the messages leave the zone out and mean UTC, so another zone is converted."""
    read = datetime.fromisoformat(_text(value))
    try:
        return read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read
    except OverflowError:
        raise ValueError(value) from None


def _binary(value: Any) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error:
        raise ValueError(value) from None


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


_KINDS: Final[Mapping[type, ValueKind]] = MappingProxyType(
    {
        str: ValueKind(Said("kind.text"), _text, str),
        int: ValueKind(Said("kind.whole_number"), _whole, int),
        Decimal: ValueKind(Said("kind.decimal_number"), _decimal, lambda value: f"{value:f}"),
        bool: ValueKind(Said("kind.truth"), _truth, bool),
        date: ValueKind(Said("kind.date"), _date, date.isoformat),
        time: ValueKind(Said("kind.time"), _time, time.isoformat),
        datetime: ValueKind(Said("kind.moment"), _moment, datetime.isoformat),
        bytes: ValueKind(Said("kind.binary"), _binary, _base64),
    }
)
