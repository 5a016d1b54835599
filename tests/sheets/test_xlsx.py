"""XLSX files of other makers: what spreadsheets do to data, and what is said of it."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from esad_gateway.sheets.table import BLANK, Cell, Declared, Kind
from esad_gateway.sheets.xlsx import MARKS
from helpers.sheets import cells, read, read_here, refused, remarks, with_parts

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a workbook is written."""
    return tmp_path / "rows.xlsx"


def book(path: Path, *rows: list[str] | list[float]) -> openpyxl.Workbook:
    """A workbook with these rows below a heading, saved once and open to be changed."""
    made = openpyxl.Workbook()
    for row in (["a", "b", "c"], *rows):
        front(made).append(row)
    made.save(path)
    return made


def front(made: openpyxl.Workbook) -> Worksheet:
    """The sheet of a workbook that is in front."""
    assert isinstance(made.active, Worksheet)
    return made.active


def test_cells_have_their_kinds(path: Path) -> None:
    """As the program that wrote them meant them; numbers without a point that nobody wrote."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        formats = ("0.00%", "#,##0.00 [$€-427]", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm", '0.0" 50%"')
        percent, money, day, moment, clock, hours, words = (made.add_format({"num_format": one}) for one in formats)
        sheet.write_row(0, 0, list("abcdefghijkl"))
        sheet.write_string(1, 0, "01103")
        sheet.write_number(1, 1, 22042138)
        sheet.write_number(1, 2, 0.00001)
        sheet.write_number(1, 3, 1.23e20)
        sheet.write_number(1, 4, 0.125, percent)
        sheet.write_number(1, 5, 1234.5, money)
        sheet.write_datetime(1, 6, date(2026, 11, 28), day)
        sheet.write_datetime(1, 7, datetime(2026, 11, 28, 10, 30, tzinfo=UTC).replace(tzinfo=None), moment)
        sheet.write_datetime(1, 8, time(10, 30), clock)
        sheet.write_datetime(1, 9, timedelta(hours=36), hours)
        sheet.write_boolean(1, 10, True)  # noqa: FBT003 - its way
        sheet.write_number(1, 11, 0.5, words)
    (row,) = cells(path)
    assert row == (
        Cell(Kind.TEXT, "01103"),
        Cell(Kind.NUMBER, "22042138"),
        Cell(Kind.NUMBER, "0.00001"),
        Cell(Kind.NUMBER, "1.23E+20"),
        Cell(Kind.PERCENT, "12.5"),
        Cell(Kind.MONEY, "1234.5"),
        Cell(Kind.DATE, "2026-11-28"),
        Cell(Kind.MOMENT, "2026-11-28T10:30:00"),
        Cell(Kind.TIME, "10:30:00"),
        Cell(Kind.TIME, "36:00:00"),
        Cell(Kind.BOOLEAN, "true"),
        Cell(Kind.NUMBER, "0.5"),
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("0%", Kind.PERCENT),
        ('0.0"%"', Kind.NUMBER),
        ("0.00 %;[Red]-0.00 %", Kind.PERCENT),
        ('#,##0.00\\ "€"', Kind.MONEY),
        ("[$$-409]#,##0.00", Kind.MONEY),
        ("[$-427]#,##0.00", Kind.NUMBER),
        ("#,##0.00", Kind.NUMBER),
    ],
)
def test_format_of_a_number_says_what_it_is(path: Path, code: str, kind: Kind) -> None:
    """A percent sign in quotes is a word, and a country is no currency."""
    made = book(path, [0.5])
    front(made)["A2"].number_format = code
    made.save(path)
    assert read_here(path)[1][0] == Cell(kind, "50" if kind is Kind.PERCENT else "0.5")


@pytest.mark.parametrize("epoch", [1900, 1904])
def test_day_is_the_same_by_either_epoch(path: Path, epoch: int) -> None:
    """Which one the workbook counts from is said."""
    with xlsxwriter.Workbook(path, {"date_1904": epoch == 1904}) as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "day")
        sheet.write_datetime(1, 0, date(2026, 11, 28), made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet_read, rows = read(path)
    assert rows[1].cells == (Cell(Kind.DATE, "2026-11-28"),)
    assert sheet_read.told["epoch"] == str(epoch)


def test_formula_gives_its_stored_value_or_none(path: Path) -> None:
    """Nothing is calculated; which cells had formulas is said."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c", "d"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, "=1+1", None, "")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 3, '="x"', None, "x")
    (row,) = cells(path)
    assert row == (
        Cell(Kind.NUMBER, "2"),
        Cell(Kind.NO_VALUE, ""),
        Cell(Kind.ERROR, "#DIV/0!"),
        Cell(Kind.TEXT, "x"),
    )
    assert remarks(path) == [
        "Cells with formulas have the results that were stored when the file was saved: A2, C2, D2."
    ]


def test_formula_of_a_program_that_calculates_nothing_has_no_value(path: Path) -> None:
    """Openpyxl writes such."""
    made = book(path)
    front(made)["A2"] = "=SUM(B1:B9)"
    made.save(path)
    assert cells(path)[0][0] == Cell(Kind.NO_VALUE, "")


