"""Numbers as programs write them, as the texts of cells."""

import re
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"(?P<digits>-?[0-9]+(?:\.[0-9]+)?)(?:[eE](?P<exponent>[+-]?[0-9]{1,3}))?")
_LONGEST: Final = 400


def number_text(raw: str) -> str | None:
    """``raw`` with all its digits and without ``.0``; ``None`` where it is no number.

    A large one with an exponent keeps it (``1.23E+20``): which digits its program has left out nobody can tell.
    """
    found = _NUMBER.fullmatch(raw) if len(raw) <= _LONGEST else None
    if found is None:
        return None
    digits, exponent = found["digits"], int(found["exponent"] or 0)
    if exponent > 0:
        return f"{digits}E+{exponent}"
    whole, point, decimals = (f"{Decimal(digits).scaleb(exponent):f}" if exponent else digits).partition(".")
    plain = whole if not decimals.strip("0") else f"{whole}{point}{decimals}"
    return "0" if plain == "-0" else plain


def percent_text(raw: str) -> str | None:
    """The number that people see of a stored percentage: ``12.5`` for ``0.125``. ``None`` where it is no number."""
    text = number_text(raw)
    if text is None or "E" in text:
        return text
    return number_text(f"{Decimal(text).scaleb(2):f}")
