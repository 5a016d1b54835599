"""Numbers as people of this country write them, read exactly or not at all.

A comma or a point is the decimal sign, blanks group thousands. What may mean two numbers is refused (``1.234``), and
so is one whose digits a spreadsheet has lost. Nothing here knows of columns: who asks says which sign may stand there.
"""

import re
from decimal import Decimal
from typing import Final

from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.sheets.kinds import not_of_kind
from esad_gateway.sheets.table import Cell, Kind

_BLANKS: Final = " \u00a0\u202f"
_WITHOUT_BLANKS: Final = dict.fromkeys(map(ord, _BLANKS))
_AROUND: Final = f"{_BLANKS}\t\r\n"
_MINUSES: Final = ("-", "\u2212")
_SIGNS: Final = ("%", "€")
_LONGEST: Final = 60
_PLAIN: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+")
_GROUPED: Final = re.compile(
    rf"[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}})+(?:[.,][0-9]+)?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3}(?:,[0-9]{3}){2,}"
)
_AMBIGUOUS: Final = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_EXPONENT: Final = re.compile(r"[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+")
_IN_PIECES: Final = re.compile(rf"[0-9.,{_BLANKS}]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def read_number(cell: Cell, sign: str = "") -> Decimal | Flaw:
    """The number that ``cell`` holds, with all its digits, or what is wrong with it.

    ``sign`` is the one that may stand behind the number and is dropped: ``%`` or ``€``; a cell that the spreadsheet has
    formatted as such is taken only with it. The point in a number cell is a decimal one, since nobody typed it.
    Refused: dates and truth values, errors, formulas without a result, ``1.234`` and ``1,234`` as a text
    (CELL-AMBIGUOUS), exponents (CELL-EXPONENT). Not checked: how large the number is, and how many digits it has.
    """
    match cell.kind:
        case Kind.TEXT:
            return _of_text(cell.text.strip(_AROUND), sign)
        case Kind.NUMBER:
            return _of_number(cell.text)
        case Kind.PERCENT | Kind.MONEY:
            own = "%" if cell.kind is Kind.PERCENT else "€"
            return _of_number(cell.text) if sign == own else flaw("CELL-SIGN", sign=own)
        case _:
            return not_of_kind(cell, Kind.NUMBER)


def from_program(cell: Cell) -> Cell:
    """A number cell for a text that is a plain number, as programs write it; any other cell as it is.

    For amounts in files that programs write (:attr:`esad_gateway.sheets.table.Sheet.from_programs`): ``1.234`` has one
    meaning there.
    """
    return Cell(Kind.NUMBER, cell.text) if cell.kind is Kind.TEXT and _is_number(cell.text) else cell


def is_ambiguous(text: str) -> bool:
    """Whether a reader who does not know the decimal sign may take ``text`` for two different numbers."""
    return _AMBIGUOUS.fullmatch(text.removeprefix("-")) is not None


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST and _NUMBER.fullmatch(text) is not None


def _of_number(text: str) -> Decimal | Flaw:
    if _is_number(text):
        return Decimal(text)
    return flaw("CELL-EXPONENT" if _EXPONENT.fullmatch(text.removeprefix("-")) else "CELL-NUMBER")


def _of_text(text: str, sign: str) -> Decimal | Flaw:
    if len(text) > _LONGEST:
        return flaw("CELL-NUMBER")
    if text.isascii() and text.isdigit():  # half of all numbers, and nothing can be meant but this
        return Decimal(text)
    other = next((one for one in _SIGNS if one != sign and text.endswith(one)), None)
    if other is not None:
        return flaw("CELL-SIGN", sign=other)
    digits = text.removesuffix(sign).rstrip(_BLANKS)
    minus = digits.startswith(_MINUSES)
    digits = digits[1:] if minus else digits
    if _PLAIN.fullmatch(digits) is None and _GROUPED.fullmatch(digits) is None:
        return _no_number(digits)
    if _AMBIGUOUS.fullmatch(digits):
        return _ambiguous(digits)
    return Decimal("-" * minus + _with_point(digits))


def _with_point(digits: str) -> str:
    """``digits`` without grouping, and with a point as decimal sign: the last of two, or the only one that there is."""
    digits = digits.translate(_WITHOUT_BLANKS)
    decimal = max(".,", key=digits.rfind)
    if digits.count(decimal) > 1:
        return digits.replace(decimal, "")
    return digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")


def _no_number(digits: str) -> Flaw:
    if _EXPONENT.fullmatch(digits):
        return flaw("CELL-EXPONENT")
    grouped = _IN_PIECES.fullmatch(digits) and any(digit.isdigit() for digit in digits)
    return flaw("CELL-GROUPS" if grouped else "CELL-NUMBER")


def _ambiguous(digits: str) -> Flaw:
    return flaw(
        "CELL-AMBIGUOUS",
        thousands=digits.replace(",", "").replace(".", ""),
        decimals=digits.replace(".", ","),
        longer=f"{digits.replace('.', ',')}0",
    )
