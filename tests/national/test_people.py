"""Persons at the doors of a gateway: each does what the roles let it that count now, and nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from esad_gateway.ais.people.identity import ProvenIdentity
from esad_gateway.errors import NotAdmitted
from esad_gateway.texts import say
from helpers.gateway import CONSIGNEE, CONSIGNOR, SECOND_CONSIGNOR, copy_of_box, new_draft
from helpers.people import ENTITY, IDENTITY, PERSON
from helpers.served import JSON, XML, Answer, Served, served
from helpers.staff import OTHER_ENTITY, Staff, post, rules, staff_of

MANAGER, OFFICER, OTHER, NOBODY = "38001010002", "38001010003", "38001010004", "38001010005"
ME = "/v1/national/me"
ROLES, ACTS = "/v1/national/roles", "/v1/national/acts"
MAILBOX = f"/v1/traders/{CONSIGNOR}/messages"
SAAD = f"/v1/traders/{CONSIGNEE}/saad"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with an entity, whose persons have their roles already."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running
        assert running.station.checked().problems == ()


@pytest.fixture(scope="module")
def staff(gateway: Served) -> Staff:
    """A person who dispatches, one who enters the SAAD list, a role manager, an official, and one without roles."""
    staff = staff_of(gateway)
    staff.granted("certified_consignor", CONSIGNOR)
    staff.granted("other_person", CONSIGNEE, person=OTHER)
    staff.granted("role_manager", person=MANAGER)
    staff.granted("excise_officer", person=OFFICER, entity=OTHER_ENTITY)
    staff.office.end(staff.granted("role_manager", person=NOBODY), ENTITY, staff.office.acting(MANAGER, ENTITY).actor())
    staff.arrived()
    return staff


def submit(gateway: Served, token: str, consignor: str = CONSIGNOR) -> Answer:
    """Submit a new draft with a token."""
    document = gateway.box.signed(consignor, new_draft(consignor, at=gateway.station.clock.at))
    return gateway.ask("POST", "/v1/messages", document, {"Content-Type": XML, "Authorization": f"Bearer {token}"})


def acts(gateway: Served, staff: Staff, what: str) -> list[dict[str, Any]]:
    """What the persons of the entity did, of one kind."""
    found = gateway.get(f"{ACTS}?limit=500", staff.token(MANAGER)).json["acts"]
    return [one for one in found if one["what"] == what]


def test_consignor_writes_e_sads_and_reads_what_comes(gateway: Served, staff: Staff) -> None:
    """ROL-1: the e-SAD is taken, it is kept who handed it in and as what, once, and its mailbox is read."""
    token = staff.token()
    document = gateway.box.signed(CONSIGNOR, new_draft(at=gateway.station.clock.at))
    headers = {"Content-Type": XML, "Authorization": f"Bearer {token}"}

    first, again = (gateway.ask("POST", "/v1/messages", document, headers) for _ in range(2))

    assert (first.status, again.status) == (201, 200)
    assert gateway.get(MAILBOX, token).json["messages"]
    (act,) = [one for one in acts(gateway, staff, "message.handed_in") if one["detail"]["arc"] == first.json["arc"]]
    assert act["by"] == {"kind": "person", "name": PERSON, "role": "certified_consignor", "seed": CONSIGNOR}
    assert act["about"] == f"{CONSIGNOR}/{first.json['seq']}"


def test_role_of_one_number_opens_no_other(gateway: Served, staff: Staff) -> None:
    """ROL-2 and RCV-4: the entity's own other number, another trader's, and one of nobody are as none."""
    for seed in (CONSIGNEE, SECOND_CONSIGNOR, "LT00000000999"):
        for what in ("messages", "movements", "messages/1"):
            assert gateway.get(f"/v1/traders/{seed}/{what}", staff.token()).status == 404


def test_e_sad_of_another_number_is_refused(gateway: Served, staff: Staff) -> None:
    """ROL-4: the signature is good, and the person has no role for the number in the document; nothing is taken."""
    refused = submit(gateway, staff.token(), SECOND_CONSIGNOR)

    assert (refused.status, refused.json["type"]) == (403, "/problems/role-missing")
    assert rules(refused) == [("ROL-4", "seed")]
    assert refused.json["faults"][0]["value"] == SECOND_CONSIGNOR


def test_person_without_the_role_is_told_who_gives_it(gateway: Served, staff: Staff) -> None:
    """ROL-1: in both languages."""
    refused = submit(gateway, staff.token(OTHER))

    assert rules(refused) == [("ROL-1", "role")]
    fault = refused.json["faults"][0]
    assert "Patvirtintas siuntėjas" in fault["text"]["lt"]
    assert f"role manager of the entity {ENTITY}" in fault["hint"]


def test_other_person_enters_the_saad_list(gateway: Served, staff: Staff) -> None:
    """ROL-3: and nobody else does; what was entered is kept with who did it."""
    entry = gateway.get("/openapi.json").json["paths"]["/v1/traders/{seed}/saad"]["post"]["requestBody"]
    body = entry["content"][JSON]["example"]
    staff_of_consignee = staff.token(OTHER)

    entered = post(gateway, staff_of_consignee, SAAD, body)
    refused = post(gateway, staff.token(), SAAD, body)

    assert entered.status == 201, entered.json
    assert gateway.get(SAAD, staff_of_consignee).json["records"]
    assert (refused.status, rules(refused)) == (403, [("ROL-3", "role")])
    assert gateway.get(SAAD, staff.token()).status == 403
    (act,) = acts(gateway, staff, "saad.taken")
    assert act["by"] == {"kind": "person", "name": OTHER, "role": "other_person", "seed": CONSIGNEE}


def test_tables_ask_for_the_role_of_what_they_hold(gateway: Served, staff: Staff) -> None:
    """SAAD documents for another person, dispatches for a consignor."""
    path = f"/v1/traders/{CONSIGNEE}/batches"
    headers = {"Authorization": f"Bearer {staff.token(OTHER)}", "Content-Type": "text/csv"}

    taken = gateway.ask("POST", f"{path}?kind=saad", b"state\n", headers)
    refused = gateway.ask("POST", f"{path}?kind=dispatch", b"state\n", headers)

    assert (taken.status, refused.status) == (202, 403)
    assert rules(refused) == [("ROL-4", "seed")]
    assert [one["about"] for one in acts(gateway, staff, "batch.handed_in")] == [f"{CONSIGNEE}/{taken.json['id']}"]


def test_acknowledgement_is_kept_with_who_read(gateway: Served, staff: Staff) -> None:
    """One message, or all of them; reading alone is not kept."""
    assert submit(gateway, staff.token()).status == 201
    before = len(acts(gateway, staff, "message.acknowledged"))
    gateway.get(MAILBOX, staff.token())

    answer = post(gateway, staff.token(), f"{MAILBOX}/acknowledgements", {"through": 500})

    assert answer.json["changed"]
    assert len(acts(gateway, staff, "message.acknowledged")) == before + 1


def test_me_tells_what_a_person_is_and_what_is_missing(gateway: Served, staff: Staff) -> None:
    """The numbers of the entity with their statuses, the roles, and for which number one lacks the role."""
    me = gateway.get(ME, staff.token()).json

    assert (me["person"], me["entity"]) == (PERSON, ENTITY)
    assert me["numbers"] == [
        {"seed": CONSIGNOR, "status": "certified_consignor"},
        {"seed": CONSIGNEE, "status": "certified_consignee"},
    ]
    assert [(one["role"], one["seed"], one["state"]) for one in me["roles"]] == [
        ("certified_consignor", CONSIGNOR, "in_force")
    ]
    assert me["missing"] == [{"seed": CONSIGNEE, "role": "certified_consignee"}]


def test_pre_flight_tells_what_may_be_done_for_a_number(gateway: Served, staff: Staff) -> None:
    """Before anything is tried, with the reason for each thing that may not (pain 1)."""
    standing = gateway.get(f"{ME}/numbers/{CONSIGNOR}", staff.token()).json

    assert standing["may"] == ["read", "dispatch", "report", "explain", "hand_in", "claim"]
    forbidden = [(one["doing"], one["faults"][0]["rule"]) for one in standing["mayNot"]]
    assert forbidden == [("enter", "ROL-3"), ("declare", "ROL-4")]
    of_nobody = gateway.get(f"{ME}/numbers/LT00000000999", staff.token()).json
    assert of_nobody["may"] == []


def test_manager_grants_a_role_that_counts_when_ais_has_learned_of_it(gateway: Served, staff: Staff) -> None:
    """ACC-3: saved, then coming, then in force; a new person is written down with the first role."""
    token, person = staff.token(MANAGER), "38001010010"
    body = {"person": person, "name": "Person Ten", "role": "certified_consignee", "seed": CONSIGNEE}
    unknown = post(gateway, token, ROLES, {**body, "name": None})

    granted = post(gateway, token, ROLES, body)
    again = post(gateway, token, ROLES, body)

    assert rules(unknown) == [("ACC-1", "person")]
    assert (granted.status, again.status) == (201, 200)
    assert granted.json["number"] == again.json["number"]
    assert granted.json["savedAt"] <= granted.json["effectiveAt"]
    assert gateway.get(f"/v1/traders/{CONSIGNEE}/messages", staff.token(person)).status == 404
    staff.arrived()
    assert gateway.get(f"/v1/traders/{CONSIGNEE}/messages", staff.token(person)).status == 200
    ended = post(gateway, token, f"{ROLES}/{granted.json['number']}/end")
    ended_again = post(gateway, token, f"{ROLES}/{granted.json['number']}/end")
    assert ended.json == ended_again.json
    assert ended.json["state"] == "ended"
    assert gateway.get(f"/v1/traders/{CONSIGNEE}/messages", staff.token(person)).status == 404


def test_two_managers_at_once_make_one_grant(gateway: Served, staff: Staff) -> None:
    """The second is told what stands."""
    body = {"person": PERSON, "role": "other_person", "seed": CONSIGNOR}
    token = staff.token(MANAGER)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(gateway, token, ROLES, body), range(4)))

    assert sorted(one.status for one in answers) == [200, 200, 200, 201]
    assert len({one.json["number"] for one in answers}) == 1


def test_all_that_is_wrong_with_a_grant_is_told_at_once(gateway: Served, staff: Staff) -> None:
    """Person, end, number and status, each by its requirement; nothing is written."""
    body = {"person": "none", "role": "certified_consignor", "seed": SECOND_CONSIGNOR, "until": "2020-01-01T00:00:00Z"}

    refused = post(gateway, staff.token(MANAGER), ROLES, body)

    assert (refused.status, refused.json["type"]) == (422, "/problems/national-refused")
    assert rules(refused) == [("ACC-1", "person"), ("ROL-2", "until"), ("ROL-2", "seed")]
    wrong_status = {"person": PERSON, "role": "certified_consignee", "seed": CONSIGNOR}
    assert rules(post(gateway, staff.token(MANAGER), ROLES, wrong_status)) == [("ROL-4", "role")]
    unknown = {"person": PERSON, "role": "king"}
    assert rules(post(gateway, staff.token(MANAGER), ROLES, unknown)) == [("ROL-1", "role")]


def test_who_manages_no_roles_changes_none(gateway: Served, staff: Staff) -> None:
    """Neither the person nor a program; nor does a manager make officials, or touch another entity."""
    body = {"person": PERSON, "role": "other_person", "seed": CONSIGNOR}
    officer = {"person": PERSON, "role": "excise_officer"}
    theirs = staff.granted("role_manager", person=PERSON, entity=OTHER_ENTITY)

    assert rules(post(gateway, staff.token(), ROLES, body)) == [("ACC-1", "role")]
    assert rules(post(gateway, gateway.box.traders[CONSIGNOR].token, ROLES, body)) == [("ACC-1", "token")]
    assert rules(post(gateway, staff.token(MANAGER), ROLES, officer)) == [("ROL-1", "role")]
    assert post(gateway, staff.token(MANAGER), f"{ROLES}/{theirs}/end").status == 404
    assert gateway.get(ROLES, staff.token()).status == 403


def test_manager_sees_every_role_and_what_nobody_has(gateway: Served, staff: Staff) -> None:
    """ROL-2: the checklist of numbers for which a grant was forgotten."""
    staff.entity(ENTITY, "LT00000000998")

    found = gateway.get(f"{ROLES}?all=true", staff.token(MANAGER)).json

    assert {one["entity"] for one in found["roles"]} == {ENTITY}
    assert "ended" in {one["state"] for one in found["roles"]}
    assert found["missing"] == [{"seed": CONSIGNEE, "role": "certified_consignee"}]


def test_official_sees_persons_and_all_that_was_done(gateway: Served, staff: Staff) -> None:
    """Nobody else does; a person sees the acts of the own entity."""
    token = staff.token(OFFICER, OTHER_ENTITY)

    persons = gateway.get("/v1/national/persons", token).json

    assert {"person": PERSON, "name": f"Person {PERSON}"} in persons["persons"]
    assert {one["entity"] for one in persons["entities"]} == {ENTITY, OTHER_ENTITY}
    assert {one["what"] for one in gateway.get(f"{ACTS}?limit=500", token).json["acts"]} >= {
        "entity.added",
        "role.granted",
    }
    assert gateway.get("/v1/national/persons", staff.token()).status == 403
    own = gateway.get(f"{ACTS}?limit=500", staff.token()).json["acts"]
    assert {one["entity"] for one in own} == {ENTITY}


def test_token_that_ended_or_was_revoked_opens_nothing(gateway: Served, staff: Staff) -> None:
    """Nor does it submit: it is refused, and not taken for nobody's."""
    ended, revoked = staff.token(hours=0), staff.token(OTHER)
    assert staff.office.tokens.revoke(OTHER, staff.office.acting(OTHER, ENTITY).actor(), gateway.station.clock.at)

    for token in (ended, revoked, "person.made-up"):
        assert gateway.get(ME, token).status == 401
        assert submit(gateway, token).status == 401
    assert staff.office.tokens.revoke(OTHER, staff.office.acting(OTHER, ENTITY).actor(), gateway.station.clock.at) == 0


