"""What a person may do for a number, and what somebody is told who may not (ROL-1 to ROL-4)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.doing import HANDING_IN, ROLES, WRITING, Doing
from esad_gateway.ais.people.roles import AisRole, Grant
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.emcs.delegation import signable
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.texts import say
from helpers.people import CONSIGNEE, CONSIGNOR, ENTITY, NOW, PERSON, STATUSES, TEMPORARY, granted, told

WAREHOUSE = "LT00000000107"
ALL = {**STATUSES, WAREHOUSE: OperatorType.AUTHORISED_WAREHOUSEKEEPER}


def acting(*grants: Grant) -> Acting:
    """The person with these grants, for an entity with four numbers."""
    return Acting(person=PERSON, entity=ENTITY, grants=grants, statuses=ALL, at=NOW)


CONSIGNEES = acting(granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE))


def test_consignee_reads_and_reports_and_does_not_dispatch() -> None:
    """ROL-1: in the capacity that the number has."""
    allowed = {doing for doing in Doing if CONSIGNEES.faults_of(doing, CONSIGNEE) == ()}

    assert allowed == {Doing.READ, Doing.REPORT, Doing.EXPLAIN, Doing.DECLARE}
    assert CONSIGNEES.reads(CONSIGNEE)
    assert not CONSIGNEES.reads(CONSIGNOR)


def test_role_of_another_number_is_no_role() -> None:
    """ROL-2: the consignor's number of the same entity, and the temporary one, ask for grants of their own."""
    assert told(CONSIGNEES.faults_of_writing("IE815", CONSIGNOR)) == [("ROL-1", "role", CONSIGNOR)]
    assert told(CONSIGNEES.faults_of_writing("IE818", TEMPORARY)) == [("ROL-2", "role", TEMPORARY)]


def test_number_of_another_status_is_told_with_its_status() -> None:
    """ROL-4: no role lets a consignee's number dispatch, nor a warehouse's receive duty-paid goods."""
    fault = CONSIGNEES.faults_of_writing("IE815", CONSIGNEE)[0]

    assert (fault.rule, fault.path, fault.value) == ("ROL-4", "seed", CONSIGNEE)
    assert "is certified consignee" in say(fault.text)
    assert told(CONSIGNEES.faults_of(Doing.REPORT, WAREHOUSE)) == [("ROL-4", "seed", WAREHOUSE)]


def test_number_without_a_status_today_is_told() -> None:
    """ROL-4: it was something, and has ended."""
    who = replace(CONSIGNEES, statuses={CONSIGNEE: None})

    assert "not valid today" in say(who.faults_of(Doing.REPORT, CONSIGNEE)[0].text)


def test_status_that_changed_after_the_grant_counts() -> None:
    """ROL-4: what the register says now, not what it said when the role was granted."""
    who = replace(CONSIGNEES, statuses={CONSIGNEE: OperatorType.CERTIFIED_CONSIGNOR})

    assert not who.reads(CONSIGNEE)


def test_number_of_nobody_is_not_the_entitys() -> None:
    """Whether or not another entity has it."""
    assert told(CONSIGNEES.faults_of(Doing.READ, "LT00000000999")) == [("ROL-4", "seed", "LT00000000999")]
    assert not CONSIGNEES.knows("LT00000000999")


def test_other_person_enters_the_saad_list_and_reads_no_mailbox() -> None:
    """ROL-3: for a consignee's number too, and for a warehouse's."""
    who = acting(granted(AisRole.OTHER_PERSON, WAREHOUSE))

    assert who.faults_of(Doing.ENTER, WAREHOUSE) == ()
    assert not who.reads(WAREHOUSE)
    assert told(CONSIGNEES.faults_of(Doing.ENTER, CONSIGNEE)) == [("ROL-3", "role", CONSIGNEE)]


def test_role_on_its_way_is_told_with_its_moment() -> None:
    """ACC-3: try again then."""
    who = acting(granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE, saved=timedelta()))

    assert "from 2026-11-23T08:15:00Z on" in say(who.faults_of(Doing.REPORT, CONSIGNEE)[0].hint)


def test_who_gives_a_missing_role_is_told() -> None:
    """A role manager gives those of traders, the administration those of officials."""
    nobody = acting()

    assert "role manager of the entity" in say(nobody.faults_of(Doing.REPORT, CONSIGNEE)[0].hint)
    assert "the administration grants this role" in say(nobody.faults_of(Doing.OFFICIATE)[0].hint)
    assert told(nobody.faults_of(Doing.MANAGE)) == [("ACC-1", "role", None)]


@pytest.mark.parametrize(("role", "doing"), [("role_manager", Doing.MANAGE), ("excise_officer", Doing.OFFICIATE)])
def test_roles_of_the_entity_count_without_a_number(role: str, doing: Doing) -> None:
    """And with any of its numbers, for none of anybody else's."""
    who = acting(granted(AisRole(role)))

    assert who.faults_of(doing) == who.faults_of(doing, CONSIGNEE) == ()
    assert who.roles == {AisRole(role)}


