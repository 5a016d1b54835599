"""CSV files: what is read of them, and what each broken one is told."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.errors import Unreadable
from esad_gateway.faults import Fault, Said
from esad_gateway.sheets.flaws import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import BLANK, Cell, Declared, Kind, SheetRow
from esad_gateway.texts import in_every_language

NOTHING = Declared()
Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file with these bytes."""

    def written(content: bytes) -> Path:
        path = tmp_path / "rows.csv"
        path.write_bytes(content)
        return path

    return written


def read(path: Path, declared: Declared = NOTHING) -> tuple[SheetRow, ...]:
    """The heading and the rows of a file."""
    with open_sheet(path, declared) as sheet:
        return (sheet.heading, *sheet.rows())


def texts(row: SheetRow) -> list[str]:
    """What stands in a row."""
    return [cell.text for cell in row.cells]


def refused(path: Path, declared: Declared = NOTHING) -> Fault:
    """The one fault of a file, which is told before any row."""
    with pytest.raises(Unreadable) as caught, open_sheet(path, declared):
        pass
    (fault,) = caught.value.faults
    assert all(in_every_language(fault.text).values())
    assert all(in_every_language(fault.hint).values())
    return fault


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_delimiter_stands_in_the_heading(write: Write, delimiter: str) -> None:
    """Which one was taken is said."""
    path = write(f"a{delimiter}b\n1{delimiter}01103\n".encode())
    with open_sheet(path, NOTHING) as sheet:
        assert sheet.told == {"encoding": "utf-8", "delimiter": delimiter}
        assert [texts(row) for row in sheet.rows()] == [["1", "01103"]]


def test_semicolon_comes_before_the_comma(write: Write) -> None:
    """A heading in which both stand is one of semicolons: commas belong to its words."""
    assert texts(read(write(b"amount, kg;place, street\n1,5;x\n"))[1]) == ["1,5", "x"]


def test_delimiter_in_quotes_is_none(write: Write) -> None:
    """What stands in quotes says nothing about the dialect."""
    assert texts(read(write(b'"a; b",c\n1,2\n'))[0]) == ["a; b", "c"]


def test_declared_delimiter_goes_before_the_heading(write: Write) -> None:
    """Whoever declares it knows better."""
    assert texts(read(write(b"a;b,c\n1;2,3\n"), Declared(delimiter=","))[1]) == ["1;2", "3"]


def test_first_line_may_name_the_delimiter(write: Write) -> None:
    """Excel writes such a line; it is no row, and the rows keep the numbers that an editor shows."""
    heading, row = read(write(b"\xef\xbb\xbfsep=,\r\na;b,c\r\n1;2,3\r\n"))
    assert (texts(heading), texts(row)) == (["a;b", "c"], ["1;2", "3"])
    assert (heading.number, row.number) == (2, 3)


def test_byte_order_mark_is_no_text(write: Write) -> None:
    """Excel writes it before CSV in UTF-8."""
    assert texts(read(write("\ufeffšalis;kodas\nLT;1\n".encode()))[0]) == ["šalis", "kodas"]


def test_windows_1257_is_read_when_it_is_declared(write: Write) -> None:
    """With the quotes of the language, which ISO 8859-13 has elsewhere."""
    text = "įmonė;kodas\nUAB „Ąžuolas“;1\n"
    path = write(text.encode("windows-1257"))
    with open_sheet(path, Declared(encoding="Windows-1257")) as sheet:
        assert sheet.told["encoding"] == "windows-1257"
        assert [texts(row) for row in sheet.rows()] == [["UAB „Ąžuolas“", "1"]]


def test_windows_1257_is_never_guessed(write: Write) -> None:
    """It is told where the first byte is that is no UTF-8, and what to declare."""
    fault = refused(write("a;b\nx;Ąžuolas\n".encode("windows-1257")))
    assert (fault.code, fault.line) == ("SHEET-ENCODING", 2)
    assert "0xc0" in in_every_language(fault.text)["en"]
    assert "windows-1257" in in_every_language(fault.hint)["lt"]


def test_byte_that_windows_1257_does_not_have_is_refused(write: Write) -> None:
    """It is read strictly as well."""
    fault = refused(write(b"a;b\n\n\x81;x\n"), Declared(encoding="windows-1257"))
    assert (fault.code, fault.line) == ("SHEET-ENCODING", 3)


