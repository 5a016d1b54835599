"""The calendars of the member states: zones, public holidays, worked weekends, eves, corrections."""

import csv
import os
import re
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.working_days import DAYS_TO_REPORT
from esad_gateway.profiles import STATES
from esad_gateway.profiles.calendars import Correction, calendars
from esad_gateway.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "working-days.md"
TABLE = Path(__file__).parent / "data" / "working_days.csv"
"""What is off from Monday to Friday, and worked on weekends, by state and year; looked up, not computed."""

FRIDAY = 4
EVES = {code: state.eves for code, state in STATES.items() if state.eves}


def days_of(year: int) -> list[date]:
    """Every day of a year."""
    return [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]


def written(days: list[date]) -> str:
    """Days as the table has them."""
    return " ".join(f"{day:%m-%d}" for day in days)


@pytest.mark.parametrize("state", STATES)
def test_working_days_of_a_state(state: str) -> None:
    """From 2024 to 2027: movable feasts, substitute days, weekends worked in exchange, and what laws have changed."""
    calendar = calendars({})[state]
    rows = [row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()) if row["state"] == state]

    assert [row["year"] for row in rows] == ["2024", "2025", "2026", "2027"]
    for row in rows:
        year = days_of(int(row["year"]))
        off = [day for day in year if day.weekday() <= FRIDAY and not calendar.works_on(day)]
        worked = [day for day in year if day.weekday() > FRIDAY and calendar.works_on(day)]
        assert (written(off), written(worked)) == (row["off"], row["worked"])


@pytest.mark.parametrize(
    ("state", "arrived", "due"),
    [
        ("AT", date(2024, 3, 27), date(2024, 4, 5)),
        ("BE", date(2025, 7, 18), date(2025, 7, 28)),
        ("BG", date(2026, 4, 8), date(2026, 4, 17)),
        ("CY", date(2026, 4, 8), date(2026, 4, 17)),
        ("CZ", date(2026, 9, 25), date(2026, 10, 5)),
        ("DE", date(2025, 10, 2), date(2025, 10, 10)),
        ("DK", date(2024, 4, 25), date(2024, 5, 2)),
        ("EE", date(2025, 2, 20), date(2025, 2, 28)),
        ("EL", date(2024, 5, 2), date(2024, 5, 14)),
        ("ES", date(2025, 12, 4), date(2025, 12, 12)),
        ("FI", date(2026, 6, 17), date(2026, 6, 25)),
        ("FR", date(2026, 5, 7), date(2026, 5, 18)),
        ("HR", date(2025, 5, 29), date(2025, 6, 6)),
        ("HU", date(2026, 1, 8), date(2026, 1, 14)),
        ("HU", date(2026, 8, 6), date(2026, 8, 12)),
        ("IE", date(2026, 1, 30), date(2026, 2, 9)),
        ("IT", date(2027, 10, 1), date(2027, 10, 11)),
        ("LT", date(2026, 7, 3), date(2026, 7, 13)),
        ("LU", date(2025, 5, 8), date(2025, 5, 16)),
        ("LV", date(2026, 1, 15), date(2026, 1, 21)),
        ("LV", date(2026, 6, 25), date(2026, 7, 1)),
        ("MT", date(2025, 2, 7), date(2025, 2, 17)),
        ("NL", date(2026, 4, 30), date(2026, 5, 8)),
        ("PL", date(2024, 12, 20), date(2024, 12, 31)),
        ("PL", date(2025, 12, 19), date(2025, 12, 31)),
        ("PT", date(2027, 12, 7), date(2027, 12, 15)),
        ("RO", date(2026, 1, 5), date(2026, 1, 14)),
        ("SE", date(2026, 12, 23), date(2027, 1, 5)),
        ("SI", date(2026, 4, 24), date(2026, 5, 5)),
        ("SK", date(2026, 5, 7), date(2026, 5, 14)),
        ("XI", date(2026, 7, 10), date(2026, 7, 20)),
    ],
)
def test_report_is_due_by_the_days_of_its_state(state: str, arrived: date, due: date) -> None:
    """Five working days after an arrival, counted on a calendar of paper."""
    assert calendars({})[state].working_days_after(arrived, DAYS_TO_REPORT) == due


