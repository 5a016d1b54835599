"""Movements as their parties see them, and the register."""

from typing import Any

import pytest

from esad_gateway.transport.envelope import deliver
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    SECOND_CONSIGNOR,
    new_draft,
    new_report,
)
from helpers.served import Served


@pytest.fixture(scope="module")
def arcs(gateway: Served) -> dict[str, list[str]]:
    """ARCs by trader: the consignor has three movements, the consignee two, of which the first was received."""
    drafts = [gateway.box.signed(CONSIGNOR, new_draft()) for _ in range(3)]
    sent = sorted(gateway.submit(draft).json["arc"] for draft in drafts)
    with gateway.box.open("PL") as pl:
        for _ in range(2):
            pl.take(gateway.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        e_sads = [pl.message(FOREIGN_CONSIGNOR, number) for number in (2, 4)]
        for _, document in pl.due():
            assert gateway.ask("POST", "/ndea", deliver(document)).status == 200
    assert gateway.submit(gateway.box.signed(CONSIGNEE, new_report(e_sads[0]))).status == 201
    return {CONSIGNOR: sent, CONSIGNEE: [one.excise_movement.administrative_reference_code for one in e_sads]}


def movements(gateway: Served, seed: str, query: str = "") -> Any:
    """A trader's movements."""
    answer = gateway.get(f"/v1/traders/{seed}/movements?{query}", gateway.box.traders[seed].token)
    assert answer.status == 200, answer.body
    return answer.json


def codes(found: Any) -> list[str]:
    """The ARCs of an answer."""
    return [item["arc"] for item in found["movements"]]


def test_trader_sees_its_own_side(gateway: Served, arcs: dict[str, list[str]]) -> None:
    """The consignor sees what dispatch knows, the consignee what destination knows; each sees nobody else's."""
    at_dispatch, at_destination = movements(gateway, CONSIGNOR), movements(gateway, CONSIGNEE)

    assert codes(at_dispatch) == arcs[CONSIGNOR]
    assert codes(at_destination) == sorted(arcs[CONSIGNEE])
    assert {item["side"] for item in at_dispatch["movements"]} == {"dispatch"}
    assert {item["side"] for item in at_destination["movements"]} == {"destination"}
    assert movements(gateway, SECOND_CONSIGNOR) == {"movements": [], "complete": True}


def test_movement_is_told_in_full(gateway: Served, arcs: dict[str, list[str]]) -> None:
    """State in code and words, parties, limit of the journey, and the lines with exact quantities."""
    arc = arcs[CONSIGNOR][0]

    found = gateway.get(f"/v1/traders/{CONSIGNOR}/movements/{arc}", gateway.box.traders[CONSIGNOR].token).json

    assert (
        found.items()
        >= {
            "arc": arc,
            "side": "dispatch",
            "state": "X01",
            "stateName": "accepted",
            "sequenceNumber": 1,
            "consignor": CONSIGNOR,
            "consignee": FOREIGN_CONSIGNEE,
            "destinationType": "9",
            "dateOfDispatch": "2026-03-02",
            "limit": "2026-03-07T23:59:59+02:00",
        }.items()
    )
    assert [(line["reference"], line["exciseProductCode"], line["refused"]) for line in found["lines"]] == [
        (1, "W200", None),
        (2, "B000", None),
    ]
    assert all(isinstance(line["quantity"], str) for line in found["lines"])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("role=consignee", 2),
        ("role=consignor", 0),
        ("state=X01", 1),
        ("state=X03", 1),
        ("state=X08", 0),
        ("due_before=2026-03-08T00:00:00Z", 2),
        ("due_before=2026-03-07T22:59:59%2B01:00", 0),
        ("due_before=2026-03-07T22:00:00Z", 2),
        ("since=2026-03-02", 2),
        ("since=2026-03-03", 0),
        ("lrn=NOBODY-GAVE-THIS", 0),
        ("state=X01&role=consignee&due_before=2030-01-01T00:00:00Z", 1),
    ],
)
def test_filters_narrow_the_list(gateway: Served, arcs: dict[str, list[str]], query: str, count: int) -> None:
    """By role, by state, and by the limit of the journey, wherever its moment is written."""
    assert arcs
    assert len(codes(movements(gateway, CONSIGNEE, query))) == count


def test_movement_is_found_by_its_local_reference_number(gateway: Served, arcs: dict[str, list[str]]) -> None:
    """The one that the consignor gave it, for both parties."""
    one = movements(gateway, CONSIGNOR)["movements"][1]

    assert codes(movements(gateway, CONSIGNOR, f"lrn={one['localReferenceNumber']}")) == [arcs[CONSIGNOR][1]]


def test_list_comes_in_parts(gateway: Served, arcs: dict[str, list[str]]) -> None:
    """A part says that it is not all; the next one begins after its last ARC."""
    first = movements(gateway, CONSIGNOR, "limit=2")
    second = movements(gateway, CONSIGNOR, f"limit=2&after={codes(first)[-1]}")

    assert (first["complete"], second["complete"]) == (False, True)
    assert codes(first) + codes(second) == arcs[CONSIGNOR]


@pytest.mark.parametrize(
    "query",
    [
        "role=owner",
        "state=X99",
        "due_before=soon",
        "due_before=2026-03-08",
        "due_before=2026-03-08T00:00:00",
        "due_before=9999-12-31T23:59:59-14:00",
        "due_before=0001-01-01T00:00:00%2B14:00",
        "limit=501",
        "lrn=",
        "lrn=12345678901234567890123",
        "since=soon",
        "since=2026-02-30",
        "since=0001-01-01",
        "after=26ltjl4ntrk6hxfgsg5p6",
        "after=26LTJL4NTRK6HXFGSG5P7",
        "sort=arc",
    ],
)
def test_wrong_parameters_are_refused(gateway: Served, query: str) -> None:
    """A moment needs a zone: whose midnight is meant would be a guess."""
    trader = gateway.box.traders[CONSIGNOR]

    answer = gateway.get(f"/v1/traders/{CONSIGNOR}/movements?{query}", trader.token)

    assert (answer.status, answer.json["type"]) == (422, "/problems/invalid-parameter")


def test_foreign_movement_is_like_a_missing_one(gateway: Served, arcs: dict[str, list[str]]) -> None:
    """Another trader's ARC and one that nobody has get the same answer."""
    token = gateway.box.traders[CONSIGNOR].token
    foreign, missing = arcs[CONSIGNEE][0], "26LT999999999999999P2"

    answers = [gateway.get(f"/v1/traders/{CONSIGNOR}/movements/{arc}", token) for arc in (foreign, missing)]

    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body.replace(missing.encode(), foreign.encode())


def test_register_answers_about_operators(gateway: Served) -> None:
    """Registered for what, and when; names and addresses are not published."""
    token = gateway.box.traders[CONSIGNOR].token

    found = gateway.get(f"/v1/operators/{FOREIGN_CONSIGNEE}", token)
    missing = gateway.get("/v1/operators/PL00000000999", token)

    assert found.json == {
        "seed": FOREIGN_CONSIGNEE,
        "on": "2026-03-02",
        "registered": True,
        "type": "certified_consignee",
        "office": "PL001000",
        "validFrom": "2023-02-13",
        "validTo": None,
        "products": ["B000", "W200"],
        "productCategories": [],
        "temporary": None,
    }
    assert (found.status, missing.status) == (200, 404)
    assert b"Trader" not in found.body
