"""Everything that can be wrong with a submission: its documented answer, and what it leaves behind."""

import asyncio
import gzip
import hashlib
import html
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from select import select
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from esad_gateway import resources
from esad_gateway.errors import TooLarge
from esad_gateway.live_trust import LOOK_AGAIN
from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.pem import load_certificate, load_key, write_revocation_list
from esad_gateway.signing.pki import Identity, KeyKind, Period, issue, new_key, revoke
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.transport.envelope import LARGEST_ENVELOPE, deliver
from esad_gateway.web.body import read_body
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import TRADERS, parse
from esad_gateway.xml.payload import without_signature
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNOR,
    NOW,
    PATIENCE,
    SECOND_CONSIGNOR,
    copy_of_box,
    edited,
    new_draft,
)
from helpers.samples import evolve
from helpers.served import JSON, XML, Answer, Served, served

PROBLEM = "/problems/"
INTERNALS = (
    b"Traceback",
    b'File "',
    b".py",
    b".pem",
    b"sqlite",
    b"site-packages",
    b"SELECT",
    b"object at 0x",
    b"no such table",
)

YEAR = timedelta(days=365)
NOW_AND_LATER = Period(not_before=NOW - YEAR, not_after=NOW + YEAR)
PERIODS = {
    # The CA exists since an hour.
    "expired": Period(not_before=NOW - timedelta(minutes=50), not_after=NOW - timedelta(minutes=10)),
    "not yet valid": Period(not_before=NOW + YEAR, not_after=NOW + 2 * YEAR),
    "revoked": NOW_AND_LATER,
    "unregistered": NOW_AND_LATER,
}


@dataclass(frozen=True)
class Sender:
    """Who sends what is wrong: the consignor, and signers with certificates that are of no use."""

    gateway: Served
    odd: Mapping[str, XmlSigner]

    @property
    def signer(self) -> XmlSigner:
        """The consignor's good signature."""
        return self.gateway.box.traders[CONSIGNOR].signer

    def valid(self) -> bytes:
        """A document without any fault."""
        return self.gateway.box.signed(CONSIGNOR, new_draft())

    def by(self, name: str) -> bytes:
        """A draft of the consignor, signed by an odd signer."""
        return self.odd[name].sign(Binder("V3.23").write(new_draft()))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


@pytest.fixture(scope="module")
def sender(gateway: Served) -> Sender:
    """The consignor; all certificates but one are registered for it, and one of them is revoked."""
    trader, data = gateway.box.traders[CONSIGNOR], gateway.station.member.data
    key = load_key(data.authority_key)
    ca = Identity(certificate=load_certificate(data.authority_certificate), key=key)  # type: ignore[arg-type]
    odd = {name: issue(ca, CONSIGNOR, period, new_key(KeyKind.P256)) for name, period in PERIODS.items()}
    registered = [identity.certificate for name, identity in odd.items() if name != "unregistered"]
    revoked = revoke(ca, {odd["revoked"].certificate: NOW - timedelta(days=1)}, NOW_AND_LATER)
    write_revocation_list(data.revocations / "ca.pem", revoked)
    gateway.station.runtime.registry.add_operators([(trader.operator, {}, (trader.identity.certificate, *registered))])
    signers = {name: XmlSigner(identity.key, identity.certificate) for name, identity in odd.items()}
    signers["another trader"] = gateway.box.traders[SECOND_CONSIGNOR].signer
    signers["an administration"] = gateway.box.administration("PL")
    return Sender(gateway, signers)


def told_nothing(answer: Answer) -> bool:
    """Whether the answer keeps our inside to itself."""
    return not any(word in answer.body for word in INTERNALS)


