"""Values with something wrong, made of those that stand in a document."""

import string
from datetime import date, timedelta
from typing import Final

from esad_gateway.emcs.identifiers import ARC, MemberState, check_digit
from esad_gateway.simulator.injected.model import Original

_SERIAL: Final = 15
_CHECKED: Final = 20
_SUSPENSION: Final = "0"
"""What stands in an ARC of duty suspension where one of duty paid has a P."""


def wrong_digit(code: str, original: Original) -> str:
    """An ARC with another check digit."""
    return code[:-1] + original.chance.choice([digit for digit in string.digits if digit != code[-1]])


def another_movement(code: str, original: Original) -> str:
    """The ARC of a movement that nobody has, of the same year and state."""
    serial = "".join(original.chance.choices(string.digits + string.ascii_uppercase, k=_SERIAL))
    return ARC.issue(2000 + int(code[:2]), MemberState(code[2:4]), serial).value


def of_suspension(code: str, _original: Original) -> str:
    """The ARC as one of duty suspension."""
    checked = code[: _CHECKED - 1] + _SUSPENSION
    return checked + check_digit(checked)


def another_version(number: str, original: Original) -> str:
    """A version that comes after the one that is meant."""
    return str(int(number) + original.chance.randrange(1, 50))


def long_journey(_time: str, original: Original) -> str:
    """A journey that is longer than any may be."""
    return f"D{original.chance.randrange(66, 93)}"


def long_before(day: str, original: Original) -> str:
    """A day before the goods left."""
    return str(date.fromisoformat(day) - timedelta(days=original.chance.randrange(30, 300)))
