"""Moments written as a day and a time, and the days of a calendar that they are, over zones and clock changes."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.moments import after_day, day_of, day_written, in_zone, local, moment_of
from esad_gateway.emcs.timers import limit_of_journey
from esad_gateway.profiles import STATES

VILNIUS, LISBON = ZoneInfo("Europe/Vilnius"), ZoneInfo("Europe/Lisbon")
# The Azores change their clocks at midnight, so that some days of theirs begin at one o'clock.
FAR = ("Atlantic/Azores", "America/Cayenne", "Indian/Reunion", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")
ZONES = st.sampled_from([ZoneInfo(name) for name in (*(one.zone for one in STATES.values()), *FAR)])
DAYS = st.dates(date(2012, 1, 1), date(2035, 12, 31))
CHANGES = st.sampled_from([date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)])
TIMES = st.times().map(lambda at: at.replace(fold=0))


@pytest.mark.parametrize(
    ("day", "at", "written_in", "expected"),
    [
        pytest.param(date(2026, 3, 3), time(23, 58), UTC, datetime(2026, 3, 3, 23, 58, tzinfo=UTC), id="utc"),
        pytest.param(date(2026, 3, 3), time(1, 48), VILNIUS, datetime(2026, 3, 2, 23, 48, tzinfo=UTC), id="local"),
        pytest.param(date(2026, 3, 3), None, UTC, datetime(2026, 3, 2, 22, tzinfo=UTC), id="day alone, in utc"),
        pytest.param(date(2026, 3, 3), None, VILNIUS, datetime(2026, 3, 2, 22, tzinfo=UTC), id="day alone, local"),
        pytest.param(date(2026, 3, 29), time(3, 30), VILNIUS, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), id="left out"),
        pytest.param(date(2026, 10, 25), time(3, 30), VILNIUS, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="twice"),
    ],
)
def test_moment_of_a_day_and_a_time(day: date, at: time | None, written_in: tzinfo, expected: datetime) -> None:
    """A time is read by the clocks of the document; a day alone begins when it does in the calendar of the state."""
    assert moment_of(day, at, written_in, VILNIUS) == expected


@settings(deadline=None)
@given(day=DAYS | CHANGES, written_in=ZONES, calendar=ZONES)
def test_day_alone_stays_the_day_it_is(day: date, written_in: ZoneInfo, calendar: ZoneInfo) -> None:
    """Whatever zone a document is written in, a day without a time is that day of the calendar, from its beginning."""
    begins = moment_of(day, None, written_in, calendar)

    assert day_of(begins, calendar) == day_written(day, None, written_in, calendar) == day
    assert day_of(begins - timedelta(microseconds=1), calendar) == day - timedelta(days=1)


@settings(deadline=None)
@given(day=DAYS | CHANGES, at=TIMES, written_in=ZONES, calendar=ZONES)
def test_moment_is_one_whatever_zone_it_is_written_in(
    day: date, at: time, written_in: ZoneInfo, calendar: ZoneInfo
) -> None:
    """Moved to UTC first, or read where it was written: the same moment, and so the same day of the state."""
    there = in_zone(datetime.combine(day, at), written_in, UTC)

    moment = moment_of(day, at, written_in, calendar)

    assert moment == moment_of(there.date(), there.time(), UTC, calendar)
    assert day_of(moment, calendar) == day_written(day, at, written_in, calendar) == moment.astimezone(calendar).date()


@settings(deadline=None)
@given(day=DAYS | CHANGES, at=TIMES, zone=ZONES)
def test_moment_that_clocks_show_once_is_written_back_as_it_was(day: date, at: time, zone: ZoneInfo) -> None:
    """But for the hours that clocks leave out or show twice, a document comes back as its trader wrote it."""
    written = datetime.combine(day, at)
    assume(len({written.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}) == 1)

    assert in_zone(moment_of(day, at, zone, UTC).replace(tzinfo=None), UTC, zone) == written


@settings(deadline=None)
@given(day=DAYS | CHANGES, zone=ZONES)
def test_day_is_over_when_the_next_one_begins(day: date, zone: ZoneInfo) -> None:
    """A day has 23, 24 or 25 hours, and not a moment is of none or of two days."""
    over = after_day(day, zone)

    assert day_of(over, zone) == day + timedelta(days=1)
    assert day_of(over - timedelta(microseconds=1), zone) == day
    assert over - moment_of(day, None, UTC, zone) in {timedelta(hours=hours) for hours in (23, 24, 25)}


@settings(deadline=None)
@given(day=DAYS | CHANGES, at=TIMES, zone=ZONES, hours=st.integers(0, 24), days=st.integers(0, 92))
def test_hours_are_hours_and_days_are_days(day: date, at: time, zone: ZoneInfo, hours: int, days: int) -> None:
    """Hours pass at the same pace over every clock change; days end with the last second of the last day."""
    start = moment_of(day, at, UTC, zone)

    assert limit_of_journey(start, f"H{hours:02}", zone) - start == timedelta(hours=hours)
    last = limit_of_journey(start, f"D{days:02}", zone)
    assert day_of(last, zone) == day_of(start, zone) + timedelta(days=days)
    assert after_day(day_of(last, zone), zone) - last == timedelta(seconds=1)


@pytest.mark.parametrize("moment", [datetime.combine(date.max, time.max), datetime.combine(date.min, time.min)])
def test_moment_at_the_end_of_time_stays(moment: datetime) -> None:
    """Another administration may write any date, and none of them is an error here."""
    zones = (ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago"))
    assert all(isinstance(in_zone(moment, UTC, zone), datetime) for zone in zones)
    assert any(in_zone(moment, UTC, zone) == moment for zone in zones)
    for zone in zones:
        assert moment_of(moment.date(), None, UTC, zone).tzinfo is UTC
        assert abs(day_of(moment.replace(tzinfo=UTC), zone).toordinal() - moment.date().toordinal()) <= 1
        assert after_day(moment.date(), zone) > datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone"), [(datetime.max.replace(tzinfo=UTC), VILNIUS), (datetime.min.replace(tzinfo=VILNIUS), UTC)]
)
def test_moment_at_the_ends_of_time_is_shown_as_it_is(at: datetime, zone: tzinfo) -> None:
    """Where a zone has no such moment; a day of it there is all the same."""
    assert local(at, zone) is at
    assert day_of(at, zone) == at.date()
    assert local(datetime(2026, 3, 3, tzinfo=UTC), VILNIUS).hour == 2