def test_text_that_ends_in_the_midst_of_a_character_is_refused(write: Write) -> None:
    """As a file does of which the end was lost."""
    assert refused(write("a;b\nx;ė".encode()[:-1])).code == "SHEET-ENCODING"


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        (Declared(encoding="iso-8859-13"), b"a;b\n"),
        (Declared(encoding="windows-1257"), b"\xef\xbb\xbfa;b\n"),
        (Declared(delimiter="|"), b"a|b\n"),
        (NOTHING, b"sep=|\na|b\n"),
    ],
)
def test_declaration_that_cannot_be_used_is_refused(write: Write, declared: Declared, content: bytes) -> None:
    """An encoding or delimiter that is not read, or one that contradicts the first bytes."""
    assert refused(write(content), declared).code == "SHEET-DECLARED"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_by_name(write: Write, encoding: str) -> None:
    """Excel calls it Unicode text."""
    assert refused(write("\ufeffa\tb\n".encode(encoding))).code == "SHEET-UTF16"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b";;\n;\n", b"sep=;\n"])
def test_file_in_which_nothing_stands_is_refused(write: Write, content: bytes) -> None:
    """Without bytes, without lines, or without a cell."""
    assert refused(write(content)).code == "SHEET-EMPTY"


def test_heading_alone_has_no_rows(write: Write) -> None:
    """It is a table all the same."""
    assert len(read(write(b"a;b\n"))) == 1


def test_empty_rows_are_left_out_and_counted(write: Write) -> None:
    """Before the heading, between rows and at the end; the others keep their numbers."""
    rows = read(write(b"\n;\na;b\n\n1;2\n;;;\n3;4\n\n\n"))
    assert [(row.number, texts(row)) for row in rows] == [(3, ["a", "b"]), (5, ["1", "2"]), (7, ["3", "4"])]


def test_row_of_several_lines_has_the_number_of_its_first(write: Write) -> None:
    """And the one behind it goes on where an editor does."""
    rows = read(write(b'a;b\n"1\n2";x\n3;y\n'))
    assert [row.number for row in rows] == [1, 2, 4]
    assert texts(rows[1])[0] == "1\n2"


