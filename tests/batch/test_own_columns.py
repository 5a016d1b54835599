"""Columns of one's own that are called as the gateway calls what it adds to an exported list."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.mapping import NO_MAPPING, MappingFile, matched
from esad_gateway.batch.tables.proposing import proposed
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, FileFormat, SheetRow
from esad_gateway.sheets.writing import SheetTable, write_sheet
from esad_gateway.texts import languages, say
from helpers.tables import cell, example, making

SAAD = BatchKind.SAAD
COLUMNS = {column.name: column for column in (*LAYOUTS[SAAD].columns, *LAYOUTS[SAAD].beside)}
BESIDE = {
    "record": "77",
    "version": "fourth",
    "status": "withdrawn",
    "late": "no",
    "due": "soon",
    "entered_at": "here",
}
MARKS = ("record", "version", "status")

every_format = pytest.mark.parametrize("file_format", FileFormat, ids=lambda one: one.value)
every_language = pytest.mark.parametrize("language", languages())


def called(name: str, file_format: FileFormat, language: str) -> str:
    """The heading of a column: its name in formats of programs."""
    return name if file_format in {FileFormat.JSONL, FileFormat.XML} else COLUMNS[name].called(language)


def written(folder: Path, file_format: FileFormat, language: str, names: Sequence[str], **changed: str) -> Path:
    """The example of the SAAD list with more columns."""
    row = {**example(SAAD), **{name: BESIDE[name] for name in names}, **changed}
    file = folder / f"rows.{file_format.value}"
    heading = tuple(called(name, file_format, language) for name in row)
    write_sheet(file, file_format, SheetTable(heading=heading, rows=[[cell(one) for one in row.values()]]))
    return file


def faults_of_heading(file: Path, mapping: MappingFile = NO_MAPPING) -> list[tuple[str, str | None]]:
    """What is wrong with the heading of a file."""
    with open_sheet(file, Declared()) as sheet:
        return [(fault.rule, fault.value) for fault in matched(sheet.heading, SAAD, mapping).faults]


def read(file: Path, mapping: MappingFile = NO_MAPPING) -> Document:
    """The one document of a file."""
    with open_sheet(file, Declared()) as sheet:
        (document,) = documents(sheet, matched(sheet.heading, SAAD, mapping), making(SAAD))
    return document


@every_language
@every_format
def test_own_columns_are_told_as_such(tmp_path: Path, file_format: FileFormat, language: str) -> None:
    """Where the gateway has not written a table, nothing in it is dropped in silence."""
    names = [name for name in BESIDE if name != "version"]
    file = written(tmp_path, file_format, language, names)

    found = faults_of_heading(file)

    assert {value for _, value in found} == {called(name, file_format, language) for name in names}
    assert {rule for rule, _ in found} == {"COLUMN-ADDED"}


@pytest.mark.parametrize("without", MARKS)
def test_each_of_the_three_has_to_be_there(without: str) -> None:
    """Whichever is missing, the others are no columns of the gateway."""
    names = [name for name in BESIDE if name != without]

    found = matched(_heading(*example(SAAD), *names), SAAD).faults

    assert [(fault.rule, fault.value) for fault in found] == [("COLUMN-ADDED", name) for name in names]


@every_language
@every_format
def test_own_columns_that_are_ignored_say_nothing(tmp_path: Path, file_format: FileFormat, language: str) -> None:
    """All of them, also the three that the gateway knows its lists by: no status is read, and no version."""
    file = written(tmp_path, file_format, language, list(BESIDE))
    ignored = MappingFile(ignored=tuple(called(name, file_format, language) for name in BESIDE))

    document = read(file, ignored)

    assert (document.faults, document.withdrawn, document.version) == ((), False, None)
    assert document.entry is not None


@every_language
@every_format
def test_columns_of_an_exported_list_are_the_gateways(tmp_path: Path, file_format: FileFormat, language: str) -> None:
    """The three are enough: status and version are read, of the others nothing."""
    word = "withdrawn" if file_format in {FileFormat.JSONL, FileFormat.XML} else say_withdrawn(language)
    for names in (list(BESIDE), list(MARKS)):
        file = written(tmp_path, file_format, language, names, version="4", status=word)

        document = read(file)

        assert (document.faults, document.withdrawn, document.version) == ((), True, 4)


def say_withdrawn(language: str) -> str:
    """What the status of a withdrawn record is called."""
    return {"en": "withdrawn", "lt": "atšauktas"}[language]


def test_own_column_is_told_what_the_gateways_stand_beside() -> None:
    """In both languages, with the way out; where it may mean a column that is missing, that one."""
    (fault,) = [one for one in matched(_heading("version"), SAAD).faults if one.value == "version"]
    assert say(fault.hint) == (
        "In the list that the gateway writes (esad saad export) such a column stands beside 'Record', 'Version', "
        "'Status': keep all of these, or take it out. One of your own is named in a mapping file (esad batch map), "
        "under columns or ignored."
    )
    assert "'Įrašas', 'Versija', 'Būsena'" in say(fault.hint, "lt")

    (meant,) = [one for one in matched(_heading("Status"), SAAD).faults if one.value == "Status"]
    assert say(meant.hint) == 'Did you mean "Consignee\'s status"?'


@every_language
def test_own_columns_are_asked_about_in_a_proposal(tmp_path: Path, language: str) -> None:
    """Those of an exported list are not; both ways the proposal is one that reads the table."""
    readable = {"version": "4", "status": ""}
    for names, asked, changed in ((["late", "due"], {"late", "due"}, {}), (list(BESIDE), set[str](), readable)):
        file = written(tmp_path, FileFormat.CSV, language, names, **changed)
        with open_sheet(file, Declared()) as sheet:
            guesses = proposed(sheet, SAAD)

        nothing = {guess.heading for guess in guesses if guess.column is None}

        assert nothing == {COLUMNS[name].called(language) for name in asked}
        assert read(file, MappingFile(ignored=tuple(nothing))).faults == ()


def _heading(*texts: str) -> SheetRow:
    return SheetRow(1, tuple(map(cell, texts)))
