"""What the reader of JSON says of a text that is none, in every language; what is rare is quoted."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said, said
from esad_gateway.texts import say

_NAME: Final = Said("json.name")
_VALUE: Final = Said("json.value")
_DEEP: Final = Said("json.deep")

KNOWN: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "Expecting value": _VALUE,
        "Expecting ',' delimiter": Said("json.comma"),
        "Expecting ':' delimiter": Said("json.colon"),
        "Expecting property name enclosed in double quotes": _NAME,
        "Illegal trailing comma before end of object": _NAME,
        "Illegal trailing comma before end of array": _VALUE,
        "Extra data": Said("json.more"),
        "Unterminated string starting at": Said("json.quote"),
        "Invalid control character at": Said("json.control"),
        "Invalid \\escape": Said("json.escape"),
        "Invalid \\uXXXX escape": Said("json.unicode"),
    }
)
"""Words of the reader, of each version of Python that is supported -> what is wrong there."""


class TooDeep(ValueError):
    """A JSON text is nested more deeply than anything that is meant."""

    def __str__(self) -> str:
        return say(_DEEP)


def why_no_json(error: ValueError) -> Said:
    """What is wrong with a text that is no JSON, and where; ``error`` is what reading it raised."""
    match error:
        case json.JSONDecodeError():
            return said("json.at", line=error.lineno, column=error.colno, why=wrong_there(error))
        case UnicodeDecodeError():
            return no_utf8(error)
        case TooDeep():
            return _DEEP
        case _:
            return said("said.library", words=str(error))


def wrong_there(error: json.JSONDecodeError) -> Said:
    """What is wrong at the place that ``error`` names."""
    known = next((one for words, one in KNOWN.items() if error.msg.startswith(words)), None)
    return known or said("said.library", words=error.msg)


def no_utf8(error: UnicodeDecodeError) -> Said:
    """Which byte of a text is not of UTF-8, and where it stands."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return said("json.no_text", line=line, byte=f"{error.object[error.start]:#04x}")
