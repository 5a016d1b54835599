"""A table as the readers of whole sheets give it, and how it passes from one process to another as lines of JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple, cast

from esad_gateway.faults import Fault, Listed, Said, Value, listed
from esad_gateway.place import Place, PlaceStep
from esad_gateway.sheets.table import Cell, FileFormat, Kind, Nested, SheetRow

_AT_ONCE: Final = 500

LETTERS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "T",
    Kind.NUMBER: "N",
    Kind.DATE: "D",
    Kind.MOMENT: "M",
    Kind.TIME: "H",
    Kind.PERCENT: "P",
    Kind.MONEY: "E",
    Kind.BOOLEAN: "B",
    Kind.ERROR: "!",
    Kind.NO_VALUE: "?",
    Kind.EMPTY: ".",
}
"""A letter for every kind, so that the kinds of a row are one text."""

_KINDS: Final = {letter: kind for kind, letter in LETTERS.items()}


class HeldRow(NamedTuple):
    """A row with the letters of its kinds, and its texts; ``nested`` as :attr:`SheetRow.nested`."""

    number: int
    kinds: str
    texts: list[str]
    nested: Nested | None = None


class HeldSheet(NamedTuple):
    """What a reader of a whole sheet tells: the first row is the heading, and empty rows are left out."""

    format: FileFormat
    told: Mapping[str, str]
    remarks: tuple[Said, ...]
    rows: Iterator[HeldRow]


def rows_to(rows: Iterator[HeldRow]) -> Iterator[str]:
    """Lines of JSON, of many rows each."""
    while some := list(islice(rows, _AT_ONCE)):
        yield json.dumps(some, ensure_ascii=False, separators=(",", ":"), default=list)


def rows_from(lines: Iterable[bytes]) -> Iterator[SheetRow]:
    """The rows of the lines that :func:`rows_to` wrote."""
    for line in lines:
        for number, kinds, texts, nested in json.loads(line):
            yield SheetRow(number, cells_of(kinds, texts), nested and _nested_from(*nested))


def _nested_from(above: list[Any], begins: int, line: Any, names: list[str]) -> Nested:
    steps = tuple(PlaceStep(*step) for step in above)
    return Nested(steps, begins, line and PlaceStep(*line), frozenset(names))


def cells_of(kinds: str, texts: list[str]) -> tuple[Cell, ...]:
    """The cells of a row."""
    return tuple(map(_CELL, zip(map(_KIND_OF, kinds), texts, strict=True)))


_CELL: Final = partial(tuple.__new__, Cell)
_KIND_OF: Final = _KINDS.__getitem__


def said_to(what: Said) -> dict[str, Any]:
    """Something said, as JSON has it."""
    return {"key": what.key, "values": {name: _value_to(one) for name, one in what.values}}


def said_from(data: Mapping[str, Any]) -> Said:
    """What :func:`said_to` wrote."""
    return Said(data["key"], tuple((name, _value_from(one)) for name, one in data["values"].items()))


def fault_to(fault: Fault) -> dict[str, Any]:
    """A fault, as JSON has it."""
    return {
        "code": fault.code,
        "steps": list(fault.place.steps),
        "value": fault.value,
        "text": said_to(fault.text),
        "hint": said_to(fault.hint),
        "line": fault.line,
        "column": fault.column,
    }


def fault_from(data: Mapping[str, Any]) -> Fault:
    """What :func:`fault_to` wrote."""
    return Fault(
        code=data["code"],
        rule=data["code"],
        place=Place(tuple(PlaceStep(*step) for step in data["steps"]), in_data=True),
        value=data["value"],
        text=said_from(data["text"]),
        hint=said_from(data["hint"]),
        line=data["line"],
        column=data["column"],
    )


def _value_to(value: Value) -> Any:
    match value:
        case Said():
            return said_to(value)
        case Listed():
            return {"things": [_value_to(one) for one in value.things], "between": value.between}
        case tuple():
            return [_value_to(one) for one in value]
        case _:
            return value


def _value_from(data: Any) -> Value:
    match data:
        case {"things": things, "between": between}:
            return listed(map(_value_from, things), between)
        case dict():
            return said_from(data)
        case list():
            return tuple(map(_value_from, data))
        case _:
            return cast("str | int", data)