def is_problem(answer: Answer, status: int, kind: str) -> dict[str, Any]:
    """The problem details of an answer."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json
    assert (problem["type"], problem["status"]) == (PROBLEM + kind, status)
    assert problem["title"]
    assert problem["detail"] == problem["details"]["en"] != problem["details"]["lt"]
    assert told_nothing(answer)
    return problem


def attack(name: str) -> Callable[[Sender], bytes]:
    """A document of ``fixtures/attacks``."""
    return lambda _: (resources.fixtures() / "attacks" / f"{name}.xml").read_bytes()


def inside(old: bytes, new: bytes) -> Callable[[Sender], bytes]:
    """A signed document that was changed after signing."""

    def make(sender: Sender) -> bytes:
        document = sender.valid()
        assert old in document
        return document.replace(old, new, 1)

    return make


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><a>&j;</a>"
)

NOT_A_DOCUMENT: Mapping[str, bytes] = {
    "nothing": b"",
    "text": b"hello",
    "JSON": b'{"message": "IE815"}',
    "binary": bytes(range(256)),
    "cut short": b"<IE815><Header>",
    "two roots": b"<a/><b/>",
    "not UTF-8": "<a>ąčę</a>".encode("cp1257"),
    "UTF-16": "<a/>".encode("utf-16"),
    "declares another encoding": b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
    "zero byte": b"<a>\x00</a>",
    "DOCTYPE": b"<!DOCTYPE a><a/>",
    "entity bomb": BOMB,
    "external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "external DTD": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "unknown entity": b"<a>&nbsp;</a>",
    "processing instruction": b"<a><?php echo 1 ?></a>",
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "many elements": b"<a>" + b"<b/>" * 200_000 + b"</a>",
    "many attributes": b"<a" + b"".join(b' a%d=""' % n for n in range(10_000)) + b"/>",
    "many namespaces": b"<a" + b"".join(b' xmlns:n%d="u"' % n for n in range(10_000)) + b"/>",
    "namespaces everywhere": b"<a>" + b'<b xmlns="u"/>' * 10_000 + b"</a>",
}


def state_of(gateway: Served) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All mailboxes with their last numbers, and the security log."""
    return gateway.station.rows("mailbox"), gateway.station.rows("security_log")


def leaves_only_a_note(gateway: Served, document: bytes, before: tuple[list[Any], list[Any]], channel: str) -> bool:
    """Whether no mailbox was touched, and the security log has one more entry: the document's digest and size."""
    mailboxes, log = state_of(gateway)
    (note,) = log[len(before[1]) :]
    digest = hashlib.sha256(document).digest()
    assert (note["channel"], note["client"]) == (channel, "127.0.0.1")
    assert (note["sha256"], note["size"]) == (digest, len(document))
    return mailboxes == before[0]


