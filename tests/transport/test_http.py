"""Deliveries over real sockets to administrations that are down, slow or answer nonsense."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ports.outbox import DeliveryOutcome, Reception, Tried
from esad_gateway.transport.answers import LARGEST_ANSWER, HttpAnswer, tried
from esad_gateway.transport.envelope import SOAP_12, Acknowledgement, delivered, document_of, fault
from esad_gateway.transport.http import HttpTransport
from helpers.gateway import PATIENCE

IDENTIFIER = "LT-1"
TIMEOUT = 1.0
"""Seconds that an answer may take where none comes; where one comes it may take as long as anything."""

DOCUMENT = b"<any>document</any>"
ACCEPTED = delivered(Acknowledgement(DeliveryOutcome.ACCEPTED, IDENTIFIER))

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def http(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """An HTTP answer; ``length`` is what it claims to have."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def sends(answer: bytes) -> Behave:
    """A server that reads the request, answers and closes."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return behave


async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take the request and think for ever."""
    await reader.read()


async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a little often enough that no single read takes long."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def hangs_up(*_: object) -> None:
    """Close at once."""


def came_to(found: Tried) -> tuple[Reception, str, timedelta | None]:
    """What a try came to, with its reason in English and the pause that was asked for."""
    return found.reception, found.why, found.pause


