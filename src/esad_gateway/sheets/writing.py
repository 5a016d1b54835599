"""Tables, written as files of rows in every format that is read.

Whatever a table holds is written so that it is read again as it was: texts as texts, numbers with all their digits, and
what a spreadsheet would calculate with a mark before it (:mod:`esad_gateway.sheets.marks`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, TypeAlias

from esad_gateway.frozen import frozen
from esad_gateway.sheets.table import BLANK, Cell, FileFormat, Kind

Writable: TypeAlias = Cell | str | Decimal | int | bool | date | datetime | time | None
"""What may stand in a cell. A float may not: its digits are not those that were meant."""


@frozen(kw_only=True)
class SheetTable:
    """A table to be written. ``text_columns`` (from 1) are formatted as text where the format knows that.

    ``others`` are further sheets, for formats that have sheets. ``delimiter`` and ``encoding`` are for
    CSV, where ``utf-8`` is written with a byte order mark, without which Excel takes it for another encoding.
    """

    heading: tuple[str, ...]
    rows: Iterable[Iterable[Writable]]
    name: str = "Sheet1"
    text_columns: frozenset[int] = frozenset()
    others: "tuple[SheetTable, ...]" = ()
    delimiter: str = ";"
    encoding: str = "utf-8"

    def cells(self) -> Iterable[list[Cell]]:
        """The rows as cells, as wide as the heading at least; rows in which nothing stands are left out when read."""
        width = len(self.heading)
        for row in self.rows:
            cells = [_cell(value) for value in row]
            yield cells + [BLANK] * (width - len(cells))


def write_sheet(to: Path | BinaryIO, file_format: FileFormat, table: SheetTable) -> None:
    """Write ``table`` to a path or an open file.

    Numbers of more than 15 digits are texts in XLSX and ODS, since spreadsheets keep no more. Texts that begin with
    ``= + - @`` are marked in CSV, XLSX and ODS; JSON lines and XML have them as they are, since no spreadsheet opens
    these by itself and programs want what was meant. Raises ValueError for names that stand twice in a heading of JSON
    lines or XML, UnicodeEncodeError for texts that the encoding does not have, OSError as :func:`open` does.
    """
    if isinstance(to, Path):
        with to.open("wb") as file:
            write_sheet(file, file_format, table)
    else:
        _writer(file_format)(to, table)


def _writer(file_format: FileFormat) -> Callable[[BinaryIO, SheetTable], None]:
    # Each comes with its library, and few are asked for more than one.
    from esad_gateway.sheets import plain_writers  # noqa: PLC0415

    match file_format:
        case FileFormat.XLSX:
            from esad_gateway.sheets.xlsx_writer import write_xlsx  # noqa: PLC0415

            return write_xlsx
        case FileFormat.ODS:
            from esad_gateway.sheets.ods_writer import write_ods  # noqa: PLC0415

            return write_ods
        case FileFormat.XML:
            return plain_writers.write_xml
        case FileFormat.JSONL:
            return plain_writers.write_jsonl
        case FileFormat.CSV:
            return plain_writers.write_csv


def _cell(value: Writable) -> Cell:
    if isinstance(value, Cell):
        return value
    if value is None or value == "":
        return BLANK
    return _CELLS[type(value)](value)


_CELLS: Final[Mapping[type, Callable[..., Cell]]] = MappingProxyType(
    {
        str: lambda value: Cell(Kind.TEXT, value),
        bool: lambda value: Cell(Kind.BOOLEAN, "true" if value else "false"),
        int: lambda value: Cell(Kind.NUMBER, str(value)),
        Decimal: lambda value: Cell(Kind.NUMBER, f"{value:f}"),
        date: lambda value: Cell(Kind.DATE, value.isoformat()),
        datetime: lambda value: Cell(Kind.MOMENT, value.isoformat(timespec="seconds")),
        time: lambda value: Cell(Kind.TIME, value.isoformat(timespec="seconds")),
    }
)
