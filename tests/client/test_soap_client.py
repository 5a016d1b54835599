"""The same client over SOAP: values, faults and waits are those of REST, and what is signed both ways is verified."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.client import DocumentRefused, GatewayClient, ProblemAnswered, Retry, load_signer, operations
from esad_gateway.client.refused import NotProven
from esad_gateway.client.request import Request
from esad_gateway.client.signers import DocumentSigner
from esad_gateway.client.soap import AsyncSoapGatewayClient, SoapGatewayClient
from esad_gateway.emcs.messages import IE801
from esad_gateway.errors import NotConfigured, PeerError, SecurityRefused, UnreadableInput
from esad_gateway.ports.security import Reply
from esad_gateway.rest.examples_batches import ROWS
from esad_gateway.signing.pem import load_certificates, write_certificate, write_key
from esad_gateway.signing.wss.answers import verify_answer
from esad_gateway.signing.wss.replies import signed_reply
from esad_gateway.simulator.drafts import read
from esad_gateway.soap.envelope import SOAP_1_1
from esad_gateway.xml.plain import message_to_plain
from helpers.batch_door import today
from helpers.cutting import LOST, cutting
from helpers.gateway import CONSIGNEE, CONSIGNOR, PATIENCE, new_draft
from helpers.served import Served

ClientOf = Callable[..., Any]
WAYS = {
    "1.1-token-inline": {"version": "1.1", "mtom": False},
    "1.2-token-mtom": {"version": "1.2", "mtom": True},
    "1.1-signed-mtom": {"version": "1.1", "mtom": True, "signed": True},
    "1.2-signed-inline": {"version": "1.2", "mtom": False, "signed": True},
}


@pytest.fixture(autouse=True)
def _now(gateway: Served) -> None:
    """The gateway's clock stands still, and what is signed is good for minutes: it is set for each test."""
    gateway.station.clock.move_to(datetime.now(UTC))


@pytest.fixture
def soap_of(gateway: Served, tmp_path: Path) -> ClientOf:
    """Makes the client of a trader over SOAP; ``signed`` has the gateway's certificate in place of a token."""

    def made(trader_seed: str, url: str | None = None, *, signed: bool = False, **options: Any) -> SoapGatewayClient:
        trader = gateway.box.traders[trader_seed]
        if not (tmp_path / "key.pem").exists():
            write_key(tmp_path / "key.pem", trader.identity.key)
        write_certificate(tmp_path / "certificate.pem", trader.identity.certificate)
        given = {
            "signer": load_signer(tmp_path / "key.pem", tmp_path / "certificate.pem"),
            **({"certificate": gateway.station.member.data.certificate} if signed else {"token": trader.token}),
        }
        return SoapGatewayClient(url or gateway.url, seed=trader_seed, **{**given, **options})

    return made


def until(reached: Callable[[], bool]) -> None:
    """Return when something is so."""
    ended = Event()
    for _ in range(int(PATIENCE * 50)):
        if reached():
            return
        ended.wait(0.02)
    raise AssertionError("it is never so")


def draft() -> dict[str, Any]:
    """The fields of a draft of now, without its header."""
    return {name: one for name, one in message_to_plain(new_draft(at=datetime.now(UTC))).items() if name != "header"}


@pytest.mark.parametrize("way", WAYS)
def test_values_are_those_of_rest(soap_of: ClientOf, gateway: Served, way: str) -> None:
    """A draft becomes an e-SAD; what is read over SOAP is what is read over REST, member by member."""
    token = gateway.box.traders[CONSIGNOR].token
    with soap_of(CONSIGNOR, **WAYS[way]) as soap, GatewayClient(gateway.url, seed=CONSIGNOR, token=token) as rest:
        composed = soap.compose(draft())
        signed = soap.sign(composed)
        receipt = soap.submit(signed).expect_accepted()
        (reply,) = receipt.replies

        assert soap.validate(composed) == rest.validate(composed)
        assert rest.submit(signed) == soap.submit(signed)
        assert soap.submit(signed).repeated is True
        assert soap.message(reply.seq) == rest.message(reply.seq)
        assert soap.acknowledge(reply.seq) == rest.acknowledge(reply.seq)
        assert soap.messages(after=receipt.seq - 1, unread=False) == rest.messages(after=receipt.seq - 1)
        assert soap.movement(receipt.arc) == rest.movement(receipt.arc)
        assert soap.movements(role="consignor", since=today()) == rest.movements(role="consignor", since=today())
        assert soap.operator(CONSIGNEE, today()) == rest.operator(CONSIGNEE, today())
        assert isinstance(read(soap.wait_for_message(arc=receipt.arc, within=60).document), IE801)


