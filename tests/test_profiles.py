"""What is known of member states is dated, and becomes their profiles."""

from datetime import date, timedelta

import pytest

from esad_gateway.emcs.rules.code_lists import taxes_by_plato
from esad_gateway.profiles import START, STATES, State, made_of, profile_of
from esad_gateway.profiles.state import Formalities, JourneyMaxima
from esad_gateway.settings import Settings

LATER = date(2027, 1, 1)
KNOWN = State(
    zone="Europe/Warsaw",
    formalities=(Formalities(first=START, days=1, source="a law"), Formalities(first=LATER, days=3, source="another")),
    journeys=(JourneyMaxima(first=LATER, days={"3": 10}, source="another"),),
)


def days(profile_days: timedelta) -> int:
    """Whole days."""
    return profile_days.days


def test_rows_of_a_state_count_from_their_day_on() -> None:
    """The profile changes on the first day of a row, and keeps what no row changes."""
    profile = made_of("PL", KNOWN)
    before, then = profile.on(date(2026, 12, 31)), profile.on(LATER)
    assert (days(before.formalities), dict(before.maximum_journey_days)) == (1, {})
    assert (days(then.formalities), dict(then.maximum_journey_days)) == (3, {"3": 10})
    assert then.state == "PL"


def test_settings_decide_otherwise_than_the_rows() -> None:
    """What an administration has decided holds on every day; what it has not is as it is known."""
    decided = Settings.model_validate({"state": "PL", "formalities_days": 0}).decided(made_of("PL", KNOWN))
    assert {days(decided.on(day).formalities) for day in (START, LATER)} == {0}
    assert dict(decided.on(LATER).maximum_journey_days) == {"3": 10}
    assert decided.on(START).maximum_journey_days == {}


def test_changes_of_settings_and_of_rows_come_in_the_order_of_their_days() -> None:
    """A change that is decided stays decided, whatever becomes known later."""
    changes = {"2026-06-01": {"formalities_days": 5}}
    decided = Settings.model_validate({"state": "PL", "changes": changes}).decided(made_of("PL", KNOWN))
    found = [days(decided.on(day).formalities) for day in (START, date(2026, 6, 1), LATER)]
    assert found == [1, 5, 5]
    assert dict(decided.on(LATER).maximum_journey_days) == {"3": 10}


@pytest.mark.parametrize("code", STATES)
def test_rows_begin_in_the_order_of_their_days(code: str) -> None:
    """So that the last one that has begun counts; and each says where it is written."""
    state = STATES[code]
    for rows in (state.formalities, state.journeys):
        firsts = [row.first for row in rows]
        assert firsts == sorted(set(firsts))
        assert all(row.source for row in rows)
    assert profile_of(code).state == code


def test_netherlands_taxed_beer_by_plato_until_2023() -> None:
    """The day of dispatch decides (C048)."""
    assert taxes_by_plato("NL", date(2023, 12, 31))
    assert not taxes_by_plato("NL", date(2024, 1, 1))
    assert taxes_by_plato("PL", date(2026, 1, 1))
    assert not taxes_by_plato("LT", date(2026, 1, 1))
