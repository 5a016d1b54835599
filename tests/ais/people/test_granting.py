"""Granting roles: one key, one grant; everything that is wrong is told at once (ROL-2 to ROL-4)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.people.granting import GrantFacts, WantedRole, grant, statuses_of
from esad_gateway.ais.people.roles import AisRole, Grant
from esad_gateway.emcs.registry import Operator, OperatorType
from helpers.people import CONSIGNEE, ENTITY, LAW, NOW, PERSON, QUARTER, TEMPORARY, granted, operator, told

WANTED = WantedRole(person=PERSON, entity=ENTITY, role="certified_consignee", seed=CONSIGNEE)
FACTS = GrantFacts(
    has_person=True,
    has_entity=True,
    holder=ENTITY,
    operators=(operator(CONSIGNEE, OperatorType.CERTIFIED_CONSIGNEE),),
    day=NOW.date(),
)


@given(st.integers(0, 2**31))
def test_grant_arrives_within_a_quarter_of_an_hour(seed: int) -> None:
    """ACC-3: whatever the seed."""
    law = replace(LAW, lag_seed=replace(LAW.lag_seed, number=Decimal(seed)))

    found = grant(WANTED, FACTS, law, NOW)

    assert isinstance(found, Grant)
    assert found.saved_at == NOW
    assert NOW <= found.effective_at <= NOW + QUARTER


def test_who_asks_twice_has_asked_once() -> None:
    """The grant that stands is the answer, with its own moments."""
    standing = granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE)

    assert grant(WANTED, replace(FACTS, standing=(standing,)), LAW, NOW) is standing


def test_role_of_another_number_is_a_grant_of_its_own() -> None:
    """ROL-2: whoever has it for one number is granted it anew for the next, and one says nothing of the other."""
    other = replace(granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE), seed="LT0000000C999")

    found = grant(WANTED, replace(FACTS, standing=(other,)), LAW, NOW)

    assert isinstance(found, Grant)
    assert (found.seed, found.saved_at) == (CONSIGNEE, NOW)


def test_role_that_has_ended_is_granted_anew() -> None:
    """What ended is history."""
    ended = replace(granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE), ended_at=NOW)

    found = grant(WANTED, replace(FACTS, standing=(ended,)), LAW, NOW)

    assert isinstance(found, Grant)
    assert found.saved_at == NOW


@pytest.mark.parametrize("until", [None, NOW + timedelta(days=30)])
def test_double_grant_with_another_end_is_refused(until: datetime | None) -> None:
    """Two periods of one key would overlap."""
    standing = replace(granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE), ended_at=until)
    wanted = replace(WANTED, until=NOW + timedelta(days=1))

    found = grant(wanted, replace(FACTS, standing=(standing,)), LAW, NOW)

    assert isinstance(found, tuple)
    assert told(found) == [("ROL-2", "until", "2026-11-24T08:00:00Z")]


@pytest.mark.parametrize("role", ["role_manager", "excise_officer"])
def test_roles_of_the_whole_entity_need_no_number(role: str) -> None:
    """Nor is one looked up."""
    found = grant(replace(WANTED, role=role, seed=""), replace(FACTS, operators=(), holder=""), LAW, NOW)

    assert isinstance(found, Grant)


def test_other_person_goes_with_a_number_of_any_status() -> None:
    """ROL-3: also with that of a certified consignee."""
    assert isinstance(grant(replace(WANTED, role="other_person"), FACTS, LAW, NOW), Grant)


_WAREHOUSE = operator(CONSIGNEE, OperatorType.AUTHORISED_WAREHOUSEKEEPER)
_ENDED = operator(CONSIGNEE, OperatorType.CERTIFIED_CONSIGNEE, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("wanted", "facts", "faults"),
    [
        ({}, {"has_person": False}, [("ACC-1", "person", PERSON)]),
        ({}, {"has_entity": False}, [("ACC-1", "entity", ENTITY)]),
        ({"role": "king"}, {}, [("ROL-1", "role", "king")]),
        ({"role": "role_manager"}, {}, [("ROL-2", "seed", CONSIGNEE)]),
        ({"seed": ""}, {}, [("ROL-2", "seed", None)]),
        ({"until": NOW}, {}, [("ROL-2", "until", "2026-11-23T08:00:00Z")]),
        ({}, {"holder": "100000002"}, [("ROL-2", "seed", CONSIGNEE)]),
        ({}, {"operators": ()}, [("ROL-4", "seed", CONSIGNEE)]),
        ({}, {"operators": (_WAREHOUSE,)}, [("ROL-4", "role", "certified_consignee")]),
        ({}, {"operators": (_ENDED,)}, [("ROL-4", "seed", CONSIGNEE)]),
    ],
)
def test_each_thing_that_is_wrong_is_told(
    wanted: dict[str, Any], facts: dict[str, Any], faults: list[tuple[str, str, str | None]]
) -> None:
    """With its requirement, its place and its value."""
    found = grant(replace(WANTED, **wanted), replace(FACTS, **facts), LAW, NOW)

    assert isinstance(found, tuple)
    assert told(found) == faults


def test_all_of_it_is_told_at_once() -> None:
    """Person, entity, end and number in one answer."""
    facts = replace(FACTS, has_person=False, has_entity=False, holder="", operators=())

    found = grant(replace(WANTED, until=NOW - QUARTER), facts, LAW, NOW)

    assert isinstance(found, tuple)
    assert [rule for rule, _, _ in told(found)] == ["ACC-1", "ACC-1", "ROL-2", "ROL-2", "ROL-4"]


def test_status_of_a_number_is_that_of_the_day() -> None:
    """What has ended, or is not known, is nothing."""
    records: list[Operator] = [_ENDED, operator(TEMPORARY, OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE)]

    assert statuses_of([CONSIGNEE, TEMPORARY, "LT00000000999"], records, NOW.date()) == {
        CONSIGNEE: None,
        TEMPORARY: OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        "LT00000000999": None,
    }