@pytest.mark.parametrize("way", ["1.2-token-mtom", "1.1-signed-mtom"])
def test_gateway_waits_and_acknowledges_many_as_over_rest(soap_of: ClientOf, gateway: Served, way: str) -> None:
    """One request is answered by the commit; many are acknowledged in one more, which tells what it has changed."""
    following = gateway.station.runtime.following.waiting
    with soap_of(CONSIGNOR, **WAYS[way]) as soap, ThreadPoolExecutor(1) as pool:
        number = soap.messages(after=1_000_000).complete_through
        waiting = pool.submit(soap.messages, after=number, wait=60, direction="out")
        until(lambda: following.number(CONSIGNOR) == 1 or waiting.done())
        receipts = [soap.submit(soap.sign(soap.compose(draft()))).expect_accepted() for _ in range(2)]
        (first, last) = (receipt.replies[0].seq for receipt in receipts)
        assert waiting.result(PATIENCE).messages[0].seq == first

        soap.acknowledge_all(through=number)
        named = soap.acknowledge_all([last, 10_000_000])
        assert (named.changed, named.missing, named.complete) == ((last,), (10_000_000,), True)
        assert soap.acknowledge_all(through=last).changed == (first,)
        assert soap.acknowledge_all([first]).changed == ()


@pytest.mark.parametrize("way", WAYS)
def test_refusals_are_those_of_rest(soap_of: ClientOf, way: str) -> None:
    """A document that is refused has its faults, and a request its problem, with a signed fault where it was signed."""
    with soap_of(CONSIGNOR, **WAYS[way]) as soap:
        fields = draft()
        fields["consignee_trader"]["traderid"] = "PL00000099999"
        with pytest.raises(DocumentRefused) as refused:
            soap.submit(soap.sign(soap.compose(fields))).expect_accepted()
        with pytest.raises(ProblemAnswered) as absent:
            soap.message(1_000_000)
        with pytest.raises(ProblemAnswered) as uncomposed:
            soap.compose({"message": "IE815", "colour": "red"})
        with pytest.raises(ProblemAnswered) as malformed:
            soap.submit(b"no XML")

    fault = refused.value.faults[0]
    assert (fault.code, fault.rule, fault.value) == ("12", "R045", "PL00000099999")
    assert fault.text.keys() == fault.hints.keys() == {"en", "lt"}
    assert (absent.value.status, absent.value.kind) == (404, "not-found")
    assert absent.value.details.keys() == {"en", "lt"}
    assert "PLAIN-UNKNOWN" in {fault.rule for fault in uncomposed.value.faults}
    assert (malformed.value.status, malformed.value.kind) == (400, "malformed-xml")


@pytest.mark.parametrize("way", ["1.2-signed-inline", "1.1-signed-mtom"])
def test_table_is_handed_in(soap_of: ClientOf, way: str, tmp_path: Path) -> None:
    """As a part or in base64: waited for, and its counts are numbers; what SOAP has not is said."""
    table = tmp_path / "rows.csv"
    rows = ROWS.replace("2026-02-26;2026-02-27", f"{today()};{today()}").replace("SAAD-", f"{token_hex(4)}-")
    table.write_text(rows, encoding="utf-8")
    with soap_of(CONSIGNEE, **WAYS[way]) as soap:
        ended = soap.wait_for_batch(soap.upload(table, "saad").id)
        assert soap.upload(table, "saad").repeated is True
        with pytest.raises(NotConfigured, match=r"batches/.*/rows"):
            soap.batch_documents(ended.id)
    with soap_of(CONSIGNEE) as unsigned, pytest.raises(ProblemAnswered, match="a token alone reads"):
        unsigned.upload(table, "saad")
    assert (ended.state, ended.counts["taken"], ended.counts["refused"]) == ("ended", 1, 1)
    assert ended.progress == {"rows": 2, "of": 2}


def test_lost_answer_leads_to_the_same_receipt(soap_of: ClientOf, gateway: Served) -> None:
    """The same document in a new envelope with a new Timestamp: taken once."""
    with cutting(gateway.url, [LOST]) as way:
        with soap_of(CONSIGNOR, way.url, signed=True, retry=Retry(times=2, first=0)) as soap:
            receipt = soap.submit(soap.sign(soap.compose(draft())))
        assert (receipt.accepted, receipt.repeated) == (True, True)
        assert way.asked[0] != way.asked[1]


def test_answer_that_is_not_signed_is_not_believed(soap_of: ClientOf, gateway: Served) -> None:
    """By nobody, or by another key than the gateway's; it is told at once, and not asked again."""
    body = f'<e:Envelope xmlns:e="{SOAP_1_1.namespace}"><e:Body/></e:Envelope>'.encode()
    bare = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with cutting(gateway.url, [bare]) as way:
        with soap_of(CONSIGNOR, way.url, signed=True) as soap, pytest.raises(NotProven, match="step 1"):
            soap.operator(CONSIGNOR)
        assert len(way.asked) == 1
    other = gateway.station.member.data.authority_certificate
    with (
        soap_of(CONSIGNOR, certificate=other, token=None) as soap,
        pytest.raises(NotProven, match=r"another certificate.* expected that of the gateway"),
    ):
        soap.operator(CONSIGNOR)


