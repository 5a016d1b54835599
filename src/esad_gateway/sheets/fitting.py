"""Rows as every reader tells them: within the limits, without empty ones, and as wide as their heading."""

from collections.abc import Iterator

from esad_gateway.sheets.flaws import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, flaw, refuse, row_place
from esad_gateway.sheets.held import LETTERS, HeldRow
from esad_gateway.sheets.table import Kind, cell_place

_BLANK = LETTERS[Kind.EMPTY]


def fitted(rows: Iterator[HeldRow]) -> Iterator[HeldRow]:
    """``rows`` without those in which nothing stands; the first is the heading, and says how wide the others are.

    Raises Unreadable: SHEET-EMPTY where there is none, SHEET-ROWS, SHEET-COLUMNS, SHEET-CELL.
    """
    width = count = 0
    for number, kinds, texts, nested in rows:
        filled = kinds.rstrip(_BLANK)
        if filled:
            count += 1
            _check(count, number, filled, texts)
            width = width or len(filled)
            missing = width - len(filled)
            yield HeldRow(number, filled + _BLANK * missing, texts[: len(filled)] + [""] * missing, nested)
    if count == 0:
        refuse(flaw("SHEET-EMPTY"))


def _check(count: int, number: int, kinds: str, texts: list[str]) -> None:
    if count > MOST_ROWS:
        refuse(flaw("SHEET-ROWS", most=MOST_ROWS), row_place(number), line=number)
    if len(kinds) > MOST_COLUMNS:
        refuse(flaw("SHEET-COLUMNS", count=len(kinds), most=MOST_COLUMNS), row_place(number), line=number)
    if len(max(texts, key=len)) > MOST_CHARACTERS:
        column = next(at for at, text in enumerate(texts, start=1) if len(text) > MOST_CHARACTERS)
        place = cell_place(number, column)
        refuse(flaw("SHEET-CELL", most=MOST_CHARACTERS), place, texts[column - 1], line=number, column=column)
