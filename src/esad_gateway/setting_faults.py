"""What is wrong with a file of settings, in words: the place, what stands there, and what was expected.

What the libraries that read it say is for programmers, and none of it gets through.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.identifiers import reason_of
from esad_gateway.faults import Said, said

_LIST: Final = Said("setting.list")
_TABLE: Final = Said("setting.table")
_TEXT: Final = Said("setting.text")
_DAY: Final = Said("setting.some_day")

_EXPECTED: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "missing": Said("setting.missing"),
        "int_type": Said("setting.int_type"),
        "int_from_float": Said("setting.int_from_float"),
        "float_type": Said("setting.float_type"),
        "finite_number": Said("setting.finite_number"),
        "bool_type": Said("setting.bool_type"),
        "string_type": _TEXT,
        "list_type": _LIST,
        "frozen_set_type": _LIST,
        "dict_type": _TABLE,
        "model_type": _TABLE,
        "date_type": _DAY,
        "date_parsing": _DAY,
        "date_from_datetime_parsing": _DAY,
        "date_from_datetime_inexact": _DAY,
    }
)
"""Kind of fault -> what was expected."""

_BOUNDS: Final[Mapping[str, Callable[[Mapping[str, Any]], Said]]] = MappingProxyType(
    {
        "greater_than": lambda given: said("setting.more_than", bound=f"{given['gt']:g}"),
        "greater_than_equal": lambda given: said("setting.at_least", bound=f"{given['ge']:g}"),
        "less_than_equal": lambda given: said("setting.at_most", bound=f"{given['le']:g}"),
        "less_than": lambda given: said("setting.less_than", bound=f"{given['lt']:g}"),
        "literal_error": lambda given: said("setting.one_of", known=tuple(re.split(", | or ", given["expected"]))),
        "value_error": lambda given: reason_of(given["error"]),
    }
)
"""Kind of fault -> what was expected, with what comes with the fault."""

_ELSE: Final = Said("setting.else")

_EQUALS: Final = re.compile(r"Expected '=' after|Invalid statement|Invalid initial")
_TOML: Final[Sequence[tuple[str, Said]]] = (
    (r"Cannot (overwrite|declare|mutate)", Said("setting.again")),
    (r"Expected newline", Said("setting.behind")),
    (r"Unclosed array", Said("setting.list_end")),
    (r"Unclosed inline|inline table", Said("setting.table_end")),
    (r"Unterminated|Illegal character|Found invalid|Unescaped", Said("setting.quote")),
    (r"Expected ['\"]?\]", Said("setting.heading_end")),
)
"""What a reader of TOML says -> what was expected in that place."""

_NO_VALUE: Final = Said("setting.no_value")
_WHERE: Final = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")

Names = Callable[[Sequence[str]], Collection[str]]
"""The names of the settings below a place, such as ``("changes", "2027-01-01")``."""


def in_words(fault: Mapping[str, Any], names: Names) -> Said:
    """One fault of a value, as pydantic describes it: place, what was expected, and what stands there."""
    steps = [str(step) for step in fault["loc"]]
    place, kind = ".".join(steps), fault["type"]
    if kind == "extra_forbidden":
        return _unknown(place, steps[-1], names(steps[:-1]))
    if kind == "missing":
        return said("file.named", file=place, why=_EXPECTED[kind])
    bound = _BOUNDS.get(kind)
    expected = bound(fault["ctx"]) if bound else _EXPECTED.get(kind, _ELSE)
    return said("setting.at", place=place, expected=expected, given=_short(fault["input"]))


def no_toml(words: str, text: str, example: str = 'state = "LT"') -> Said:
    """Where a file is no TOML, what stands there, and what was expected, with a line of such a file as ``example``.

    ``words`` are those of the reader of TOML.
    """
    expected = next((one for pattern, one in _TOML if re.search(pattern, words)), _NO_VALUE)
    if _EQUALS.search(words):
        expected = said("setting.equals", example=example)
    where, lines = _WHERE.search(words), text.splitlines() or [""]
    if where is None or where["line"] is None:
        number = max((at for at, line in enumerate(lines, start=1) if line.strip()), default=1)
        place = Said("setting.end")
    else:
        number, place = min(int(where["line"]), len(lines)), said("setting.column", column=where["column"])
    given = _short(lines[number - 1].strip())
    return said("setting.toml", line=number, place=place, expected=expected, given=given)


def no_text(content: bytes, at: int) -> Said:
    """Where a file is no UTF-8: ``at`` is the first byte that is none."""
    line = content.count(b"\n", 0, at) + 1
    return said("setting.no_text", line=line, byte=f"{content[at]:#04x}")


def _unknown(place: str, name: str, known: Collection[str]) -> Said:
    near = get_close_matches(name, known, n=1)
    if near:
        return said("setting.meant", place=place, near=near[0])
    return said("setting.unknown", place=place, known=", ".join(known))


def _short(value: object) -> str:
    """A value as it may stand in a line."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST: Final = 60
