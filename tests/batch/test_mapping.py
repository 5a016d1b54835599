"""Columns are known by their headings in any language, or by a mapping file."""

from pathlib import Path

import pytest

from esad_gateway.ais.saad.record import Source
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.headings import MEND
from esad_gateway.batch.tables.mapping import MappingFile, matched, read_mapping, recognised
from esad_gateway.errors import UnreadableInput
from esad_gateway.sheets.table import SheetRow
from esad_gateway.texts import languages, say
from helpers.tables import cell, example, number, read, sheet_of

SAAD = BatchKind.SAAD
every_kind = pytest.mark.parametrize("kind", BatchKind, ids=lambda kind: kind.value)


def _heading(*texts: str) -> SheetRow:
    return SheetRow(1, tuple(map(cell, texts)))


def _called(kind: BatchKind, language: str | None) -> list[str]:
    return [column.called(language) if language else column.name for column in LAYOUTS[kind].columns]


@pytest.mark.parametrize("language", [*languages(), None])
@every_kind
def test_heading_shows_the_kind(kind: BatchKind, language: str | None) -> None:
    """Of every template, in any order."""
    heading = _heading(*reversed(_called(kind, language)))

    assert recognised(heading) is kind
    mapped = matched(heading, kind)
    assert mapped.faults == ()
    assert mapped.language == (language or "en")


def test_heading_of_nothing_shows_no_kind() -> None:
    """Neither does one of columns that two kinds have."""
    assert recognised(_heading("a", "b")) is None
    assert recognised(_heading()) is None


@pytest.mark.parametrize("written", ["kn KODAS", " KN\u00a0kodas ", "KN kodas*", "cn_code", "CN  Code:", "Kn-Kodas"])
def test_case_and_blanks_do_not_count(written: str) -> None:
    """A heading is read by its letters."""
    mapped = matched(_heading(written), SAAD)

    assert [one.column.name for one in mapped.columns] == ["cn_code"]


def test_unknown_heading_is_refused_with_what_was_meant() -> None:
    """What stands below it would be lost, so nothing is dropped; the column for what to mend is left alone."""
    known = [name for name in _called(SAAD, "en") if name != "Shortage"]
    heading = _heading(*known, "Shortgae", "Remarks of Jonas", say(MEND, "lt"))

    found = matched(heading, SAAD).faults

    assert [(fault.rule, fault.value) for fault in found] == [
        ("COLUMN-MEANT", "Shortgae"),
        ("COLUMN-UNKNOWN", "Remarks of Jonas"),
    ]
    assert say(found[0].hint) == "Did you mean 'Shortage'?"


@pytest.mark.parametrize(
    ("kind", "heading", "meant"),
    [
        (BatchKind.SAAD, "Dok. Nr.", "Document number"),
        (BatchKind.SAAD, "doc no", "Document number"),
        (BatchKind.SAAD, "Siuntejo", "Consignor"),
        (BatchKind.SAAD, "Pak. sk.", "Number of packages"),
        (
            BatchKind.DISPATCH,
            "seal",
            "Commercial seal of the transport unit', 'Commercial seal of the packages",
        ),
    ],
)
def test_unknown_heading_is_told_what_it_means_by_its_words(kind: BatchKind, heading: str, meant: str) -> None:
    """Parts of a name, abbreviations, other forms and missing diacritics; where it may be several, all of them."""
    (fault,) = [one for one in matched(_heading(heading), kind).faults if one.value == heading]

    assert say(fault.hint) == f"Did you mean '{meant}'?"


@pytest.mark.parametrize("heading", ["name", "Remarks of Jonas", "x"])
def test_heading_that_may_mean_much_is_told_nothing(heading: str) -> None:
    """Neither is one with a word that no column has."""
    (fault,) = [one for one in matched(_heading(heading), BatchKind.DISPATCH).faults if one.value == heading]

    assert fault.rule == "COLUMN-UNKNOWN"


