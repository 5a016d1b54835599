"""Deliveries over real sockets to administrations that are down, slow or answer nonsense."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import pytest

from esad_gateway.errors import PeerError, PeerRefused
from esad_gateway.ports import DeliveryOutcome
from esad_gateway.transport.envelope import Acknowledgement, delivered, document_of, fault
from esad_gateway.transport.http import LARGEST_ANSWER, HttpTransport

TIMEOUT = 0.3
DOCUMENT = b"<any>document</any>"
ACCEPTED = delivered(Acknowledgement(DeliveryOutcome.ACCEPTED, "LT-1"))

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


def over_tcp(behave: Behave, url: str = "http://127.0.0.1:{port}/ndea") -> DeliveryOutcome:
    """Deliver to a server that behaves so."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            await behave(reader, writer)
        writer.close()

    async def delivering() -> DeliveryOutcome:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport = HttpTransport(lambda: {"NDEA.PL": url.format(port=port)}, TIMEOUT)
        try:
            return await transport.deliver("NDEA.PL", DOCUMENT)
        finally:
            await transport.close()
            server.close()

    return asyncio.run(delivering())


@pytest.mark.parametrize("outcome", DeliveryOutcome)
def test_acknowledgement_is_understood(outcome: DeliveryOutcome) -> None:
    """Both acknowledgements mean that the document is there."""
    assert over_tcp(sends(http("200 OK", delivered(Acknowledgement(outcome, "LT-1"))))) is outcome


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
    "404 with an acknowledgement": sends(http("404 Not Found", ACCEPTED)),
    "500 without a fault": sends(http("500 Internal Server Error", b"Traceback (most recent call last):")),
    "503": sends(http("503 Service Unavailable", b"")),
    "fault of the server": sends(http("500 Internal Server Error", fault("Server", "disk full"))),
    "fault without a code": sends(http("500 Error", fault("Client", "no").replace(b"s:Client", b""))),
    "64 KiB and a byte": sends(http("200 OK", b" " * (LARGEST_ANSWER + 1 - len(ACCEPTED)) + ACCEPTED)),
}


@pytest.mark.parametrize("behave", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_a_failure_of_the_peer(behave: Behave) -> None:
    """Whatever an administration does, it is a PeerError with a reason: tried again later, and never a refusal."""
    with pytest.raises(PeerError) as caught:
        over_tcp(behave)

    assert type(caught.value) is PeerError
    assert 0 < len(str(caught.value)) < 1000


@pytest.mark.parametrize("code", ["Client", "Client.Authentication"])
def test_fault_of_the_client_is_a_refusal(code: str) -> None:
    """A fault that blames the document is told apart, with its reason: only this document has to wait."""
    with pytest.raises(PeerRefused, match="the certificate is not registered"):
        over_tcp(sends(http("500 Internal Server Error", fault(code, "the certificate is\nnot registered"))))


def test_reason_of_a_fault_is_kept_short() -> None:
    """What a peer writes into our outbox is bounded."""
    with pytest.raises(PeerRefused) as caught:
        over_tcp(sends(http("500 Internal Server Error", fault("Client", "x" * 60_000))))

    assert len(str(caught.value)) < 1000


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

    with pytest.raises(PeerError, match="longer than"):
        over_tcp(floods)

    assert sent < 20_000_000


def test_redirect_is_not_followed() -> None:
    """Documents go where the administration was registered, and nowhere else."""
    asked: list[bytes] = []

    async def redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(http("307 Temporary Redirect", b"", "Location: /elsewhere"))

    with pytest.raises(PeerError, match="307"):
        over_tcp(redirects)

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
def test_address_that_leads_nowhere_is_a_failure_of_the_peer(url: str) -> None:
    """A wrong address in the registry is told like a peer that is down; it may be corrected while the gateway runs."""
    with pytest.raises(PeerError) as caught:
        over_tcp(says_nothing, url)

    assert type(caught.value) is PeerError


def test_administration_without_an_address_is_a_failure_of_the_peer() -> None:
    """What is to go to an unknown administration waits until it is known."""
    with pytest.raises(PeerError, match=r"NDEA\.DE"):
        asyncio.run(HttpTransport(dict, TIMEOUT).deliver("NDEA.DE", DOCUMENT))
