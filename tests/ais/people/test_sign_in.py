"""Who may enter AIS, and what somebody is told who may not (ACC-1 to ACC-7, ERR-1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from esad_gateway.ais.people.identity import Means, ProvenIdentity, ResidencePermit
from esad_gateway.ais.people.roles import AisRole
from esad_gateway.ais.people.sign_in import Denied, SignedIn, decide
from esad_gateway.texts import say
from helpers.people import CONSIGNEE, ENTITY, IDENTITY, LAW, NOW, PERSON, QUARTER, granted, told

IN_FORCE = granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE)
MANAGER = replace(IDENTITY, rights=frozenset({LAW.manager_right}))
FOREIGN = replace(IDENTITY, resident=False, personal_code=None, user_name="vmi-1", means=Means.VMI, country="PL")


def test_resident_with_roles_enters() -> None:
    """ACC-1 (b): who represents an entity and has roles in AIS, until the session ends."""
    found = decide(IDENTITY, [IN_FORCE], LAW, NOW)

    assert found == SignedIn(person=PERSON, entity=ENTITY, grants=(IN_FORCE,), comes=(), until=NOW + timedelta(hours=8))


def test_role_manager_enters_when_the_roles_have_arrived() -> None:
    """ACC-1 (a) and ACC-2: the right in Mano VMI alone opens nothing, roles that were assigned to oneself do."""
    own = granted(AisRole.ROLE_MANAGER)

    assert isinstance(decide(MANAGER, [own], LAW, NOW), SignedIn)
    assert isinstance(decide(MANAGER, [], LAW, NOW), Denied)


def test_first_entry_of_a_role_manager_is_told_to_assign_roles_first() -> None:
    """ERR-1 with ACC-2: nothing is on its way, so trying again leads nowhere."""
    found = decide(MANAGER, [], LAW, NOW)

    assert isinstance(found, Denied)
    assert (found.faults[0].code, found.faults[0].rule, found.retry_until) == ("ERR-1", "ACC-2", None)
    assert say(found.faults[0].hint).startswith("assign AIS roles to yourself first")


def test_text_of_err_1_is_that_of_ais() -> None:
    """Word for word, as the guide has it, and its meaning in English."""
    found = decide(IDENTITY, [], LAW, NOW)

    assert isinstance(found, Denied)
    assert say(found.faults[0].text, "lt") == (
        'Išorinis ūkio subjekto vartotojas AIS sistemoje nerastas. Prašome užsiregistruoti "Mano VMI" portale AIS '
        "naudotoju ir/arba mėginkite jungtis vėliau."
    )
    assert say(found.faults[0].text).startswith("the external user of the economic operator was not found in AIS")


def test_somebody_without_roles_is_told_who_gives_them() -> None:
    """ACC-1: no right, no roles; final until a role manager does something."""
    found = decide(IDENTITY, [], LAW, NOW)

    assert isinstance(found, Denied)
    assert (found.faults[0].rule, found.retry_until) == ("ACC-1", None)
    assert f"role manager of the entity {ENTITY}" in say(found.faults[0].hint)


@pytest.mark.parametrize("minutes", [-30, 0, 14])
def test_roles_on_their_way_are_worth_trying_again(minutes: int) -> None:
    """ACC-3: until a quarter of an hour after they were saved, also by a clock that stepped back behind that moment."""
    longest = granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE, saved=timedelta())
    coming = replace(longest, effective_at=NOW + timedelta(minutes=14, seconds=59))

    found = decide(MANAGER, [coming], LAW, NOW + timedelta(minutes=minutes))

    assert isinstance(found, Denied)
    assert (found.faults[0].code, found.faults[0].rule) == ("ERR-1", "ACC-3")
    assert found.retry_until == NOW + QUARTER
    assert "2026-11-23T08:15:00Z" in say(found.faults[0].hint, "lt")


def test_some_roles_in_force_are_enough_and_the_others_are_told() -> None:
    """Who may enter sees what is still on its way."""
    coming = granted(AisRole.OTHER_PERSON, CONSIGNEE, saved=timedelta())

    found = decide(IDENTITY, [IN_FORCE, coming], LAW, NOW)

    assert isinstance(found, SignedIn)
    assert (found.grants, found.comes) == ((IN_FORCE,), (coming,))


def test_roles_of_others_and_for_other_entities_do_not_count() -> None:
    """A grant is for one person and one entity."""
    others = [replace(IN_FORCE, person="38001010002"), replace(IN_FORCE, entity="100000002")]

    assert isinstance(decide(IDENTITY, others, LAW, NOW), Denied)


def test_both_ways_in_lead_to_the_same_person() -> None:
    """ACC-4 and ACC-5: through Mano VMI with the entity chosen there, or directly with the entity chosen here."""
    directly = replace(IDENTITY, entity=None)

    assert decide(directly, [IN_FORCE], LAW, NOW, ENTITY) == decide(IDENTITY, [IN_FORCE], LAW, NOW)


def test_non_resident_enters_with_the_means_of_vmi() -> None:
    """ACC-6: known by the user name."""
    grant = replace(IN_FORCE, person="vmi-1")

    found = decide(FOREIGN, [grant], LAW, NOW)

    assert isinstance(found, SignedIn)
    assert found.person == "vmi-1"


def test_non_resident_with_permit_and_code_may_use_other_means() -> None:
    """ACC-7: both conditions, and then as anybody."""
    identity = replace(IDENTITY, resident=False, permit=ResidencePermit.TEMPORARY)

    assert isinstance(decide(identity, [IN_FORCE], LAW, NOW), SignedIn)


@pytest.mark.parametrize(
    ("identity", "faults"),
    [
        (replace(IDENTITY, personal_code=None), [("ACC-1", "personal_code", None)]),
        (replace(FOREIGN, user_name=None), [("ACC-6", "user_name", None)]),
        (replace(IDENTITY, resident=False), [("ACC-7", "permit", None)]),
        (
            replace(IDENTITY, resident=False, permit=ResidencePermit.PERMANENT, personal_code=None),
            [("ACC-7", "personal_code", None)],
        ),
        (
            replace(IDENTITY, resident=False, personal_code=None, entity=None),
            [("ACC-7", "permit", None), ("ACC-7", "personal_code", None), ("ACC-1", "entity", None)],
        ),
        (replace(IDENTITY, entity=None), [("ACC-1", "entity", None)]),
    ],
)
def test_each_condition_that_is_missing_is_told(
    identity: ProvenIdentity, faults: list[tuple[str, str, str | None]]
) -> None:
    """All of them at once, and no role is looked at before."""
    found = decide(identity, [IN_FORCE], LAW, NOW)

    assert isinstance(found, Denied)
    assert (told(found.faults), found.retry_until) == (faults, None)


def test_entity_that_is_represented_cannot_be_another_one_than_wanted() -> None:
    """Who comes from Mano VMI for one entity does not act for another."""
    found = decide(IDENTITY, [IN_FORCE], LAW, NOW, "100000002")

    assert isinstance(found, Denied)
    assert told(found.faults) == [("ACC-1", "entity", "100000002")]
