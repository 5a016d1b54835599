"""A document with a cell that cannot be read is judged by its other cells as well: every fault is told at once."""

import pytest

from esad_gateway import profiles
from esad_gateway.batch.tables.checking import making_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.mapping import matched
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.sheets.table import Sheet, cell_name
from helpers import saad_list
from helpers.tables import NOW, Cells, columns, example, sheet, sheet_of, told

SAAD = BatchKind.SAAD


def judged(table: Sheet) -> list[Document]:
    """The documents of a table, judged as esad batch check does."""
    making = making_of(SAAD, profiles.profile_of("LT"), saad_list.law(), NOW)
    return list(documents(table, matched(table.heading, SAAD), making))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"cn_code": "220300", "received": "2099-01-01"}, {"cn_code": "VALUE-FORM", "received": "SAAD-11"}),
        ({"shortage": "-1", "strength": "125"}, {"shortage": "VALUE-NEGATIVE", "strength": "SAAD-22"}),
        ({"quantity": "", "state": "GR", "consignor": "Oinos AE"}, {"quantity": "VALUE-MISSING", "state": "SAAD-4"}),
        ({"dispatched": "x", "packages": "0"}, {"dispatched": "CELL-DAY", "packages": "SAAD-25"}),
    ],
    ids=["code and day", "shortage and strength", "nothing and state", "day and packages"],
)
def test_cell_that_cannot_be_read_hides_no_other_fault(cells: Cells, expected: dict[str, str]) -> None:
    """Who mends the one would be told of the other after the next upload only."""
    (document,) = judged(sheet(SAAD, cells))
    place = columns(SAAD)
    assert {(path, rule) for path, rule, _ in told(document)} == {
        (cell_name(2, place[name]), rule) for name, rule in expected.items()
    }


def test_fault_of_another_line_stands_in_its_row() -> None:
    """A line whose quantity cannot be read, and one below it whose strength can be, and is too high."""
    (document,) = judged(sheet(SAAD, {"quantity": "many"}, {"strength": "125"}))
    assert [(fault.line, fault.rule) for fault in document.faults] == [(2, "CELL-NUMBER"), (3, "SAAD-22")]


def test_rows_without_a_column_that_names_their_document_are_not_compared() -> None:
    """Without the number of the document nobody knows whether two rows are one document."""
    first = example(SAAD)
    names = [name for name in first if name != "document"]
    rows = [[first[name] for name in names], [{**first, "received": "2026-03-01"}[name] for name in names]]
    found = judged(sheet_of(names, rows))
    assert [(document.rows, document.faults) for document in found] == [((2,), ()), ((3,), ())]
