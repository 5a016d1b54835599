"""Numbers in cells: read exactly, or refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.sheets.flaws import Flaw
from esad_gateway.sheets.numbers import from_program, is_ambiguous, read_number
from esad_gateway.sheets.table import BLANK, Cell, Kind
from esad_gateway.texts import in_every_language


def read(text: str, kind: Kind = Kind.TEXT, sign: str = "") -> Decimal | str:
    """The number, or the code of what is wrong."""
    told = read_number(Cell(kind, text), sign)
    if isinstance(told, Flaw):
        fault = told.fault(value=text)
        assert all(in_every_language(fault.text).values())
        assert all(in_every_language(fault.hint).values())
        return told.code
    return told


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("1234,50", "1234.50"),
        ("1234.50", "1234.50"),
        (",5", "0.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1,2340", "1.2340"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1\u202f234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("-5", "-5"),
        ("\u22125,5", "-5.5"),
        (" 12 ", "12"),
        ("0001234567890123456789.0123456789012345", "1234567890123456789.0123456789012345"),
    ],
)
def test_number_is_read_with_all_its_digits(text: str, number: str) -> None:
    """A comma or a point before decimals; blanks, or the other one of the two, between thousands."""
    told = read(text)
    assert (told, str(told)) == (Decimal(number), number)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.345", "-999,000"])
def test_number_that_may_be_two_is_refused(text: str) -> None:
    """And both are told, with a way to write each."""
    assert read(text) == "CELL-AMBIGUOUS"
    assert is_ambiguous(text)


def test_both_meanings_of_an_ambiguous_number_are_told() -> None:
    """In the sentence, and in the hint how to write each of them."""
    told = read_number(Cell(Kind.TEXT, "1.234"))
    assert isinstance(told, Flaw)
    fault = told.fault()
    assert "1234 as well as 1,234" in in_every_language(fault.text)["en"]
    assert read("1,2340") == Decimal("1.234")
    assert "1,2340" in in_every_language(fault.hint)["lt"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CELL-NUMBER"),
        ("abc", "CELL-NUMBER"),
        ("12 l", "CELL-NUMBER"),
        ("--5", "CELL-NUMBER"),
        ("NaN", "CELL-NUMBER"),
        ("Infinity", "CELL-NUMBER"),
        ("١٢", "CELL-NUMBER"),
        ("1_000", "CELL-NUMBER"),
        ("9" * 61, "CELL-NUMBER"),
        ("1 23 4", "CELL-GROUPS"),
        ("1.23.4", "CELL-GROUPS"),
        ("12345,678.9", "CELL-GROUPS"),
        ("1,5,", "CELL-GROUPS"),
        ("2611E5", "CELL-EXPONENT"),
        ("1,23E+20", "CELL-EXPONENT"),
        ("12 %", "CELL-SIGN"),
        ("12€", "CELL-SIGN"),
    ],
)
def test_what_is_no_number_is_refused(text: str, code: str) -> None:
    """With the true cause."""
    assert read(text) == code


def test_sign_is_taken_where_the_column_says_so() -> None:
    """That one, and no other."""
    assert read("12,5 %", sign="%") == Decimal("12.5")
    assert read("12,5\u00a0€", sign="€") == Decimal("12.5")
    assert read("12,5", sign="%") == Decimal("12.5")
    assert read("12,5 €", sign="%") == "CELL-SIGN"


def test_cell_with_a_format_is_taken_where_the_column_says_so() -> None:
    """12.5 % is stored as 0.125: whoever wants a plain number must not get either."""
    assert read("12.5", Kind.PERCENT, "%") == Decimal("12.5")
    assert read("12.5", Kind.MONEY, "€") == Decimal("12.5")
    assert read("12.5", Kind.PERCENT) == "CELL-SIGN"
    assert read("12.5", Kind.MONEY, "%") == "CELL-SIGN"


def test_point_in_a_number_cell_is_a_decimal_one() -> None:
    """Nobody typed it, so it cannot mean thousands."""
    assert read("1.234", Kind.NUMBER) == Decimal("1.234")
    assert read("1E+22", Kind.NUMBER) == "CELL-EXPONENT"
    assert read("1,5", Kind.NUMBER) == "CELL-NUMBER"


def test_point_in_a_text_of_a_program_is_a_decimal_one() -> None:
    """As XML and JSON have it; a comma there is as ambiguous as anywhere."""
    assert from_program(Cell(Kind.TEXT, "1.234")) == Cell(Kind.NUMBER, "1.234")
    for cell in (Cell(Kind.TEXT, "1,234"), Cell(Kind.TEXT, "1 000"), Cell(Kind.DATE, "2026-11-28"), BLANK):
        assert from_program(cell) is cell


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (Cell(Kind.DATE, "1903-07-01"), "CELL-OTHER"),
        (Cell(Kind.MOMENT, "1903-07-01T12:00:00"), "CELL-OTHER"),
        (Cell(Kind.TIME, "10:00:00"), "CELL-OTHER"),
        (Cell(Kind.BOOLEAN, "true"), "CELL-OTHER"),
        (Cell(Kind.ERROR, "#REF!"), "CELL-ERROR"),
        (Cell(Kind.NO_VALUE, ""), "CELL-NO-VALUE"),
        (BLANK, "CELL-OTHER"),
    ],
)
def test_other_kinds_of_cells_are_no_numbers(cell: Cell, code: str) -> None:
    """A date where an amount belongs is what a conversion on a server makes of money."""
    assert read(cell.text, cell.kind) == code


MOST = 60
"""Characters of a text that may be a number."""


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.sampled_from([",", "."]))
def test_number_is_the_one_that_was_written_or_ambiguous(number: Decimal, sign: str) -> None:
    """No text is read as another number, with either decimal sign."""
    text = f"{number:f}".replace(".", sign)
    readable = "CELL-AMBIGUOUS" if is_ambiguous(text) else number
    assert read(text) == (readable if len(text) <= MOST else "CELL-NUMBER")
