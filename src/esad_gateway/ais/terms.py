"""Terms of national law: from an event to the moment at which something is due, and which rule says so.

A term begins on the day after its event, and ends when its last day is over in the zone of its calendar. Each rule
names its own calendar, since terms of the Union run by others.
"""

from calendar import monthrange
from datetime import MAXYEAR, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from esad_gateway.ais.provenance import Provenance
from esad_gateway.emcs.moments import after_day
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen

_FARTHEST: Final = 3653
"""Days in ten years: each is looked at whether anybody works on it."""


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    DAY_OF_NEXT_MONTH = "day_of_next_month"
    """The term is no count: it is that day of the month after the event."""


@frozen(kw_only=True)
class Term:
    """So many units after an event. ``rolls``: a last day on which nobody works gives way to the next working day.

    ``rule`` is the number of the requirement (``RC-4``). Working days need no rolling.
    """

    rule: str
    number: int
    unit: Unit
    provenance: Provenance
    rolls: bool = False


@frozen(kw_only=True)
class TermEnd:
    """The last ``day`` on which something may be done in time, the ``moment`` (aware, UTC) when it is over, and why."""

    day: date
    moment: datetime
    term: Term

    def late(self, at: datetime) -> bool:
        """Whether what is done at a moment (aware) is done too late."""
        return at >= self.moment


def due(event: date, term: Term, calendar: Calendar) -> TermEnd:
    """Until when something is due that an event on a day of ``calendar`` has asked for.

    A day that a month does not have is the last one of that month. Beyond the last day that there is, it is that day.
    """
    day = _last_day(event, term, calendar)
    return TermEnd(day=day, moment=after_day(day, calendar.zone), term=term)


def working_days_left(today: date, last: date, calendar: Calendar) -> int:
    """How many working days are left after ``today`` until ``last``, that day included; below zero once it is over.

    On the last day none are left. The day after a last day is -1 if it is a working day. Nobody waits for an end that
    is more than ten years away: it is as far as if it were ten.
    """
    if last < today:
        return -working_days_left(last, today, calendar)
    days = map(partial(_on, today), range(1, min((last - today).days, _FARTHEST) + 1))
    return sum(calendar.works_on(day) for day in days)


def months_after(day: date, count: int) -> date:
    """The same day ``count`` months later, or the last day of that month where it has no such day."""
    return _day_of_month(day, count, day.day)


def _last_day(event: date, term: Term, calendar: Calendar) -> date:
    match term.unit:
        case Unit.WORKING_DAYS:
            return calendar.working_days_after(event, term.number)
        case Unit.CALENDAR_DAYS:
            last = _on(event, term.number)
        case Unit.MONTHS:
            last = months_after(event, term.number)
        case _:
            last = _day_of_month(event, 1, term.number)
    return last if not term.rolls or calendar.works_on(last) else calendar.working_days_after(last, 1)


def _on(event: date, days: int) -> date:
    return event + timedelta(days=min(days, (date.max - event).days))


def _day_of_month(event: date, later: int, wanted: int) -> date:
    year, month = divmod(event.year * 12 + event.month - 1 + later, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))
