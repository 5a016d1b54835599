"""Terms of national law: working days, calendar days, months, and a day of the next month."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit, due, months_after, working_days_left
from esad_gateway.profiles.calendars import calendars

VILNIUS = calendars({})["LT"]
SOURCE = Provenance("a test", Mark.INFERRED)
days = st.dates(date(2023, 1, 1), date(2027, 12, 31))


def term(number: int, unit: Unit, *, rolls: bool = False) -> Term:
    """A term of a rule that does not matter."""
    return Term(rule="RC-4", number=number, unit=unit, provenance=SOURCE, rolls=rolls)


@pytest.mark.parametrize(
    ("event", "number", "last"),
    [
        ("2023-02-14", 5, "2023-02-22"),
        ("2023-02-13", 15, "2023-03-07"),
        ("2025-04-17", 1, "2025-04-18"),
        ("2026-04-02", 5, "2026-04-10"),
        ("2026-06-20", 5, "2026-06-29"),
        ("2026-10-30", 1, "2026-11-03"),
        ("2026-12-17", 5, "2026-12-28"),
        ("2026-12-23", 1, "2026-12-28"),
    ],
)
def test_working_days_follow_the_labour_code(event: str, number: int, last: str) -> None:
    """Public holidays and weekends do not count, and the day of the event neither."""
    found = due(date.fromisoformat(event), term(number, Unit.WORKING_DAYS), VILNIUS)

    assert found.day == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2023-02", "2023-03-15"),
        ("2023-03", "2023-04-17"),
        ("2026-01", "2026-02-17"),
        ("2026-07", "2026-08-17"),
        ("2026-10", "2026-11-16"),
        ("2025-12", "2026-01-15"),
    ],
)
def test_declaration_is_due_on_the_15th_or_the_next_working_day(month: str, last: str) -> None:
    """DEC-2: a 15th on which nobody works gives way, also to a holiday behind a weekend."""
    fifteenth = term(15, Unit.DAY_OF_NEXT_MONTH, rolls=True)

    assert due(date.fromisoformat(f"{month}-28"), fifteenth, VILNIUS).day == date.fromisoformat(last)


def test_fifteenth_does_not_roll_where_the_law_says_so() -> None:
    """Whether a term gives way is a part of the term."""
    assert due(date(2026, 1, 5), term(15, Unit.DAY_OF_NEXT_MONTH), VILNIUS).day == date(2026, 2, 15)


def test_due_is_over_at_midnight_in_vilnius() -> None:
    """What is done at 23:59:59 of the last day is in time, at 24:00 it is late."""
    found = due(date(2026, 6, 1), term(30, Unit.CALENDAR_DAYS), VILNIUS)

    assert found.moment == datetime(2026, 7, 1, 21, tzinfo=UTC)
    assert not found.late(found.moment - timedelta(seconds=1))
    assert found.late(found.moment)


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [("2025-08-31", 6, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2025-11-30", 1, "2025-12-30")],
)
def test_months_end_on_the_same_day_or_the_last_one(day: str, count: int, last: str) -> None:
    """RC-13: six months after 31 August is the last day of February."""
    assert months_after(date.fromisoformat(day), count) == date.fromisoformat(last)
    assert due(date.fromisoformat(day), term(count, Unit.MONTHS), VILNIUS).day == date.fromisoformat(last)


@pytest.mark.parametrize("unit", Unit)
def test_time_ends_where_days_end(unit: Unit) -> None:
    """A term that would end beyond the last day that there is ends on that day."""
    for event in (date.max, date(9999, 11, 30), date(9998, 12, 31)):
        assert event <= due(event, term(31, unit, rolls=True), VILNIUS).day <= date.max


@given(days, st.integers(0, 60))
def test_as_many_working_days_are_left_as_were_given(event: date, number: int) -> None:
    """On the day of the event all of the term is left, and on its last day nothing is."""
    last = due(event, term(number, Unit.WORKING_DAYS), VILNIUS).day

    assert working_days_left(event, last, VILNIUS) == number
    assert working_days_left(last, last, VILNIUS) == 0
    assert working_days_left(last, event, VILNIUS) == -number


def test_end_that_nobody_waits_for_is_ten_years_away() -> None:
    """Whoever says the last day there is means no end: two million days are not looked at one by one."""
    today = date(2026, 3, 2)
    far = working_days_left(today, today + timedelta(days=3653), VILNIUS)

    assert working_days_left(today, date.max, VILNIUS) == far
    assert working_days_left(date.max, today, VILNIUS) > -3653
    assert 2450 < far < 2550


@given(days, st.integers(0, 400), st.sampled_from([Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.DAY_OF_NEXT_MONTH]))
def test_rolled_term_ends_on_a_working_day_at_most_days_later(event: date, number: int, unit: Unit) -> None:
    """A term that gives way ends on a working day, and on none before the one it would have ended on."""
    number = max(1, number % 28) if unit is Unit.DAY_OF_NEXT_MONTH else number
    plain, rolled = (due(event, term(number, unit, rolls=rolls), VILNIUS).day for rolls in (False, True))

    assert VILNIUS.works_on(rolled)
    assert not any(VILNIUS.works_on(plain + timedelta(days=n)) for n in range((rolled - plain).days))
