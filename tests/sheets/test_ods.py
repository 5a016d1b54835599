"""ODS files of other makers: what spreadsheets do to data, and what is said of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import odfdo
import pytest

from esad_gateway.sheets.table import BLANK, Cell, Declared, Kind
from helpers.sheets import cells, read, read_here, refused, remarks, zipped

MIME = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a spreadsheet is written."""
    return tmp_path / "rows.ods"


def spreadsheet(path: Path, tables: str, styles: str = "") -> Path:
    """A spreadsheet with these tables, as XML."""
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"<office:document-content {SPACES} {CALC}>{styles}{body}</office:document-content>"
    return zipped(path, {"mimetype": MIME, "content.xml": content})


def table(*rows: str, name: str = "A", more: str = "") -> str:
    """A table with these rows below a heading."""
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in (text("a") + text("b"), *rows))
    return f'<table:table table:name="{name}" {more}>{inside}</table:table>'


def text(content: str, more: str = "") -> str:
    """A cell with a text."""
    return f'<table:table-cell office:value-type="string" {more}><text:p>{content}</text:p></table:table-cell>'


def value(kind: str, attributes: str, shown: str = "") -> str:
    """A cell with a value."""
    return f'<table:table-cell office:value-type="{kind}" {attributes}><text:p>{shown}</text:p></table:table-cell>'


def test_cells_of_another_maker_have_their_kinds(path: Path) -> None:
    """As odfdo writes them: numbers with all their digits, texts with tabs and line ends."""
    made = odfdo.Document("spreadsheet")
    made.body.clear()
    sheet = odfdo.Table("rows")
    values: list[str | Decimal | int | date | timedelta] = ["01103", "a  b\tc", Decimal("1234567890123456.789")]
    values += [7, date(2026, 11, 28), timedelta(hours=36), True]
    header: list[str | Decimal | int | date | timedelta] = list("abcdefg")
    sheet.set_values([header, values])
    made.body.append(sheet)
    made.save(str(path))
    (row,) = cells(path)
    assert row == (
        Cell(Kind.TEXT, "01103"),
        Cell(Kind.TEXT, "a  b\tc"),
        Cell(Kind.NUMBER, "1234567890123456.789"),
        Cell(Kind.NUMBER, "7"),
        Cell(Kind.DATE, "2026-11-28"),
        Cell(Kind.TIME, "36:00:00"),
        Cell(Kind.BOOLEAN, "true"),
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (value("float", 'office:value="12.0"'), Cell(Kind.NUMBER, "12")),
        (value("float", 'office:value="1.5E-003"'), Cell(Kind.NUMBER, "0.0015")),
        (value("float", 'office:value="1.23E+020"'), Cell(Kind.NUMBER, "1.23E+20")),
        (value("float", 'office:value="1e999999999"'), Cell(Kind.ERROR, "1e999999999")),
        (value("percentage", 'office:value="0.125"'), Cell(Kind.PERCENT, "12.5")),
        (value("currency", 'office:currency="EUR" office:value="1234.5"'), Cell(Kind.MONEY, "1234.5")),
        (value("currency", 'office:value="5"'), Cell(Kind.MONEY, "5")),
        (value("date", 'office:date-value="2026-11-28T10:30:00.250"'), Cell(Kind.MOMENT, "2026-11-28T10:30:00")),
        (value("date", 'office:date-value="28.11.2026"'), Cell(Kind.ERROR, "28.11.2026")),
        (value("time", 'office:time-value="PT10H30M00S"'), Cell(Kind.TIME, "10:30:00")),
        (value("boolean", 'office:boolean-value="false"'), Cell(Kind.BOOLEAN, "false")),
        (value("float", 'table:formula="of:=1+1" office:value="2"'), Cell(Kind.NUMBER, "2")),
        (value("float", 'table:formula="of:=1+1"'), Cell(Kind.NO_VALUE, "")),
        ('<table:table-cell table:formula="of:=1+1"/>', Cell(Kind.NO_VALUE, "")),
        (value("string", 'calcext:value-type="error"', "#REF!"), Cell(Kind.ERROR, "#REF!")),
        ("<table:table-cell><text:p>bare</text:p></table:table-cell>", Cell(Kind.TEXT, "bare")),
        (text("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d"), Cell(Kind.TEXT, "a   b\tc\nd")),
        (text("a<text:span>b<text:span>c</text:span></text:span>d"), Cell(Kind.TEXT, "abcd")),
        (text("a</text:p><text:p>b"), Cell(Kind.TEXT, "a\nb")),
        (text("a\n  b"), Cell(Kind.TEXT, "a b")),
    ],
)
def test_cell_is_read_as_what_it_is(path: Path, cell: str, expected: Cell) -> None:
    """Percentages as people see them, errors as errors, and blanks as the format counts them."""
    assert read_here(spreadsheet(path, table(cell + text("x"))))[1][0] == expected


