"""Files that LibreOffice has written are read as what people see in them; how they were made stands beside them."""

from datetime import date
from pathlib import Path

import pytest

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.templates import template
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Cell, Declared, Kind
from esad_gateway.texts import say

FILES = Path(__file__).parent / "libreoffice"
MADE_ON = date(2026, 11, 29)
"""The day of the template that LibreOffice has saved again."""


def read(name: str) -> tuple[list[tuple[int, tuple[Cell, ...]]], list[str]]:
    """The rows of a file with their numbers, and what was noticed in it."""
    with open_sheet(FILES / name, Declared()) as sheet:
        return [(row.number, row.cells) for row in sheet.rows()], [say(one) for one in sheet.remarks]


def column(rows: list[tuple[int, tuple[Cell, ...]]], place: int) -> dict[int, Cell]:
    """What stands in a column, by the number of the row."""
    return {number: cells[place] for number, cells in rows}


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_template_that_was_saved_again_says_the_same(form: str) -> None:
    """Codes keep their zeros, days are days, and amounts have all their digits."""
    rows, _ = read(f"template.{form}")
    ours = [[cell.text for cell in row] for row in template(BatchKind.SAAD, "lt", MADE_ON).cells()]

    assert [[cell.text.replace(",", ".") for cell in cells] for _, cells in rows] == [
        [text.replace(",", ".") for text in row] for row in ours
    ]


@pytest.mark.parametrize("form", ["ods", "xlsx"])
def test_workbook_is_read_as_people_see_it(form: str) -> None:
    """Kinds of cells, days from 1904, blank rows between, and no word of a comment in the cell that it is about."""
    rows, remarks = read(f"rows.{form}")

    assert [number for number, _ in rows] == [2, 3, 4, 5, 6, 10, 11]
    assert {cell.text for cell in column(rows, 3).values()} == {"EL00000000301"}
    assert column(rows, 1)[4] == Cell(Kind.NUMBER, "7")
    assert column(rows, 4)[2] == Cell(Kind.DATE, "2026-02-26")
    assert column(rows, 4)[4] == Cell(Kind.TEXT, "2026.02.26")
    assert column(rows, 4)[11] == Cell(Kind.MOMENT, "2026-02-26T13:30:00")
    assert column(rows, 11)[4] == Cell(Kind.MONEY, "12.5")
    assert [column(rows, 11)[number].text for number in (3, 6, 10)] == ["2001", "0.1", "999999999999.123"]
    assert column(rows, 12)[3] == Cell(Kind.PERCENT, "5.2")
    assert column(rows, 14)[3] == Cell(Kind.ERROR, "#DIV/0!")
    assert [column(rows, 18)[number].text for number in (6, 10, 11)] == ["merged", "true", "link\nsecond"]
    assert remarks == [
        "Hidden sheets, which were not read: Other.",
        "Hidden rows were read like the others: 4, 5.",
        "Of merged cells the first one has the value, the others are empty: S6:T6.",
        "Cells with formulas have the results that were stored when the file was saved: L3, O3.",
    ]


def test_both_workbooks_say_the_same() -> None:
    """Which format somebody chooses changes nothing."""
    assert read("rows.ods") == read("rows.xlsx")


def test_values_come_as_they_are_shown_in_csv() -> None:
    """With the sign of money and of per cent, and an end of line within quotes; rows keep their numbers."""
    rows, _ = read("rows.csv")

    assert [number for number, _ in rows][-1] == 11
    assert [column(rows, place)[number].text for place, number in ((11, 4), (12, 3), (14, 3))] == [
        "12.50 €",
        "5.20%",
        "#DIV/0!",
    ]
    assert column(rows, 18)[11].text == "link\nsecond"
