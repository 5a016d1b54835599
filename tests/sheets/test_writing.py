"""What is written is read again as it was, by us and by libraries of other makers."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import odfdo
import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esad_gateway import sheets
from esad_gateway.sheets.days import read_day
from esad_gateway.sheets.marks import marked, unmarked
from esad_gateway.sheets.numbers import from_program, read_number
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import BLANK, Cell, Declared, FileFormat, Kind
from esad_gateway.sheets.writing import SheetTable, Writable, write_sheet
from helpers.sheets import cells, read, read_here

WHOLE = (FileFormat.XLSX, FileFormat.ODS, FileFormat.XML)
FORMULAS = ["=1+1", "+1+cmd", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(1)", "＝1+1"]  # noqa: RUF001 - a wide one
every_format = pytest.mark.parametrize("file_format", FileFormat)


def table(*rows: Sequence[Writable]) -> SheetTable:
    """A table of three columns."""
    return SheetTable(heading=("a", "b", "c"), rows=rows)


def written(folder: Path, file_format: FileFormat, made: SheetTable) -> Path:
    """A file with a table."""
    path = folder / f"rows.{file_format.value}"
    write_sheet(path, file_format, made)
    return path


@every_format
def test_values_are_read_as_they_were_written(tmp_path: Path, file_format: FileFormat) -> None:
    """Texts with all their characters, numbers with all their digits, days and moments."""
    rows: list[list[Writable]] = [
        ["01103", Decimal("1234567890123456.789"), date(2026, 11, 28)],
        ["  a\nb\tc ", Decimal("1.234"), datetime(2026, 11, 28, 10, 30)],  # noqa: DTZ001 - spreadsheets know no zone
        ["Ąžuolas „x“; \"y\", 'z'", -7, time(10, 30)],
    ]
    sheet, told = read(written(tmp_path, file_format, table(*rows)))
    assert sheet.format is file_format
    assert [cell.text for cell in told[0].cells] == ["a", "b", "c"]
    assert [row.cells[0] for row in told[1:]] == [Cell(Kind.TEXT, str(row[0])) for row in rows]
    meant = from_program if sheet.from_programs else Cell._make
    numbers = [read_number(meant(row.cells[1])) for row in told[1:]]
    assert numbers == [row[1] for row in rows]
    assert [row.cells[2].text for row in told[1:]] == ["2026-11-28", "2026-11-28T10:30:00", "10:30:00"]
    assert read_day(told[1].cells[2]) == date(2026, 11, 28)


@pytest.mark.parametrize("file_format", [FileFormat.XLSX, FileFormat.ODS])
def test_kinds_of_a_spreadsheet_are_kept(tmp_path: Path, file_format: FileFormat) -> None:
    """Rows that came from one go back as they were, with percentages and money."""
    row = [
        Cell(Kind.PERCENT, "12.5"),
        Cell(Kind.MONEY, "1234.5"),
        Cell(Kind.BOOLEAN, "true"),
    ]
    path = written(
        tmp_path, file_format, table(row, [Cell(Kind.NUMBER, "1.23E+20"), BLANK, Cell(Kind.TIME, "36:00:00")])
    )
    assert cells(path) == [tuple(row), (Cell(Kind.TEXT, "1.23E+20"), BLANK, Cell(Kind.TIME, "36:00:00"))]


@pytest.mark.parametrize("text", FORMULAS)
@every_format
def test_formula_is_neutralised_and_read_as_it_was(tmp_path: Path, file_format: FileFormat, text: str) -> None:
    """In rows and in headings."""
    made = SheetTable(heading=(text, "b"), rows=[[text, f"'{text}"]])
    path = written(tmp_path, file_format, made)
    with open_sheet(path, Declared()) as sheet:
        assert sheet.heading.cells[0].text == text
        assert [[cell.text for cell in row.cells] for row in sheet.rows()] == [[text, f"'{text}"]]


@pytest.mark.parametrize("text", FORMULAS)
def test_other_programs_see_no_formula(tmp_path: Path, text: str) -> None:
    """Neither in the file as it is, nor when they save it as something else."""
    made = table([text])
    in_workbook = openpyxl.load_workbook(written(tmp_path, FileFormat.XLSX, made))["Sheet1"]["A2"]
    assert (in_workbook.data_type, str(in_workbook.value)[0]) == ("s", "'")
    spreadsheet = odfdo.Document(str(written(tmp_path, FileFormat.ODS, made))).body.tables[0]
    cell = spreadsheet.get_cell("A2")
    assert (cell.formula, str(cell.value)[0]) == (None, "'")
    with written(tmp_path, FileFormat.CSV, made).open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";"))[1][0][0] == "'"


def test_number_with_a_sign_is_no_formula(tmp_path: Path) -> None:
    """It stays what it is, as text as well."""
    path = written(tmp_path, FileFormat.CSV, table(["-5,5", -7, "+1"]))
    assert "-5,5;-7;+1" in path.read_text(encoding="utf-8-sig")


@given(st.text(st.sampled_from("'=+-@\t\ra1,."), max_size=6))
def test_mark_is_taken_away_exactly(text: str) -> None:
    """Whatever apostrophes and signs a text begins with; and nothing marked begins with a sign, numbers aside."""
    assert unmarked(marked(text)) == text
    assert marked(text)[:1] not in set("=@\t\r")


def test_libraries_of_others_read_the_workbook(tmp_path: Path) -> None:
    """Values, kinds, text columns, and the second sheet."""
    codes = SheetTable(name="Kodai", heading=("code",), rows=[["W200"]])
    made = SheetTable(
        name="Eilutės",
        heading=("post", "mass", "day"),
        rows=[["01103", Decimal("1234.5"), date(2026, 11, 28)]],
        text_columns=frozenset({1}),
        others=(codes,),
    )
    book = openpyxl.load_workbook(written(tmp_path, FileFormat.XLSX, made))
    assert book.sheetnames == ["Eilutės", "Kodai"]
    row = [cell.value for cell in book["Eilutės"][2]]
    assert row == ["01103", 1234.5, datetime(2026, 11, 28)]  # noqa: DTZ001 - as openpyxl has it
    assert book["Eilutės"].column_dimensions["A"].number_format == "@"


def test_libraries_of_others_read_the_spreadsheet(tmp_path: Path) -> None:
    """Values, kinds, and the second sheet."""
    codes = SheetTable(name="Kodai", heading=("code",), rows=[["W200"]])
    row: list[Writable] = [" a  b\tc", Decimal("1234.50"), date(2026, 11, 28), Decimal("1234567890123456.789")]
    made = SheetTable(name="Eilutės", heading=("a", "b", "c", "d"), rows=[row], others=(codes,))
    document = odfdo.Document(str(written(tmp_path, FileFormat.ODS, made)))
    assert [one.name for one in document.body.tables] == ["Eilutės", "Kodai"]
    told = document.body.tables[0].get_row_values(1)
    assert told == [" a  b\tc", Decimal("1234.50"), date(2026, 11, 28), "1234567890123456.789"]


def test_blanks_of_the_spreadsheet_are_elements(tmp_path: Path) -> None:
    """A program that does not read the attribute with the text finds it in the paragraphs all the same."""
    path = written(tmp_path, FileFormat.ODS, table([" a  b\tc\nd "]))
    cell = odfdo.Document(str(path)).body.tables[0].get_cell("A2")
    assert [paragraph.inner_text for paragraph in cell.get_elements("text:p")] == [" a  b\tc", "d "]


def test_csv_is_read_by_spreadsheets_of_the_country(tmp_path: Path) -> None:
    """With a byte order mark, decimal commas, and in another encoding and dialect when that is wanted."""
    path = written(tmp_path, FileFormat.CSV, table(["ė", Decimal("1.5"), None]))
    assert path.read_bytes() == "\ufeffa;b;c\r\nė;1,5;\r\n".encode()
    made = SheetTable(heading=("a", "b"), rows=[["ė", Decimal("1.5")]], delimiter=",", encoding="windows-1257")
    assert written(tmp_path, FileFormat.CSV, made).read_bytes() == "a,b\r\nė,1.5\r\n".encode("windows-1257")


def test_json_lines_are_texts(tmp_path: Path) -> None:
    """Numbers as well, since most readers take numbers of JSON for binary ones."""
    path = written(tmp_path, FileFormat.JSONL, table(["=1", Decimal("1.50"), True], ["x"]))
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert told == [{"a": "=1", "b": "1.50", "c": True}, {"a": "x", "b": None, "c": None}]


@pytest.mark.parametrize("file_format", [FileFormat.JSONL, FileFormat.XML])
@pytest.mark.parametrize("heading", [("a", "a"), ("a", "")])
def test_values_need_names_of_their_own(file_format: FileFormat, heading: tuple[str, ...]) -> None:
    """What could not be read again is not written."""
    with pytest.raises(ValueError, match="names"):
        write_sheet(io.BytesIO(), file_format, SheetTable(heading=heading, rows=[]))


def test_text_beyond_a_cell_is_not_cut_off() -> None:
    """A workbook could not hold it, and nothing is lost in silence."""
    with pytest.raises(ValueError, match="cannot hold"):
        write_sheet(io.BytesIO(), FileFormat.XLSX, table(["x" * 32_768]))


@pytest.mark.parametrize("file_format", WHOLE)
def test_control_characters_are_shown(tmp_path: Path, file_format: FileFormat) -> None:
    """XML cannot have them; what is written can be read."""
    assert cells(written(tmp_path, file_format, table(["a\x01b\ufffec"])))[0][0].text == "a\ufffdb\ufffdc"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=6)
PIECES = ["a", " ", "\t", "\n", "\r", "=", "'", "_x0041_", "&", "<", '"', ";", ","]
LINES = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)
DAYS = st.dates(min_value=date(1900, 3, 1))
ROWS = st.lists(st.tuples(TEXTS | LINES, NUMBERS | st.integers(-(10**18), 10**18), DAYS), min_size=1, max_size=4)


@settings(deadline=None, max_examples=60)
@given(ROWS)
@example([("", Decimal("0.000001"), date(1900, 3, 1)), ("x", Decimal("-0"), date(9999, 12, 31))])
@every_format
def test_any_table_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, file_format: FileFormat, rows: list[tuple[str, Decimal, date]]
) -> None:
    """Texts, numbers and days, in every format."""
    path = written(tmp_path_factory.mktemp("rows"), file_format, table(*rows))
    told = read_here(path)[1:] if file_format in WHOLE else cells(path)
    meant = from_program if file_format in (FileFormat.XML, FileFormat.JSONL) else Cell._make
    assert [row[0].text for row in told] == [row[0] for row in rows]
    assert [read_number(meant(row[1])) for row in told] == [row[1] for row in rows]
    assert [read_day(row[2]) for row in told] == [row[2] for row in rows]


def test_tables_are_written_by_the_writers_that_mark_formulas() -> None:
    """Nothing else that users get is CSV or a workbook; benchmarks write what they read themselves."""
    package = Path(sheets.__file__).parents[1]
    writes = re.compile(r"csv\.(?:Dict)?[wW]riter\(|from xlsxwriter|import xlsxwriter")
    users = (path for path in package.rglob("*.py") if path.parent.name != "benchmarks")
    found = {path.name for path in users if writes.search(path.read_text(encoding="utf-8"))}
    assert found == {"plain_writers.py", "xlsx_writer.py"}
