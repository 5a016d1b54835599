"""How long somebody waits before acting: a span of time, or working days of a calendar; and both in words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen


@frozen
class InWorkingDays:
    """So many working days of the state in which somebody acts; the time of the day stays as it is."""

    days: int


Wait: TypeAlias = timedelta | InWorkingDays

UNITS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "week": timedelta(weeks=1),
        "day": timedelta(days=1),
        "hour": timedelta(hours=1),
        "minute": timedelta(minutes=1),
        "second": timedelta(seconds=1),
    }
)
SPAN: Final = r"[0-9]{1,5} (week|day|hour|minute|second)s?"
"""The form of a span in words."""

WAIT: Final = rf"{SPAN}|[0-9]{{1,3}} working days?"
"""The form of a wait in words."""


def wait_of(words: str) -> Wait | None:
    """A wait in words (``2 days``, ``36 hours``, ``3 working days``); ``None`` for words that are none."""
    if not re.fullmatch(WAIT, words):
        return None
    number, *working, unit = words.split()
    return InWorkingDays(int(number)) if working else int(number) * UNITS[unit.removesuffix("s")]


def in_words(wait: Wait) -> str:
    """A wait in words, in its largest unit that leaves nothing over; less than a second is left out."""
    if isinstance(wait, InWorkingDays):
        return _counted(wait.days, "working day")
    fitting = (name for name, unit in UNITS.items() if wait >= unit and not wait % unit)
    unit = next(fitting, "second")
    return _counted(wait // UNITS[unit], unit)


def moment_after(at: datetime, wait: Wait, calendar: Calendar) -> datetime:
    """The moment (UTC) so long after another one (aware); working days are those of the calendar, at the same hour."""
    if not isinstance(wait, InWorkingDays):
        return at + wait
    local = at.astimezone(calendar.zone)
    day = calendar.working_days_after(local.date(), wait.days)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
