"""Limit dates and the longest journeys."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from esad_gateway.emcs.moments import moment_of
from esad_gateway.emcs.timers import journey_days, limit_of_journey, maximum_journey_days

VILNIUS = ZoneInfo("Europe/Vilnius")


@pytest.mark.parametrize(
    ("day", "hour", "journey_time", "expected"),
    [
        pytest.param(date(2026, 3, 3), None, "D05", datetime(2026, 3, 8, 21, 59, 59, tzinfo=UTC), id="days"),
        pytest.param(date(2026, 3, 3), time(8), "D05", datetime(2026, 3, 8, 21, 59, 59, tzinfo=UTC), id="days at 8"),
        pytest.param(date(2026, 3, 3), time(18), "D05", datetime(2026, 3, 8, 21, 59, 59, tzinfo=UTC), id="days at 18"),
        pytest.param(date(2026, 3, 3), time(22), "D05", datetime(2026, 3, 9, 21, 59, 59, tzinfo=UTC), id="next day"),
        pytest.param(date(2026, 3, 3), None, "D00", datetime(2026, 3, 3, 21, 59, 59, tzinfo=UTC), id="same day"),
        pytest.param(date(2026, 3, 27), None, "D03", datetime(2026, 3, 30, 20, 59, 59, tzinfo=UTC), id="into summer"),
        pytest.param(date(2026, 3, 3), time(6), "H12", datetime(2026, 3, 3, 18, tzinfo=UTC), id="hours"),
        pytest.param(date(2026, 3, 3), time(18), "H24", datetime(2026, 3, 4, 18, tzinfo=UTC), id="hours to the next"),
        pytest.param(date(2026, 3, 3), None, "H12", datetime(2026, 3, 3, 10, tzinfo=UTC), id="hours from midnight"),
        pytest.param(date(2026, 3, 28), time(20), "H24", datetime(2026, 3, 29, 20, tzinfo=UTC), id="hours into summer"),
        pytest.param(date(2028, 2, 28), None, "D01", datetime(2028, 2, 29, 21, 59, 59, tzinfo=UTC), id="leap day"),
    ],
)
def test_limit_of_journey(day: date, hour: time | None, journey_time: str, expected: datetime) -> None:
    """Days run to the end of the last calendar day in the zone, hours are elapsed time; the limit is in UTC."""
    limit = limit_of_journey(moment_of(day, hour, UTC, VILNIUS), journey_time, VILNIUS)
    assert (limit, limit.tzinfo) == (expected, UTC)


@pytest.mark.parametrize("journey_time", ["", "D5", "H25", "H99", "D100", "M05", "d05", "D\u0660\u0665", "D05\n"])
def test_limit_of_journey_with_a_wrong_journey_time(journey_time: str) -> None:
    """What is not H00 to H24 or D with two digits is no journey time."""
    with pytest.raises(ValueError, match="H00 to H24 or D00 to D99"):
        limit_of_journey(datetime(2026, 3, 3, tzinfo=UTC), journey_time, VILNIUS)


@pytest.mark.parametrize("journey", ["D92", "H24"])
def test_journey_beyond_the_end_of_time(journey: str) -> None:
    """Its limit is the last moment there is."""
    for day in (date.max, date.min):
        for zone in (ZoneInfo("Pacific/Pago_Pago"), ZoneInfo("Pacific/Kiritimati")):
            assert limit_of_journey(moment_of(day, time(23, 59), UTC, zone), journey, zone).tzinfo is UTC
    last = moment_of(date.max, time(23, 59), UTC, UTC)
    assert limit_of_journey(last, journey, UTC) == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(("journey_time", "days"), [("D00", 0), ("D65", 65), ("H00", 1), ("H24", 1)])
def test_journey_days(journey_time: str, days: int) -> None:
    """Days count as they are, and hours never make more than one day."""
    assert journey_days(journey_time) == days


@pytest.mark.parametrize(
    ("mode", "days"),
    [("0", 75), ("1", 75), ("2", 65), ("3", 65), ("4", 50), ("5", 60), ("7", 45), ("8", 65)],
)
def test_maximum_journey_days(mode: str, days: int) -> None:
    """A duty-paid journey may take the maximum of its transport mode and 30 days more."""
    assert maximum_journey_days(mode) == days


@pytest.mark.parametrize("mode", ["6", "9", "03", ""])
def test_maximum_journey_days_of_an_unknown_mode(mode: str) -> None:
    """A code outside the list has no maximum."""
    assert maximum_journey_days(mode) is None
