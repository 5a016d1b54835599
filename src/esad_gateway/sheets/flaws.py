"""What can be wrong with a file of rows or with a cell of it, by stable codes; each has a text and a hint.

The limits stand here as well: what one file may have before anybody looks at what it says.
"""

from typing import Final, NoReturn

from esad_gateway.errors import Unreadable
from esad_gateway.faults import Fault, Said, Value
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep

MOST_BYTES: Final = 512 * 1024 * 1024
"""Bytes of one file."""

MOST_ROWS: Final = 1_048_576
"""Rows of one file, as many as a sheet of a spreadsheet has."""

MOST_COLUMNS: Final = 512
"""Cells of one row, without the empty ones at its end."""

MOST_CHARACTERS: Final = 32_767
"""Characters of one cell, as many as spreadsheets keep."""

_LONGEST_VALUE: Final = 80

CODES: Final = (
    "SHEET-EMPTY",
    "SHEET-FORMAT",
    "SHEET-UNKNOWN",
    "SHEET-DECLARED",
    "SHEET-SIZE",
    "SHEET-ROWS",
    "SHEET-COLUMNS",
    "SHEET-CELL",
    "SHEET-ENCODING",
    "SHEET-UTF16",
    "SHEET-NUL",
    "SHEET-QUOTE",
    "SHEET-AFTER-QUOTE",
    "SHEET-ZIP",
    "SHEET-BOMB",
    "SHEET-PARTS",
    "SHEET-NAME",
    "SHEET-DOCTYPE",
    "SHEET-PASSWORD",
    "SHEET-NO-SHEET",
    "SHEET-DAMAGED",
    "SHEET-MEMORY",
    "SHEET-KILLED",
    "SHEET-TIME",
    "SHEET-XML",
    "SHEET-SCHEMA",
    "SHEET-JSON",
    "SHEET-OBJECT",
    "SHEET-NESTED",
    "SHEET-TWICE",
    "CELL-NUMBER",
    "CELL-AMBIGUOUS",
    "CELL-GROUPS",
    "CELL-EXPONENT",
    "CELL-SIGN",
    "CELL-DAY",
    "CELL-NO-DAY",
    "CELL-DAY-ORDER",
    "CELL-SERIAL",
    "CELL-ERROR",
    "CELL-NO-VALUE",
    "CELL-OTHER",
)
"""Every code: of a whole file (``SHEET-``), and of one cell (``CELL-``)."""

WHOLE_FILE: Final = Place(in_data=True)


@frozen
class Flaw:
    """What is wrong, without the place where it stands: a code of :data:`CODES` and the values of its sentences."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    def fault(
        self, place: Place = WHOLE_FILE, value: str | None = None, line: int | None = None, column: int | None = None
    ) -> Fault:
        """The fault at ``place``, with what stands there (cut off where it is long)."""
        return Fault(
            code=self.code,
            rule=self.code,
            place=place,
            value=None if value is None else value[:_LONGEST_VALUE],
            text=Said(f"{self.code}.text", self.values),
            hint=Said(f"{self.code}.hint", self.values),
            line=line,
            column=column,
        )


def flaw(code: str, **values: Value) -> Flaw:
    """What is wrong, with the values that its sentences leave open. Not checked: that there is such a code."""
    return Flaw(code, tuple(values.items()))


def row_place(number: int) -> Place:
    """The place of a whole row in a fault (``rows[5]``)."""
    return Place((PlaceStep("rows", number),), in_data=True)


def refuse(
    wrong: Flaw,
    place: Place = WHOLE_FILE,
    value: str | None = None,
    line: int | None = None,
    column: int | None = None,
) -> NoReturn:
    """Raise Unreadable with the one fault; see :meth:`Flaw.fault`."""
    raise Unreadable((wrong.fault(place, value, line, column),)) from None