def over_tcp(behave: Behave, url: str = "http://127.0.0.1:{port}/ndea", timeout: float = PATIENCE) -> Tried:
    """Deliver to a server that behaves so."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            await behave(reader, writer)
        writer.close()

    async def delivering() -> Tried:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport = HttpTransport(lambda: {"NDEA.PL": url.format(port=port)}, timeout)
        try:
            return await transport.deliver("NDEA.PL", DOCUMENT, IDENTIFIER)
        finally:
            await transport.close()
            server.close()

    return asyncio.run(delivering())


@pytest.mark.parametrize("outcome", DeliveryOutcome)
def test_acknowledgement_is_understood(outcome: DeliveryOutcome) -> None:
    """Both acknowledgements mean that the document is there."""
    answer = delivered(Acknowledgement(outcome, f"\n {IDENTIFIER} "))

    assert over_tcp(sends(http("200 OK", answer))) == Tried(Reception.ACKNOWLEDGED, outcome=outcome)


@pytest.mark.parametrize("other", ["", "LT-2", "lt-1", "LT-11"])
def test_acknowledgement_of_another_message_is_none(other: str) -> None:
    """The peer failed; the reason has the message that it named and ours."""
    answer = delivered(Acknowledgement(DeliveryOutcome.ACCEPTED, other))

    found = over_tcp(sends(http("200 OK", answer)))

    assert found.reception is Reception.FAILED
    assert found.why == f"the answer acknowledges message {other!r}; expected {IDENTIFIER!r}"


def test_document_arrives_as_it_is() -> None:
    """The other side can take out of the request the very bytes that were handed over."""
    seen: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split()[0])
        seen.append(document_of(await reader.readexactly(length)))
        assert "soapaction:" in head
        writer.write(http("200 OK", ACCEPTED))

    over_tcp(keep)

    assert seen == [DOCUMENT]


NONSENSE: Mapping[str, Behave] = {
    "says nothing": says_nothing,
    "drips": drips,
    "hangs up": hangs_up,
    "no HTTP": sends(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "broken head": sends(b"HTTP/1.1 \xff\xfe\r\n\x00\r\n\r\n"),
    "nothing": sends(http("200 OK", b"")),
    "HTML": sends(http("200 OK", b"<html><body>It works!</body></html>", "Content-Type: text/html")),
    "JSON": sends(http("200 OK", b'{"outcome": "accepted"}', "Content-Type: application/json")),
    "bytes": sends(http("200 OK", bytes(range(256)))),
    "DOCTYPE": sends(http("200 OK", b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + ACCEPTED)),
    "another envelope": sends(http("200 OK", ACCEPTED.replace(b"xmlsoap.org/soap/envelope", b"example.org/other"))),
    "another namespace": sends(http("200 OK", ACCEPTED.replace(b"ndea:1", b"ndea:2"))),
    "another operation": sends(http("200 OK", ACCEPTED.replace(b"DeliverResponse", b"CollectResponse"))),
    "another outcome": sends(http("200 OK", ACCEPTED.replace(b"accepted", b"perhaps"))),
    "no outcome": sends(http("200 OK", ACCEPTED.replace(b"<outcome>accepted</outcome>", b""))),
    "cut short": sends(http("200 OK", ACCEPTED[:-20])),
    "shorter than it says": sends(http("200 OK", ACCEPTED[:-20], length=len(ACCEPTED))),
    "no gzip": sends(http("200 OK", ACCEPTED, "Content-Encoding: gzip")),
    "gzip bomb": sends(http("200 OK", gzip.compress(b" " * 100_000_000), "Content-Encoding: gzip")),
    "unknown charset": sends(http("200 OK", ACCEPTED[:-1], "Content-Type: text/xml; charset=nonsense")),
    "204": sends(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "401": sends(http("401 Unauthorized", b"")),
    "500 with an acknowledgement": sends(http("500 Internal Server Error", ACCEPTED)),
    "500 without a fault": sends(http("500 Internal Server Error", b"Traceback (most recent call last):")),
    "503": sends(http("503 Service Unavailable", b"", "Retry-After: 3600")),
    "fault of the server": sends(http("500 Internal Server Error", fault("Server", "disk full"))),
    "fault of another version": sends(http("500 Internal Server Error", fault("VersionMismatch", "1.2 only"))),
    "fault without a code": sends(http("500 Error", fault("Client", "no").replace(b"s:Client", b""))),
    "64 KiB and a byte": sends(http("200 OK", b" " * (LARGEST_ANSWER + 1 - len(ACCEPTED)) + ACCEPTED)),
}


@pytest.mark.parametrize("behave", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_a_failure_of_the_peer(behave: Behave) -> None:
    """Whatever an administration does, it has a reason, is no acknowledgement, and says nothing of the document yet."""
    found = over_tcp(behave, timeout=TIMEOUT if behave in {says_nothing, drips} else PATIENCE)

    assert (found.reception, found.outcome, found.pause) == (Reception.FAILED, None, None)
    assert 0 < len(found.why) < 1000


@pytest.mark.parametrize("body", [b"", b"<html>Not found</html>", ACCEPTED], ids=["nothing", "HTML", "acknowledged"])
def test_address_without_a_door_is_a_failure_of_the_peer(body: bytes) -> None:
    """Whatever a 404 carries."""
    found = over_tcp(sends(http("404 Not Found", body)))

    assert came_to(found) == (Reception.FAILED, "HTTP 404: there is no door at its address", None)


DATED = "Date: Mon, 02 Mar 2026 10:00:00 GMT"
PAUSES = {
    "seconds": (("Retry-After: 120",), timedelta(minutes=2)),
    "a moment": (
        ("Date: Mon, 02 Mar 2026 10:00:00 GMT", "Retry-After: Mon, 02 Mar 2026 10:05:00 GMT"),
        timedelta(minutes=5),
    ),
    "a moment that is over": (
        ("Date: Mon, 02 Mar 2026 10:00:00 GMT", "Retry-After: Mon, 02 Mar 2026 09:00:00 GMT"),
        timedelta(0),
    ),
    "a moment without a clock": (("Retry-After: Mon, 02 Mar 2026 10:05:00 GMT",), None),
    "more digits than there are seconds": ((f"Retry-After: {'9' * 5000}",), timedelta(seconds=999_999_999)),
    "nothing": ((), None),
    "nonsense": (("Retry-After: soon",), None),
    "less than nothing": (("Retry-After: -5",), None),
    "an offset that is none": ((DATED, f"Retry-After: Thu, 01 Jan 2026 00:00:00 +{'9' * 14}"), None),
    "a year that is none": ((DATED, f"Retry-After: Thu, 01 Jan {'9' * 20} 00:00:00 GMT"), None),
    "the first moment, far in the east": ((DATED, "Retry-After: Mon, 01 Jan 0001 00:00:00 +2359"), timedelta(0)),
}


@pytest.mark.parametrize(("headers", "pause"), PAUSES.values(), ids=PAUSES)
def test_peer_may_ask_to_be_left_alone(headers: tuple[str, ...], pause: timedelta | None) -> None:
    """429 is a failure of the peer until others are taken, with the pause that it asks for."""
    found = over_tcp(sends(http("429 Too Many Requests", b"", *headers)))

    assert (found.reception, found.pause) == (Reception.FAILED, pause)
    assert found.why.startswith("HTTP 429")


NUMBERS = st.one_of(st.integers(), st.integers(0, 10**20))


@given(
    said=st.text() | st.builds("Mon, {} Jan {} {}:{}:00 +{}".format, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    date=st.sampled_from(["", "Mon, 02 Mar 2026 10:00:00 GMT"]),
)
def test_no_header_of_a_peer_raises(said: str, date: str) -> None:
    """Whatever stands in it: at worst it asks for no pause."""
    found = tried(HttpAnswer(429, {"retry-after": said, "date": date}, b""), IDENTIFIER)

    assert found.reception is Reception.FAILED
    assert found.pause is None or found.pause >= timedelta(0)


@pytest.mark.parametrize("status", ["400 Bad Request", "413 Content Too Large", "415 Unsupported", "422 Unprocessable"])
@pytest.mark.parametrize("body", [b"", b"<html></html>", fault("Server", "front")], ids=["nothing", "HTML", "fault"])
def test_status_about_the_content_is_a_refusal(status: str, body: bytes) -> None:
    """Fronts say it without SOAP: only this document has to wait."""
    found = over_tcp(sends(http(status, body)))

    assert found.reception is Reception.REFUSED
    told = f"HTTP {status[:3]}: " if b"Fault" not in body else "refused: front"
    assert found.why.startswith(told)


def test_document_that_is_too_large_is_told_so() -> None:
    """Also by a front that answers before it has read everything; whoever looks reads why."""

    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http("413 Content Too Large", b"<html></html>", "Connection: close"))
        await writer.drain()
        await reader.read()

    assert came_to(over_tcp(early)) == (Reception.REFUSED, "HTTP 413: this document is too large for it", None)


def in_12(code: str) -> bytes:
    """A fault of SOAP 1.2."""
    return (
        f'<e:Envelope xmlns:e="{SOAP_12}"><e:Body><e:Fault><e:Code><e:Value>e:{code}</e:Value></e:Code><e:Reason>'
        '<e:Text xml:lang="en">not this one</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>'
    ).encode()


BLAMED = {
    "Client": fault("Client", "not\nthis one"),
    "a kind of Client": fault("Client.Authentication", "not this one"),
    "Sender": in_12("Sender"),
    "with a prefix of its own": fault("Client", "not this one").replace(b"s:Client", b"soapenv:Client"),
}


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "403 Forbidden", "500 Error", "503 Unavailable"])
@pytest.mark.parametrize("answer", BLAMED.values(), ids=BLAMED)
def test_fault_that_blames_the_sender_is_a_refusal(answer: bytes, status: str) -> None:
    """In both versions of SOAP, whatever the status is, with its reason: only this document has to wait."""
    assert came_to(over_tcp(sends(http(status, answer)))) == (Reception.REFUSED, "refused: not this one", None)


def test_quota_of_a_peer_is_about_the_document() -> None:
    """A Client fault with 429: this document waits as long as it asks for, and no other."""
    found = over_tcp(sends(http("429 Too Many Requests", fault("Client", "one too many"), "Retry-After: 60")))

    assert came_to(found) == (Reception.REFUSED, "refused: one too many", timedelta(minutes=1))


@pytest.mark.parametrize("answer", [fault("Server", "later"), in_12("Receiver")], ids=["Server", "Receiver"])
def test_fault_that_blames_the_receiver_is_a_failure_of_the_peer(answer: bytes) -> None:
    """Whatever the status is, as long as that does not blame the content."""
    for status in ("200 OK", "500 Error", "503 Unavailable", "404 Not Found"):
        found = over_tcp(sends(http(status, answer)))
        assert found.reception is Reception.FAILED
        assert found.why.startswith("cannot take it now: ")


def test_reason_of_a_fault_is_kept_short() -> None:
    """What a peer writes into our outbox is bounded."""
    long = fault("Client", "no").replace(b"no</faultstring>", b"x" * 60_000 + b"</faultstring>")

    assert len(over_tcp(sends(http("500 Internal Server Error", long))).why) < 1000


def test_answer_without_end_is_not_read_to_the_end() -> None:
    """A peer that sends for ever is cut off early."""
    sent = 0

    async def floods(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
            await writer.drain()
            sent += 65_536

    found = over_tcp(floods)

    assert found.reception is Reception.FAILED
    assert "longer than" in found.why
    assert sent < 20_000_000


def test_redirect_is_not_followed() -> None:
    """Documents go where the administration was registered, and nowhere else."""
    asked: list[bytes] = []

    async def redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(http("307 Temporary Redirect", b"", "Location: /elsewhere"))

    assert came_to(over_tcp(redirects)) == (Reception.FAILED, "HTTP 307", None)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nowhere",
        "ftp://127.0.0.1/ndea",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999/ndea",
        "http://127.0.0.1:1/ndea",
        "http://a b/ndea",
        "http://\udcff/ndea",
        "http://" + "a" * 300 + "/ndea",
        "http://peer.invalid/ndea",
        "file:///etc/hosts",
    ],
)
def test_address_that_leads_nowhere_is_about_the_peer(url: str) -> None:
    """A wrong address in the registry is told like a peer that is down; it may be corrected while the gateway runs."""
    found = over_tcp(says_nothing, url)

    assert found.reception is Reception.UNREACHABLE
    assert found.why.startswith("NDEA.PL cannot be reached: ")


def test_administration_without_an_address_is_about_the_peer() -> None:
    """What is to go to an unknown administration waits until it is known."""
    found = asyncio.run(HttpTransport(dict, TIMEOUT).deliver("NDEA.DE", DOCUMENT, IDENTIFIER))

    assert came_to(found) == (
        Reception.UNREACHABLE,
        "no address is known for NDEA.DE; esad peer connect makes it known",
        None,
    )
