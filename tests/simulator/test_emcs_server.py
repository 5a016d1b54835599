"""Member states over HTTP, as a system in any language sees them: real requests to a port of this machine."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from stat import S_IMODE
from typing import Any
from urllib.parse import urlsplit

import pytest

from esad_gateway.errors import UnreadableInput
from esad_gateway.signing.signer import load_signer
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.traders import Consignor
from esad_gateway.simulator.world.world import signed

_PATIENCE = 60  # seconds


@pytest.fixture
def server() -> Iterator[EmcsServer]:
    """Member states that are served, and have no traders yet."""
    with Emcs() as emcs, EmcsServer(emcs) as found:
        yield found


def answered(url: str, body: bytes | None = None, token: str = "") -> tuple[int, bytes]:
    """The status and the body of an answer; a body is posted."""
    where = urlsplit(url)
    headers = {"Content-Type": "application/xml", **({"Authorization": f"Bearer {token}"} if token else {})}
    with closing(HTTPConnection(where.netloc, timeout=_PATIENCE)) as connection:
        connection.request("GET" if body is None else "POST", f"{where.path}?{where.query}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def ask(url: str, body: bytes | None = None, token: str = "") -> tuple[int, Any]:
    """The status and the JSON of an answer; a body is posted."""
    status, told = answered(url, body, token)
    return status, json.loads(told)


def submitted(server: EmcsServer, vilnius: Consignor, folder: Path) -> str:
    """An e-SAD that a system of somebody else submits with the files of a trader; its ARC."""
    files = vilnius.files(folder)
    signer = load_signer(files.key, files.certificate)
    draft = vilnius.draft(server.emcs.consignee("PL", will="accept"))
    status, receipt = ask(f"{server.url('LT')}/v1/messages", signed(signer, draft))
    assert (status, receipt["outcome"]) == (201, "accepted")
    return str(receipt["arc"])


def test_system_submits_and_reads_over_http(server: EmcsServer, tmp_path: Path) -> None:
    """It has the trader's key and token as files; the goods arrive when the test moves the clock."""
    vilnius = server.emcs.consignor("LT")
    arc = submitted(server, vilnius, tmp_path)
    token = (tmp_path / f"{vilnius.seed}.token").read_text("ascii")
    mailbox = f"{server.url('LT')}/v1/traders/{vilnius.seed}/messages?after=0"

    _, before = ask(mailbox, token=token)
    server.emcs.clock.advance(days=1)
    _, after = ask(mailbox, token=token)

    assert [one["message"] for one in before["messages"]] == ["IE815", "IE801"]
    assert [one["message"] for one in after["messages"]] == ["IE815", "IE801", "IE818"]
    assert {one["arc"] for one in after["messages"][1:]} == {arc}


def test_what_follows_has_happened_when_somebody_reads(server: EmcsServer, tmp_path: Path) -> None:
    """The e-SAD has reached the other state before anybody is answered there, with no waiting in between."""
    vilnius = server.emcs.consignor("LT")
    arc = submitted(server, vilnius, tmp_path)
    (warsaw,) = (one for one in server.emcs.traders.values() if one is not vilnius)

    _, there = ask(f"{server.url('PL')}/v1/traders/{warsaw.seed}/messages?after=0", token=warsaw.token())

    assert [(one["message"], one["arc"]) for one in there["messages"]] == [("IE801", arc)]


def test_state_is_opened_when_it_is_asked(server: EmcsServer) -> None:
    """Each state answers below its code, by the clock of the test."""
    base = server.url("LT").removesuffix("/lt")

    status, health = ask(f"{base}/de/health")

    assert (status, health["state"], health["now"]) == (200, "DE", "2026-03-02T10:00:00+00:00")
    assert sorted(server.emcs.world.states) == ["DE", "LT"]


@pytest.mark.parametrize("path", ["/zz/health", "/", "/gr/v1/messages"])
def test_state_that_there_is_not_is_not_found(server: EmcsServer, path: str) -> None:
    """The answer says what a path begins with."""
    status, told = ask(f"http://127.0.0.1:{server.port}{path}")

    assert status == 404
    assert "is no member state: say /lt/v1/messages, for example" in told["detail"]


def test_token_opens_its_own_mailbox_only(server: EmcsServer) -> None:
    """The doors are those of a gateway: another trader's mailbox does not exist."""
    vilnius, other = server.emcs.consignor("LT"), server.emcs.consignor("LT")

    assert ask(f"{server.url()}/v1/traders/{other.seed}/messages?after=0", token=vilnius.token())[0] == 404
    assert ask(f"{server.url()}/v1/traders/{other.seed}/messages?after=0")[0] == 401


def test_key_of_a_trader_is_its_owners_only(server: EmcsServer, tmp_path: Path) -> None:
    """Key, certificate and token are files that any program reads; the key is nobody else's."""
    files = server.emcs.consignor("LT").files(tmp_path)

    assert S_IMODE(files.key.stat().st_mode) == 0o600
    assert S_IMODE(files.token.stat().st_mode) == 0o600
    assert files.certificate.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")


def test_port_that_is_taken_is_told() -> None:
    """Which one, why, and the way out."""
    with socket.socket() as taken, Emcs() as emcs:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UnreadableInput, match=r"127\.0\.0\.1:\d+: .*Take port 0"):
            EmcsServer(emcs, taken.getsockname()[1])


def test_nothing_listens_after_the_end() -> None:
    """Neither a server nor a state goes on; its port can be taken by the next."""
    with Emcs() as emcs, EmcsServer(emcs) as server:
        port, url = server.port, server.url("LT")
        assert ask(f"{url}/health")[0] == 200

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    with Emcs() as again, EmcsServer(again, port) as found:
        assert ask(f"{found.url('LT')}/health")[0] == 200


@pytest.mark.parametrize(("name", "status"), [("server-fault", 500), ("unavailable", 503), ("web-page", 200)])
def test_system_that_is_answered_badly_sends_again(server: EmcsServer, name: str, status: int) -> None:
    """The fault is committed at the door of the trader's state; the same document once more has its receipt."""
    vilnius, warsaw = server.emcs.consignor("LT"), server.emcs.consignee("PL")
    document = signed(vilnius.signer, vilnius.draft(warsaw))
    server.emcs.faults.inject(name, "LT", traders=True)
    url = f"{server.url('LT')}/v1/messages"

    assert answered(url, document)[0] == status
    assert ask(url, document)[0] == 201
    server.emcs.faults.check()


def test_system_that_has_no_answer_finds_its_receipt(server: EmcsServer) -> None:
    """The connection is cut within the answer, after the commit: there is one movement, and the receipt says so."""
    vilnius, warsaw = server.emcs.consignor("LT"), server.emcs.consignee("PL")
    document = signed(vilnius.signer, vilnius.draft(warsaw))
    server.emcs.faults.inject("cut-answer", "LT", traders=True)
    url = f"{server.url('LT')}/v1/messages"

    with pytest.raises((OSError, HTTPException)):
        ask(url, document)
    status, receipt = ask(url, document)

    assert (status, receipt["outcome"]) == (200, "accepted")
    assert [type(one).__name__ for one in vilnius.inbox()] == ["IE801"]
