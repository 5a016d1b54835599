"""The vocabulary of the EMCS messages as the tests know it: read from ``tests/xml/data``, never from the schemas.

``items.csv`` lists every message in document order (level, item, least and most occurrences, type, language attribute),
``types.toml`` the facets and codes of the item types. Both are our own transcription of the official dictionary, so the
schemas and the test documents come from two sources.
"""

import base64
import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

RELEASE = "3.23"
DATA = Path(__file__).parents[1] / "xml" / "data"

UNBOUNDED = "unbounded"

DATE = re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII)
TIME = re.compile(r"(\d\d:\d\d:\d\d)(\.\d+)?", re.ASCII)
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
NATURAL = re.compile(r"\+?\d+|-0+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemType:
    """An item type: a built-in base and what restricts it; ``patterns`` are alternatives."""

    base: str
    length: int | None = None
    min_length: int = 0
    max_length: int | None = None
    total_digits: int | None = None
    fraction_digits: int | None = None
    above: int | None = None
    patterns: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def accepts(self, text: str) -> bool:
        """Whether ``text``, after the collapse of white space, is a value of this type: the tests' own verdict."""
        value = " ".join(re.split(r"[ \t\r\n]+", text)).strip(" ")
        return self._has_base(value) and self._has_length(value) and self._has_pattern(value) and self._is_code(value)

    def _has_base(self, value: str) -> bool:
        return self._is_decimal(value) if self.base == "xs:decimal" else _BASES[self.base](value)

    def _is_decimal(self, value: str) -> bool:
        if not DECIMAL.fullmatch(value):
            return False
        number = Decimal(value).normalize()
        digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
        fraction = max(0, -exponent)
        total = max(len(digits) + max(0, exponent), fraction)
        return (
            (self.above is None or number > self.above)
            and (self.fraction_digits is None or fraction <= self.fraction_digits)
            and (self.total_digits is None or total <= self.total_digits)
        )

    def _has_length(self, value: str) -> bool:
        size = len(value)
        exact = self.length is None or size == self.length
        return exact and size >= self.min_length and (self.max_length is None or size <= self.max_length)

    def _has_pattern(self, value: str) -> bool:
        return not self.patterns or any(re.fullmatch(pattern, value) for pattern in self.patterns)

    def _is_code(self, value: str) -> bool:
        if not self.codes:
            return True
        return (value if self.base == "xs:token" else str(int(value))) in self.codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A group (no type) or a text of a message, with what it may hold and how often; ``most`` may be without bound."""

    name: str
    least: int
    most: int | None
    type: str
    language: str
    children: tuple["Item", ...] = ()


def is_date(value: str) -> bool:
    """Whether ``value`` is a day of the calendar from year 1 to 9999, without a zone."""
    return DATE.fullmatch(value) is not None and _constructs(date.fromisoformat, value)


def is_time(value: str) -> bool:
    """Whether ``value`` is a time without a zone; midnight may be written as 24:00:00."""
    found = TIME.fullmatch(value)
    if found is None:
        return False
    midnight = found[1] == "24:00:00" and not (found[2] or "").strip(".0")
    return midnight or _constructs(time.fromisoformat, found[1])


def is_base64(value: str) -> bool:
    """Whether ``value`` is base64, with single spaces anywhere and nothing but zero bits left over."""
    packed = value.replace(" ", "")
    try:
        return base64.b64encode(base64.b64decode(packed, validate=True)).decode() == packed
    except ValueError:
        return False


def _constructs(constructor: Callable[[str], object], value: str) -> bool:
    try:
        constructor(value)
    except ValueError:
        return False
    return True


def _is_moment(value: str) -> bool:
    return is_date(value[:10]) and value[10:11] == "T" and is_time(value[11:])


_BASES: Mapping[str, Callable[[str], bool]] = {
    "xs:token": lambda _: True,
    "xs:nonNegativeInteger": lambda value: NATURAL.fullmatch(value) is not None,
    "xs:date": is_date,
    "xs:time": is_time,
    "xs:dateTime": _is_moment,
    "xs:base64Binary": is_base64,
}


@cache
def item_types(release: str = RELEASE) -> dict[str, ItemType]:
    """All item types of a release, by their prefixed name (``emcs:CityType``)."""
    tables = tomllib.loads((DATA / release / "types.toml").read_text(encoding="utf-8"))
    return {name: ItemType(**{key: _frozen(value) for key, value in table.items()}) for name, table in tables.items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def messages(release: str = RELEASE) -> dict[str, Item]:
    """The item tree of every message of a release, by message name (``IE815``)."""
    with (DATA / release / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    starts = [position for position, row in enumerate(rows) if row["level"] == "0"] + [len(rows)]
    trees = (_tree(rows[start:end]) for start, end in pairwise(starts))
    return {tree.name: tree for tree in trees}


def _tree(rows: list[dict[str, str]]) -> Item:
    head, below = rows[0], rows[1:]
    level = str(int(head["level"]) + 1)
    starts = [position for position, row in enumerate(below) if row["level"] == level] + [len(below)]
    return Item(
        name=head["item"],
        least=int(head["least"]),
        most=None if head["most"] == UNBOUNDED else int(head["most"]),
        type=head["type"],
        language=head["language"],
        children=tuple(_tree(below[start:end]) for start, end in pairwise(starts)),
    )
