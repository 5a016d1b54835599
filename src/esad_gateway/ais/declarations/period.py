"""Tax periods: the calendar months that declarations are for (DEC-1)."""

import re
from calendar import monthrange
from datetime import date
from typing import Final

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import said
from esad_gateway.frozen import frozen

_WRITTEN: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_MONTHS: Final = 12


@frozen
class TaxPeriod:
    """A calendar month, by its first day. Its text is ``2026-10``. Raises ValueError for another day."""

    first: date

    def __post_init__(self) -> None:
        if self.first.day != 1:
            raise ValueError(f"{self.first} is no first day of a month")

    @classmethod
    def of(cls, day: date) -> "TaxPeriod":
        """The period in which a day lies."""
        return cls(day.replace(day=1))

    @classmethod
    def read(cls, text: str) -> "TaxPeriod":
        """The period that a text such as ``2026-10`` means. Raises Malformed."""
        found = _WRITTEN.fullmatch(text)
        if found is None or not int(found[1]):
            raise Malformed(said("declaration.no_period", value=text))
        return cls(date(int(found[1]), int(found[2]), 1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def next(self) -> "TaxPeriod":
        """The month after it. Raises ValueError after the last one that there is."""
        years, month = divmod(self.first.month, _MONTHS)
        return TaxPeriod(date(self.first.year + years, month + 1, 1))

    def __str__(self) -> str:
        """As it is written everywhere."""
        return self.first.isoformat()[:7]


def periods_between(first: date, last: date) -> tuple[TaxPeriod, ...]:
    """The months from that of one day to that of another, both included, the earliest first."""
    found, one, end = [], TaxPeriod.of(first), TaxPeriod.of(last)
    while one.first <= end.first:
        found.append(one)
        one = one.next
    return tuple(found)
