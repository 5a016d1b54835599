"""The codes of what can be wrong with a table, by which its sentences are found and the reference lists them.

What can be wrong with a file and with a cell by itself stands in :data:`esad_gateway.sheets.flaws.CODES`; what can be
wrong with what the rows say has the number of a rule.
"""

from typing import Final

from esad_gateway.sheets.flaws import CODES as SHEET_CODES

CODES: Final = (
    "TABLE-KIND",
    "TABLE-EMPTY",
    "COLUMN-MISSING",
    "COLUMN-MEANT",
    "COLUMN-ADDED",
    "COLUMN-UNKNOWN",
    "COLUMN-MORE",
    "COLUMN-TWICE",
    "COLUMN-COUNT",
    "ROW-DIFFERS",
    "ROW-AGAIN",
    "ROW-APART",
    "ROW-LINES",
    "ROW-BEYOND",
    "ROW-OTHER",
    "BATCH-MAPPING",
    "BATCH-SIGNED",
    "BATCH-ARC",
    "BATCH-NEWER",
    "BATCH-DRAFT",
    "BATCH-KEY",
    "BATCH-SIGNER",
    "VALUE-MISSING",
    "VALUE-FORM",
    "VALUE-CASE",
    "VALUE-LENGTH",
    "VALUE-CHARACTER",
    "VALUE-CODE",
    "VALUE-NUMBER",
    "VALUE-ZEROS",
    "VALUE-LOST",
    "VALUE-DATE",
    "VALUE-UNIT",
    "VALUE-NEGATIVE",
    "VALUE-DIGITS",
    "VALUE-TIME",
)
"""Every code: of a table, a column, a row, a batch, and of a value for which its column has no use."""

ABSENT: Final = frozenset({"COLUMN-MISSING", "VALUE-MISSING"})
"""Of them, those that are about something which is not there."""

_OF_NO_VALUE: Final = frozenset({*SHEET_CODES, *CODES}) - ABSENT


def is_of_a_value(code: str, value: str | None) -> bool:
    """Whether a fault is about a value, or about one that is missing; others are about a file, a row or a heading."""
    return value is not None or code not in _OF_NO_VALUE
