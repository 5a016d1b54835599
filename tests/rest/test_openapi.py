"""The OpenAPI document: valid, complete, and its examples are true."""

import json
from collections.abc import Iterator
from decimal import Decimal
from http import HTTPMethod
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI

from esad_gateway.rest.national.due import FOLLOWED
from esad_gateway.rest.national.openapi import ROUTES
from esad_gateway.rest.national.sign_in import AT_PROVIDER, RETURN
from esad_gateway.xml.parse import parse
from helpers.batch_door import TraderAtDoor
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNEE, new_draft
from helpers.samples import evolve
from helpers.served import JSON, XML, Answer, Served

PROBLEM = "application/problem+json"
PLACES = {
    ("post", "/v1/messages"),
    ("post", "/v1/messages/validate"),
    ("post", "/v1/messages/compose"),
    ("get", "/v1/traders/{seed}/messages"),
    ("get", "/v1/traders/{seed}/messages/{seq}"),
    ("put", "/v1/traders/{seed}/messages/{seq}/acknowledgement"),
    ("post", "/v1/traders/{seed}/messages/acknowledgements"),
    ("get", "/v1/traders/{seed}/movements"),
    ("get", "/v1/traders/{seed}/movements/{arc}"),
    ("get", "/v1/operators/{seed}"),
    ("get", "/v1/traders/{seed}/due"),
    ("get", "/v1/traders/{seed}/due.ics"),
    ("get", "/v1/traders/{seed}/due/feeds"),
    ("post", "/v1/traders/{seed}/due/feeds"),
    ("post", "/v1/traders/{seed}/due/feeds/{number}/revocation"),
    ("get", "/v1/due/{secret}"),
    ("get", "/v1/traders/{seed}/declarations"),
    ("get", "/v1/traders/{seed}/declarations/{period}"),
    ("get", "/v1/traders/{seed}/declarations/{period}/figures/{figure}"),
    ("post", "/v1/traders/{seed}/declarations/{period}/filings"),
    ("get", "/v1/traders/{seed}/declarations/{period}/filings/{filing}/file"),
    ("get", "/v1/traders/{seed}/agents"),
    ("post", "/v1/traders/{seed}/agents/{number}/revocation"),
    ("post", "/v1/traders/{seed}/batches"),
    ("get", "/v1/traders/{seed}/batches"),
    ("get", "/v1/traders/{seed}/batches/{batch}"),
    ("get", "/v1/traders/{seed}/batches/{batch}/rows"),
    ("get", "/v1/traders/{seed}/batches/{batch}/corrections"),
    ("post", "/v1/traders/{seed}/batches/{batch}/withdrawal"),
    ("post", "/v1/traders/{seed}/batches/{batch}/resumption"),
    ("get", "/v1/traders/{seed}/saad"),
    ("post", "/v1/traders/{seed}/saad"),
    ("get", "/v1/traders/{seed}/saad/export"),
    ("get", "/v1/traders/{seed}/saad/{record}"),
    ("post", "/v1/traders/{seed}/saad/{record}/corrections"),
    ("post", "/v1/traders/{seed}/saad/{record}/withdrawal"),
    ("get", "/v1/traders/{seed}/events"),
    ("post", "/v1/traders/{seed}/webhooks"),
    ("get", "/v1/traders/{seed}/webhooks"),
    ("get", "/v1/traders/{seed}/webhooks/{webhook}"),
    ("delete", "/v1/traders/{seed}/webhooks/{webhook}"),
    ("post", "/v1/traders/{seed}/webhooks/{webhook}/rotation"),
    ("post", "/v1/traders/{seed}/webhooks/{webhook}/ping"),
    ("get", "/v1/traders/{seed}/webhooks/{webhook}/dead-letters"),
    ("post", "/v1/traders/{seed}/webhooks/{webhook}/dead-letters/resending"),
    *(("post", f"/v1/national/cases{place}") for place in ("", "/documents", "/{case}/acts/{act}")),
    *(
        ("get", f"/v1/national/cases{place}")
        for place in ("", "/notices", "/candidates", "/{case}", "/{case}/documents/{digest}")
    ),
    ("post", "/v1/duty"),
    ("get", "/v1/duty/rates"),
    ("get", "/v1/national/refunds/{seed}/{arc}"),
    ("get", "/v1/administration"),
    ("get", "/"),
    ("get", "/health"),
    ("get", "/problems"),
    ("get", "/problems/{kind}"),
    ("get", "/ready"),
    ("get", "/metrics"),
    *((method, path) for path, method in ROUTES),
}


NATIONAL = {
    "number": 1,
    "excise_number": CONSIGNOR,
    "provider": "one",
    "period": "2026-02",
    "figure": "D.110",
    "filing": "last",
    "secret": "x",
    "case": "2026-000001",
    "act": "add",
    "digest": "0" * 64,
}
"""What stands in the paths of national doors, beside what stands in those of others."""


