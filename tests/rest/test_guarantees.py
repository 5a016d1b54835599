"""Guarantees at the doors: a trader reads its own and nobody else's, officials act, everything is told at once."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from helpers.gateway import CONSIGNEE, CONSIGNOR
from helpers.served import JSON, Answer, Served
from helpers.staff import staff_of

GUARANTEES = "/v1/national/guarantees"
BEER = {"product": "B000", "cn_code": "22030001", "quantity": "1000", "strength": "5"}
PAPER = {"kind": "deposit", "amount": "1000.00", "reference": "P-1", "since": "2026-01-01"}


@pytest.fixture(scope="module")
def official(gateway: Served) -> str:
    """The token of an excise officer."""
    staff = staff_of(gateway)
    staff.granted("excise_officer")
    staff.arrived()
    return staff.token()


def ask(gateway: Served, token: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
    """Read, or with a body ask for something."""
    sent = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON}
    return gateway.ask("GET" if body is None else "POST", GUARANTEES + path, sent, headers)


def test_official_secures_and_the_trader_reads_it(gateway: Served, official: str) -> None:
    """With the ledger, at any moment; the same paper and the same document once more change nothing."""
    own = gateway.box.traders[CONSIGNOR].token
    used = {"kind": "used", "amount": "100.00", "guarantee": 1, "document": "C-1"}
    for _ in range(2):
        assert ask(gateway, official, f"/{CONSIGNOR}/papers", PAPER).json["number"] == 1
        assert ask(gateway, official, f"/{CONSIGNOR}/entries", used).status == 201
    amount = ask(gateway, official, f"/{CONSIGNOR}/amounts", {"goods": [BEER], "share": "tenth"})

    now = ask(gateway, own, f"/{CONSIGNOR}").json
    then = ask(gateway, own, f"/{CONSIGNOR}?at=2026-01-01T00:00:00Z").json
    assert (amount.status, amount.json["share"]) == (201, "tenth")
    assert now["balance"] == {"secured": "1000.00", "reserved": "0.00", "used": "100.00", "available": "900.00"}
    assert [line["kind"] for line in now["ledger"]] == ["secured", "used"]
    assert (then["balance"]["available"], then["amounts"] == now["amounts"]) == ("1000.00", True)
    assert (now["cover"]["required"], now["cover"]["covered"]) == (amount.json["amount"], True)


def test_what_belongs_to_others_does_not_exist(gateway: Served, official: str) -> None:
    """To a trader; and a trader is no official."""
    own = gateway.box.traders[CONSIGNOR].token

    assert ask(gateway, own, f"/{CONSIGNEE}").status == 404
    assert ask(gateway, own, f"/{CONSIGNEE}/wishes", {"wish": "lower"}).status == 404
    assert ask(gateway, official, "/LT00000000999").status == 404
    assert ask(gateway, own, f"/{CONSIGNOR}/papers", PAPER).status == 403
    assert ask(gateway, "wrong", f"/{CONSIGNOR}").status == 401


def test_trader_asks_for_another_amount(gateway: Served) -> None:
    """Once; other goods are asked for with their quantities."""
    own = gateway.box.traders[CONSIGNOR].token
    first, again = (ask(gateway, own, f"/{CONSIGNOR}/wishes", {"wish": "tenth"}).json for _ in range(2))
    goods = ask(gateway, own, f"/{CONSIGNOR}/wishes", {"wish": "goods"})

    assert (first["kind"], first) == ("asked_tenth", again)
    assert (goods.status, goods.json["type"]) == (422, "/problems/national-refused")
    assert [(one["rule"], one["path"]) for one in goods.json["faults"]] == [("RC-10", "forecast")]


def test_every_fault_is_told_at_once(gateway: Served, official: str) -> None:
    """In every language; what is no such field is told before."""
    changes = {"amount": "-1", "currency": "USD", "until": "2025-01-01"}
    wrong = ask(gateway, official, f"/{CONSIGNOR}/papers", {**PAPER, **changes})
    unread = ask(gateway, official, f"/{CONSIGNOR}/papers", {"kind": "gold", "foo": 1})

    assert [(one["rule"], one["path"]) for one in wrong.json["faults"]] == [
        ("RC-8", "amount"),
        ("RC-8", "currency"),
        ("RC-8", "until"),
    ]
    assert {"en", "lt"} == wrong.json["faults"][0]["text"].keys()
    assert (unread.status, unread.json["type"]) == (422, "/problems/compose-refused")


def test_amount_is_simulated_with_every_step(gateway: Served) -> None:
    """The worked value of 2.5, and faults for goods without duty."""
    own = gateway.box.traders[CONSIGNOR].token
    made = ask(gateway, own, "/simulation", {"goods": [BEER], "on": "2025-06-02"}).json
    unknown = ask(gateway, own, "/simulation", {"goods": [BEER], "on": "2022-06-02"}).json

    assert (made["amount"], made["duty"]["lines"][0]["steps"][-1]["eur"]) == ("548.50", "548.50")
    assert (unknown["amount"], unknown["duty"]["faults"][0]["path"]) == (None, "goods[1].product")
