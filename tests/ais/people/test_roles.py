"""Roles are granted for one number, and take their time to arrive (ROL-1 to ROL-4, ACC-3)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.people.roles import MATCHING, OF_ENTITY, AisRole, Grant, lag_of
from esad_gateway.emcs.registry import OperatorType

SAVED = datetime(2026, 11, 23, 8, tzinfo=UTC)
GRANT = Grant(
    person="38001010001",
    entity="100000001",
    role=AisRole.CERTIFIED_CONSIGNEE,
    seed="LT00000000103",
    saved_at=SAVED,
    effective_at=SAVED + timedelta(minutes=4),
)
QUARTER = timedelta(minutes=15)


@given(st.lists(st.text(), min_size=1, max_size=4), st.integers(), st.timedeltas(timedelta(), timedelta(hours=1)))
def test_lag_is_never_negative_and_never_more_than_the_longest(key: list[str], seed: int, longest: timedelta) -> None:
    """Whatever is granted, with whatever seed; asked twice it is the same."""
    found = lag_of(key, seed=seed, longest=longest)

    assert timedelta() <= found <= longest
    assert found == lag_of(key, seed=seed, longest=longest)


def test_lags_are_spread_over_the_whole_time() -> None:
    """Of a thousand grants some arrive in the first minute, some in the last one, and half of them in each half."""
    lags = [lag_of([str(number)], seed=1, longest=QUARTER) for number in range(1000)]

    assert min(lags) < timedelta(minutes=1)
    assert max(lags) > timedelta(minutes=14)
    assert 450 < sum(lag < QUARTER / 2 for lag in lags) < 550


def test_another_seed_is_another_lag_and_no_time_is_none() -> None:
    """A test chooses its lags by the seed, or has none."""
    assert lag_of(GRANT.key, seed=1, longest=QUARTER) != lag_of(GRANT.key, seed=2, longest=QUARTER)
    assert lag_of(GRANT.key, seed=1, longest=timedelta()) == timedelta()
    assert lag_of(GRANT.key, seed=1, longest=-QUARTER) == timedelta()


@pytest.mark.parametrize(
    ("minutes", "comes", "counts"), [(-5, True, False), (0, True, False), (4, False, True), (60, False, True)]
)
def test_grant_comes_before_it_counts(minutes: int, *, comes: bool, counts: bool) -> None:
    """Also by a clock that stepped back behind the moment at which it was saved: it is to come, and does not count."""
    at = SAVED + timedelta(minutes=minutes)

    assert (GRANT.comes(at), GRANT.counts(at)) == (comes, counts)


def test_grant_that_was_taken_back_neither_comes_nor_counts() -> None:
    """From the moment on at which it ended; before that nothing has changed."""
    ended = replace(GRANT, ended_at=SAVED + timedelta(minutes=10))

    assert ended.counts(SAVED + timedelta(minutes=9))
    assert not ended.counts(SAVED + timedelta(minutes=10))
    assert not replace(GRANT, ended_at=SAVED).comes(SAVED)


def test_roles_of_numbers_match_a_status_but_for_other_person() -> None:
    """ROL-4 and ROL-3: four roles each have their status, one goes with any, two are for the whole entity."""
    assert {role: role.status for role in MATCHING} == {role: OperatorType(role.value) for role in MATCHING}
    assert {role for role in AisRole if role.status is None} == {AisRole.OTHER_PERSON} | OF_ENTITY
    assert {role for role in AisRole if not role.is_for_number} == OF_ENTITY
