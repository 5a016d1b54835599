"""The codes of what can be wrong with a table, by which its sentences are found and the reference lists them.

What can be wrong with a file and with a cell by itself stands in :data:`esad_gateway.sheets.flaws.CODES`; what can be
wrong with what the rows say has the number of a rule.
"""

from typing import Final

CODES: Final = (
    "TABLE-KIND",
    "TABLE-EMPTY",
    "COLUMN-MISSING",
    "COLUMN-MEANT",
    "COLUMN-UNKNOWN",
    "COLUMN-MORE",
    "COLUMN-TWICE",
    "ROW-DIFFERS",
    "ROW-AGAIN",
    "ROW-APART",
    "ROW-LINES",
    "ROW-BEYOND",
    "ROW-OTHER",
    "BATCH-MAPPING",
    "BATCH-SIGNED",
    "BATCH-ARC",
    "BATCH-DRAFT",
    "BATCH-KEY",
    "BATCH-SIGNER",
    "VALUE-MISSING",
    "VALUE-FORM",
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
