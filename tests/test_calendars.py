"""The calendars of the member states: zones, public holidays, corrections."""

from datetime import date

import pytest

from esad_gateway.calendars import TIME_ZONES, Correction, PublicHolidays, calendars
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS

_SPRING, _SUMMER = {(1, 1), (2, 16), (3, 11), (4, 5), (4, 6)}, {(5, 1), (5, 3), (6, 7), (6, 24), (7, 6), (8, 15)}
LITHUANIAN = _SPRING | _SUMMER | {(11, 1), (11, 2), (12, 24), (12, 25), (12, 26)}
"""The days off of 2026 by the Labour Code, article 123."""

ON_WEEKDAYS_IN_2027 = {(1, 1), (2, 16), (3, 11), (3, 29), (6, 24), (7, 6), (11, 1), (11, 2), (12, 24)}


def test_public_holidays_of_lithuania() -> None:
    """All sixteen, Good Friday not among them, and no substitute days for those on a weekend."""
    known = PublicHolidays("LT")
    year = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]

    assert {(day.month, day.day) for day in year if day in known} == LITHUANIAN


def test_working_days_of_lithuania_in_another_year() -> None:
    """Movable days move: what is off on weekdays of 2027."""
    calendar = calendars({})["LT"]
    year = [date.fromordinal(n) for n in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]

    off = {(day.month, day.day) for day in year if day.weekday() < 5 and not calendar.works_on(day)}
    assert off == ON_WEEKDAYS_IN_2027


def test_every_national_administration_has_a_calendar() -> None:
    """All of them are known by their code in EMCS, Greece and Northern Ireland too, and all keep New Year's Day."""
    known = calendars({})

    assert known.keys() == TIME_ZONES.keys() == set(NATIONAL_ADMINISTRATIONS)
    assert [state for state, calendar in known.items() if calendar.works_on(date(2026, 1, 1))] == []


@pytest.mark.parametrize(
    ("state", "day", "works"),
    [
        ("EL", date(2026, 3, 25), False),  # the day of the Greek revolution
        ("XI", date(2026, 7, 13), False),  # instead of the twelfth of July, in Northern Ireland only
        ("PL", date(2026, 11, 11), False),
        ("LT", date(2026, 11, 11), True),
        ("PL", date(2026, 11, 2), True),
        ("LT", date(2026, 11, 2), False),
    ],
)
def test_each_state_has_its_own_days(state: str, day: date, *, works: bool) -> None:
    """What is a public holiday in one member state is a working day in another."""
    assert calendars({})[state].works_on(day) is works


def test_corrections_hold_for_their_state() -> None:
    """A day off, a Saturday worked: for the state they are given for, and no other."""
    bridge, saturday = date(2026, 12, 31), date(2026, 12, 19)
    known = calendars({"LT": Correction(off=frozenset({bridge}), worked=frozenset({saturday}))})

    assert [known["LT"].works_on(day) for day in (bridge, saturday)] == [False, True]
    assert [known["PL"].works_on(day) for day in (bridge, saturday)] == [True, False]