def test_short_rows_are_filled_and_long_ones_told(write: Write) -> None:
    """Every column of the heading has a cell; what stands beyond is there to be refused."""
    rows = read(write(b"a;b;c\n1\n1;2;3;;\n1;2;3;4;\n"))
    assert rows[1].cells == (Cell(Kind.TEXT, "1"), BLANK, BLANK)
    assert [len(row.cells) for row in rows[1:]] == [3, 3, 4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(write: Write, end: str) -> None:
    """Those of Linux, Windows and old Macs; of one kind there is nothing to remark."""
    with open_sheet(write(f"a;b{end}1;2{end}".encode()), NOTHING) as sheet:
        assert [texts(row) for row in sheet.rows()] == [["1", "2"]]
        assert sheet.remarks == ()


def test_mixed_ends_of_lines_are_read_and_remarked_on(write: Write) -> None:
    """As a file has them that two programs have written to."""
    with open_sheet(write(b"a;b\r\n1;2\n3;4\r5;6"), NOTHING) as sheet:
        assert [texts(row) for row in sheet.rows()] == [["1", "2"], ["3", "4"], ["5", "6"]]
        assert sheet.remarks == (Said("sheet.mixed_ends"),)


def test_end_of_line_between_two_reads_is_one(write: Write) -> None:
    """A file is read in pieces; CR and LF may stand in two of them."""
    path = write(b"a;b\r\n" + b"x" * 30_000 + b";" + b"y" * 30_000 + b"\r\n")
    filler = (1 << 20) - 1 - path.stat().st_size
    lines, rest = divmod(filler, 1000)
    content = path.read_bytes() + (b"z" * 998 + b"\r\n") * lines + b"z" * rest + b"\r\nlast;1\r\n"
    assert content[(1 << 20) - 1 : (1 << 20) + 1] == b"\r\n"
    with open_sheet(write(content), NOTHING) as sheet:
        assert sheet.remarks == ()


def test_nul_is_refused_with_its_line(write: Write) -> None:
    """A text file has none."""
    fault = refused(write(b"a;b\n1;2\n3\x00;4\n"))
    assert (fault.code, fault.line) == ("SHEET-NUL", 3)


def test_unclosed_quote_is_told_where_it_opens(write: Write) -> None:
    """Not where the file ends, and before any row is told."""
    fault = refused(write(b'a;b\n1;2\n"3;4\n' + b"5;6\n" * 50_000))
    assert (fault.code, fault.line, fault.path) == ("SHEET-QUOTE", 3, "rows[3]")


def test_unclosed_quote_beside_one_in_a_text_is_told(write: Write) -> None:
    """The quotes of the file are pairs, and still one of them is not closed."""
    assert refused(write(b'5" pipe;x\n1;"2\n')).code == "SHEET-QUOTE"


def test_text_behind_a_closing_quote_is_told(write: Write) -> None:
    """A quote that belongs to the text was written once."""
    fault = refused(write(b'a;b\n"UAB "Midus"";2\n'))
    assert (fault.code, fault.line) == ("SHEET-AFTER-QUOTE", 2)


def test_quote_in_the_midst_of_a_text_is_part_of_it(write: Write) -> None:
    """Only one at the beginning of a cell opens anything."""
    assert texts(read(write(b'a;b\n5" pipe;x\n'))[1]) == ['5" pipe', "x"]


def test_too_long_a_cell_is_named(write: Write) -> None:
    """As many characters as a spreadsheet keeps are taken, and not one more."""
    most = "ė" * MOST_CHARACTERS
    assert texts(read(write(f"a;b\n1;{most}\n".encode()))[1]) == ["1", most]
    fault = refused(write(f"a;b\n1;{most}ė\n".encode()))
    assert (fault.code, fault.path, fault.line, fault.column) == ("SHEET-CELL", "B2", 2, 2)
    assert fault.value is not None
    assert len(fault.value) < 100


def test_cell_that_is_longer_than_the_reader_holds_is_told_as_such(write: Write) -> None:
    """Where all quotes are closed, none of them is to blame."""
    assert refused(write(b"a;b\n1;" + b"x" * 200_000 + b"\n")).code == "SHEET-CELL"


def test_too_many_columns_are_counted(write: Write) -> None:
    """Those in which something stands: spreadsheets write rows of empty cells behind a table."""
    wide = b";".join([b"x"] * 50_000)
    fault = refused(write(wide + b"\n" + wide))
    assert (fault.code, fault.line) == ("SHEET-COLUMNS", 1)
    assert "50000" in in_every_language(fault.text)["lt"]
    assert len(read(write(b"a;b" + b";" * 50_000 + b"\n1;2\n"))) == 2
    assert len(read(write(b";".join([b"x"] * MOST_COLUMNS)))[0].cells) == MOST_COLUMNS


def test_too_many_rows_are_refused(write: Write) -> None:
    """A million is taken; a sheet of a spreadsheet has no more than what is refused here."""
    fault = refused(write(b"a\n" * (MOST_ROWS + 1)))
    assert (fault.code, fault.line) == ("SHEET-ROWS", MOST_ROWS + 1)


def test_mark_of_a_formula_is_taken_away(write: Write) -> None:
    """One apostrophe before what a spreadsheet would calculate; any other one belongs to the text."""
    assert texts(read(write(b"a;b;c;d\n'=1+1;''@x;'quoted';'\n"))[1]) == ["=1+1", "'@x", "'quoted'", "'"]


def test_digits_stay_text(write: Write) -> None:
    """A CSV file has no numbers: leading zeros and exponents are what was written."""
    (row,) = read(write(b"post;doc;mass\n01103;2611E5;123456789012345678901\n"))[1:]
    assert row.cells == tuple(Cell(Kind.TEXT, text) for text in ("01103", "2611E5", "123456789012345678901"))


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4).filter(any), min_size=1, max_size=5)


@given(TABLES, st.sampled_from([";", ",", "\t"]))
def test_what_another_writer_wrote_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], by: str
) -> None:
    """Any texts, as the csv module of Python writes them; marks aside, which only our writer means."""
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=by).writerows([["a", "b", "c", "d"], *rows])
    told = [texts(row) for row in read(path)[1:]]
    filled = [row + [""] * (4 - len(row)) for row in rows]
    assert [[text.lstrip("'") for text in row] for row in told] == [
        [text.lstrip("'") for text in row] for row in filled
    ]
