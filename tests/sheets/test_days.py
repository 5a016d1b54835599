"""Dates in cells: read exactly, or refused with the reason."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from esad_gateway.sheets.days import read_day, serial_day
from esad_gateway.sheets.flaws import Flaw
from esad_gateway.sheets.table import Cell, Kind
from esad_gateway.texts import in_every_language


def read(text: str, kind: Kind = Kind.TEXT) -> date | str:
    """The day, or the code of what is wrong."""
    told = read_day(Cell(kind, text))
    if isinstance(told, Flaw):
        fault = told.fault(value=text)
        assert all(in_every_language(fault.text).values())
        assert all(in_every_language(fault.hint).values())
        return told.code
    return told


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28",
        "2026.11.28",
        "2026.11.28.",
        "2026/11/28",
        " 2026-11-28 ",
        "2026-11-28 00:00:00",
        "2026-11-28T00:00",
        "2026 m. lapkričio 28 d.",
        "2026 m. Lapkričio 28 d",
        "2026m. lapkričio 28d.",
    ],
)
def test_day_is_read_in_the_forms_of_the_country(text: str) -> None:
    """Year first, with any of the usual signs, or with the month in words."""
    assert read(text) == date(2026, 11, 28)


def test_cells_of_dates_are_days() -> None:
    """And moments at midnight, which is how some programs store a day."""
    assert read("2026-11-28", Kind.DATE) == date(2026, 11, 28)
    assert read("2026-11-28T00:00:00", Kind.MOMENT) == date(2026, 11, 28)
    assert read("2026-11-28T10:30:00", Kind.MOMENT) == "CELL-OTHER"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-28-11", "CELL-NO-DAY"),
        ("2026-02-29", "CELL-NO-DAY"),
        ("0000-01-01", "CELL-NO-DAY"),
        ("2026 m. vasario 30 d.", "CELL-NO-DAY"),
        ("28.11.2026", "CELL-DAY-ORDER"),
        ("01/02/2026", "CELL-DAY-ORDER"),
        ("20261128", "CELL-DAY"),
        ("26-11-28", "CELL-DAY"),
        ("2026-11.28", "CELL-DAY"),
        ("2026 m. november 28 d.", "CELL-DAY"),
        ("today", "CELL-DAY"),
        ("", "CELL-DAY"),
    ],
)
def test_what_is_no_day_is_refused(text: str, code: str) -> None:
    """Nothing is swapped or guessed."""
    assert read(text) == code


def test_every_month_is_known_by_its_name() -> None:
    """In the genitive, as dates have it."""
    months = "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio"
    told = [read(f"2026 m. {month} 5 d.") for month in months.split()]
    assert told == [date(2026, number, 5) for number in range(1, 13)]


def test_serial_number_is_told_as_the_two_days_that_it_may_be() -> None:
    """A date whose format was lost; which of the two is meant, the number does not say."""
    told = read_day(Cell(Kind.NUMBER, "46354"))
    assert isinstance(told, Flaw)
    assert told.code == "CELL-SERIAL"
    assert "2026-11-28 or 2030-11-29" in in_every_language(told.fault().text)["en"]


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.TIME, Kind.PERCENT, Kind.MONEY, Kind.BOOLEAN, Kind.EMPTY])
def test_other_kinds_of_cells_are_no_days(kind: Kind) -> None:
    """A number that is no serial one, least of all."""
    assert read("12.5", kind) == "CELL-OTHER"


@given(st.integers(61, 60_000))
def test_serial_numbers_are_those_of_workbooks(number: int) -> None:
    """As another maker's library counts them, from either year."""
    early, late = from_excel(number), from_excel(number, CALENDAR_MAC_1904)
    assert isinstance(early, datetime)
    assert isinstance(late, datetime)
    assert serial_day(number) == early.date()
    assert serial_day(number + 1462) == late.date()