@pytest.mark.parametrize("document", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_what_is_no_document_is_malformed(gateway: Served, document: bytes) -> None:
    """400 with reason, line and column; nobody is known, so no mailbox is touched, and the security log has it."""
    before = state_of(gateway)

    problem = is_problem(gateway.submit(document), 400, "malformed-xml")

    assert problem["line"] >= 1
    assert problem["column"] >= 1
    assert problem["reason"]
    assert leaves_only_a_note(gateway, document, before, "rest")


TRUE_REASONS: Mapping[bytes, str] = {
    b'\n<?xml version="1.0" encoding="UTF-8"?><a/>': "what stands before it (1 line break) has to go",
    gzip.compress(b"<a/>"): "the document is compressed with gzip",
    "<a/>".encode("utf-16"): "the document is in UTF-16",
}


@pytest.mark.parametrize("document", TRUE_REASONS, ids=["blank-line", "gzip", "UTF-16"])
def test_both_doors_tell_the_cause_of_a_malformed_document(gateway: Served, document: bytes) -> None:
    """The reason of the reader reaches the trader and the other administration, word for word."""
    told = TRUE_REASONS[document]

    problem = is_problem(gateway.submit(document), 400, "malformed-xml")
    fault = gateway.ask("POST", "/ndea", deliver(document), {"Content-Type": "text/xml"})

    assert told in problem["reason"]
    assert "instruction" not in problem["reason"]
    assert told.encode() in fault.body


@pytest.mark.parametrize("document", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_what_is_no_document_cannot_be_delivered(gateway: Served, document: bytes) -> None:
    """At the administrations' door the same is a SOAP fault that blames the sender."""
    before = state_of(gateway)

    answer = gateway.ask("POST", "/ndea", deliver(document), {"Content-Type": "text/xml"})

    assert answer.status == 500
    assert b"<faultcode>s:Client</faultcode>" in answer.body
    assert told_nothing(answer)
    assert leaves_only_a_note(gateway, document, before, "ndea")


@pytest.mark.parametrize("request_body", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_what_is_no_envelope_is_a_fault(gateway: Served, request_body: bytes) -> None:
    """So is a request that is no envelope; the security log has it as it came."""
    before = state_of(gateway)

    answer = gateway.ask("POST", "/ndea", request_body, {"Content-Type": "text/xml"})

    assert answer.status == 500
    assert b"<faultcode>s:Client</faultcode>" in answer.body
    assert leaves_only_a_note(gateway, request_body, before, "ndea")


@pytest.mark.parametrize("document", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_what_is_no_document_cannot_be_validated(gateway: Served, document: bytes) -> None:
    """A dry run refuses the same, and notes nothing."""
    before = state_of(gateway)

    is_problem(gateway.ask("POST", "/v1/messages/validate", document, {"Content-Type": XML}), 400, "malformed-xml")

    assert state_of(gateway) == before


UNPROVEN: Mapping[str, tuple[Callable[[Sender], bytes], int]] = {
    "unsigned": (lambda _: (resources.fixtures() / "messages/ie815/valid/wine-and-beer.xml").read_bytes(), 2),
    "any XML": (lambda _: b"<a/>", 2),
    "many references": (attack("signature-many-references"), 4),
    "many transforms": (attack("signature-many-transforms"), 7),
    "XSLT": (attack("signature-xslt"), 7),
    "XPath": (attack("signature-xpath"), 7),
    "HMAC": (attack("signature-hmac"), 6),
    "SHA-1": (inside(b"ecdsa-sha256", b"ecdsa-sha1"), 6),
    "unregistered certificate": (lambda sender: sender.by("unregistered"), 12),
    "expired certificate": (lambda sender: sender.by("expired"), 17),
    "certificate not yet valid": (lambda sender: sender.by("not yet valid"), 17),
    "revoked certificate": (lambda sender: sender.by("revoked"), 18),
    "content changed": (inside(b">900<", b">9000<"), 20),
    "digest changed": (inside(b"<ds:DigestValue>", b"<ds:DigestValue>AAAA"), 11),
}


def test_everything_wrong_with_the_form_of_a_signature_is_told(gateway: Served, sender: Sender) -> None:
    """A tool with two wrong settings hears of both at once."""
    sha1 = inside(b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1")(sender)
    document = sha1.replace(b"ecdsa-sha256", b"ecdsa-sha1")

    problem = is_problem(gateway.submit(document), 403, "signature-refused")

    assert [problem["step"], *(one["step"] for one in problem["besides"])] == [8, 6]
    assert all(one["reason"] and one["expected"] for one in problem["besides"])


@pytest.mark.parametrize(("make", "step"), UNPROVEN.values(), ids=UNPROVEN)
def test_signature_that_proves_nothing_is_refused(
    gateway: Served, sender: Sender, make: Callable[[Sender], bytes], step: int
) -> None:
    """403 with the step that failed and what would have passed; no mailbox is touched."""
    document = make(sender)
    before = state_of(gateway)

    problem = is_problem(gateway.submit(document), 403, "signature-refused")

    assert problem["step"] == step
    assert problem["reason"]
    assert problem["expected"]
    assert leaves_only_a_note(gateway, document, before, "rest")


@pytest.mark.parametrize("who", ["another trader", "an administration"])
def test_signer_may_act_for_itself_only(gateway: Served, sender: Sender, who: str) -> None:
    """A good signature of somebody else is refused; neither mailbox is touched."""
    document = sender.by(who)
    before = state_of(gateway)

    is_problem(gateway.submit(document), 403, "signer-not-allowed")

    assert leaves_only_a_note(gateway, document, before, "rest")


def test_trader_may_not_deliver_as_an_administration(gateway: Served, sender: Sender) -> None:
    """A trader's document at the administrations' door is a fault."""
    document = sender.valid()
    before = state_of(gateway)

    answer = gateway.ask("POST", "/ndea", deliver(document), {"Content-Type": "text/xml"})

    assert (answer.status, b"s:Client" in answer.body) == (500, True)
    assert leaves_only_a_note(gateway, document, before, "ndea")


def rename(old: bytes, new: bytes) -> Callable[[Sender], bytes]:
    """A document with other content, and a good signature of the consignor."""
    return lambda sender: edited(sender.valid(), sender.signer, (old, new))


def with_changes(changes: Mapping[str, Any]) -> Callable[[Sender], bytes]:
    """A draft with changed values, and a good signature of the consignor."""
    return lambda sender: sender.gateway.box.signed(CONSIGNOR, evolve(new_draft(), changes))


LINES = {"body_ead_esad.0.gross_mass": Decimal(1), "ead_esad_draft.date_of_dispatch": NOW.date() + timedelta(days=30)}
REFUSED: Mapping[str, tuple[Callable[[Sender], bytes], str, list[tuple[str, str]]]] = {
    "unknown message": (rename(b"IE815", b"IE999"), "IE917", [("XSD", "15")]),
    "unknown release": (rename(b":V3.23", b":V9.99"), "IE917", [("XSD", "15")]),
    "unknown element": (rename(b"JourneyTime", b"TravelTime"), "IE917", [("XSD", "15")]),
    "wrong values": (rename(b">D05<", b">soon<"), "IE917", [("XSD", "12")]),
    "a draft as another message": (rename(b"IE815", b"IE801"), "IE917", [("XSD", "15")]),
    "rules": (with_changes(LINES), "IE704", [("R219", "12"), ("IR6", "12")]),
}


@pytest.mark.parametrize(("make", "reply", "faults"), REFUSED.values(), ids=REFUSED)
def test_refusal_of_a_known_signer_lands_in_its_mailbox(
    gateway: Served, sender: Sender, make: Callable[[Sender], bytes], reply: str, faults: list[tuple[str, str]]
) -> None:
    """422 with every fault; the document and the refusal stand in the mailbox, and nothing in the security log."""
    document = make(sender)
    _, log = state_of(gateway)
    last = len(gateway.station.mailbox(CONSIGNOR))

    answer = gateway.submit(document)

    assert (answer.status, answer.headers["content-type"]) == (422, JSON)
    receipt = answer.json
    found = [(fault["rule"], fault["code"]) for fault in receipt["faults"]]
    assert found[: len(faults)] == faults
    assert all(fault["path"] and fault["hint"] and fault["text"]["en"] for fault in receipt["faults"])
    assert (receipt["outcome"], receipt["arc"], receipt["seq"]) == ("refused", None, last + 1)
    listed = gateway.station.mailbox(CONSIGNOR)[last:]
    assert [(one.direction, one.type, one.outcome) for one in listed][1] == ("out", reply, "accepted")
    assert listed[0].outcome == "refused"
    assert listed[1].correlation == receipt["messageIdentifier"]
    assert gateway.station.document(CONSIGNOR, last + 1) == document
    assert state_of(gateway)[1] == log


def test_message_that_traders_do_not_send_is_refused(gateway: Served, sender: Sender) -> None:
    """An e-SAD from a trader: code 15 in an IE704."""
    gateway.submit(sender.valid())
    e_sad = next(one for one in gateway.station.mailbox(CONSIGNOR)[::-1] if one.type == "IE801" and one.arc)
    document = edited(gateway.station.document(CONSIGNOR, e_sad.seq), sender.signer)

    answer = gateway.submit(document)

    assert answer.status == 422
    assert [(fault["rule"], fault["code"]) for fault in answer.json["faults"]] == [("GW-001", "15")]
    assert gateway.station.mailbox(CONSIGNOR)[-1].type == "IE704"


def test_local_reference_number_is_used_once(gateway: Served) -> None:
    """A second draft under an LRN is refused with code 91."""
    draft = new_draft()
    again = replace(new_draft(), ead_esad_draft=draft.ead_esad_draft)

    first, second = (gateway.submit(gateway.box.signed(CONSIGNOR, message)) for message in (draft, again))

    assert (first.status, second.status) == (201, 422)
    (fault,) = second.json["faults"]
    assert (fault["rule"], fault["code"], fault["arc"]) == ("BR001", "91", first.json["arc"])


def test_message_identifier_is_used_once(gateway: Served) -> None:
    """Other content under an identifier that was used gets 409, and nothing of it is kept."""
    draft = new_draft()
    first = gateway.submit(gateway.box.signed(CONSIGNOR, draft))
    before = state_of(gateway)

    second = gateway.submit(gateway.box.signed(CONSIGNOR, replace(new_draft(), header=draft.header)))

    assert first.status == 201
    problem = is_problem(second, 409, "identifier-reused")
    assert problem["identifier"] == draft.header.message_identifier
    assert (problem["mailbox"], problem["seq"], problem["arc"]) == (CONSIGNOR, first.json["seq"], first.json["arc"])
    assert state_of(gateway) == before


@pytest.mark.parametrize("content_type", ["", JSON, "text/plain", "multipart/form-data", "application/soap+xml"])
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/validate"])
def test_other_media_types_are_refused(gateway: Served, path: str, content_type: str) -> None:
    """415, and the body is not looked at."""
    before = state_of(gateway)
    headers = {"Content-Type": content_type} if content_type else {}

    is_problem(gateway.ask("POST", path, b"<a/>", headers), 415, "media-type")

    assert state_of(gateway) == before


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/validate", "/v1/messages/compose"])
def test_encoded_body_is_refused_by_name(gateway: Served, path: str) -> None:
    """415 names the encoding, and says that none is taken; nothing is unpacked, so nothing can blow up."""
    content_type = JSON if path.endswith("compose") else XML
    headers = {"Content-Type": content_type, "Content-Encoding": "gzip"}

    answer = gateway.ask("POST", path, gzip.compress(b"<a/>"), headers)

    assert is_problem(answer, 415, "content-encoding")["encoding"] == "gzip"
    assert answer.headers["accept-encoding"] == "identity"


CODINGS = {
    "compressed for the transfer": ([("Transfer-Encoding", "gzip, chunked")], "gzip, chunked"),
    "in two fields": ([("Transfer-Encoding", "gzip"), ("Transfer-Encoding", "chunked")], "gzip, chunked"),
    "behind one that is none": ([("Content-Encoding", "identity"), ("Content-Encoding", "br")], "identity, br"),
}


@pytest.mark.parametrize(("fields", "named"), CODINGS.values(), ids=CODINGS)
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/validate", "/ndea"])
def test_coding_is_refused_wherever_it_stands(
    gateway: Served, path: str, fields: list[tuple[str, str]], named: str
) -> None:
    """415 with the whole list of codings: of those of a transfer, only ``chunked`` is undone."""
    chunked = any(field == "Transfer-Encoding" for field, _ in fields)
    head = [("Host", "x"), ("Content-Type", XML), ("Connection", "close"), *fields]
    lines = "".join(f"{field}: {value}\r\n" for field, value in head)
    body = "4\r\n<a/>\r\n0\r\n\r\n" if chunked else "<a/>"
    length = "" if chunked else "Content-Length: 4\r\n"

    with socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\n{lines}{length}\r\n{body}".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b"")).decode()

    assert answer.startswith("HTTP/1.1 415 ")
    assert f"{fields[0][0]} '{named}'" in html.unescape(answer)


def test_delivery_that_is_encoded_or_too_large_is_told_by_status(gateway: Served) -> None:
    """At the administrations' door too, as a fault of the client: the peer sees that this document is at fault."""
    encoded = gateway.ask("POST", "/ndea", gzip.compress(b"<a/>"), {"Content-Encoding": "gzip"})
    large = gateway.ask("POST", "/ndea", b" " * (LARGEST_ENVELOPE + 1))

    assert [encoded.status, large.status] == [415, 413]
    assert all(b"<faultcode>s:Client</faultcode>" in answer.body for answer in (encoded, large))
    assert b"gzip" in encoded.body


def test_body_that_says_it_is_not_encoded_is_taken(gateway: Served, sender: Sender) -> None:
    """``identity`` is no encoding."""
    headers = {"Content-Type": XML, "Content-Encoding": "identity"}

    assert gateway.ask("POST", "/v1/messages", sender.valid(), headers).status == 201


@pytest.mark.parametrize("content_type", ["text/xml", "Application/XML; charset=utf-8", 'application/xml;profile="a"'])
def test_media_type_may_have_parameters(gateway: Served, content_type: str) -> None:
    """What clients add to the media type does not matter."""
    is_problem(gateway.submit(b"<a", content_type), 400, "malformed-xml")


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/validate", "/v1/messages/compose"])
def test_body_beyond_the_limit_is_refused(gateway: Served, path: str) -> None:
    """413 one byte above the limit."""
    content_type = JSON if path.endswith("compose") else XML

    answer = gateway.ask("POST", path, b" " * (TRADERS.max_bytes + 1), {"Content-Type": content_type})

    assert is_problem(answer, 413, "too-large")["limit"] == TRADERS.max_bytes


HEAD = b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"


def test_hundred_megabytes_are_refused_by_their_length(gateway: Served) -> None:
    """A length that is announced is believed: the answer comes before the first byte of the body."""
    with closing(socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)) as connection:
        connection.sendall(HEAD + b"Content-Length: 100000000\r\n\r\n")

        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_hundred_megabytes_without_a_length_are_not_awaited(gateway: Served) -> None:
    """A body in chunks is refused as soon as it is too long."""
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    sent = 0
    with closing(socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while not select([connection], [], [], 0)[0] and sent < 100_000_000:
            connection.sendall(chunk)
            sent += len(chunk)

        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert sent < 50_000_000


def test_body_is_not_read_beyond_its_limit() -> None:
    """Of a body without end, no more is taken than what proves it too long."""
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    with pytest.raises(TooLarge):
        asyncio.run(read_body(Request({"type": "http", "headers": []}, receive), 1_000_000))

    assert taken == 16


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1", 404),
        ("GET", "/v1/nothing", 404),
        ("POST", "/v1/messages/", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/v1/messages", 405),
        ("DELETE", "/v1/messages/validate", 405),
        ("PATCH", "/ndea", 405),
        ("POST", f"/v1/traders/{CONSIGNOR}/messages", 405),
        ("GET", f"/v1/traders/{CONSIGNOR}/messages/1/acknowledgement", 405),
    ],
)
def test_unknown_places_are_problems(gateway: Served, method: str, path: str, status: int) -> None:
    """404 and 405 are problem details as well, which say where to look; 405 names what would do."""
    answer = gateway.ask(method, path)

    is_problem(answer, status, "http")
    assert ("allow" in answer.headers) == (status == 405)
    told = f"takes {answer.headers['allow']}," if status == 405 else "/ lists the doors"
    assert told in answer.json["detail"]


def test_random_bytes_are_refused(gateway: Served) -> None:
    """Whatever is sent to the doors: an answer of the documented kinds, and nothing about our inside."""

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda body: b"<a>" + body + b"</a>"))
    def holds(body: bytes) -> None:
        submitted = gateway.submit(body)
        assert submitted.status in {400, 403}
        assert is_problem(submitted, submitted.status, submitted.json["type"].removeprefix(PROBLEM))
        for request in (body, deliver(body)):
            delivered = gateway.ask("POST", "/ndea", request)
            assert (delivered.status, b"s:Client" in delivered.body) == (500, True)
            assert told_nothing(delivered)

    holds()


def signed_form(document: bytes) -> bytes:
    """What the signature of a document covers."""
    return canonical(without_signature(parse(document)))


def test_altered_documents_are_refused_or_the_same(gateway: Served, sender: Sender) -> None:
    """However a signed document is altered: malformed, refused by its signature, or taken as what it was."""
    document = sender.valid()
    original = signed_form(document)
    assert gateway.submit(document).status == 201

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        altered = bytearray(document)
        place = data.draw(st.integers(0, len(document) - 1))
        altered[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
        answer = gateway.submit(bytes(altered))
        assert answer.status in {200, 400, 403, 409}
        assert answer.status == 200 or bytes(altered) != document
        # What no signature covers may be other: white space between attributes, or in base64.
        assert answer.status != 200 or signed_form(bytes(altered)) == original
        assert told_nothing(answer)

    holds()


def test_store_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    """503 or a fault of the server at every door, without saying why; the same bytes are taken when it is back."""
    box = copy_of_box(tmp_path)
    with box.open("PL") as pl:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        ((_, e_sad),) = pl.due()
    draft, token = box.signed(CONSIGNOR, new_draft()), box.traders[CONSIGNOR].token
    tables = ("message", "token")
    with served(box) as gateway:
        gateway.station.run_sql(*(f"ALTER TABLE {name} RENAME TO {name}_gone" for name in tables))
        submitted = gateway.submit(draft)
        read = gateway.get(f"/v1/traders/{CONSIGNOR}/messages", token)
        delivered = gateway.ask("POST", "/ndea", deliver(e_sad))
        rubbish = gateway.submit(b"rubbish")
        gateway.station.run_sql(*(f"ALTER TABLE {name}_gone RENAME TO {name}" for name in tables))

        for answer in (submitted, read):
            is_problem(answer, 503, "try-again")
        is_problem(rubbish, 400, "malformed-xml")
        assert (delivered.status, b"s:Server" in delivered.body, told_nothing(delivered)) == (500, True, True)
        assert gateway.submit(draft).status == 201
        assert gateway.ask("POST", "/ndea", deliver(e_sad)).status == 200


def test_answer_names_none_of_our_files(tmp_path: Path) -> None:
    """What is wrong with our own set-up is for our log."""
    with served(copy_of_box(tmp_path)) as gateway:
        (gateway.station.member.data.trust / "broken.pem").write_text("no certificate")
        gateway.station.runtime.registry.changed()
        gateway.station.clock.move(seconds=LOOK_AGAIN + 0.05)
        answer = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft()))

    is_problem(answer, 503, "try-again")
    assert str(tmp_path).encode() not in answer.body


@pytest.mark.parametrize("path", ["/", "/health", "/v1/administration", "/v1/nowhere", "/v1/traders/X/messages"])
def test_answers_in_json_end_as_a_line_does(gateway: Served, path: str) -> None:
    """So that the prompt of whoever asks with curl stands on a line of its own; problems as well."""
    answer = gateway.get(path)

    assert "json" in answer.headers["content-type"]
    assert answer.body.endswith(b"}\n")


def test_receipts_and_verdicts_end_as_a_line_does(gateway: Served) -> None:
    """Whatever is answered to a document."""
    document = gateway.box.signed(CONSIGNOR, new_draft())
    checked = gateway.ask("POST", "/v1/messages/validate", document, {"Content-Type": XML})

    answers = [checked, gateway.submit(document), gateway.submit(b"<no>")]

    assert [answer.status for answer in answers] == [200, 201, 400]
    assert [answer.body[-2:] for answer in answers] == [b"}\n"] * 3
