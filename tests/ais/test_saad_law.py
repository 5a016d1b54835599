"""Which documents a member state takes, from where and until when: what is known, and what an administration sets."""

from dataclasses import replace
from datetime import date

import pytest

from esad_gateway.ais.provenance import Mark
from esad_gateway.ais.saad.law import SaadLaw, Span, admitted
from esad_gateway.ais.saad.mechanism import SaadContext
from esad_gateway.ais.saad.record import SaadEntry, Source
from esad_gateway.ais.saad.rules import content_faults
from esad_gateway.profiles import STATES
from esad_gateway.profiles.saad import saad_law
from helpers.saad_list import entry_named, law, now

PAPER = entry_named("paper-greece")


def rules(entry: SaadEntry, of: SaadLaw) -> list[str]:
    """The rules that an entry breaks by a law."""
    return [fault.rule for fault in content_faults(entry, SaadContext(of, of.today(now())))]


def left(state: str, day: date, document: Source = Source.PAPER) -> SaadEntry:
    """Goods that left a state on a day, received on the same."""
    return replace(PAPER, source=document, state=state, consignor="Consignor", dispatched=day, received=day)


@pytest.mark.parametrize(
    ("state", "day", "broken"),
    [
        ("XI", date(2023, 2, 13), []),
        ("XI", date(2024, 8, 18), []),
        ("XI", date(2024, 8, 19), ["SAAD-8"]),
        ("EL", date(2026, 3, 5), []),
        ("NL", date(2026, 3, 5), []),
        ("PL", date(2023, 2, 13), ["SAAD-8"]),
    ],
)
def test_states_without_e_sad_have_their_time(state: str, day: date, broken: list[str]) -> None:
    """Northern Ireland until it joined, Greece and the Netherlands without an end, since no day is known."""
    assert rules(left(state, day), law()) == broken


@pytest.mark.parametrize("document", [Source.PAPER, Source.FALLBACK])
def test_administration_says_when_a_state_began(document: Source) -> None:
    """With the setting esad_from the time of paper ends on the day before, and its source is that setting."""
    told = saad_law("LT", law().calendar, {"EL": date(2025, 1, 1)})
    assert rules(left("EL", date(2024, 12, 31), document), told) == []
    assert rules(left("EL", date(2025, 1, 1), document), told) == ["SAAD-8"]
    (row,) = (row for row in told.admissions if "EL" in (row.states or ()))
    assert (row.dispatched.last, row.dispatched.last_source) == (date(2024, 12, 31), "settings.toml, esad_from")


def test_state_that_was_in_time_has_no_time_of_paper() -> None:
    """Who is said to have begun on the first day sends nothing on paper."""
    told = saad_law("LT", law().calendar, {"NL": date(2023, 2, 13)})
    assert "NL" not in {state for row in told.admissions for state in row.states or ()}


def test_term_to_enter_says_by_which_requirements_and_who() -> None:
    """FBK-1 and MVV-2 stand in the notice itself; another number of days is data."""
    entering = law().entering
    longer = replace(law(), entering=replace(entering, days=3))

    assert (entering.days, entering.rules, entering.provenance.mark) == (1, ("FBK-1", "MVV-2"), Mark.SOURCE)
    assert law("PL").entering.provenance.mark is Mark.INFERRED
    assert (longer.due(date(2026, 3, 2)), law().due(date(2026, 3, 2))) == (date(2026, 3, 5), date(2026, 3, 3))


def test_state_may_turn_out_to_be_late() -> None:
    """Whatever state an administration names has its time of paper."""
    told = saad_law("LT", law().calendar, {"PL": date(2023, 3, 1)})
    assert rules(left("PL", date(2023, 2, 28)), told) == []


@pytest.mark.parametrize(
    ("dispatched", "received", "broken"),
    [
        (date(2023, 2, 12), date(2023, 2, 13), []),
        (date(2023, 2, 12), date(2023, 12, 31), []),
        (date(2023, 2, 12), date(2024, 1, 1), ["SAAD-9"]),
        (date(2023, 2, 11), date(2023, 2, 12), ["SAAD-9"]),
        (date(2023, 2, 13), date(2023, 12, 31), ["SAAD-8"]),
    ],
)
def test_paper_on_its_way_when_the_e_sad_began(dispatched: date, received: date, broken: list[str]) -> None:
    """What left before 13 February 2023 could be received on paper until the end of that year, from every state."""
    assert rules(replace(left("PL", dispatched), received=received), law()) == broken


@pytest.mark.parametrize("state", [state for state in STATES if state != "LT"])
def test_state_without_a_list_takes_nothing(state: str) -> None:
    """Other states have rows of their own, or no list."""
    assert STATES[state].saad == ()
    found = rules(replace(PAPER, state="LT", consignee=f"{state}00000000701", consignor="Siuntėjas"), law(state))
    assert found == ["SAAD-1"]


def test_every_day_has_its_source() -> None:
    """Beside each day of the law stands where it is written, and beside the want of one why there is none."""
    periods = [(one, row.until_esad) for row in law().admissions for one in (row.dispatched, row.received)]
    for period, _ in periods:
        assert bool(period.first) == bool(period.first_source)
        assert period.last is None or period.last_source
    open_ended = {state: row.dispatched for row in law().admissions for state in row.states or ()}
    assert {state for state, period in open_ended.items() if period.last is None} == {"EL", "NL"}
    assert all(period.last_source for period in open_ended.values())


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 4, 17), date(2025, 4, 18)),
        (date(2026, 10, 30), date(2026, 11, 3)),
        (date(2026, 12, 23), date(2026, 12, 28)),
        (date(2026, 6, 20), date(2026, 6, 22)),
    ],
)
def test_receipt_is_due_on_the_next_working_day(received: date, due: date) -> None:
    """Good Friday is a working day; All Souls' Day and Christmas Eve are none; weekends are none."""
    assert law().due(received) == due


def test_period_has_both_its_ends() -> None:
    """First and last day are in a period, and a bound that is not there bounds nothing."""
    one = Span(first=date(2026, 1, 1), last=date(2026, 1, 31))
    assert [date(2026, 1, day) in one for day in (1, 31)] == [True, True]
    assert date(2025, 12, 31) not in one
    assert date(2026, 2, 1) not in one
    assert date.max in Span()


def test_laws_of_one_state_are_told_apart() -> None:
    """Their hash is that of the state, and what is kept of the one is not answered for the other."""
    told = saad_law("LT", law().calendar, {"XI": date(2023, 2, 13)})
    asked = (Source.PAPER, "XI", date(2024, 1, 1), date(2024, 1, 1))
    assert hash(told) == hash(law())
    assert told != law()
    assert admitted(law(), *asked).by_receipt
    assert not admitted(told, *asked).by_receipt
