"""Until when the tariffs of a state last: what is not told before that day cannot be assessed behind it."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter

from esad_gateway.ais.duty.law import DutyLaw


def tariffs_that_end(law: DutyLaw, until: date) -> Mapping[date, tuple[str, ...]]:
    """The tariffs whose last rate ends on ``until`` or before, by that last day, the earliest first.

    Not checked: gaps between rates, and uses or strengths that alone have no rate any more.
    """
    last: dict[str, date] = {}
    for tariff, rates in groupby(sorted(law.rates, key=attrgetter("tariff")), key=attrgetter("tariff")):
        last[tariff] = max(one.last or date.max for one in rates)
    days = sorted({day for day in last.values() if day <= until})
    return {day: tuple(name for name, its_last in last.items() if its_last == day) for day in days}
