"""Rates by token, and by address for bad ones: told in every answer, refused with when to come again."""

import re
from collections.abc import Iterator

import pytest

from esad_gateway.soap.envelope import SOAP_1_2
from helpers.gateway import CONSIGNOR, NOW, copy_of_box, new_draft
from helpers.served import JSON, Answer, Served, served
from helpers.soap import ByHand
from helpers.wsse import Signer

MESSAGES = f"/v1/traders/{CONSIGNOR}/messages"
REQUESTS, MEGABYTES, BAD = 10, 1, 4


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway that is asked little."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", requests_a_minute=REQUESTS, megabytes_a_minute=MEGABYTES, bad_tokens_a_minute=BAD)
    with served(box) as running:
        yield running


@pytest.fixture
def token(gateway: Served) -> str:
    """A new token of the consignor."""
    return gateway.station.runtime.registry.issue_token(CONSIGNOR, NOW)


def left(answer: Answer, name: str = "token") -> tuple[int, int]:
    """How much is left of a rate, and in how many seconds all is."""
    found = re.search(rf'"{name}";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert found
    return int(found[1]), int(found[2])


def test_rate_of_a_token_is_told_and_kept(gateway: Served, token: str) -> None:
    """As many as may are answered, then none until one has come back; another token has its own."""
    other = gateway.station.runtime.registry.issue_token(CONSIGNOR, NOW)
    answers = [gateway.get(MESSAGES, token) for _ in range(REQUESTS)]

    refused = gateway.get(MESSAGES, token)

    assert [one.status for one in answers] == [200] * REQUESTS
    assert f'"token";q={REQUESTS};w=60;qu="requests"' in answers[0].headers["ratelimit-policy"]
    assert left(answers[0])[0] == REQUESTS - 1
    assert left(answers[-1])[0] == 0
    assert (refused.status, refused.json["type"]) == (429, "/problems/too-many")
    assert (refused.json["setting"], refused.json["limit"]) == ("requests_a_minute", REQUESTS)
    assert 0 < int(refused.headers["retry-after"]) <= 60 // REQUESTS
    assert left(refused)[0] == 0
    assert gateway.get(MESSAGES, other).status == 200


def test_national_procedures_are_counted_with_the_rest(gateway: Served, token: str) -> None:
    """The same token has one rate at all doors, and their document says so."""
    answers = [gateway.get("/v1/national/cases", token) for _ in range(REQUESTS)]

    refused, paths = gateway.get("/v1/national/cases", token), gateway.get("/openapi.json").json["paths"]

    assert [one.status for one in answers] == [200] * REQUESTS
    assert (refused.status, refused.json["type"]) == (429, "/problems/too-many")
    assert gateway.get(MESSAGES, token).status == 429
    assert "429" in paths["/v1/national/cases"]["get"]["responses"]
    assert "429" not in paths["/v1/national/sign-in"]["get"]["responses"]


def test_soap_is_counted_with_rest(gateway: Served, token: str) -> None:
    """The same token has one rate at both doors, and the fault says when to come again."""
    client = ByHand(gateway, SOAP_1_2)
    for _ in range(REQUESTS):
        assert gateway.get(MESSAGES, token).status == 200

    answer = client.post(client.request("ListMessages", {"trader": CONSIGNOR}), token)

    assert "/problems/too-many" in answer.body.decode()
    assert int(answer.headers["retry-after"]) > 0


def test_who_signs_has_a_rate_as_who_shows_a_token(gateway: Served) -> None:
    """A signature stands for a token when something is read over SOAP, and is no way around its rate."""
    client = ByHand(gateway, SOAP_1_2)
    signer = Signer(identity=gateway.box.traders[CONSIGNOR].identity, now=gateway.station.clock.now)
    request = client.request("ListMessages", {"trader": CONSIGNOR})
    answers = [client.post(signer.signed(request)) for _ in range(REQUESTS)]

    refused = client.post(signer.signed(request))

    assert [one.status for one in answers] == [200] * REQUESTS
    assert client.fault_of(refused).said("status") == ["429"]
    assert int(refused.headers["retry-after"]) > 0


def test_bytes_of_a_token_are_counted(gateway: Served, token: str) -> None:
    """What was too much is taken once; the next one waits, also where it has no body."""
    access = {"Authorization": f"Bearer {token}"}
    assert gateway.get(MESSAGES, token).status == 200
    place = f"/v1/traders/{CONSIGNOR}/batches?kind=saad"
    sent = gateway.ask("POST", place, b"x" * (MEGABYTES * 3_000_000), {**access, "Content-Type": "text/csv"})

    refused = gateway.get(MESSAGES, token)

    assert sent.status == 202
    assert (refused.status, refused.json["setting"]) == (429, "megabytes_a_minute")
    assert left(refused, "token-bytes")[0] == 0


def test_bad_tokens_count_for_their_address(gateway: Served, token: str) -> None:
    """Whoever guesses is stopped; who is known already, or shows none, is not."""
    assert gateway.get(MESSAGES, token).status == 200
    guesses = [gateway.get(MESSAGES, f"guess-{number}") for number in range(BAD)]

    refused = gateway.get(MESSAGES, "another guess")

    assert [one.status for one in guesses] == [401] * BAD
    assert f'"address";q={BAD};w=60' in guesses[0].headers["ratelimit-policy"]
    assert (refused.status, refused.json["setting"]) == (429, "bad_tokens_a_minute")
    assert int(refused.headers["retry-after"]) > 0
    assert gateway.get(MESSAGES, token).status == 200
    assert gateway.get(MESSAGES).status == 401
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201


def test_signed_submissions_are_not_counted(gateway: Served, token: str) -> None:
    """They prove who sends them, and are bounded by quotas; a token beside them changes nothing."""
    document = gateway.box.signed(CONSIGNOR, new_draft())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    answers = [gateway.ask("POST", "/v1/messages", document, headers) for _ in range(REQUESTS + 2)]

    assert {one.status for one in answers} == {201, 200}
    assert not any("ratelimit" in one.headers for one in answers)


def test_content_type_of_a_refusal_is_that_of_problems(gateway: Served) -> None:
    """A program reads it as every other problem."""
    for number in range(BAD + 1):
        answer = gateway.get(MESSAGES, f"once more {number}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert JSON not in answer.headers["content-type"]