def test_services_work_as_ever(gateway: Served) -> None:
    """A token of a program opens its mailbox; with a document it is not looked at."""
    token = gateway.box.traders[CONSIGNOR].token

    assert gateway.get(MAILBOX, token).status == 200
    assert submit(gateway, token).status == 201
    assert submit(gateway, "anything").status == 201


def test_person_who_has_proved_who_that_is_gets_a_token(gateway: Served, staff: Staff) -> None:
    """ACC-1: it opens what the roles open, and is given back at the end."""
    now = gateway.station.clock.at
    session = staff.office.open(IDENTITY, now)

    token = str(session["token"])
    assert (session["person"], session["entity"]) == (PERSON, ENTITY)
    assert gateway.get(ME, token).status == 200
    assert staff.office.close(token, now)
    assert not staff.office.close(token, now)
    assert gateway.get(ME, token).status == 401


def test_person_whose_roles_are_on_their_way_is_told_until_when(gateway: Served, staff: Staff) -> None:
    """ERR-1: try again until a quarter of an hour after the grant was saved, then no more."""
    person = "38001010020"
    staff.granted("certified_consignor", CONSIGNOR, person=person)
    now = gateway.station.clock.at
    early = staff.office.acting(person, ENTITY).grants[0].effective_at - timedelta(milliseconds=1)

    with pytest.raises(NotAdmitted) as refused:
        staff.office.open(evolved(person), early)

    assert refused.value.retry_until == now + timedelta(minutes=15)
    assert "nerastas" in say(refused.value.faults[0].text, "lt")
    assert staff.office.open(evolved(person), refused.value.retry_until)["person"] == person


def evolved(person: str) -> ProvenIdentity:
    """The identity of another resident."""
    return replace(IDENTITY, personal_code=person)
