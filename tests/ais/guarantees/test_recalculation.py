"""Recalculation of what has to be secured: four triggers, and exactly five per cent is no change (RC-10)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.guarantees.guarantee import AmountActKind, SecuredShare
from esad_gateway.ais.guarantees.recalculation import (
    AmountCandidate,
    CalendarQuarter,
    RecalculationTrigger,
    after_quarter,
    asked_since,
    by_forecast,
    quarter_written,
    standing_amount,
)
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from helpers.guarantees import at, decided, money

FIRST = CalendarQuarter(year=2026, number=1)
THOUSAND = decided("1000.00")


def found(duty: str, *, asked: bool = False) -> AmountCandidate | None:
    """What follows from the duty of a quarter, where a month was to have a thousand."""
    return after_quarter(FIRST, money(duty), THOUSAND, GUARANTEES, asked=asked)


@pytest.mark.parametrize(
    ("duty", "asked", "trigger"),
    [
        ("3150.00", False, None),
        ("3150.00000000000000000000000001", False, RecalculationTrigger.ABOVE),
        ("3150.01", True, RecalculationTrigger.ABOVE),
        ("2850.00", True, None),
        ("2849.99999999999999999999999999", True, RecalculationTrigger.BELOW),
        ("2849.99", False, None),
        ("0.00", True, RecalculationTrigger.BELOW),
        ("3000.00", True, None),
    ],
)
def test_more_than_five_per_cent_and_no_less(*, duty: str, asked: bool, trigger: RecalculationTrigger | None) -> None:
    """Above it is raised ex officio; below only when the trader asks; at exactly five per cent nothing changes."""
    candidate = found(duty, asked=asked)

    assert (candidate.trigger if candidate else None) is trigger


def test_candidate_says_what_it_was_made_of() -> None:
    """Average, new amount in the same share, and by how much it differs."""
    tenth = replace(THOUSAND, share=SecuredShare.TENTH, amount=money(100))
    candidate = after_quarter(FIRST, money("4000.00"), tenth, GUARANTEES, asked=False)

    assert candidate
    assert (round(candidate.basis, 4), candidate.amount) == (money("1333.3333"), money("133.33"))
    assert (candidate.ex_officio, round(candidate.percent or 0, 2), str(candidate.quarter)) == (
        True,
        money("33.33"),
        "2026-Q1",
    )


def test_lower_amount_is_no_act_of_the_law_alone() -> None:
    """Nor is one for other goods; new tariffs are."""
    below = found("30.00", asked=True)

    assert below
    assert not below.ex_officio
    assert replace(below, trigger=RecalculationTrigger.TARIFFS).ex_officio
    assert not replace(below, trigger=RecalculationTrigger.GOODS).ex_officio


def test_amount_that_was_set_without_a_basis_is_not_compared() -> None:
    """Nobody knows with what."""
    assert after_quarter(FIRST, money(9000), decided(None), GUARANTEES, asked=True) is None
    assert by_forecast(RecalculationTrigger.TARIFFS, money(9000), decided(None), GUARANTEES) is None


def test_other_forecast_is_a_candidate_and_the_same_is_none() -> None:
    """However little it differs."""
    candidate = by_forecast(RecalculationTrigger.TARIFFS, money("1000.001"), THOUSAND, GUARANTEES)

    assert candidate
    assert (candidate.amount, candidate.quarter) == (money("1000.00"), None)
    assert by_forecast(RecalculationTrigger.GOODS, money("1000.000"), THOUSAND, GUARANTEES) is None


def test_basis_of_nothing_has_no_percentage() -> None:
    """Whoever forecast nothing and moved something is far above it."""
    candidate = after_quarter(FIRST, money(3), decided("0"), GUARANTEES, asked=False)

    assert candidate
    assert candidate.percent is None


def test_last_decision_counts_and_what_was_asked_after_it() -> None:
    """Requests before a decision are answered by it."""
    asked = decided(None, kind=AmountActKind.ASKED_LOWER, at=at(1, month=4), number=2)
    later = decided("900.00", at=at(2, month=4), number=3)

    assert standing_amount([asked]) is None
    assert standing_amount([later, asked, THOUSAND]) == later
    assert asked_since([THOUSAND, asked], AmountActKind.ASKED_LOWER, THOUSAND) == asked
    assert asked_since([THOUSAND, asked], AmountActKind.ASKED_GOODS, THOUSAND) is None
    assert asked_since([asked, later], AmountActKind.ASKED_LOWER, later) is None


@pytest.mark.parametrize("text", ["", "2026", "2026-Q0", "2026-Q5", "26-Q1", "0000-Q1", "2026-q1", "2026-Q1\n"])
def test_text_that_is_no_quarter(text: str) -> None:
    """It is written in one way."""
    assert quarter_written(text) is None


def test_days_of_quarters() -> None:
    """Each begins where the one before has ended."""
    quarters = [quarter_written(f"2026-Q{number}") for number in (1, 2, 3, 4)]

    assert [(one.first, one.last) for one in quarters if one] == [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 12, 31)),
    ]


@given(st.integers(1, 10**12).map(lambda cents: Decimal(cents).scaleb(-2)))
def test_exactly_the_threshold_is_never_a_change(basis: Decimal) -> None:
    """One ten-thousandth of a cent more is."""
    decision = decided(str(basis))
    high, low = basis * 3 * Decimal("1.05"), basis * 3 * Decimal("0.95")
    little = Decimal("0.000001")

    assert after_quarter(FIRST, high, decision, GUARANTEES, asked=True) is None
    assert after_quarter(FIRST, low, decision, GUARANTEES, asked=True) is None
    assert after_quarter(FIRST, high + little, decision, GUARANTEES, asked=False) is not None
    assert after_quarter(FIRST, low - little, decision, GUARANTEES, asked=True) is not None
