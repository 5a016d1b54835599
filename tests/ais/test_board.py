"""The deadline board: what is due in which order, with the working days that are left."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.board.listing import COUNTED, StillOpen, listed
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit
from esad_gateway.profiles.calendars import calendars

VILNIUS = calendars({})["LT"]
TERM = Term(rule="RCV-2", number=0, unit=Unit.CALENDAR_DAYS, provenance=Provenance("a test", Mark.INFERRED))


def item(last: date, about: str = "A", seed: str = "LT00000000101", kind: DueKind = DueKind.REPORT) -> DueItem:
    """Something whose last day that is."""
    return StillOpen(kind=kind, seed=seed, about=about, since=date(2026, 10, 1), last=last).item(TERM, VILNIUS)


def at(day: str, hour: int = 9) -> datetime:
    """A moment of a day."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")


def test_item_counts_its_term_from_its_own_last_day() -> None:
    """Ten working days after the end of a security, past All Saints and All Souls."""
    ten = Term(rule="RC-14", number=10, unit=Unit.WORKING_DAYS, provenance=TERM.provenance)
    one = StillOpen(kind=DueKind.SECURITY, seed="S", about="P-1", since=date(2026, 1, 1), last=date(2026, 10, 30))

    found = one.item(ten, VILNIUS)

    assert (found.end.day, found.end.term.rule, found.since) == (date(2026, 11, 16), "RC-14", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("last", "left", "overdue"),
    [
        ("2026-11-06", 2, False),
        ("2026-11-04", 0, False),
        ("2026-11-03", -1, True),
        ("2026-11-01", -2, True),
        ("2026-10-30", -2, True),
    ],
)
def test_days_left_are_working_days(last: str, left: int, overdue: bool) -> None:  # noqa: FBT001 - a column
    """As of a Wednesday behind a Monday on which nobody works."""
    (found,) = listed([item(date.fromisoformat(last))], at("2026-11-04"), VILNIUS)

    assert (found.left, found.overdue) == (left, overdue)


def test_what_ended_on_a_weekend_is_overdue_though_no_working_day_has_passed() -> None:
    """On the Sunday after a Saturday."""
    (found,) = listed([item(date(2026, 11, 7))], at("2026-11-08"), VILNIUS)

    assert (found.left, found.overdue) == (0, True)


def test_last_day_lasts_until_midnight_in_its_own_zone() -> None:
    """At 23:59 in Vilnius nothing is late, and a minute later it is."""
    last = item(date(2026, 11, 4))
    midnight = datetime(2026, 11, 4, 22, tzinfo=UTC)

    (before,), (after,) = (listed([last], midnight + timedelta(minutes=more), VILNIUS) for more in (-1, 0))

    assert (before.overdue, after.overdue, after.left) == (False, True, -1)


def test_what_is_overdue_comes_first() -> None:
    """By ends; of one end by trader, kind and what it is about."""
    items = [
        item(date(2026, 12, 1), "later"),
        item(date(2026, 11, 3), "overdue"),
        item(date(2026, 11, 5), "b"),
        item(date(2026, 11, 5), "a"),
        item(date(2026, 11, 5), "z", seed="LT00000000100"),
    ]

    found = [one.item.about for one in listed(items, at("2026-11-04"), VILNIUS)]

    assert found == ["overdue", "z", "a", "b", "later"]


def test_only_what_is_near_is_shown() -> None:
    """So many working days at most; what is overdue always is."""
    items = [item(date(2026, 11, day), str(day)) for day in (2, 4, 6, 9)]

    assert [one.item.about for one in listed(items, at("2026-11-04"), VILNIUS, within=2)] == ["2", "4", "6"]


@pytest.mark.parametrize("last", [date.min, date.max])
@pytest.mark.parametrize("now", [datetime.min, datetime.max, datetime(2026, 11, 4)])  # noqa: DTZ001, DTZ901 - made aware below
def test_ends_of_time_are_shown_too(last: date, now: datetime) -> None:
    """Working days are counted for about two years and no further; nobody waits for it."""
    (found,) = listed([item(last)], now.replace(tzinfo=UTC), VILNIUS)

    assert abs(found.left) <= COUNTED


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.dates(date(2025, 6, 1), date(2027, 6, 30)))
def test_clock_that_is_put_back_shows_no_fewer_days(last: date, day: date) -> None:
    """Nothing is kept of an earlier look: an hour earlier at most as much is overdue."""
    now = datetime.combine(day, datetime.min.time(), UTC)

    (later,), (earlier,) = (listed([item(last)], one, VILNIUS) for one in (now, now - timedelta(hours=1)))

    assert earlier.left >= later.left
    assert later.overdue >= earlier.overdue