def test_what_is_hidden_is_read_and_said(path: Path) -> None:
    """Rows and columns like the others; sheets not."""
    made = book(path, ["1", "2", "3"], ["4", "5", "6"])
    front(made).row_dimensions[2].hidden = True
    front(made).row_dimensions[900].hidden = True  # nothing stands there
    front(made).column_dimensions["B"].hidden = True
    made.create_sheet("old").sheet_state = "hidden"
    made.save(path)
    assert [[cell.text for cell in row] for row in cells(path)] == [["1", "2", "3"], ["4", "5", "6"]]
    assert remarks(path) == [
        "Hidden sheets, which were not read: old.",
        "Hidden rows were read like the others: 2.",
        "Hidden columns were read like the others: B.",
    ]


def test_merged_cells_have_their_value_once(path: Path) -> None:
    """The first of them; that they are merged is said."""
    made = book(path, ["1", "2", "3"], ["x", "x", "y"])
    front(made).merge_cells("A2:A3")
    made.save(path)
    assert cells(path)[1] == (BLANK, Cell(Kind.TEXT, "x"), Cell(Kind.TEXT, "y"))
    assert remarks(path) == ["Of merged cells the first one has the value, the others are empty: A2:A3."]


def test_many_remarks_are_counted(path: Path) -> None:
    """Twenty are told by name."""
    made = book(path, *([str(number), "x", "y"] for number in range(30)))
    for number in range(2, 32):
        front(made).row_dimensions[number].hidden = True
    made.save(path)
    (told,) = remarks(path)
    assert "2, 3, 4" in told
    assert "21 and more (in all: 30)" in told


def test_first_sheet_that_people_see_is_read(path: Path) -> None:
    """Others are named, and one of them can be chosen."""
    made = book(path, ["1", "2", "3"])
    front(made).sheet_state = "hidden"
    for name in ("Eilutės", "Kodai"):
        made.create_sheet(name).append([name])
    made.active = 1
    made.save(path)
    sheet, rows = read(path)
    assert (sheet.told["sheet"], rows[0].cells[0].text) == ("Eilutės", "Eilutės")
    assert remarks(path)[0] == "The rows of the sheet Eilutės were read; other sheets: Kodai."
    assert read(path, Declared(sheet="Kodai"))[1][0].cells[0].text == "Kodai"
    assert "The sheet Sheet, which was read, is hidden." in remarks(path, Declared(sheet="Sheet"))


def test_sheet_that_is_not_there_is_told_with_those_that_are(path: Path) -> None:
    """The name has to be exact."""
    book(path)
    fault = refused(path, Declared(sheet="sheet"))
    assert (fault.code, fault.value) == ("SHEET-NO-SHEET", "sheet")
    assert ("known", "Sheet") in fault.hint.values


def test_rows_keep_their_numbers(path: Path) -> None:
    """Blank ones before the table, between rows and behind them are left out and counted."""
    made = openpyxl.Workbook()
    front(made)["B3"], front(made)["B5"], front(made)["B7"] = "a", "1", "2"
    front(made)["B900"] = ""
    made.save(path)
    _, rows = read(path)
    assert [(row.number, row.cells[1].text) for row in rows] == [(3, "a"), (5, "1"), (7, "2")]


def test_cells_without_references_are_counted(path: Path) -> None:
    """Some programs leave the names of cells and rows out."""
    book(path)
    sheet = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>
    <row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>"""
    with_parts(path, {SHEET: sheet})
    assert cells(path) == [(Cell(Kind.NUMBER, "1"), Cell(Kind.ERROR, "#N/A"))]


def test_workbook_with_prefixes_is_read(path: Path) -> None:
    """Some programs write every element with one; formulas are found all the same."""
    book(path)
    sheet = """<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>
    <x:row r="1"><x:c r="A1" t="str"><x:v>a</x:v></x:c></x:row>
    <x:row r="2"><x:c r="A2"><x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>"""
    with_parts(path, {SHEET: sheet})
    assert cells(path) == [(Cell(Kind.NO_VALUE, ""),)]


def test_macros_and_links_are_said_and_not_followed(path: Path) -> None:
    """A workbook with macros is read as the workbook that it is."""
    book(path, ["1", "2", "3"])
    with_parts(path, {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": "<a/>"})
    path = path.rename(path.with_suffix(".xlsm"))
    assert remarks(path) == [
        "The workbook has macros; they were not run.",
        "The workbook refers to other files; they were not opened, and the stored values were taken.",
    ]


def test_text_is_what_was_written(path: Path) -> None:
    """Line ends, tabs, blanks, and what looks like an escape."""
    text = "  a\nb\tc  _x0041_ "
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet().write_column(0, 0, ["a", text])
    assert cells(path) == [(Cell(Kind.TEXT, text),)]


def test_part_that_is_missing_is_damage(path: Path) -> None:
    """The workbook names a sheet that the archive does not have."""
    book(path)
    with_parts(path, {"xl/_rels/workbook.xml.rels": "<Relationships/>"})
    assert refused(path).code == "SHEET-DAMAGED"


def test_cell_that_is_too_long_is_named(path: Path) -> None:
    """Other programs may write what a spreadsheet could not hold."""
    book(path)
    long = f'<c r="B2" t="str"><v>{"x" * 32_768}</v></c>'
    sheet = f"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2">{long}</row></sheetData></worksheet>"""
    with_parts(path, {SHEET: sheet})
    with pytest.raises(Exception, match="longer than it may be"):
        read(path)


def test_marks_fit_between_two_reads() -> None:
    """What is looked for in pieces of a part is no longer than what two of them share."""
    assert max(map(len, MARKS)) <= 16