def test_repeated_cells_and_rows_are_as_many_as_they_say(path: Path) -> None:
    """And the empty ones behind a table, a million of them, are nothing."""
    row = text("x", 'table:number-columns-repeated="2"') + '<table:table-cell table:number-columns-repeated="16382"/>'
    repeated = f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row>'
    twice = table(row).replace("</table:table>", "") + repeated
    end = '<table:table-row table:number-rows-repeated="1048571"><table:table-cell/></table:table-row></table:table>'
    _, rows = read(spreadsheet(path, twice + end))
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert {len(row.cells) for row in rows} == {2}


def test_cells_repeated_beyond_any_sheet_are_refused(path: Path) -> None:
    """A file of a few hundred bytes may say so."""
    wide = text("x", 'table:number-columns-repeated="9999999"')
    assert refused(spreadsheet(path, table().replace(text("a"), wide))).code == "SHEET-COLUMNS"


def test_blanks_beyond_any_cell_are_refused(path: Path) -> None:
    """One element may stand for millions of them."""
    wide = text('<text:s text:c="9999999"/>x')
    assert refused(spreadsheet(path, table().replace(text("a"), wide))).code == "SHEET-CELL"


def test_what_is_hidden_or_merged_is_read_and_said(path: Path) -> None:
    """Filtered rows are hidden as well; a hidden sheet is one whose style is not shown."""
    rows = table(text("1", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>", text("2"), text("3"))
    rows = rows.replace(
        "<table:table-row>",
        "<table:table-column/><table:table-column table:visibility='collapse'/><table:table-row>",
        1,
    )
    head, second, third, fourth = rows.split("<table:table-row>")[1:]
    begin = rows.partition("<table:table-row>")[0]
    hidden = '<table:table-row table:visibility="filter">'
    made = f"{begin}<table:table-row>{head}<table:table-row>{second}{hidden}{third}<table:table-row>{fourth}"
    properties = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="t2" style:family="table">{properties}</style:style>'
    other = table(name="old", more='table:style-name="t2"')
    spreadsheet(path, made + other, style)
    assert [row[0].text for row in cells(path)] == ["1", "2", "3"]
    assert cells(path)[0][1] == BLANK
    assert remarks(path) == [
        "Hidden sheets, which were not read: old.",
        "Hidden rows were read like the others: 3.",
        "Hidden columns were read like the others: B.",
        "Of merged cells the first one has the value, the others are empty: A2:B2.",
    ]


def test_formulas_and_links_are_said(path: Path) -> None:
    """Their stored values are taken, and nothing is opened."""
    cell = value("float", 'table:formula="of:=[\'file:///a.ods\'#A1]" office:value="2"')
    spreadsheet(
        path,
        table(cell).replace("<table:table-row>", '<table:table-source table:mode="copy-all"/><table:table-row>', 1),
    )
    assert remarks(path) == [
        "Cells with formulas have the results that were stored when the file was saved: A2.",
        "The workbook refers to other files; they were not opened, and the stored values were taken.",
    ]


def test_one_of_several_sheets_is_chosen(path: Path) -> None:
    """By its name; the first one otherwise, and the others are said."""
    spreadsheet(path, table(text("1")) + table(text("2"), name="Kodai"))
    assert cells(path)[0][0].text == "1"
    assert cells(path, Declared(sheet="Kodai"))[0][0].text == "2"
    assert remarks(path) == ["The rows of the sheet A were read; other sheets: Kodai."]
    assert refused(path, Declared(sheet="B")).code == "SHEET-NO-SHEET"


def test_epoch_of_a_spreadsheet_is_said(path: Path) -> None:
    """Its dates are written out, so that nobody has to count."""
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    sheet, rows = read(spreadsheet(path, settings + table(value("date", 'office:date-value="2026-11-28"'))))
    assert (sheet.told["epoch"], rows[1].cells[0].text) == ("1904", "2026-11-28")


def test_spreadsheet_that_is_not_well_formed_is_damaged(path: Path) -> None:
    """With its line."""
    zipped(path, {"mimetype": MIME, "content.xml": "<a>\n<b></a>"})
    fault = refused(path)
    assert fault.code == "SHEET-DAMAGED"
    assert fault.line == 2


def test_moment_of_another_maker_is_one(path: Path) -> None:
    """Day and time."""
    made = odfdo.Document("spreadsheet")
    made.body.clear()
    sheet = odfdo.Table("rows")
    sheet.set_values([["a"], [datetime(2026, 11, 28, 10, 30)]])  # noqa: DTZ001 - spreadsheets know no zone
    made.body.append(sheet)
    made.save(str(path))
    assert cells(path) == [(Cell(Kind.MOMENT, "2026-11-28T10:30:00"),)]
