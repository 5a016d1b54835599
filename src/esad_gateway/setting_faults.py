"""What is wrong with a file of settings, in words: the place, what stands there, and what was expected.

What the libraries that read it say is for programmers, and none of it gets through.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

_LIST: Final = "expected a list in [ ]"
_TABLE: Final = "expected a table in {{ }}"
_TEXT: Final = 'expected a text in quotes, such as "LT"'
_DAY: Final = "expected a day such as 2027-01-01"

_EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "missing; it has no default",
        "int_type": "expected a whole number, without quotes",
        "int_from_float": "expected a whole number",
        "float_type": "expected a number, without quotes",
        "finite_number": "expected a number that ends",
        "bool_type": "expected true or false, without quotes",
        "string_type": _TEXT,
        "list_type": _LIST,
        "frozen_set_type": _LIST,
        "dict_type": _TABLE,
        "model_type": _TABLE,
        "date_type": _DAY,
        "date_parsing": _DAY,
        "date_from_datetime_parsing": _DAY,
        "date_from_datetime_inexact": _DAY,
        "greater_than": "expected more than {gt:g}",
        "greater_than_equal": "expected {ge:g} or more",
        "less_than_equal": "expected {le:g} or less",
        "less_than": "expected less than {lt:g}",
        "literal_error": "expected {expected}",
    }
)
"""Kind of fault -> what was expected, with the bounds that come with the fault."""

_ELSE: Final = "expected something else; the line above it in a file that esad init has written says what"

_TOML: Final[Sequence[tuple[str, str]]] = (
    (r"Cannot (overwrite|declare|mutate)", "this name has a value already; expected every setting once"),
    (r"Expected '=' after|Invalid statement|Invalid initial", 'expected a setting such as state = "LT"'),
    (r"Expected newline", "expected nothing behind the value; a text stands in quotes, several ones in [ ]"),
    (r"Unclosed array", "expected ] at the end of a list"),
    (r"Unclosed inline|inline table", "expected } at the end of a table, and commas in it"),
    (r"Unterminated|Illegal character|Found invalid|Unescaped", "expected a text that ends with its quote in its line"),
    (r"Expected ['\"]?\]", "expected ] at the end of a heading"),
)
"""What a reader of TOML says -> what was expected in that place."""

_NO_VALUE: Final = 'expected a value: a number, true, false, a text in quotes such as "LT", or a list in [ ]'
_WHERE: Final = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")

Names = Callable[[Sequence[str]], Collection[str]]
"""The names of the settings below a place, such as ``("changes", "2027-01-01")``."""


def in_words(fault: Mapping[str, Any], names: Names) -> str:
    """One fault of a value, as pydantic describes it: place, what was expected, and what stands there."""
    steps = [str(step) for step in fault["loc"]]
    place, kind = ".".join(steps), fault["type"]
    if kind == "extra_forbidden":
        return f"{place}: no setting has this name{_meant(steps[-1], names(steps[:-1]))}"
    if kind == "missing":
        return f"{place}: {_EXPECTED[kind]}"
    if kind == "value_error":
        return f"{place}: {fault['msg'].removeprefix('Value error, ')} (got {_short(fault['input'])})"
    expected = _EXPECTED.get(kind, _ELSE).format(**fault.get("ctx", {}))
    return f"{place}: {expected} (got {_short(fault['input'])})"


def no_toml(said: str, text: str) -> str:
    """Where a file is no TOML, what stands there, and what was expected. ``said`` is what the reader of TOML said."""
    expected = next((words for pattern, words in _TOML if re.search(pattern, said)), _NO_VALUE)
    where, lines = _WHERE.search(said), text.splitlines() or [""]
    if where is None or where["line"] is None:
        number, place = max((at for at, line in enumerate(lines, start=1) if line.strip()), default=1), "its end"
    else:
        number, place = min(int(where["line"]), len(lines)), f"column {where['column']}"
    return f"line {number}, {place}: {expected} (got {_short(lines[number - 1].strip())})"


def no_text(content: bytes, at: int) -> str:
    """Where a file is no UTF-8: ``at`` is the first byte that is none."""
    line = content.count(b"\n", 0, at) + 1
    return f"line {line}: the byte {content[at]:#04x} is no text in UTF-8; expected a text file in UTF-8"


def _meant(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"


def _short(value: object) -> str:
    """A value as it may stand in a line."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST: Final = 60