@pytest.fixture(scope="module")
def document(gateway: Served) -> dict[str, Any]:
    """The document as the gateway serves it, asked twice."""
    first, second = gateway.get("/openapi.json"), gateway.get("/openapi.json")
    assert first.json == second.json
    found: dict[str, Any] = second.json
    return found


@pytest.fixture(scope="module")
def token(gateway: Served) -> str:
    """The consignor's token; its mailbox has a draft and its e-SAD."""
    assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
    return gateway.box.traders[CONSIGNOR].token


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of everything that can be asked."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def everything(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from everything(inner)
    if isinstance(value, list):
        for inner in value:
            yield from everything(inner)


def example(document: dict[str, Any], method: str, path: str, status: str, media: str = JSON) -> Any:
    """The example of an answer."""
    return document["paths"][path][method]["responses"][status]["content"][media]["example"]


def shape(value: Any) -> Any:
    """Names and kinds of a value: what a client relies on. An empty list could be one of anything."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "null" if value is None else type(value).__name__


def test_document_is_openapi(document: dict[str, Any]) -> None:
    """The specification's own model reads it, it names its version, and every reference leads somewhere."""
    OpenAPI.model_validate(document)
    references = {one["$ref"] for one in everything(document) if "$ref" in one}

    assert document["openapi"].startswith("3.1.")
    assert references
    for reference in references:
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_place_is_described(document: dict[str, Any]) -> None:
    """What there is, and nothing else."""
    assert {(method, path) for method, path, _ in operations(document)} == PLACES
    for method, path, operation in operations(document):
        assert HTTPMethod(method.upper())
        assert operation["summary"]
        declared = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert declared == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def test_every_place_exists(gateway: Served) -> None:
    """None of them is answered with 404 for the place, or with 405."""
    for method, path in PLACES:
        answer = gateway.ask(
            method.upper(),
            path.format(seed=CONSIGNOR, seq=1, arc="x", batch="0", record="0", kind="http", webhook="0", **NATIONAL),
        )
        assert answer.status in {200, 401, 415} or path in (AT_PROVIDER, RETURN, FOLLOWED), path


def test_reading_asks_for_a_token(document: dict[str, Any]) -> None:
    """Tools know that these places want a bearer token, and that the others do not."""
    (scheme,) = document["components"]["securitySchemes"].values()

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for method, path, operation in operations(document):
        national = ROUTES.get((path, method))
        asked = "{seed}" in path or path.startswith("/v1/national/cases")
        assert ("security" in operation) == (asked or (national is not None and not national.is_open))


def test_refusals_are_described_as_problems(document: dict[str, Any]) -> None:
    """Every answer above 400 is a problem, but for the receipt of a refused message."""
    for _, path, operation in operations(document):
        for status, response in operation["responses"].items():
            media = set(response.get("content", ()))
            receipt = (path, status) == ("/v1/messages", "422")
            assert media == ({PROBLEM} if int(status) >= 400 and not receipt else media - {PROBLEM}), (path, status)


def test_draft_of_the_example_is_valid(gateway: Served, document: dict[str, Any]) -> None:
    """The example of a submission has no fault; signed by its consignor, it is accepted."""
    for path in ("/v1/messages", "/v1/messages/validate"):
        body = document["paths"][path]["post"]["requestBody"]["content"][XML]["example"].encode()
        verdict = gateway.ask("POST", "/v1/messages/validate", body, {"Content-Type": XML})
        assert verdict.json == {"ok": True, "message": "IE815", "release": "3.23", "faults": []}

    answer = gateway.submit(gateway.box.traders[CONSIGNOR].signer.sign(parse(body)))

    assert answer.status == 201, answer.body
    assert shape(answer.json) == shape(example(document, "post", "/v1/messages", "201"))


def test_fields_of_the_example_become_a_valid_message(gateway: Served, document: dict[str, Any]) -> None:
    """Composing the example gives a document without faults."""
    content = document["paths"]["/v1/messages/compose"]["post"]["requestBody"]["content"]
    composed = gateway.ask(
        "POST", "/v1/messages/compose", json.dumps(content[JSON]["example"]).encode(), {"Content-Type": JSON}
    )

    verdict = gateway.ask("POST", "/v1/messages/validate", composed.body, {"Content-Type": XML})

    assert (composed.status, verdict.json["ok"]) == (200, True)