def test_answer_by_a_clock_that_is_wrong_here_names_this_machine(gateway: Served) -> None:
    """A client whose clock is off reads that of both clocks, and is not told that the gateway's shows its own time."""
    now, administration = datetime.now(UTC), gateway.box.administration("LT")
    answer = signed_reply(Reply(namespace=SOAP_1_1.namespace, body="<a>yes</a>"), administration, now)
    certificates = load_certificates(gateway.station.member.data.certificate)
    known = frozenset(one.public_bytes(Encoding.DER) for one in certificates)
    with pytest.raises(SecurityRefused, match=r"the clock of this machine says .* at the gateway \(/health\)"):
        verify_answer(etree.fromstring(answer), known, now - timedelta(minutes=10))


@pytest.mark.parametrize("change", ["body", "time", "late"])
def test_answer_that_was_changed_is_not_believed(gateway: Served, change: str) -> None:
    """Another word in it, another time, or one that is old: the step says which."""
    now = datetime.now(UTC)
    administration = gateway.box.administration("LT")
    certificate = gateway.station.member.data.certificate
    answer = signed_reply(Reply(namespace=SOAP_1_1.namespace, body="<a>yes</a>"), administration, now)
    known = frozenset(one.public_bytes(Encoding.DER) for one in load_certificates(certificate))
    verify_answer(etree.fromstring(answer), known, now)

    wrapped = answer.replace(b"<e:Header>", b"<e:Body><a>no</a></e:Body><e:Header>")
    with pytest.raises(SecurityRefused, match="step 1"):
        verify_answer(etree.fromstring(wrapped), known, now)
    edits = {"body": (b"yes", b"no"), "time": (b"Created>2", b"Created> 2"), "late": (b"", b"")}
    at = now + timedelta(minutes=6) if change == "late" else now
    with pytest.raises(SecurityRefused) as refused:
        verify_answer(etree.fromstring(answer.replace(*edits[change], 1)), known, at)
    assert refused.value.step == {"body": 21, "time": 21, "late": 13}[change]


def test_traps_are_closed(soap_of: ClientOf) -> None:
    """A text for a document, a binary fraction for a number, fields of a message, a version that there is not."""
    with soap_of(CONSIGNOR) as soap:
        with pytest.raises(UnreadableInput, match="bytes"):
            soap.send(Request(method="POST", path="/v1/messages"))
        with pytest.raises(UnreadableInput, match="binary fraction"):
            soap.send(operations.messages(CONSIGNOR, after=1e-7))
        with pytest.raises(NotConfigured, match="GET /v1/traders"):
            soap.fields(1)
    with pytest.raises(NotConfigured, match=r"1\.3"):
        soap_of(CONSIGNOR, version="1.3")
    with pytest.raises(NotConfigured, match="nobody signs"):
        soap_of(CONSIGNOR, signed=True, signer=None)


def test_nothing_is_loaded_when_it_is_made(soap_of: ClientOf) -> None:
    """The description is in the package: where nobody listens a client is made, and only then says so."""
    nowhere = soap_of(CONSIGNOR, "http://127.0.0.1:9", retry=Retry(times=1))
    with nowhere, pytest.raises(PeerError, match="nobody listens"):
        nowhere.operator(CONSIGNOR)


def test_client_is_used_by_several_threads(gateway: Served, soap_of: ClientOf) -> None:
    """Each gets the answer to what it asked, over either door."""
    token = gateway.box.traders[CONSIGNOR].token
    with GatewayClient(gateway.url, seed=CONSIGNOR, token=token) as rest, soap_of(CONSIGNOR) as soap:
        for client in (rest, soap):
            with ThreadPoolExecutor(4) as threads:
                found = threads.map(lambda seed, one=client: one.operator(seed).seed, [CONSIGNEE, CONSIGNOR] * 4)
                assert [*found] == [CONSIGNEE, CONSIGNOR] * 4


def test_awaited_client_does_the_same(gateway: Served) -> None:
    """Its requests wait in threads, several at a time, each with a Timestamp of its own."""

    async def scenario() -> None:
        trader = gateway.box.traders[CONSIGNOR]
        certificate = gateway.station.member.data.certificate
        signer = DocumentSigner(trader.identity.key, trader.identity.certificate)
        async with AsyncSoapGatewayClient(
            gateway.url, seed=trader.seed, signer=signer, certificate=certificate
        ) as client:
            found = await asyncio.gather(*(client.operator(CONSIGNEE) for _ in range(5)))
        assert [one.registered for one in found] == [True] * 5

    asyncio.run(scenario())
