"""Making and checking documents without submitting them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.faults import MOST_FAULTS
from esad_gateway.simulator.drafts import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.plain import message_to_plain
from helpers.gateway import CONSIGNOR, NOW, edited, new_draft
from helpers.samples import evolve
from helpers.served import JSON, XML, Answer, Served


def compose(gateway: Served, fields: Any) -> Answer:
    """Have a message made of fields."""
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return gateway.ask("POST", "/v1/messages/compose", body, {"Content-Type": JSON})


def validate(gateway: Served, document: bytes) -> Any:
    """The verdict on a document."""
    answer = gateway.ask("POST", "/v1/messages/validate", document, {"Content-Type": XML})
    assert (answer.status, answer.headers["content-type"]) == (200, JSON)
    return answer.json


def test_fields_become_a_document_that_is_accepted(gateway: Served) -> None:
    """What was composed can be signed and submitted as it is."""
    draft = new_draft()

    answer = compose(gateway, message_to_plain(draft))

    assert (answer.status, answer.headers["content-type"]) == (200, XML)
    assert read(answer.body) == draft
    signed = gateway.box.traders[CONSIGNOR].signer.sign(parse(answer.body))
    assert gateway.submit(signed).status == 201


def test_header_is_filled_in(gateway: Served) -> None:
    """Identifier, time and addresses may be left out; every composed message gets an identifier of its own."""
    fields = message_to_plain(new_draft())
    del fields["header"]

    headers = [read(compose(gateway, fields).body).header for _ in range(2)]

    assert {one.message_sender for one in headers} == {"NDEA.LT"}
    assert {one.message_recipient for one in headers} == {"NDEA.LT"}
    assert {one.date_of_preparation for one in headers} == {NOW.date()}
    assert len({one.message_identifier for one in headers}) == 2


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"", 400, "malformed-json"),
        (b"{", 400, "malformed-json"),
        (b"\xff", 400, "malformed-json"),
        (b"[" * 100_000, 400, "malformed-json"),
        (b"1" * 5_000, 422, "compose-refused"),
        (
            b'{"message": "IE815", "body_ead_esad": [{"body_record_unique_reference": %b}]}' % (b"9" * 5_000),
            422,
            "compose-refused",
        ),
        (b"null", 422, "compose-refused"),
        (b"[]", 422, "compose-refused"),
        (b'"IE815"', 422, "compose-refused"),
        (b"{}", 422, "compose-refused"),
        (b'{"message": "IE999"}', 422, "compose-refused"),
        (b'{"message": ["IE815"]}', 422, "compose-refused"),
        (rb'{"message": "\ud800"}', 422, "compose-refused"),
        (rb'{"message": "IE815", "\ud800": 1}', 422, "compose-refused"),
        (b'{"message": "IE815", "header": {"message_sender": "\xed\xa0\x80"}}', 422, "compose-refused"),
        (b'{"message": "IE815", "header": 1}', 422, "compose-refused"),
        (rb'{"message": "IE815", "header": {"message_sender": "\u0000"}}', 422, "compose-refused"),
        (b'{"message": "IE815", "body_ead_esad": [{"quantity": 1e400}]}', 422, "compose-refused"),
        (b'{"message": "IE815", "body_ead_esad": [{"quantity": "1E999999999"}]}', 422, "compose-refused"),
        (b'{"message": "IE815", "body_ead_esad": [{"quantity": NaN}]}', 422, "compose-refused"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_fields_that_cannot_be_are_refused(gateway: Served, body: bytes, status: int, kind: str) -> None:
    """What is no JSON, and what is no message, with every field that is in the way."""
    answer = compose(gateway, body)

    assert (answer.status, answer.json["type"]) == (status, f"/problems/{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("faults" in answer.json) == (status == 422)


@pytest.mark.parametrize(
    "body",
    [
        b'{"message": "IE815", ' + b", ".join(b'"field%d": 1' % number for number in range(70_000)) + b"}",
        b'{"message": "IE815", "' + b"x" * 4_000_000 + b'": 1}',
        b'{"message": "IE815", "body_ead_esad": [' + b"{}," * 70_000 + b"{}]}",
    ],
    ids=["many fields", "a long field", "many lines"],
)
def test_refusal_is_bounded(gateway: Served, body: bytes) -> None:
    """However much is wrong, the refusal stays readable: reading stops at 999 faults."""
    answer = compose(gateway, body)

    assert answer.status == 422
    assert len(answer.json["faults"]) <= MOST_FAULTS
    assert len(answer.body) < 1_000_000


def test_json_that_is_nested_too_deeply_is_told_so(gateway: Served) -> None:
    """The reason is about the body, and not about what reads it."""
    assert (
        compose(gateway, b"[" * 100_000).json["detail"]
        == "not JSON: it is nested more deeply than anything that is meant"
    )


def test_more_values_than_any_message_has_are_not_read(gateway: Served) -> None:
    """413 before anything is made of them."""
    many = compose(gateway, b'{"message": "IE815", "body_ead_esad": [' + b"1," * 75_001 + b"1]}")

    assert (many.status, many.json["type"]) == (413, "/problems/too-large")
    assert "75000 commas" in many.json["detail"]


def test_all_faults_are_told_at_once(gateway: Served) -> None:
    """Unknown, missing and wrongly typed fields of one body come together, with their places."""
    fields = message_to_plain(new_draft())
    fields["transport_modes"] = fields.pop("transport_mode")
    fields["body_ead_esad"][1]["quantity"] = "plenty"

    answer = compose(gateway, fields)

    assert {(fault["rule"], fault["path"]) for fault in answer.json["faults"]} == {
        ("PLAIN-UNKNOWN", "transport_modes"),
        ("PLAIN-MISSING", "transport_mode"),
        ("PLAIN-TYPE", "body_ead_esad[2].quantity"),
    }
    assert "did you mean transport_mode?" in [fault["hint"] for fault in answer.json["faults"]]


def test_valid_document_is_found_valid(gateway: Served) -> None:
    """Signed or not."""
    draft = new_draft()
    expected = {"ok": True, "message": "IE815", "release": "3.23", "faults": []}

    assert validate(gateway, gateway.box.signed(CONSIGNOR, draft)) == expected
    assert validate(gateway, compose(gateway, message_to_plain(draft)).body) == expected


def test_faults_are_those_of_a_submission(gateway: Served) -> None:
    """A dry run finds what a submission would be refused for, without state; it stores nothing."""
    wrong = {"body_ead_esad.0.gross_mass": Decimal(1), "header_ead_esad.journey_time": "D92"}
    signed = gateway.box.signed(CONSIGNOR, evolve(new_draft(), wrong))
    before = gateway.station.rows("mailbox")

    verdict = validate(gateway, signed)
    after = gateway.station.rows("mailbox")

    assert after == before
    assert (verdict["ok"], verdict["message"]) == (False, "IE815")
    assert [fault["rule"] for fault in verdict["faults"]] == ["R054", "R219"]
    assert all(fault["line"] for fault in verdict["faults"])
    assert verdict["faults"] == gateway.submit(signed).json["faults"]


def test_schema_errors_are_all_listed(gateway: Served) -> None:
    """With line and place of each."""
    signer = gateway.box.traders[CONSIGNOR].signer
    document = edited(gateway.box.signed(CONSIGNOR, new_draft()), signer, (b">D05<", b">soon<"), (b">900<", b">many<"))

    verdict = validate(gateway, document)

    assert [(fault["rule"], fault["value"]) for fault in verdict["faults"]] == [("XSD", "soon"), ("XSD", "many")]
    assert all(fault["path"].startswith("/IE815/Body/") for fault in verdict["faults"])


@pytest.mark.parametrize("document", [b"<a/>", b"<IE815/>", b'<a xmlns="urn:b"><c/></a>'], ids=str)
def test_any_xml_gets_a_verdict(gateway: Served, document: bytes) -> None:
    """What is no message is told as that, with the messages there are."""
    verdict = validate(gateway, document)

    assert not verdict["ok"]
    assert [(fault["rule"], fault["code"]) for fault in verdict["faults"]] == [("XSD", "15")]
    assert "IE815" in verdict["faults"][0]["hint"]


def test_message_of_a_peer_can_be_validated_too(gateway: Served) -> None:
    """Any message of the release, not only what traders send."""
    receipt = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json
    e_sad = gateway.station.document(CONSIGNOR, receipt["replies"][0]["seq"])

    assert validate(gateway, e_sad) == {"ok": True, "message": "IE801", "release": "3.23", "faults": []}
