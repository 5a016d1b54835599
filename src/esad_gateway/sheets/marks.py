"""Texts that a spreadsheet would take for formulas: marked when they are written, and read without the mark.

A spreadsheet that opens a CSV file calculates what begins with ``= + - @``, whoever wrote it. So every text that does
is written with an apostrophe before it. One apostrophe is taken away again when it is read; a text that begins with
apostrophes itself and goes on so gets one more, so that what is read is always what was written.
"""

import re
from typing import Final

# The wide signs are taken for the narrow ones by some, and what a tab or a line end precedes is looked at as well.
_DANGEROUS: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - these very signs
_MARK: Final = "'"
_NUMBER: Final = re.compile("[-+]?[0-9]+(?:[.,][0-9]+)?")


def marked(text: str) -> str:
    """``text`` as no spreadsheet takes it for a formula; a number with its sign is none and stays."""
    return _MARK + text if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text) else text


def unmarked(text: str) -> str:
    """``text`` without the mark that :func:`marked` has set; another apostrophe stays."""
    return text[1:] if text[:1] == _MARK and _DANGEROUS.match(text) else text
