"""Which release counts when: schedules with their switches, and rules that a release brings or drops."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE818
from esad_gateway.emcs.releases import Schedule, rank
from esad_gateway.emcs.rules import RULES, Rule
from esad_gateway.emcs.rules.mechanism import Context

SWITCH = datetime(2026, 2, 12, tzinfo=UTC)
NUMBERS = st.from_regex(r"[1-9][0-9]?\.[0-9]{1,2}", fullmatch=True)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_later_releases_have_greater_ranks() -> None:
    """Numbers are compared part by part: 3.9 comes before 3.13."""
    assert sorted(["3.23", "3.9", "4.0", "3.13"], key=rank) == ["3.9", "3.13", "3.23", "4.0"]


def test_switch_counts_from_its_moment_on() -> None:
    """Not a moment earlier, and until the next one."""
    schedule = Schedule.read("3.13, 3.23 from 2026-02-12T00:00:00Z, 3.30 from 2027-02-11T02:00:00+02:00")

    moments = [SWITCH - timedelta(microseconds=1), SWITCH, datetime(2027, 2, 11, tzinfo=UTC)]

    assert [schedule.at(moment) for moment in moments] == ["3.13", "3.23", "3.30"]
    assert schedule.numbers == ("3.13", "3.23", "3.30")


@given(NUMBERS, st.dictionaries(MOMENTS, NUMBERS, max_size=4), MOMENTS)
def test_schedule_is_what_its_text_says(first: str, switches: dict[datetime, str], moment: datetime) -> None:
    """Reading what was written gives the same schedule, and the release of every moment is one that it names."""
    schedule = Schedule(first, tuple(sorted(switches.items())))

    assert Schedule.read(str(schedule)) == schedule
    past = [number for since, number in sorted(switches.items()) if since <= moment]
    assert schedule.at(moment) == [first, *past][-1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "'' is no release; expected a number such as 3.23"),
        ("../../etc", "is no release; expected a number such as 3.23"),
        ("3", "'3' is no release"),
        ("3.13, 3.23", "expected 3.13, or 3.13, 3.23 from 2026-02-12T00:00:00Z"),
        ("3.13, 3.23 from tomorrow", "Invalid isoformat string: 'tomorrow'"),
        ("3.13, 3.23 from 2026-02-12T00:00:00", "needs a moment with a time zone"),
        ("3.13, 3.23 from 2026-02-12T00:00:00Z, 3.30 from 2026-02-12T00:00:00Z", "in the order of their moments"),
    ],
)
def test_schedule_that_is_none_is_told_what_was_expected(text: str, told: str) -> None:
    """Wrong numbers, wrong moments, and moments out of order."""
    with pytest.raises(ValueError, match=r"release|isoformat") as refused:
        Schedule.read(text)

    assert told in str(refused.value)


def test_switch_that_is_planned_takes_the_place_of_later_ones() -> None:
    """An earlier one stays; what was planned for then or later is given up."""
    planned = Schedule("3.13").then("3.23", SWITCH).then("3.30", SWITCH + timedelta(days=364))

    assert planned.then("3.31", SWITCH + timedelta(days=100)) == Schedule(
        "3.13", ((SWITCH, "3.23"), (SWITCH + timedelta(days=100), "3.31"))
    )
    assert planned.then("3.24", SWITCH) == Schedule("3.13", ((SWITCH, "3.24"),))


def _rule(since: str | None = None, until: str | None = None) -> Rule:
    return Rule(number="R", message=IE818, path="", check=lambda *_: (), needs=Context, since=since, until=until)


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        (_rule(), ["3.9", "3.13", "3.23", "4.0"]),
        (_rule(since="3.13"), ["3.13", "3.23", "4.0"]),
        (_rule(until="3.23"), ["3.9", "3.13"]),
        (_rule(since="3.13", until="3.23"), ["3.13"]),
    ],
)
def test_rule_counts_in_its_releases(rule: Rule, counts: list[str]) -> None:
    """From the release that brings it, and not in the one that drops it; where nobody knows, every rule counts."""
    assert [number for number in ("3.9", "3.13", "3.23", "4.0") if rule.counts(number)] == counts
    assert rule.counts(None)


def test_rule_that_came_with_phase_4_2_says_so() -> None:
    """BR056 (domain facts 0.1, release line: phase 4.2, V3.23)."""
    (br056,) = [rule for rule in RULES if rule.number == "BR056"]

    assert (br056.counts("3.13"), br056.counts("3.23")) == (False, True)
