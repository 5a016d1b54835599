"""Single values as they stand in the XML: one table from a Python type to how it is read and written."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.frozen import frozen


@frozen
class Codec:
    """Both directions of a simple type. What ``write`` gives can stand between tags.

    ``read`` raises ValueError or ArithmeticError for what Python cannot hold.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]


def codec_of(kind: type[Any]) -> Codec | None:
    """The codec of a field's type, None for a group."""
    return _coded(kind) if issubclass(kind, StrEnum) else _CODECS.get(kind)


_BLANK: Final = " \t\r\n"
_COLLAPSED: Final = re.compile(r"[^ \t\r\n]++(?: [^ \t\r\n]++)*+")
_WORD: Final = re.compile(r"[^ \t\r\n]+")


def collapse(text: str) -> str:
    """``text`` as ``xs:token`` means it: no white space around, one space between. Other spaces of Unicode stay."""
    # Most values are one word, which isalnum sees in a fifth of the time.
    return text if text.isalnum() or _COLLAPSED.fullmatch(text) else " ".join(_WORD.findall(text))


def escape(text: str) -> str:
    """``text`` as it stands between tags in canonical form (C14N 1.0, section 2.3)."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#xD;") if "\r" in text else text


def escape_attribute(text: str) -> str:
    """``text`` as it stands between double quotes in canonical form."""
    return text if text.isalnum() else text.translate(_IN_ATTRIBUTES)


_IN_ATTRIBUTES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)


def _coded(codes: type[StrEnum]) -> Codec:
    members = {member.value: member for member in codes}

    def read(text: str) -> StrEnum:
        found = members.get(text)
        # Codes of digits are numbers to the schema: 09 and +9 are 9. A list of other codes has none of these forms.
        return found if found is not None else codes(_canonical(collapse(text)))

    return Codec(read, str)


def _canonical(code: str) -> str:
    return str(int(code)) if code.lstrip("+-").isdecimal() else code


_FLAGS: Final = MappingProxyType({"0": False, "1": True})


def _read_flag(text: str) -> bool:
    return _FLAGS[_canonical(text.strip(_BLANK))]


def _read_date(text: str) -> date:
    return date.fromisoformat(text.strip(_BLANK))


_MIDNIGHT: Final = "24:00:00"


def _read_time(text: str) -> time:
    text = text.strip(_BLANK)
    return time() if text.startswith(_MIDNIGHT) else time.fromisoformat(text)


def _read_moment(text: str) -> datetime:
    text = text.strip(_BLANK)
    if text.startswith(_MIDNIGHT, len("2024-01-01T")):
        return datetime.fromisoformat(text[:10]) + timedelta(days=1)
    return datetime.fromisoformat(text)


def _write_moment(value: datetime) -> str:
    naive = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat()


def _write_decimal(value: Decimal) -> str:
    return format(value, "f")


def _write_flag(value: bool) -> str:  # noqa: FBT001  (the one argument of a codec)
    return "1" if value else "0"


def _read_binary(text: str) -> bytes:
    return base64.b64decode(text)


def _write_binary(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


_CODECS: Final[Mapping[type[Any], Codec]] = MappingProxyType(
    {
        str: Codec(collapse, escape),
        int: Codec(int, str),
        Decimal: Codec(Decimal, _write_decimal),
        bool: Codec(_read_flag, _write_flag),
        date: Codec(_read_date, date.isoformat),
        time: Codec(_read_time, time.isoformat),
        datetime: Codec(_read_moment, _write_moment),
        bytes: Codec(_read_binary, _write_binary),
    }
)