def test_every_message_of_a_trader_has_its_row() -> None:
    """What traders sign can be submitted by somebody, and nothing else."""
    assert WRITING.keys() == signable()
    assert told(CONSIGNEES.faults_of_writing("IE801", CONSIGNEE)) == [("ROL-1", "message", "IE801")]


def test_every_role_lets_a_person_do_something() -> None:
    """No role is for nothing, and nothing is for nobody."""
    assert frozenset().union(*ROLES.values()) == frozenset(AisRole)
    assert all(ROLES[doing] for doing in Doing)


def test_who_has_no_role_now_is_told_nothing_of_the_entity() -> None:
    """One on its way does not count yet; any that counts will do."""
    coming = granted(AisRole.ROLE_MANAGER, saved=timedelta(0))

    assert told(acting(coming).faults_without_roles()) == [("ROL-1", "role", None)]
    assert CONSIGNEES.faults_without_roles() == ()


def test_numbers_without_the_role_of_their_status_are_listed() -> None:
    """ROL-2: the checklist of a role manager, so that no temporary number is forgotten."""
    assert CONSIGNEES.missing() == {
        CONSIGNOR: AisRole.CERTIFIED_CONSIGNOR,
        TEMPORARY: AisRole.TEMPORARY_CERTIFIED_CONSIGNEE,
    }


def test_standing_tells_of_everything_that_is_done_for_a_number() -> None:
    """Pain 1 of chapter 4: before anything is tried."""
    standing = CONSIGNEES.standing(CONSIGNEE)

    assert [doing for doing, faults in standing.items() if not faults] == [
        *(Doing.READ, Doing.REPORT, Doing.EXPLAIN, Doing.DECLARE),
    ]
    assert standing.keys() == set(Doing) - {Doing.MANAGE, Doing.OFFICIATE}


def test_actor_is_an_official_first_and_else_what_the_number_is() -> None:
    """In a national procedure; in no capacity without a role that counts."""
    grants = [
        granted(AisRole.ROLE_MANAGER),
        granted(AisRole.OTHER_PERSON, CONSIGNEE),
        granted(AisRole.CERTIFIED_CONSIGNEE, CONSIGNEE),
    ]

    assert acting(*grants, granted(AisRole.EXCISE_OFFICER)).actor(CONSIGNEE).role == "excise_officer"
    assert acting(*grants).actor(CONSIGNEE) == CONSIGNEES.reader_of(CONSIGNEE)
    assert (acting(*grants).actor().role, acting(*grants).actor().seed) == ("role_manager", "")
    assert acting().actor(CONSIGNEE).role == ""


def test_who_wrote_a_message_is_told_in_its_capacity() -> None:
    """By the kind of the message."""
    assert CONSIGNEES.writer_of("IE818", CONSIGNEE).role == "certified_consignee"
    assert acting(granted(AisRole.ROLE_MANAGER)).manager(CONSIGNEE).role == "role_manager"


def test_kinds_of_tables_are_those_that_there_are() -> None:
    """Each asks for a role."""
    assert HANDING_IN.keys() == {kind.value for kind in BatchKind}


def test_who_did_something_is_told_in_its_capacity() -> None:
    """The grant by which it was done; in no capacity where there is none."""
    assert CONSIGNEES.done_by(Doing.REPORT, CONSIGNEE) == DoneBy(
        kind=ActorKind.PERSON, name=PERSON, seed=CONSIGNEE, role="certified_consignee", entity=ENTITY
    )
    assert CONSIGNEES.done_by(Doing.DISPATCH, CONSIGNEE).role == ""


_KEYS = st.tuples(
    st.sampled_from([PERSON, "38001010002"]),
    st.sampled_from([ENTITY, "100000002"]),
    st.sampled_from(AisRole),
    st.sampled_from(["", *ALL, "LT00000000999"]),
)


@given(st.lists(_KEYS, max_size=6), st.sampled_from(Doing), st.sampled_from([*ALL, "LT00000000999"]))
def test_grant_never_counts_for_another_key(keys: list[tuple[str, str, AisRole, str]], doing: Doing, seed: str) -> None:
    """Whoever is allowed something has a grant of exactly this person, entity, role and number."""
    grants = [replace(granted(role, number), person=person, entity=entity) for person, entity, role, number in keys]

    found = acting(*grants).grant_for(doing, seed)

    if found is not None:
        assert (found.person, found.entity) == (PERSON, ENTITY)
        assert found.role in ROLES[doing]
        assert found.seed == ("" if not found.role.is_for_number else seed)
        assert found.role.status in (None, ALL.get(seed))
