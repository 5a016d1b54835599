"""Dates as spreadsheets store them and as people of this country write them, read exactly or not at all."""

import re
from datetime import date, timedelta
from typing import Final

from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.sheets.kinds import not_of_kind
from esad_gateway.sheets.table import Cell, Kind

_AROUND: Final = " \u00a0\u202f\t\r\n"
_MONTHS: Final = (
    *("sausio", "vasario", "kovo", "balandžio", "gegužės", "birželio"),
    *("liepos", "rugpjūčio", "rugsėjo", "spalio", "lapkričio", "gruodžio"),
)
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})\.?")
_IN_WORDS: Final = re.compile(r"([0-9]{4}) ?m\. ?(\w+) ([0-9]{1,2}) ?d?\.?")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
_MIDNIGHT: Final = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(?::00(?:\.0+)?)?")
_SERIAL: Final = re.compile(r"[1-9][0-9]{4}")

_COUNTED_FROM: Final = date(1899, 12, 30)
"""Day 0 of workbooks that count from 1900: they take that year for a leap year, so it is two days before its first."""

_LATER: Final = timedelta(days=1462)
"""How much later a day is in workbooks that count from 1904."""


def read_day(cell: Cell) -> date | Flaw:
    """The day that ``cell`` holds, or what is wrong with it.

    Taken: a date cell, a moment at midnight (which is how some programs store a day), and as text ``2026-11-28``,
    ``2026.11.28``, ``2026/11/28`` and ``2026 m. lapkričio 28 d.``. Refused: a day that the calendar does not have
    (CELL-NO-DAY), texts with the year last (CELL-DAY-ORDER), a number that is a date without its format (CELL-SERIAL),
    a moment of another time, all other kinds of cells. Not checked: whether the day is a likely one.
    """
    match cell.kind:
        case Kind.DATE | Kind.TEXT | Kind.MOMENT:
            return _of_text(cell.text.strip(_AROUND), cell)
        case Kind.NUMBER if _SERIAL.fullmatch(cell.text):
            return _serial(int(cell.text))
        case _:
            return not_of_kind(cell, Kind.DATE)


def serial_day(number: int) -> date:
    """The day of a number that a workbook which counts from 1900 stores for it (from 61, the first of March 1900)."""
    return _COUNTED_FROM + timedelta(days=number)


def _of_text(text: str, cell: Cell) -> date | Flaw:
    if midnight := _MIDNIGHT.fullmatch(text):
        text = midnight["day"]
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[3], found[4])
    if found := _IN_WORDS.fullmatch(text.lower()):
        known = found[2] in _MONTHS
        return _day(found[1], 1 + _MONTHS.index(found[2]), found[3]) if known else flaw("CELL-DAY")
    if _YEAR_LAST.fullmatch(text):
        return flaw("CELL-DAY-ORDER")
    return flaw("CELL-DAY") if cell.kind is Kind.TEXT else not_of_kind(cell, Kind.DATE)


def _day(year: str, month: str | int, day: str) -> date | Flaw:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return flaw("CELL-NO-DAY")


def _serial(number: int) -> Flaw:
    early = serial_day(number)
    return flaw("CELL-SERIAL", early=early.isoformat(), late=(early + _LATER).isoformat())
