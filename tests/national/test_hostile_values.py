"""Values that nobody means, at the doors of national procedures: told in words, and nothing is kept of them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from helpers.cases import Clerk, desk_of
from helpers.gateway import CONSIGNEE, CONSIGNOR, copy_of_box
from helpers.people import ENTITY, PERSON
from helpers.served import JSON, Answer, Served, served
from helpers.staff import OTHER_ENTITY, Staff, post, staff_of

MANAGER, OFFICER, LEAVING, STRANGER = "38001010002", "38001010003", "38001010005", "38001010006"
LICENCE = {"number": "L-1", "categories": "W", "valid_from": "2025-01-01"}
GUARANTEE = f"/v1/national/guarantees/{CONSIGNEE}"
ROLES, CASES = "/v1/national/roles", "/v1/national/cases"
BEFORE_TIME, AFTER_TIME = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose store has no fault when all is over."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running
        assert running.station.checked().problems == ()


@pytest.fixture(scope="module")
def staff(gateway: Served) -> Staff:
    """A role manager, an official, and a person whose role can end."""
    staff = staff_of(gateway)
    staff.granted("role_manager", person=MANAGER)
    staff.granted("excise_officer", person=OFFICER, entity=OTHER_ENTITY)
    staff.granted("certified_consignor", CONSIGNOR, person=LEAVING)
    staff.granted("certified_consignee", CONSIGNEE)
    staff.arrived()
    return staff


def official(gateway: Served, staff: Staff, path: str, body: Any) -> Answer:
    """Ask for a change as an official."""
    return post(gateway, staff.token(OFFICER, OTHER_ENTITY), path, body)


@pytest.mark.parametrize("at", [BEFORE_TIME, AFTER_TIME, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1e400"])
def test_statement_of_a_moment_that_is_none(gateway: Served, staff: Staff, at: str) -> None:
    """Terms cannot be counted from it: 422, and the parameter is named."""
    token = staff.token(OFFICER, OTHER_ENTITY)
    found = gateway.get(f"{GUARANTEE}?at={at.replace('+', '%2B')}", token)

    assert (found.status, found.json["parameters"][0]["parameter"]) == (422, "query.at")


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
def test_statement_of_the_first_and_the_last_moment(gateway: Served, staff: Staff, at: str) -> None:
    """With a guarantee that ends with the year 9999, and one that has just ended."""
    for until in ("9999-12-31", "9998-12-29"):
        body = {"kind": "document", "amount": "5", "reference": until, "since": "0001-01-01", "until": until}
        assert official(gateway, staff, f"{GUARANTEE}/papers", body).status == 201

    assert gateway.get(f"{GUARANTEE}?at={at}", staff.token(OFFICER, OTHER_ENTITY)).status == 200


@pytest.mark.parametrize("at", [BEFORE_TIME, AFTER_TIME])
def test_entry_at_a_moment_that_is_none(gateway: Served, staff: Staff, at: str) -> None:
    """A moment that UTC does not have is no moment."""
    found = official(gateway, staff, f"{GUARANTEE}/entries", {"kind": "reserved", "document": "d", "at": at})

    assert (found.status, [one["path"] for one in found.json["faults"]]) == (422, ["at"])


def test_role_until_the_end_of_time_is_granted_and_shown(gateway: Served, staff: Staff) -> None:
    """In UTC, where the clocks of the state have no such moment; whoever has it is shown as well."""
    token = staff.token(MANAGER)
    last = "9999-12-31T23:59:59.999999Z"
    wanted = {"person": MANAGER, "role": "other_person", "seed": CONSIGNEE, "until": last}

    assert (post(gateway, token, ROLES, wanted).status, gateway.get(ROLES, token).status) == (201, 200)
    assert gateway.get("/v1/national/me", token).status == 200
    wrong = post(gateway, token, ROLES, {**wanted, "until": AFTER_TIME})
    assert (wrong.status, wrong.json["parameters"][0]["parameter"]) == (422, "until")


@pytest.mark.parametrize(
    ("path", "body", "shown"),
    [
        pytest.param(ROLES, b'{"person": 1e999, "role": "x"}', "Infinity", id="infinity"),
        pytest.param(ROLES, b'{"person": -1e999, "role": "x"}', "-Infinity", id="below all"),
        pytest.param(ROLES, b'{"person": NaN, "role": "x"}', "NaN", id="no number"),
        pytest.param(ROLES, b'{"person": "\\ud800", "role": "x"}', "?", id="half of a pair of surrogates"),
        pytest.param(ROLES, b'{"person": %s, "role": "x"}' % (b"9" * 50), "9" * 50, id="more digits than are read"),
        pytest.param("/v1/national/session", b"NaN", "NaN", id="no number, at the door of signing in"),
    ],
)
def test_what_no_json_can_say_is_told_in_words(
    gateway: Served, staff: Staff, path: str, body: bytes, shown: str
) -> None:
    """The answer is JSON all the same."""
    headers = {"Authorization": f"Bearer {staff.token(MANAGER)}", "Content-Type": JSON}
    found = gateway.ask("POST", path, body, headers)

    assert (found.status, found.json["parameters"][0]["value"]) == (422, shown)


def test_name_of_a_field_that_is_half_of_a_pair(gateway: Served, staff: Staff) -> None:
    """It is unknown, and cannot be named either."""
    headers = {"Authorization": f"Bearer {staff.token(MANAGER)}", "Content-Type": JSON}
    found = gateway.ask("POST", ROLES, b'{"person": "x", "role": "x", "\\udc00": 1}', headers)

    assert (found.status, [one["value"] for one in found.json["parameters"]]) == (422, ["?"])


@pytest.mark.parametrize("depth", [50, 400, 900, 4000])
def test_deep_value_is_told(gateway: Served, staff: Staff, depth: int) -> None:
    """As one of the wrong kind, or as JSON that is too deep."""
    headers = {"Authorization": f"Bearer {staff.token(MANAGER)}", "Content-Type": JSON}
    deep = b"[" * depth + b"]" * depth

    assert gateway.ask("POST", ROLES, b'{"person": %s, "role": "x"}' % deep, headers).status in {400, 422}


@pytest.mark.usefixtures("staff")
def test_wish_for_goods_that_nobody_can_assess_is_refused_at_once(gateway: Served) -> None:
    """With all that is wrong; so is a reason as long as a book. Nothing is written down."""
    token = gateway.box.traders[CONSIGNEE].token
    before = gateway.get(GUARANTEE, token).json["amounts"]

    many = post(gateway, token, f"{GUARANTEE}/wishes", {"wish": "goods", "goods": [{"quantity": "1"}] * 1000})
    absurd = post(gateway, token, f"{GUARANTEE}/wishes", {"wish": "goods", "goods": [{"quantity": "-1"}]})
    long = post(gateway, token, f"{GUARANTEE}/wishes", {"wish": "lower", "why": "w" * 100_000})

    assert [one.status for one in (many, absurd, long)] == [422, 422, 422]
    assert [one["path"] for one in long.json["faults"]] == ["why"]
    assert len(json.dumps(long.json)) < 10_000
    assert gateway.get(GUARANTEE, token).json["amounts"] == before


def test_person_whose_last_role_has_just_ended_is_told_nothing(gateway: Served, staff: Staff) -> None:
    """The token is good until its end, and shows who one is; what others do, only while a role counts."""
    number = staff.granted("certified_consignor", CONSIGNOR, person=LEAVING)
    token = staff.token(LEAVING)
    assert gateway.get("/v1/national/acts", token).status == 200

    assert post(gateway, staff.token(MANAGER), f"{ROLES}/{number}/end").status == 200
    found = gateway.get("/v1/national/acts", token)

    assert (found.status, [one["rule"] for one in found.json["faults"]]) == (403, ["ROL-1"])
    for path in (f"/v1/national/guarantees/{CONSIGNOR}", CASES, f"{CASES}/notices", f"{CASES}/2026-000001"):
        assert gateway.get(path, token).status == 403
    for path in (CASES, f"{CASES}/2026-000001/acts/withdraw", f"/v1/national/guarantees/{CONSIGNOR}/wishes"):
        assert post(gateway, token, path, {"why": "w"}).status == 403
    assert gateway.get(f"/v1/traders/{CONSIGNOR}/messages", token).status == 404
    assert gateway.get("/v1/national/me", token).json["roles"] == []
    staff.station.clock.at += timedelta(seconds=1)
    assert staff.office.acting(LEAVING, ENTITY).roles == frozenset()


def test_service_token_never_acts_as_an_official(gateway: Served, staff: Staff) -> None:
    """Nor does a trader's person: papers, entries and amounts are the administration's."""
    tokens = (gateway.box.traders[CONSIGNEE].token, staff.token(PERSON), staff.token(MANAGER))

    found = [post(gateway, one, f"{GUARANTEE}/{what}") for one in tokens for what in ("papers", "entries", "amounts")]

    assert {one.status for one in found} == {403}


@pytest.mark.parametrize(("month", "state"), [("0001-01", "empty"), ("9999-12", "open")])
def test_month_at_an_end_of_time_is_shown(gateway: Served, month: str, state: str) -> None:
    """Its term is the last moment there is, told in UTC."""
    found = gateway.get(f"/v1/traders/{CONSIGNEE}/declarations/{month}", gateway.box.traders[CONSIGNEE].token)

    assert (found.status, found.json["state"]) == (200, state)


@pytest.mark.parametrize("query", ["name=%00", "name=a%0D%0Ab", "name=a%1B[2J", "name=x&entity=a%20b", "entity=%C3%A9"])
def test_paper_is_called_what_can_be_written_down(gateway: Served, staff: Staff, query: str) -> None:
    """Neither its name nor its entity holds what steers a terminal or a file."""
    headers = {"Authorization": f"Bearer {staff.token(OFFICER, OTHER_ENTITY)}", "Content-Type": "text/plain"}

    assert gateway.ask("POST", f"{CASES}/documents?{query}", b"paper", headers).status == 422


def test_case_of_another_entity_is_as_none(gateway: Served, staff: Staff) -> None:
    """Word for word but for its number; and so are its papers and its acts."""
    station = staff.station
    number = Clerk(desk_of(station)).submit("registered_consignor", security="deposit", licences=[LICENCE]).row.number
    staff.granted("role_manager", person=STRANGER, entity=OTHER_ENTITY)
    staff.arrived()
    token = staff.token(STRANGER, OTHER_ENTITY)

    for path in ("", f"/documents/{'0' * 64}"):
        real, none = (gateway.get(f"{CASES}/{one}{path}", token) for one in (number, "2026-999999"))
        assert (real.status, real.body.replace(number.encode(), b"2026-999999")) == (404, none.body)
    real, none = (post(gateway, token, f"{CASES}/{one}/acts/withdraw", {"why": "w"}) for one in (number, "2026-999999"))
    assert (real.status, real.body.replace(number.encode(), b"2026-999999")) == (404, none.body)
    assert gateway.get(CASES, token).json == {"cases": []}
