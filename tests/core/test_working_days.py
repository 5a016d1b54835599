"""Working days and the day until which a report of receipt is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.working_days import Calendar, ReportOfReceipt

HOLIDAY = date(2026, 7, 6)
SATURDAY = date(2026, 7, 11)
VILNIUS = Calendar(zone=ZoneInfo("Europe/Vilnius"), public_holidays=frozenset({HOLIDAY}))


@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        pytest.param(date(2026, 6, 15), date(2026, 6, 22), id="over a weekend"),
        pytest.param(date(2026, 7, 3), date(2026, 7, 13), id="over a weekend and a holiday"),
        pytest.param(date(2026, 6, 13), date(2026, 6, 19), id="arrived on a Saturday"),
        pytest.param(HOLIDAY, date(2026, 7, 13), id="arrived on a holiday"),
    ],
)
def test_report_is_due_five_working_days_after_arrival(arrived: date, due: date) -> None:
    """The day of arrival is not counted, nor are weekends and public holidays (RCV-2)."""
    assert ReportOfReceipt.of(arrived, datetime(2026, 7, 1, tzinfo=UTC), VILNIUS).due == due


def test_days_off_and_days_worked_correct_the_calendar() -> None:
    """An administration's own table goes before the public holidays and before the weekend."""
    monday, tuesday = SATURDAY + timedelta(days=2), SATURDAY + timedelta(days=3)
    calendar = Calendar(zone=UTC, public_holidays={monday}, off=frozenset({tuesday}), worked=frozenset({SATURDAY}))

    assert calendar.works_on(SATURDAY)
    assert not calendar.works_on(monday)
    assert not calendar.works_on(tuesday)
    assert Calendar(zone=UTC, public_holidays={HOLIDAY}, worked=frozenset({HOLIDAY})).works_on(HOLIDAY)


@pytest.mark.parametrize(
    ("made", "late"),
    [
        (datetime(2026, 7, 13, 20, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 13, 21, 0, tzinfo=UTC), True),
    ],
    ids=["last second of the day", "first second of the next"],
)
def test_report_is_late_after_the_last_day_of_its_own_zone(made: datetime, *, late: bool) -> None:
    """The whole of the day on which it is due is in time, as days run where the consignee is."""
    report = ReportOfReceipt.of(HOLIDAY, made, VILNIUS)

    assert report.due == date(2026, 7, 13)
    assert report.late is late


@pytest.mark.parametrize("arrived", [date.max, date.max - timedelta(days=3), date.min])
@pytest.mark.parametrize("made", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)], ids=str)
def test_report_at_the_ends_of_time(arrived: date, made: datetime) -> None:
    """Another administration may write any date, and none of them is an error here."""
    far_east, far_west = Calendar(zone=ZoneInfo("Pacific/Kiritimati")), Calendar(zone=ZoneInfo("Pacific/Pago_Pago"))
    for calendar in (far_east, far_west):
        report = ReportOfReceipt.of(arrived, made, calendar)
        assert report.arrived <= report.due <= date.max


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), count=st.integers(0, 30), off=st.frozensets(st.dates()))
def test_working_days_are_counted(day: date, count: int, off: frozenset[date]) -> None:
    """Between a day and the n-th working day after it there are n working days, the last of them included."""
    calendar = Calendar(zone=UTC, off=off)

    last = calendar.working_days_after(day, count)

    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(calendar.works_on(one) for one in between) == count
    assert not between or calendar.works_on(last)
