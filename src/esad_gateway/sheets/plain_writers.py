"""CSV, JSON lines and XML, written row by row."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from esad_gateway.sheets.marks import marked
from esad_gateway.sheets.numbers import is_ambiguous
from esad_gateway.sheets.table import Cell, Kind
from esad_gateway.sheets.writing import SheetTable
from esad_gateway.sheets.written import names_of, without_controls
from esad_gateway.sheets.xml_file import NAMESPACE

_UTF_8: Final = "utf-8"
_NUL: Final = str.maketrans({"\x00": "\ufffd"})


class _Line:
    """What a writer of CSV writes to: a line is what comes back of it."""

    def write(self, line: str) -> str:
        """The line."""
        return line


def csv_lines(table: SheetTable) -> Iterator[str]:
    """The lines of CSV, each when it is asked for. Decimals have a comma where the comma does not delimit."""
    writer = csv.writer(_Line(), delimiter=table.delimiter, lineterminator="\r\n")
    yield str(writer.writerow([_csv_text(one) for one in table.heading]))
    decimal = "." if table.delimiter == "," else ","
    for cells in table.cells():
        yield str(writer.writerow([_csv_cell(cell, decimal) for cell in cells]))


def write_csv(to: BinaryIO, table: SheetTable) -> None:
    """Write CSV, as :func:`csv_lines` has it."""
    encoding = "utf-8-sig" if table.encoding == _UTF_8 else table.encoding
    text = io.TextIOWrapper(to, encoding=encoding, newline="", write_through=True)
    try:
        text.writelines(csv_lines(table))
    finally:
        text.detach()


def _csv_text(text: str) -> str:
    return marked(text.translate(_NUL))


def _csv_cell(cell: Cell, decimal: str) -> str:
    match cell.kind:
        case Kind.NUMBER | Kind.MONEY:
            # A nought more, and nobody can take the decimal sign for one between thousands.
            return (cell.text + "0" * is_ambiguous(cell.text)).replace(".", decimal)
        case Kind.PERCENT:
            return cell.text.replace(".", decimal) + " %"
        case _:
            return _csv_text(cell.text)


def write_jsonl(to: BinaryIO, table: SheetTable) -> None:
    """Write JSON lines. Numbers are texts, since most readers take numbers of JSON for binary ones."""
    names = names_of(table.heading)
    for cells in table.cells():
        data = {name: _json_value(cell) for name, cell in zip(names, cells, strict=True)}
        to.write(json.dumps(data, ensure_ascii=False).encode() + b"\n")


def _json_value(cell: Cell) -> Any:
    match cell.kind:
        case Kind.EMPTY | Kind.NO_VALUE:
            return None
        case Kind.BOOLEAN:
            return cell.text == "true"
        case _:
            return cell.text


def write_xml(to: BinaryIO, table: SheetTable) -> None:
    """Write XML, a document a row."""
    names = names_of(table.heading)
    openings = [f"<value name={quoteattr(name)}>" for name in names]
    to.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<rows xmlns="{NAMESPACE}">\n'.encode())
    for cells in table.cells():
        values = [f"{opening}{_xml_text(cell)}</value>" for opening, cell in zip(openings, cells, strict=True)]
        to.write(f"<document>{''.join(values)}</document>\n".encode())
    to.write(b"</rows>\n")


def _xml_text(cell: Cell) -> str:
    return escape(without_controls(cell.text), {"\r": "&#13;"})