@pytest.mark.parametrize("state", [code for code, state in STATES.items() if not (state.eves and state.eves.off)])
def test_due_dates_are_those_of_the_library(state: str) -> None:
    """Where no eve is added: for every day of four years the same fifth working day as the library's own count."""
    country, part = {"EL": ("GR", None), "XI": ("GB", "NIR")}.get(state, (state, None))
    known = holidays.country_holidays(country, subdiv=part, language="en_US", years=range(2024, 2029))
    calendar = calendars({})[state]
    for year in (2024, 2025, 2026, 2027):
        for day in days_of(year):
            assert calendar.working_days_after(day, 5) == known.get_nth_working_day(day, 5), day


def test_eves_that_are_off_are_in_the_library() -> None:
    """Each name of the table is one of the library's, so that a new release cannot lose a day without a word."""
    for state, eves in EVES.items():
        categories = {eves.category, "public"}
        known = holidays.country_holidays(state, years=2025, categories=categories, language="en_US")
        for name in eves.names:
            days = known.get_named(name, lookup="exact")
            assert days, (state, name)
            assert all(calendars({})[state].works_on(day) is not eves.off for day in days if day.weekday() <= FRIDAY)


def test_page_has_the_table_of_eves() -> None:
    """The manual shows what the code holds: the days, whether they count, and the law."""
    rows = [
        f"| {state} | {', '.join(eves.names)} | {'off' if eves.off else 'worked'} | {eves.source} |"
        for state, eves in EVES.items()
    ]
    assert "\n".join(rows) in PAGE.read_text(encoding="utf-8")


def test_correction_of_the_page_is_one() -> None:
    """What the manual tells an administration to write corrects the calendar."""
    [written_out] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    corrected = Settings.model_validate(tomllib.loads(f'state = "LT"\n{written_out}')).profile()

    assert corrected.calendar_of("SE").works_on(date(2026, 12, 31))
    assert not corrected.calendar_of("DE").works_on(date(2026, 6, 4))


def test_eves_do_not_follow_the_language_of_the_machine() -> None:
    """Names of days are read in English, whatever the machine speaks."""
    code = (
        "from datetime import date; from esad_gateway.profiles.calendars import calendars;"
        "print(calendars({})['SE'].works_on(date(2026, 12, 31)))"
    )
    for language in ("sv_SE.UTF-8", "C.UTF-8"):
        environment = {**os.environ, "LANG": language, "LANGUAGE": language, "LC_ALL": language}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout == "False\n"


def test_corrections_go_before_swapped_days_and_eves() -> None:
    """An administration may work on an eve, and rest on a Saturday that others work."""
    eve, saturday = date(2026, 12, 31), date(2026, 1, 10)
    known = calendars({"SE": Correction(worked=frozenset({eve})), "HU": Correction(off=frozenset({saturday}))})

    assert known["SE"].works_on(eve)
    assert calendars({})["HU"].works_on(saturday)
    assert not known["HU"].works_on(saturday)


@pytest.mark.parametrize("state", ["HU", "SE", "LT"])
def test_days_at_the_ends_of_time(state: str) -> None:
    """Another administration may write any date."""
    for day in (date.min, date.max, date.max - timedelta(days=4)):
        assert calendars({})[state].working_days_after(day, DAYS_TO_REPORT) >= day


def test_every_national_administration_has_a_calendar() -> None:
    """All of them are known by their code in EMCS, Greece and Northern Ireland too, and all keep New Year's Day."""
    known = calendars({})

    assert known.keys() == STATES.keys() == set(NATIONAL_ADMINISTRATIONS)
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