def test_examples_of_receipts_are_true(gateway: Served, document: dict[str, Any]) -> None:
    """A refused message and a replay are answered in the form of their examples."""
    refused = gateway.submit(
        gateway.box.signed(CONSIGNOR, evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(90)}))
    )
    signed = gateway.box.signed(CONSIGNOR, new_draft())
    gateway.submit(signed)

    assert shape(refused.json) == shape(example(document, "post", "/v1/messages", "422"))
    told = example(document, "post", "/v1/messages", "422")["faults"][0]
    assert {**refused.json["faults"][0], "line": 71} == told
    assert shape(gateway.submit(signed).json) == shape(example(document, "post", "/v1/messages", "200"))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/traders/{seed}/messages",
        "/v1/traders/{seed}/movements",
        "/v1/traders/{seed}/movements/{arc}",
        "/v1/operators/{seed}",
        "/v1/administration",
        "/",
        "/health",
        "/ready",
    ],
)
def test_examples_of_answers_are_true(gateway: Served, document: dict[str, Any], token: str, path: str) -> None:
    """Each example has the form of the real answer."""
    movements = gateway.get(f"/v1/traders/{CONSIGNOR}/movements", token).json["movements"]
    answer = gateway.get(path.format(seed=CONSIGNOR, arc=movements[0]["arc"]), token)

    assert (answer.status, answer.headers["content-type"]) == (200, JSON)
    assert shape(example(document, "get", path, "200")) == shape(answer.json)


def test_example_of_an_acknowledgement_is_true(gateway: Served, document: dict[str, Any], token: str) -> None:
    """The line of the mailbox comes back."""
    path = "/v1/traders/{seed}/messages/{seq}/acknowledgement"
    answer = gateway.ask("PUT", path.format(seed=CONSIGNOR, seq=2), headers={"Authorization": f"Bearer {token}"})
    told = example(document, "put", path, "200")

    assert answer.json.keys() == told.keys()
    assert shape({**answer.json, "acknowledgedAt": None}) == shape(told)


def test_example_of_a_problem_is_true(gateway: Served, document: dict[str, Any]) -> None:
    """A refused signature is answered with the members of the example, and more."""
    told = example(document, "post", "/v1/messages", "403", PROBLEM)
    found: Answer = gateway.submit(b"<a/>")

    assert (found.json["type"], found.json["title"]) == (told["type"], told["title"])
    assert found.json.keys() >= told.keys()
    assert set(told) >= set(document["components"]["schemas"]["Problem"]["required"])
    assert FOREIGN_CONSIGNEE in example(document, "get", "/v1/traders/{seed}/movements", "200")["movements"][0].values()


def test_examples_of_batches_are_true(gateway: Served, document: dict[str, Any]) -> None:
    """The table of the example is taken as the examples say: one document entered, and one to be mended."""
    trader, places = TraderAtDoor(gateway, CONSIGNEE), "/v1/traders/{seed}/batches"
    content = document["paths"][places]["post"]["requestBody"]["content"]["text/csv"]["example"].encode()

    first = trader.hand_in(content, "kind=saad&name=rows.csv", Idempotency_Key="example")
    again = trader.hand_in(content, "kind=saad&name=rows.csv", Idempotency_Key="example")
    batch = trader.over(first.json["id"])
    rows = trader.get(f"/batches/{batch['id']}/rows?outcome=refused").json
    resumed = trader.ask("POST", f"/batches/{batch['id']}/resumption")

    told = example(document, "get", places + "/{batch}/rows", "200")
    assert shape(first.json) == shape(example(document, "post", places, "202"))
    assert (again.status, shape(again.json)["repeated"]) == (200, "bool")
    assert again.json.keys() == example(document, "post", places, "200").keys()
    assert shape(batch) == shape(example(document, "get", places + "/{batch}", "200"))
    assert batch["counts"] == example(document, "get", places + "/{batch}", "200")["counts"]
    assert shape(trader.get("/batches").json) == shape(example(document, "get", places, "200"))
    assert shape(rows) == shape(told)
    assert rows["documents"][0]["faults"] == told["documents"][0]["faults"]
    assert (resumed.status, shape(resumed.json)) == (
        202,
        shape(example(document, "post", places + "/{batch}/resumption", "202")),
    )


def test_examples_of_the_saad_list_are_true(gateway: Served, document: dict[str, Any]) -> None:
    """The entry of the example is taken, found, entered again and withdrawn."""
    trader, places = TraderAtDoor(gateway, CONSIGNEE), "/v1/traders/{seed}/saad"
    body = document["paths"][places]["post"]["requestBody"]["content"][JSON]["example"]
    entry = json.dumps({**body, "document": "BY-HAND"}).encode()

    entered = trader.send("/saad", entry)
    place = f"/saad/{entered.json['record']['id']}"
    found = {
        ("get", places, "200"): trader.get("/saad?document=BY-HAND"),
        ("get", places + "/{record}", "200"): trader.get(place),
        ("post", places, "200"): trader.send("/saad", entry),
        ("post", places + "/{record}/corrections", "200"): trader.send(f"{place}/corrections", entry),
        ("post", places + "/{record}/withdrawal", "200"): trader.ask("POST", f"{place}/withdrawal"),
    }

    assert shape(entered.json) == shape(example(document, "post", places, "201"))
    for (method, path, status), answer in found.items():
        told = example(document, method, path, status)
        assert (answer.status, shape(answer.json)) == (int(status), shape(told)), path
        assert answer.json.get("outcome") == told.get("outcome")
