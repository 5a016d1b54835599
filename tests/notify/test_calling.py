"""Where a call really goes: to an address that was looked at, under the name that was asked for."""

import asyncio
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from esad_gateway.notify.addresses import Allowed, Network
from esad_gateway.notify.calling import Calling
from esad_gateway.ports.webhooks import Answered, Called
from esad_gateway.texts import say
from helpers.gateway import PATIENCE
from helpers.receiver import Receiver
from helpers.tls import tls_server

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))


def allowed(*networks: Network) -> Allowed:
    """Everybody may be called who is public, or in these networks."""
    return Allowed(schemes=frozenset({"http", "https"}), hosts=frozenset({"*"}), networks=networks)


def called(url: str, rules: Allowed, tls: ssl.SSLContext | None = None, body: bytes = b"{}") -> Called:
    """What one call came to."""

    async def call() -> Called:
        calling = Calling(rules, PATIENCE, tls)
        try:
            return await calling.call(url, body, {})
        finally:
            await calling.close()

    return asyncio.run(call())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"])
def test_name_that_leads_to_this_machine_is_not_called(hook: Receiver, host: str) -> None:
    """What a name resolves to decides, and not how it is written; nothing arrives."""
    found = called(f"http://{host}:{hook.port}/hook", allowed())

    assert found.answered is Answered.UNREACHABLE
    assert found.reason is not None
    assert "webhook_networks" in say(found.reason)
    assert hook.calls.empty()


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1"])
def test_address_in_a_form_that_only_some_understand_is_not_called(hook: Receiver, host: str) -> None:
    """The system would take it for this machine."""
    found = called(f"http://{host}:{hook.port}/hook", allowed())

    assert (found.answered, found.status) == (Answered.UNREACHABLE, None)
    assert hook.calls.empty()


def test_host_of_a_call_stays_that_of_its_address(hook: Receiver) -> None:
    """The connection goes to a number, and the request names the host."""
    found = called(f"http://localhost:{hook.port}/hook?a=b", allowed(*LOOPBACK))

    assert found == Called(Answered.TAKEN, 204)
    told = hook.next()
    assert (told.path, told.headers["host"]) == ("/hook?a=b", f"localhost:{hook.port}")


def test_proxy_of_the_environment_is_not_used(hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be asked in the place of the address that was looked at."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert called(hook.url, allowed(*LOOPBACK)).answered is Answered.TAKEN


def test_name_in_tls_is_that_of_the_address(tmp_path: Path) -> None:
    """A certificate for the name is taken where the connection goes to a number; one for another name is not."""
    with tls_server(tmp_path / "right", "localhost") as (port, trust):
        right = called(f"https://localhost:{port}/", allowed(*LOOPBACK), trust)
    with tls_server(tmp_path / "wrong", "hooks.example") as (port, trust):
        wrong = called(f"https://localhost:{port}/", allowed(*LOOPBACK), trust)
    with tls_server(tmp_path / "stranger", "localhost") as (port, _):
        stranger = called(f"https://localhost:{port}/", allowed(*LOOPBACK))

    assert right == Called(Answered.TAKEN, 204)
    assert [one.answered for one in (wrong, stranger)] == [Answered.UNREACHABLE] * 2


@pytest.mark.parametrize("asked", ["60", "soon", "-1", "99999999999", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_pause_that_cannot_be_read_is_none(hook: Receiver, asked: str) -> None:
    """Seconds are; anything else is as if nothing had been asked for."""

    def later(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(503)
        handler.send_header("Retry-After", asked)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    hook.planned.append(later)

    found = called(hook.url, allowed(*LOOPBACK))

    assert (found.answered, found.status) == (Answered.UNREACHABLE, 503)
    assert found.pause == (timedelta(seconds=60) if asked == "60" else None)


def test_answer_that_is_no_http_is_one_of_nobody() -> None:
    """Whatever listens there: what came of it is a value."""
    with listening(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        found = called(f"http://127.0.0.1:{port}/", allowed(*LOOPBACK))

    assert (found.answered, found.status) == (Answered.UNREACHABLE, None)


@contextmanager
def listening(greeting: bytes) -> Iterator[int]:
    """A server that says the same to everybody, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(greeting)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
