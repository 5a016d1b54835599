"""Which release of the messages counts when: numbers in their order, and the moments at which somebody switches."""

import re
from datetime import datetime
from typing import Final

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

_NUMBER: Final = re.compile(r"\d+(\.\d+)+")
_SWITCH: Final = re.compile(r"(?P<number>\S+) from (?P<since>\S+)")


def rank(number: str) -> tuple[int, ...]:
    """The place of a release among others: 3.9 comes before 3.13."""
    return tuple(int(part) for part in number.split("."))


@frozen
class Schedule:
    """Which release somebody reads: ``first``, until the moment (aware) of the first switch in ``later``, and so on.

    Its text is like ``3.13, 3.23 from 2026-02-12T00:00:00+00:00``. Raises ValueError for numbers that are none, and for
    moments that are out of order or have no time zone.
    """

    first: str
    later: tuple[tuple[datetime, str], ...] = ()

    def __post_init__(self) -> None:
        for number in self.numbers:
            if not _NUMBER.fullmatch(number):
                raise Malformed(said("release.no_number", number=number))
        moments = [since for since, _ in self.later]
        if any(since.utcoffset() is None for since in moments):
            raise Malformed(Said("release.no_zone"))
        if moments != sorted(set(moments)):
            raise Malformed(Said("release.order"))

    @classmethod
    def read(cls, text: str) -> "Schedule":
        """The schedule of its text. Raises ValueError with what was expected."""
        first, *others = (part.strip() for part in text.split(","))
        found = [_SWITCH.fullmatch(other) for other in others]
        switches = [(match["since"], match["number"]) for match in found if match]
        if len(switches) != len(others):
            raise Malformed(said("release.no_schedule", text=text))
        return cls(first, tuple((datetime.fromisoformat(since), number) for since, number in switches))

    def __str__(self) -> str:
        return ", ".join((self.first, *(f"{number} from {since.isoformat()}" for since, number in self.later)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every release that it names."""
        return (self.first, *(number for _, number in self.later))

    def at(self, moment: datetime) -> str:
        """The release at a moment (aware)."""
        return next((number for since, number in reversed(self.later) if since <= moment), self.first)

    def then(self, number: str, since: datetime) -> "Schedule":
        """The schedule with a switch at a moment; those that were planned for then or later are given up."""
        return Schedule(self.first, (*(one for one in self.later if one[0] < since), (since, number)))
