"""JSON lines: an object a line, read line by line. Numbers keep their digits, none goes through a float."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, NoReturn

from esad_gateway.faults import Said
from esad_gateway.json_errors import TooDeep, why_no_json, wrong_there
from esad_gateway.sheets.documents import Fields, NamedDocument, NamedLine, named_rows
from esad_gateway.sheets.fitting import fitted
from esad_gateway.sheets.flaws import flaw, refuse, row_place
from esad_gateway.sheets.held import LETTERS, cells_of
from esad_gateway.sheets.table import FileFormat, Kind, Sheet, SheetRow

_LONGEST_LINE: Final = 4 * 1024 * 1024
_EXAMPLE: Final = '{"document": "A-1", "lines": [{"cn_code": "22042138"}]}'
_TEXT, _NUMBER, _BOOLEAN = (LETTERS[kind] for kind in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN))
_NOTHING: Final = (LETTERS[Kind.EMPTY], "")


class _Digits(NamedTuple):
    """A number as it stands in the file."""

    text: str


class _Pairs(NamedTuple):
    """An object with its names in their order, those that stand twice as well."""

    pairs: list[tuple[str, Any]]


def open_jsonl(path: Path) -> Sheet:
    """The rows of a file of JSON lines. Raises Unreadable, before any row is told, for whatever is wrong with it."""
    every = sum(1 for _ in fitted(named_rows(partial(_documents, path))))
    rows = (
        SheetRow(row.number, cells_of(row.kinds, row.texts), row.nested)
        for row in fitted(named_rows(partial(_documents, path)))
    )
    return Sheet(
        format=FileFormat.JSONL,
        told=MappingProxyType({}),
        heading=next(rows),
        remarks=(),
        read=lambda: rows,
        count=every - 1,
    )


def _documents(path: Path) -> Iterator[NamedDocument]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), start=1):
            if len(line) == _LONGEST_LINE:
                refuse(flaw("SHEET-SIZE", size=len(line), most=_LONGEST_LINE), row_place(number), line=number)
            text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
            if text:
                yield _document(number, _read(number, text))


def _read(number: int, line: bytes) -> Any:
    try:
        return _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        wrong = f"0x{line[error.start]:02x}"
        refuse(flaw("SHEET-ENCODING", byte=wrong, encoding="utf-8"), row_place(number), line=number)
    except json.JSONDecodeError as error:
        refuse(_no_json(wrong_there(error)), row_place(number), line=number, column=error.colno)
    except RecursionError:
        refuse(_no_json(why_no_json(TooDeep())), row_place(number), line=number)
    except ValueError as error:
        refuse(_no_json(why_no_json(error)), row_place(number), line=number)


def _no_json(reason: Said) -> Any:
    return flaw("SHEET-JSON", reason=reason, example=_EXAMPLE)


def _document(number: int, data: Any) -> NamedDocument:
    if not isinstance(data, _Pairs):
        refuse(flaw("SHEET-OBJECT", example=_EXAMPLE), row_place(number), line=number)
    groups = [(name, value) for name, value in data.pairs if isinstance(value, list)]
    fields = [(name, value) for name, value in data.pairs if not isinstance(value, list)]
    if len(groups) > 1:
        _refuse_nested(number, groups[1][0])
    called, items = groups[0] if groups else ("", [])
    lines = [_line(number, called, one) for one in items]
    return NamedDocument(number, _fields(number, fields), lines, called=called)


def _line(number: int, name: str, data: Any) -> NamedLine:
    if not isinstance(data, _Pairs):
        _refuse_nested(number, name)
    return NamedLine(number, _fields(number, data.pairs))


def _fields(number: int, pairs: list[tuple[str, Any]]) -> Fields:
    return [(name, _pair(number, name, value)) for name, value in pairs]


def _pair(number: int, name: str, value: Any) -> tuple[str, str]:
    match value:
        case str():
            return (_TEXT, value) if value else _NOTHING
        case _Digits():
            return _NUMBER, value.text
        case bool():
            return _BOOLEAN, "true" if value else "false"
        case None:
            return _NOTHING
        case _:
            return _refuse_nested(number, name)


def _refuse_nested(number: int, name: str) -> NoReturn:
    refuse(flaw("SHEET-NESTED", name=name), row_place(number), value=name, line=number)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=_Digits, parse_int=_Digits, parse_constant=_refuse_constant
)
