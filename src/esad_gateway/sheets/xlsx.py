"""XLSX: values by a library that is made for speed, and what it does not tell by a second look at the same part.

The library tells neither formats of numbers nor formulas, errors and what is hidden. A sheet that has any of these
(which the search for a few marks finds out) is gone through once more, cell by cell.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from esad_gateway.sheets.archive import Archive
from esad_gateway.sheets.digits import number_text, percent_text
from esad_gateway.sheets.held import LETTERS, HeldRow, HeldSheet
from esad_gateway.sheets.marks import unmarked
from esad_gateway.sheets.parts import careful_events, elements, forget, local, root_of
from esad_gateway.sheets.remarks import SheetName, SheetRemarks, chosen_sheet
from esad_gateway.sheets.table import Declared, Epoch, FileFormat, Kind, cell_name

WORKBOOK: Final = "xl/workbook.xml"

LIBRARY_ERROR: Final = CalamineError

MARKS: Final = frozenset({b"<f", b":f", b't="e"', b"t='e'", b'hidden="1"', b'hidden="true"', b"hidden='"})
"""What is looked for in every part: a sheet without any of it has nothing but values."""

_STYLES: Final = "xl/styles.xml"
_MACROS: Final = "xl/vbaProject.bin"
_LINKS: Final = "xl/externalLinks/"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_TRUE: Final = frozenset({"1", "true"})

_PERCENTS: Final = frozenset({9, 10})
_MONEYS: Final = frozenset({5, 6, 7, 8, 42, 44})
"""Formats that every program knows by their numbers."""

_IN_WORDS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_COUNTRY: Final = re.compile(r"\[\$-[^\]]*\]")
_CURRENCY: Final = re.compile(r"[€$£¥]|\[\$[^\]-]")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

_T, _N, _D, _M, _H, _B = (
    LETTERS[kind] for kind in (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.MOMENT, Kind.TIME, Kind.BOOLEAN)
)
_ERROR, _NO_VALUE = LETTERS[Kind.ERROR], LETTERS[Kind.NO_VALUE]
_P, _E, _NOTHING = LETTERS[Kind.PERCENT], LETTERS[Kind.MONEY], LETTERS[Kind.EMPTY]
_LOOKED_AT: Final = ("{*}row", "{*}c", "{*}col")
_MOST_HIDDEN: Final = 16_384
_EXACT: Final = 1e16
"""From here on a number of a spreadsheet has lost digits before its decimal point."""

Overrides = dict[tuple[int, int], tuple[str, str]]
"""Row and column, from 1 -> the letter of the kind that the library does not tell, and a text where it has none."""


def read_xlsx(path: Path, archive: Archive, declared: Declared) -> HeldSheet:
    """The sheet that is wanted, or the first that people see. Raises Unreadable."""
    workbook = root_of(archive.read(WORKBOOK))
    with CalamineWorkbook.from_path(path) as book:
        tables = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        names = [SheetName(one.name, one.visible != SheetVisibleEnum.Visible) for one in tables]
        name, others = chosen_sheet(names, declared.sheet)
        sheet = book.get_sheet_by_name(name.name)
    seen = SheetRemarks()
    seen.macros = _MACROS in archive
    seen.links = any(part.startswith(_LINKS) for part in archive.marks)
    seen.merged = [f"{_name(first)}:{_name(last)}" for first, last in sheet.merged_cell_ranges or ()]
    overrides = _second_look(archive, _part(archive, workbook, name.name), seen)
    return HeldSheet(
        FileFormat.XLSX,
        {"sheet": name.name, "epoch": _epoch(workbook).value},
        (*others, *seen.told()),
        _rows(sheet.to_python(skip_empty_area=False), overrides),
    )


def _name(place: tuple[int, int]) -> str:
    return cell_name(place[0] + 1, place[1] + 1)


def _epoch(workbook: etree._Element) -> Epoch:
    told = (one.get("date1904") for one in elements(workbook, "workbookPr"))
    return Epoch.Y1904 if any(one in _TRUE for one in told) else Epoch.Y1900


def _part(archive: Archive, workbook: etree._Element, name: str) -> str:
    """The name of the part that holds a sheet."""
    wanted = next(one for one in elements(workbook, "sheet") if one.get("name") == name)
    relation = wanted.get(_RELATION) or wanted.get(_STRICT_RELATION)
    relations = root_of(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(one.get("Target", "") for one in elements(relations, "Relationship") if one.get("Id") == relation)
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/")


def _second_look(archive: Archive, part: str, seen: SheetRemarks) -> Overrides:
    special = _special_styles(root_of(archive.read(_STYLES))) if _STYLES in archive else {}
    if not special and not archive.marks[part]:
        return {}
    look = _Look(special, seen)
    with archive.file.open(part) as content:
        for event, one in careful_events(content, _LOOKED_AT):
            match event, local(one):
                case "start", "row":
                    look.row_begins(one)
                case "end", "c":
                    look.cell(one)
                case "end", "col":
                    look.column(one)
                case "end", "row":
                    look.row_ends(one)
    return look.overrides


class _Look:
    """One that goes through the cells of a sheet. Rows and cells without a reference follow the one before them."""

    def __init__(self, special: Mapping[str, str], seen: SheetRemarks) -> None:
        self.overrides: Overrides = {}
        self._special = special
        self._seen = seen
        self._row = self._column = 0

    def row_begins(self, row: etree._Element) -> None:
        """Take the number of a row."""
        self._row = int(row.get("r") or self._row + 1)
        self._column = 0

    def row_ends(self, row: etree._Element) -> None:
        """Take whether a row is hidden, in which something stands; then let go of it."""
        if row.get("hidden") in _TRUE and any(len(cell) for cell in row):
            self._seen.rows.append(self._row)
        forget(row)

    def column(self, column: etree._Element) -> None:
        """Take columns that are hidden."""
        if column.get("hidden") in _TRUE:
            first, last = int(column.get("min", "1")), int(column.get("max", "1"))
            self._seen.columns.append((first, min(last, _MOST_HIDDEN)))

    def cell(self, cell: etree._Element) -> None:
        """Take what the library does not tell of a cell."""
        self._column = _column_of(cell.get("r")) or self._column + 1
        place = (self._row, self._column)
        inside = {local(one): one.text or "" for one in cell}
        value = inside.get("v", "")
        if cell.get("t") == "e":
            self.overrides[place] = _ERROR, value
        elif "f" in inside and not value and "is" not in inside:
            self.overrides[place] = _NO_VALUE, ""
        elif (kind := self._special.get(cell.get("s", ""))) and cell.get("t", "n") == "n" and value:
            self.overrides[place] = kind, ""
        if "f" in inside and value:
            self._seen.formulas.append(place)


def _special_styles(styles: etree._Element) -> Mapping[str, str]:
    """The styles of cells, by their numbers, that make a percentage or an amount of money of a number."""
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in elements(styles, "numFmt")}
    cells = next(iter(elements(styles, "cellXfs")), None)
    kinds = enumerate(_kind_of(one.get("numFmtId", "0"), codes) for one in (() if cells is None else cells))
    return {str(number): kind for number, kind in kinds if kind}


def _kind_of(number: str, codes: Mapping[str | None, str]) -> str:
    code = codes.get(number)
    if code is None:
        known = int(number) if number.isdigit() else 0
        return _P if known in _PERCENTS else _E if known in _MONEYS else ""
    if "%" in _IN_WORDS.sub("", code):
        return _P
    return _E if _CURRENCY.search(_COUNTRY.sub("", code)) else ""


def _column_of(reference: str | None) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    column = 0
    for letter in found[1] if found else "":
        column = 26 * column + ord(letter) - ord("A") + 1
    return column


def _rows(table: list[list[Any]], overrides: Overrides) -> Iterator[HeldRow]:
    widths: dict[int, int] = {}
    for row, column in overrides:
        widths[row] = max(column, widths.get(row, 0))
    # A cell without a value is nothing to the library: the sheet ends before it where it is the last one.
    beyond: Iterator[list[Any]] = ([] for _ in range(len(table), max(widths, default=0)))
    for number, values in enumerate(chain(table, beyond), start=1):
        pairs = [_PAIRS[type(value)](value) for value in values]
        if number in widths:
            pairs += [(_NOTHING, "")] * (widths[number] - len(pairs))
            _override(number, pairs, overrides)
        yield HeldRow(number, "".join([kind for kind, _ in pairs]), [text for _, text in pairs])


def _override(number: int, pairs: list[tuple[str, str]], overrides: Overrides) -> None:
    for at, (kind, text) in enumerate(pairs):
        letter, shown = overrides.get((number, at + 1), ("", ""))
        if letter == _P and kind == _N:
            pairs[at] = letter, percent_text(text) or text
        elif letter == _E and kind == _N:
            pairs[at] = letter, text
        elif letter in (_ERROR, _NO_VALUE):
            pairs[at] = letter, shown


def _of_text(value: str) -> tuple[str, str]:
    if not value:
        return _NOTHING, ""
    return _T, unmarked(value) if value[0] == "'" else value


def _of_number(value: float) -> tuple[str, str]:
    if value.is_integer() and abs(value) < _EXACT:
        return _N, str(int(value))
    text = repr(value)
    return _N, (number_text(text) or text) if "e" in text else text


def _of_duration(value: timedelta) -> tuple[str, str]:
    seconds = round(value.total_seconds())
    return _H, f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_PAIRS: Final[Mapping[type, Callable[[Any], tuple[str, str]]]] = MappingProxyType(
    {
        str: _of_text,
        float: _of_number,
        int: lambda value: (_N, str(value)),
        bool: lambda value: (_B, "true" if value else "false"),
        date: lambda value: (_D, value.isoformat()),
        datetime: lambda value: (_M, value.isoformat(timespec="seconds")),
        time: lambda value: (_H, value.isoformat(timespec="seconds")),
        timedelta: _of_duration,
    }
)
"""What the library makes of a cell -> the letter of its kind, and its text."""
