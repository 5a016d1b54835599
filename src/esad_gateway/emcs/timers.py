"""Limit dates of a movement, and the journey times they are computed from."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.moments import day_of

MAXIMUM_JOURNEY_DAYS: Final = MappingProxyType(
    {"0": 45, "1": 45, "2": 35, "3": 35, "4": 20, "5": 30, "7": 15, "8": 35},
)
"""R248: the longest journey under duty suspension, in days, for each transport mode code (BC67)."""

DUTY_PAID_EXTRA_DAYS: Final = 30
"""What a duty-paid movement may take longer (Delegated Regulation (EU) 2022/1636, annex II, note on list 12)."""

LONGEST_JOURNEY: Final = max(MAXIMUM_JOURNEY_DAYS.values()) + DUTY_PAID_EXTRA_DAYS
"""The longest journey that any transport mode allows to a duty-paid movement, in days."""

_JOURNEY_TIME = re.compile(r"([HD])([0-9]{2})")
_LONGEST_HOURS: Final = 24
_END_OF_DAY: Final = time(23, 59, 59)


def maximum_journey_days(transport_mode_code: str) -> int | None:
    """The longest duty-paid journey in days; ``None`` for a code that is not in the list of transport modes."""
    days = MAXIMUM_JOURNEY_DAYS.get(transport_mode_code)
    return None if days is None else days + DUTY_PAID_EXTRA_DAYS


def journey_days(journey_time: str) -> int:
    """How many days a journey time takes up: ``D65`` is 65, and every number of hours is one day at most.

    Raises ``ValueError`` when ``journey_time`` is not written as R054 asks: ``H`` with 00 to 24, or ``D`` with two
    digits.
    """
    unit, number = _parts(journey_time)
    return number if unit == "D" else 1


def limit_of_journey(dispatched_at: datetime, journey_time: str, zone: tzinfo) -> datetime:
    """When the journey must be over: the moment of dispatch (aware) plus the journey time, as an aware UTC datetime.

    Hours are elapsed time from the moment of dispatch. Days are calendar days of ``zone`` after the day of dispatch,
    the whole of the last one included, at whatever time the goods left: D05 from 18:00 on the 3rd ends with the 8th. A
    limit beyond the end of time is the last moment there is: another administration may write any date.

    Raises ``ValueError`` when ``journey_time`` is not written as R054 asks. Not checked: that it is within the maximum
    of the transport mode (rules R054 and BR007).
    """
    unit, number = _parts(journey_time)
    try:
        if unit == "D":
            last = day_of(dispatched_at, zone) + timedelta(days=number)
            return datetime.combine(last, _END_OF_DAY, zone).astimezone(UTC)
        # Added in UTC: a clock change on the way must not lengthen or shorten elapsed time.
        return dispatched_at.astimezone(UTC) + timedelta(hours=number)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _parts(journey_time: str) -> tuple[str, int]:
    match = _JOURNEY_TIME.fullmatch(journey_time)
    if match is None or (match[1] == "H" and int(match[2]) > _LONGEST_HOURS):
        raise ValueError(f"{journey_time!r} is no journey time; expected H00 to H24 or D00 to D99, such as D10")
    return match[1], int(match[2])
