"""Agents at the REST door: they read and wait for what they were given, and else it is as if it were not there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from esad_gateway.rest import examples
from esad_gateway.xml.binding import Binder
from helpers.agents import BROKER, agent, let
from helpers.gateway import CONSIGNOR, NOW, PATIENCE, SECOND_CONSIGNOR, copy_of_box, new_draft
from helpers.served import JSON, Answer, Served, served

MESSAGES = f"/v1/traders/{CONSIGNOR}/messages"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway where a broker signs drafts of the consignor, and reads what becomes of them."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        agent(running.station)
        let(running.station, CONSIGNOR, "IE815", reads=["IE801", "IE704"])
        assert running.submit(running.box.signed(CONSIGNOR, new_draft())).status == 201
        yield running


@pytest.fixture(scope="module")
def broker(gateway: Served) -> str:
    """The broker's token."""
    return gateway.station.runtime.registry.issue_token(BROKER, NOW)


def post(gateway: Served, token: str, path: str, body: bytes = b"{}") -> Answer:
    """Ask for a change."""
    return gateway.ask("POST", path, body, {"Authorization": f"Bearer {token}", "Content-Type": JSON})


def test_broker_reads_the_kinds_that_it_was_given(gateway: Served, broker: str) -> None:
    """The e-SAD and not the draft, as JSON and as a table; the whole of another mailbox is as one that is missing."""
    page = gateway.get(MESSAGES, broker)

    assert [one["message"] for one in page.json["messages"]] == ["IE801"]
    assert gateway.get(MESSAGES, broker, Accept="text/csv").body.count(b"\n") == 2
    assert gateway.get(f"{MESSAGES}/1", broker).status == 404
    for path in (MESSAGES.replace(CONSIGNOR, SECOND_CONSIGNOR), f"/v1/traders/{CONSIGNOR}/movements"):
        assert gateway.get(path, broker).status == 404
    assert post(gateway, broker, f"{MESSAGES}/acknowledgements", b'{"through": 9}').status == 404


def test_broker_waits_for_what_it_may_read(gateway: Served, broker: str) -> None:
    """What comes wakes it; another mailbox is as one that is missing, at once."""
    number = gateway.get(f"{MESSAGES}?after=100000", broker).json["completeThrough"]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(gateway.get, f"{MESSAGES}?after={number}&wait=60", broker)
        assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
        assert [one["message"] for one in answer.result(PATIENCE).json["messages"]] == ["IE801"]
    assert gateway.get(f"{MESSAGES.replace(CONSIGNOR, SECOND_CONSIGNOR)}?wait=60", broker).status == 404


def test_table_tells_who_has_signed_for_the_trader(gateway: Served) -> None:
    """The same columns as in JSON."""
    signer = agent(gateway.station, "AG.LT302123457")
    given = let(gateway.station, CONSIGNOR, "IE815", name="AG.LT302123457")
    receipt = gateway.submit(signer.sign(Binder("V3.23").write(new_draft()))).json

    table = gateway.get(f"{MESSAGES}?after={receipt['seq'] - 1}&direction=in", token(gateway), Accept="text/csv")

    head, row = table.body.decode("utf-8-sig").splitlines()[:2]
    told = dict(zip(head.split(";"), row.split(";"), strict=True))
    assert (told["signedBy"], told["delegation"]) == ("AG.LT302123457", str(given.number))


def token(gateway: Served, seed: str = CONSIGNOR) -> str:
    """The token of a trader."""
    return gateway.box.traders[seed].token


PLACE = f"/v1/traders/{CONSIGNOR}/agents"


def test_trader_and_agent_see_who_acts_for_whom(gateway: Served, broker: str) -> None:
    """Each what concerns itself; what has ended when all is asked for."""
    ended = let(gateway.station, CONSIGNOR, reads=["IE818"], name="AG.LT302123459", until=NOW + timedelta(seconds=1))
    let(gateway.station, SECOND_CONSIGNOR, reads=["IE818"], name="AG.LT302123459")
    gateway.station.clock.at = NOW + timedelta(seconds=2)

    now, ever = (gateway.get(f"{PLACE}{query}", token(gateway)).json["agents"] for query in ("", "?all=true"))
    its_own = gateway.get(f"/v1/traders/{BROKER}/agents", broker).json["agents"]

    assert now[0].keys() == examples.DELEGATION.keys()
    assert ended.number not in {one["number"] for one in now}
    assert ended.number in {one["number"] for one in ever}
    assert {one["trader"] for one in ever} == {CONSIGNOR}
    assert [(one["agent"], one["signs"], one["reads"]) for one in its_own] == [(BROKER, ["IE815"], ["IE704", "IE801"])]


def test_trader_takes_back_what_an_agent_may_do(gateway: Served) -> None:
    """At once, and once: what comes next is refused, what came before stays; the first moment counts."""
    signer = agent(gateway.station, "AG.LT302123458")
    given = let(gateway.station, CONSIGNOR, "IE815", reads=["*"], name="AG.LT302123458")
    access = gateway.station.runtime.registry.issue_token("AG.LT302123458", NOW)
    assert gateway.submit(signer.sign(Binder("V3.23").write(new_draft()))).status == 201
    assert gateway.get(MESSAGES, access).status == 200
    path = f"{PLACE}/{given.number}/revocation"

    by_agent = post(gateway, access, path)
    first = post(gateway, token(gateway), path)
    gateway.station.clock.at += timedelta(minutes=1)
    again = post(gateway, token(gateway), path)

    assert by_agent.status == 404
    assert (first.status, first.json) == (again.status, again.json)
    assert (first.json["agent"], first.json["number"]) == ("AG.LT302123458", given.number)
    assert first.json["revokedAt"]
    refused = gateway.submit(signer.sign(Binder("V3.23").write(new_draft())))
    assert (refused.status, refused.json["type"]) == (403, "/problems/signer-not-allowed")
    assert gateway.get(MESSAGES, access).status == 404
    assert gateway.station.checked().problems == ()


def test_delegation_of_another_is_as_one_that_is_missing(gateway: Served, broker: str) -> None:
    """In one's own name and in the other's; nothing is taken back, and nobody is let act by a token."""
    theirs = let(gateway.station, SECOND_CONSIGNOR, reads=["IE801"])
    for number in (theirs.number, 1_000_000):
        answer = post(gateway, token(gateway), f"{PLACE}/{number}/revocation")
        assert (answer.status, answer.json["detail"]) == (404, f"no delegation {number} of {CONSIGNOR}")
    for access in (token(gateway), broker):
        for seed in (SECOND_CONSIGNOR, "LT00000000999"):
            assert post(gateway, access, f"/v1/traders/{seed}/agents/{theirs.number}/revocation").status == 404
            assert gateway.get(f"/v1/traders/{seed}/agents", access).status == 404
    kept = gateway.get(f"/v1/traders/{SECOND_CONSIGNOR}/agents", token(gateway, SECOND_CONSIGNOR)).json["agents"]
    assert theirs.number in {one["number"] for one in kept}
    assert post(gateway, token(gateway), PLACE).status == 405
