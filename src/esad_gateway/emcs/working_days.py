"""Working days of a member state, and the day until which a report of receipt is due."""

from collections.abc import Container
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from esad_gateway.emcs.moments import day_of
from esad_gateway.frozen import frozen

DAYS_TO_REPORT: Final = 5
"""Working days between the arrival of the goods and the report of receipt (Directive (EU) 2020/262, article 37(1))."""

_FRIDAY: Final = 4


@frozen(kw_only=True)
class Calendar:
    """The days of one member state: when they begin (``zone``), and on which of them people work.

    Monday to Friday are working days, except ``public_holidays``; so are the ``worked_weekends``, in exchange for
    bridging days. The days ``off`` are none, and, whatever else holds, the days ``worked`` are.
    """

    zone: tzinfo
    public_holidays: Container[date] = frozenset()
    worked_weekends: Container[date] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        if day in self.worked:
            return True
        if day.weekday() > _FRIDAY:
            return day in self.worked_weekends and day not in self.off
        return day not in self.off and day not in self.public_holidays

    def working_days_after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself is not counted; the last day there is at most."""
        while count > 0 and day < date.max:
            day += timedelta(days=1)
            count -= self.works_on(day)
        return day


@frozen(kw_only=True)
class ReportOfReceipt:
    """When goods arrived, until when their report of receipt was due, and when it was made.

    All three are calendar days of the member state whose trader reports. A late report is accepted and marked: that a
    term was missed is an infringement, not a reason to refuse it (RCV-2).
    """

    arrived: date
    due: date
    made: date

    @classmethod
    def of(cls, arrived: date, at: datetime, calendar: Calendar) -> "ReportOfReceipt":
        """The report of goods that ``arrived``, made at a moment (aware), by the calendar of who reports."""
        return cls(
            arrived=arrived,
            due=calendar.working_days_after(arrived, DAYS_TO_REPORT),
            made=day_of(at, calendar.zone),
        )

    @property
    def late(self) -> bool:
        """Whether it was made after the day on which it was due."""
        return self.made > self.due
