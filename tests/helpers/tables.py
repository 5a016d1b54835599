"""Tables as tests write them: rows of texts, or of cells of other kinds, under the headings of a layout."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from esad_gateway import profiles
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.dispatch_rows import dispatch_making, judge_by
from esad_gateway.batch.tables.mapping import NO_MAPPING, Mapped, MappingFile, matched
from esad_gateway.batch.tables.reading import Document, Making, documents
from esad_gateway.batch.tables.saad_rows import saad_making
from esad_gateway.batch.tables.templates import template
from esad_gateway.gateway.validator import Validator
from esad_gateway.identities import header
from esad_gateway.sheets.table import BLANK, Cell, FileFormat, Kind, Sheet, SheetRow
from esad_gateway.sheets.writing import SheetTable, write_sheet
from esad_gateway.texts import languages, say
from esad_gateway.xml.release import current, shipped

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
TODAY = date(2026, 3, 4)

Cells = Mapping[str, str | Cell]


def cell(value: str | Cell) -> Cell:
    """A text as a cell, and a cell as it is."""
    if isinstance(value, Cell):
        return value
    return Cell(Kind.TEXT, value) if value else BLANK


def number(text: str) -> Cell:
    """A number cell."""
    return Cell(Kind.NUMBER, text)


def example(kind: BatchKind) -> dict[str, str | Cell]:
    """The first row of a template, by the names of the columns."""
    table = template(kind, None, TODAY)
    return dict(zip(table.heading, next(iter(table.cells())), strict=True))


def sheet_of(heading: Sequence[str], rows: Sequence[Sequence[str | Cell]]) -> Sheet:
    """A sheet whose heading is its first row."""
    below = [SheetRow(place, tuple(map(cell, row))) for place, row in enumerate(rows, start=2)]
    return Sheet(
        format=FileFormat.XLSX,
        told={},
        heading=SheetRow(1, tuple(map(cell, heading))),
        remarks=(),
        read=lambda: iter(below),
    )


def sheet(kind: BatchKind, *changed: Cells) -> Sheet:
    """A sheet with a row for each of ``changed``: the first row of the template with these cells instead."""
    first = example(kind)
    return sheet_of(tuple(first), [tuple({**first, **one}.values()) for one in changed])


def making(kind: BatchKind) -> Making:
    """What makes documents of rows of a kind; entries of the SAAD list are not judged."""
    if kind is not BatchKind.DISPATCH:
        return saad_making(lambda _: ())
    judges = judge_by(Validator(shipped(), profiles.profile_of("LT")), current(), NOW)
    return dispatch_making(lambda: header("LT", NOW), "lt", judges)


def read(sheet: Sheet, kind: BatchKind, mapping: MappingFile = NO_MAPPING) -> list[Document]:
    """The documents of a sheet, whose heading has to be right."""
    mapped: Mapped = matched(sheet.heading, kind, mapping)
    assert mapped.faults == ()
    return list(documents(sheet, mapped, making(kind)))


def told(document: Document) -> list[tuple[str, str, str | None]]:
    """The faults of a document: cell, rule, value; each can be said in every language."""
    assert all(say(what, one) for fault in document.faults for what in (fault.text, fault.hint) for one in languages())
    return [(fault.path, fault.rule, fault.value) for fault in document.faults]


def columns(kind: BatchKind) -> Mapping[str, int]:
    """The numbers of the columns of a template, from 1, by their names."""
    return {column.name: place for place, column in enumerate(LAYOUTS[kind].columns, start=1)}


def table_in(file: Path, file_format: FileFormat, language: str, kind: BatchKind, rows: Sequence[Cells]) -> Path:
    """A file with rows under the headings of a language; programs' formats have the names of the columns."""
    named = file_format in {FileFormat.JSONL, FileFormat.XML}
    heading = tuple(column.name if named else column.called(language) for column in LAYOUTS[kind].columns)
    cells = [[cell(row[column.name]) for column in LAYOUTS[kind].columns] for row in rows]
    write_sheet(file, file_format, SheetTable(heading=heading, rows=cells))
    return file
