"""XLSX, written row by row: texts as texts, whatever they look like."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook

from esad_gateway.sheets.marks import marked
from esad_gateway.sheets.table import Kind
from esad_gateway.sheets.writing import SheetTable
from esad_gateway.sheets.written import is_kept, without_controls

_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_FORMATS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.TEXT: "@",
        Kind.DATE: "yyyy-mm-dd",
        Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
        Kind.TIME: "[hh]:mm:ss",
        Kind.PERCENT: "0.00%",
        Kind.MONEY: "#,##0.00 [$€-427]",
    }
)
_FIRST_DAY: Final = "1900-03-01"
"""Days before are others in workbooks, which take 1900 for a leap year."""


def write_xlsx(to: BinaryIO, table: SheetTable) -> None:
    """Write a workbook with the table and the further sheets; its heading stays in sight."""
    with Workbook(to, _OPTIONS) as book:
        formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        bold = book.add_format({"bold": True})
        for one in (table, *table.others):
            _write(book.add_worksheet(one.name), one, formats, bold)


def _write(sheet: Any, table: SheetTable, formats: Mapping[Kind, Any], bold: Any) -> None:
    for column in range(len(table.heading)):
        sheet.set_column(column, column, 18, formats[Kind.TEXT] if column + 1 in table.text_columns else None)
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(table.heading):
        sheet.write_string(0, column, _text(text), bold)
    for number, cells in enumerate(table.cells(), start=1):
        for column, cell in enumerate(cells):
            if cell.text:
                _WRITERS[cell.kind](sheet, number, column, cell.text, formats)


def _text(text: str) -> str:
    return marked(without_controls(text))


def _write_text(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    if sheet.write_string(row, column, _text(text), formats[Kind.TEXT]) != 0:
        raise ValueError("a cell of a workbook cannot hold this text, or there is no such cell")


def _write_number(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    if is_kept(text):
        sheet.write_number(row, column, Decimal(text))
    else:
        _write_text(sheet, row, column, text, formats)


def _write_money(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    if is_kept(text):
        sheet.write_number(row, column, Decimal(text), formats[Kind.MONEY])
    else:
        _write_text(sheet, row, column, text, formats)


def _write_percent(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    if is_kept(text):
        sheet.write_number(row, column, Decimal(text).scaleb(-2), formats[Kind.PERCENT])
    else:
        _write_text(sheet, row, column, f"{text} %", formats)


def _write_day(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    if text < _FIRST_DAY:
        _write_text(sheet, row, column, text, formats)
    else:
        sheet.write_datetime(row, column, date.fromisoformat(text), formats[Kind.DATE])


def _write_moment(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    if text < _FIRST_DAY:
        _write_text(sheet, row, column, text, formats)
    else:
        sheet.write_datetime(row, column, datetime.fromisoformat(text).replace(tzinfo=None), formats[Kind.MOMENT])


def _write_time(sheet: Any, row: int, column: int, text: str, formats: Mapping[Kind, Any]) -> None:
    hours, minutes, seconds = map(int, text.split(":"))
    sheet.write_number(row, column, (hours * 3600 + minutes * 60 + seconds) / 86_400, formats[Kind.TIME])


def _write_boolean(sheet: Any, row: int, column: int, text: str, _: Mapping[Kind, Any]) -> None:
    sheet.write_boolean(row, column, text == "true")


_WRITERS: Final[Mapping[Kind, Callable[[Any, int, int, str, Mapping[Kind, Any]], None]]] = MappingProxyType(
    {
        Kind.TEXT: _write_text,
        Kind.NUMBER: _write_number,
        Kind.MONEY: _write_money,
        Kind.PERCENT: _write_percent,
        Kind.DATE: _write_day,
        Kind.MOMENT: _write_moment,
        Kind.TIME: _write_time,
        Kind.BOOLEAN: _write_boolean,
        Kind.ERROR: _write_text,
    }
)
