"""Files of corrections: the rows to mend only, as they came, with one more column that says what is wrong."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from esad_gateway.batch.tables.headings import MEND
from esad_gateway.batch.tables.mapping import Mapped
from esad_gateway.batch.tables.reading import Document, Making, documents
from esad_gateway.batch.tables.spots import belongs
from esad_gateway.faults import Fault, Said
from esad_gateway.sheets.table import Cell, Kind, Sheet, SheetRow
from esad_gateway.sheets.writing import SheetTable
from esad_gateway.texts import say

_DIALECT: Final = ("delimiter", "encoding")
"""What a file was read with, and is written with again."""


def corrections(sheet: Sheet, mapped: Mapped, making: Making) -> SheetTable:
    """The rows to mend of ``sheet``, which is read as the table is written; see :func:`table_of_rows`."""
    return table_of_rows(sheet, mapped, rows_to_mend(documents(sheet, mapped, making), mapped))


def table_of_rows(sheet: Sheet, mapped: Mapped, rows: Iterable[tuple[Cell, ...]]) -> SheetTable:
    """The table of ``rows`` as :func:`mended` makes them, to be written as ``sheet`` is, with headings as it has."""
    texts = {one.position + 1 for one in mapped.columns if one.column.reader.text} | {_column(mapped) + 1}
    table = SheetTable(heading=_heading(mapped), rows=rows, text_columns=frozenset(texts))
    dialect: dict[str, Any] = {what: sheet.told[what] for what in _DIALECT if what in sheet.told}
    return replace(table, **dialect)


def _heading(mapped: Mapped) -> tuple[str, ...]:
    headings = [cell.text for cell in mapped.heading.cells]
    column = _column(mapped)
    return (*headings[:column], say(MEND, mapped.language), *headings[column + 1 :])


def rows_to_mend(found: Iterable[Document], mapped: Mapped) -> Iterator[tuple[Cell, ...]]:
    """All rows of the documents that have faults, as the documents come."""
    for document in found:
        if document.faults:
            for row in document.source:
                yield mended(row, document.faults, mapped)


def mended(row: SheetRow, faults: Sequence[Fault], mapped: Mapped) -> tuple[Cell, ...]:
    """A row of a document with what is wrong with it; where other rows of the document are to be mended, it says so."""
    column = _column(mapped)
    own = [fault for fault in faults if belongs(fault, row)]
    text = "; ".join(told(fault, mapped) for fault in own) or say(Said("ROW-OTHER.hint"), mapped.language)
    return (*row.cells[:column], Cell(Kind.TEXT, text), *row.cells[column + (column < mapped.width) :])


def told(fault: Fault, mapped: Mapped) -> str:
    """A fault in one sentence or two, by the heading of its column, in the language of the table."""
    where = fault.path if fault.column is None else mapped.headed(fault.column - 1) or fault.path
    text, hint = say(fault.text, mapped.language), say(fault.hint, mapped.language)
    return f"{where} ({fault.rule}): {text} {hint}"


def _column(mapped: Mapped) -> int:
    """Where it stands what is wrong: where it stood in a file of corrections that came back, or behind all columns."""
    return mapped.width if mapped.mend is None else mapped.mend