def test_many_unknown_headings_are_counted() -> None:
    """Twenty are told one by one."""
    found = matched(_heading(*_called(SAAD, "en"), *(f"x{place}" for place in range(30))), SAAD).faults

    assert [fault.rule for fault in found] == ["COLUMN-UNKNOWN"] * 20 + ["COLUMN-MORE"]
    assert say(found[-1].hint) == "Not known from here on: 10 columns."


def test_column_that_stands_twice_is_refused() -> None:
    """In two languages as well."""
    found = matched(_heading(*_called(SAAD, "en"), "Kiekis"), SAAD).faults

    assert [(fault.rule, fault.value) for fault in found] == [("COLUMN-TWICE", "Kiekis")]


def test_missing_column_is_told_by_heading_and_name() -> None:
    """Once for the table, not in every row."""
    found = matched(_heading(*(name for name in _called(SAAD, "lt") if name != "Kiekis")), SAAD).faults

    assert [(fault.rule, fault.path, fault.line) for fault in found] == [("COLUMN-MISSING", "quantity", 1)]
    assert "'Kiekis'" in say(found[0].hint, "lt")


MAPPING = """
kind = "saad"
ignored = ["Eil. Nr."]
numbers = ["document"]
[columns]
"Dok." = "document"
"Statusas?" = "capacity"
[constants]
source = "fallback"
state = "EL"
[values.capacity]
"PG" = "certified_consignee"
"""


def test_mapping_file_reads_another_table() -> None:
    """Headings, constants, values and numbers are as it says; what it ignores is not read."""
    mapping = read_mapping(MAPPING.encode())
    first = {name: value for name, value in example(SAAD).items() if name not in {"source", "state"}}
    own = {"document": "Dok.", "capacity": "Statusas?"}
    told = {**first, "document": number("77"), "capacity": "pg"}
    table = sheet_of([*(own.get(name, name) for name in told), "Eil. Nr."], [[*told.values(), number("1")]])

    assert recognised(table.heading, mapping) is SAAD
    (document,) = read(table, SAAD, mapping)

    entry = document.entry
    assert (entry.document, entry.source, entry.state) == ("77", Source.FALLBACK, "EL")
    assert entry.capacity == "certified_consignee"


def test_constant_fills_empty_cells() -> None:
    """A cell that says something goes before it."""
    mapping = MappingFile(constants={"state": "NL"})
    first = example(SAAD)
    rows = [list({**first, "document": text, "state": state}.values()) for text, state in (("a", ""), ("b", "EL"))]

    found = read(sheet_of(list(first), rows), SAAD, mapping)

    assert [document.entry.state for document in found] == ["NL", "EL"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind = ", "not TOML"),
        ("\udcff", "not TOML"),
        ('kind = "wine"', "expected one of saad, mvv, dispatch"),
        ("colums = 1", "'colums' is nothing that a mapping says"),
        ("columns = 1", "columns has to be a table of texts"),
        ('values.state = "x"', "values.state has to be a table of texts"),
        ("values = 1", "values has to be a table of tables"),
        ("ignored = 1", "ignored has to be a list of texts"),
    ],
)
def test_mapping_file_that_is_none_is_refused(text: str, why: str) -> None:
    """With what was expected."""
    with pytest.raises(UnreadableInput, match=why):
        read_mapping(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        (MappingFile(columns={"x": "documnt"}), "did you mean document"),
        (MappingFile(numbers=("zzzzzz",)), "there are source, document"),
        (MappingFile(constants={"cn_code": "1"}), "constant cn_code = '1': Expected a CN code of 8 digits"),
    ],
)
def test_mapping_file_of_other_columns_is_refused(mapping: MappingFile, why: str) -> None:
    """Every name in it has to be that of a column, and constants what the column takes."""
    with pytest.raises(UnreadableInput, match=why):
        matched(_heading("x"), SAAD, mapping)


def test_shown_mapping_is_found(tmp_path: Path) -> None:
    """A byte order mark at its beginning is no fault."""
    file = tmp_path / "mapping.toml"
    file.write_text(MAPPING, encoding="utf-8-sig")

    assert read_mapping(file.read_bytes()).kind is SAAD
