"""Doors that answer as they should not, over real sockets, to the client that carries a gateway's documents."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException

import pytest
from starlette.routing import Router
from starlette.types import ASGIApp

from esad_gateway.ndea.endpoint import NdeaDoor, ndea_endpoint
from esad_gateway.ports.outbox import DeliveryOutcome, Reception, Tried
from esad_gateway.server import application as doors_of
from esad_gateway.simulator.injected.catalogue import INJECTED, faults_of
from esad_gateway.simulator.injected.doors import FaultyDoor
from esad_gateway.simulator.injected.model import FaultKind, Manner
from esad_gateway.simulator.injected.served import CuttableConnection, FaultyApplication
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.world import signed
from esad_gateway.transport.http import HttpTransport
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.server import http_server
from esad_gateway.web.direct import direct
from helpers.gateway import PATIENCE
from helpers.injecting import Pair, pair

SHORT = 2.0
"""Seconds for which an answer is awaited that never comes whole."""

NEVER_WHOLE = {Manner.SILENT, Manner.DRIP}
TOLD = {
    "connection-refused": "gave no answer",
    "connection-reset": "gave no answer",
    "no-answer": "TimeoutError",
    "slow-answer": "TimeoutError",
    "lost-answer": "TimeoutError",
    "cut-answer": "gave no answer",
    "endless-answer": "longer than",
    "server-fault": "out of space",
    "bad-gateway": "HTTP 502",
    "unavailable": "HTTP 503",
    "too-many-requests": "HTTP 429",
    "garbage": "no acknowledgement",
    "web-page": "no acknowledgement",
    "redirect": "HTTP 307",
    "acknowledges-another": "of-another-message",
    "refuses-what-is-right": "not like this",
}
"""What the one who delivers finds, over HTTP."""

COMMITTED = {"slow-answer", "lost-answer", "cut-answer"}


@contextmanager
def listening(two: Pair, state: SimulatedState, app: ASGIApp | None = None) -> Iterator[str]:
    """The doors of a state behind a real socket, where the gateways live: that of administrations, or an ``app``."""
    plain = app or direct(Router(), {("POST", "/ndea"): ndea_endpoint(NdeaDoor(state.runtime.gateway))})
    application = FaultyApplication(plain, FaultyDoor(state.code, state.door, two.emcs.world.faults.hand), PATIENCE)
    server = http_server(application, HttpLimits(), connection=CuttableConnection)
    server.config.lifespan = "off"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = two.emcs.spawn(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            serving.result(PATIENCE)


def delivered(url: str, document: bytes, identifier: str, timeout: float = PATIENCE) -> Tried:
    """What a delivery comes to, as a gateway would make it."""

    async def once() -> Tried:
        transport = HttpTransport(lambda: {"NDEA.PL": f"{url}/ndea"}, timeout)
        try:
            return await transport.deliver("NDEA.PL", document, identifier)
        finally:
            await transport.close()

    return asyncio.run(once())


def undelivered(two: Pair) -> tuple[bytes, str]:
    """An e-SAD that Lithuania has signed for Poland, which has not had it: its bytes and its identifier."""
    two.emcs.faults.inject("lost", "LT", message="IE801")
    two.dispatch()
    (entry,) = two.vilnius.home.entries("NDEA.PL")
    return two.vilnius.home.document(entry), entry.identifier


def test_every_fault_of_the_transport_is_served() -> None:
    """None is left out below."""
    assert {one.name for one in faults_of(FaultKind.TRANSPORT)} == {*TOLD, "wrong-content-type"}


@pytest.mark.parametrize("name", TOLD)
def test_fault_is_committed_over_a_real_socket(name: str) -> None:
    """The one who delivers finds it, and after it what is true: committed once, whatever was answered."""
    with pair() as two, listening(two, two.warsaw.home) as url:
        document, identifier = undelivered(two)
        two.emcs.faults.inject(name, "PL")
        manner = {"no-answer": Manner.SILENT, "slow-answer": Manner.DRIP, "lost-answer": Manner.SILENT}.get(name)

        tried = delivered(url, document, identifier, SHORT if manner in NEVER_WHOLE else PATIENCE)
        again = delivered(url, document, identifier)

        assert tried.reception is not Reception.ACKNOWLEDGED
        assert TOLD[name] in tried.why
        assert again.reception is Reception.ACKNOWLEDGED
        assert again.outcome is (DeliveryOutcome.DUPLICATE if name in COMMITTED else DeliveryOutcome.ACCEPTED)
        assert [strike.fault for strike in two.emcs.faults.journal] == ["lost", name]
        assert INJECTED[name].kind is FaultKind.TRANSPORT


def test_acknowledgement_of_another_type_is_read() -> None:
    """The head says octet-stream, and the body is right."""
    with pair() as two, listening(two, two.warsaw.home) as url:
        document, identifier = undelivered(two)
        two.emcs.faults.inject("wrong-content-type", "PL")

        assert delivered(url, document, identifier) == Tried(Reception.ACKNOWLEDGED, outcome=DeliveryOutcome.ACCEPTED)


def test_door_is_itself_for_what_no_fault_strikes() -> None:
    """A document of another type than the one that waits, what cannot be read, and what is too large."""
    with pair() as two, listening(two, two.warsaw.home) as url:
        document, identifier = undelivered(two)
        two.emcs.faults.inject("connection-reset", "PL", message="IE813")

        assert delivered(url, b"<no document/>", "1").reception is Reception.REFUSED
        assert delivered(url, b" " * 7_000_000, "1").reception is Reception.REFUSED
        assert delivered(url, document, identifier).reception is Reception.ACKNOWLEDGED


def test_nothing_is_left_of_a_connection_that_was_cut() -> None:
    """The socket says that it was reset, at once, and the door serves the next one."""
    with pair() as two, listening(two, two.warsaw.home) as url:
        document, identifier = undelivered(two)
        two.emcs.faults.inject("connection-reset", "PL", times=3)

        found = [delivered(url, document, identifier).reception for _ in range(4)]

        assert found == [*[Reception.FAILED] * 3, Reception.ACKNOWLEDGED]


BROKEN_OFF: Mapping[str, tuple[type[Exception], ...]] = {
    "connection-refused": (OSError,),
    "connection-reset": (OSError,),
    "no-answer": (TimeoutError,),
    "slow-answer": (TimeoutError,),
    "lost-answer": (TimeoutError,),
    "cut-answer": (OSError, HTTPException),
}
"""What somebody finds who submits and has no answer: an error of the connection, or one of HTTP."""

STATUSES = {
    "server-fault": 500,
    "bad-gateway": 502,
    "unavailable": 503,
    "too-many-requests": 429,
    "garbage": 200,
    "web-page": 200,
    "redirect": 307,
    "wrong-content-type": 201,
}
"""What is answered to somebody who submits."""


def submitted(url: str, document: bytes, timeout: float = PATIENCE) -> tuple[int, bytes]:
    """Submit a document as a trader's program does: the status, and the body."""
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=timeout)) as connection:
        connection.request("POST", "/v1/messages", document, {"Content-Type": "application/xml"})
        response = connection.getresponse()
        return response.status, response.read()


@pytest.mark.parametrize("name", [*BROKEN_OFF, *STATUSES])
def test_trader_who_sends_again_has_one_movement(name: str) -> None:
    """Whatever is answered: the same document once more has a receipt, and there is one e-SAD."""
    with pair() as two, listening(two, two.vilnius.home, doors_of(two.vilnius.home.runtime)) as url:
        document = signed(two.vilnius.signer, two.vilnius.draft(two.warsaw))
        two.emcs.faults.inject(name, "LT", traders=True)

        if name in STATUSES:
            assert submitted(url, document)[0] == STATUSES[name]
        else:
            with pytest.raises(BROKEN_OFF[name]):
                submitted(url, document, SHORT if TimeoutError in BROKEN_OFF[name] else PATIENCE)
        status, receipt = submitted(url, document)

        assert status in {200, 201}
        assert b'"accepted"' in receipt
        assert [type(one).__name__ for one in two.vilnius.inbox()] == ["IE801"]
        (strike,) = two.emcs.faults.journal
        assert (strike.fault, strike.sender, strike.receiver, strike.message) == (name, "traders", "LT", "IE815")


def test_answer_without_end_to_a_trader_ends_when_nobody_reads() -> None:
    """The program that reads some of it and goes away leaves nothing behind: the door serves the next one."""
    with pair() as two, listening(two, two.vilnius.home, doors_of(two.vilnius.home.runtime)) as url:
        document = signed(two.vilnius.signer, two.vilnius.draft(two.warsaw))
        two.emcs.faults.inject("endless-answer", "LT", traders=True)

        with closing(HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)) as connection:
            connection.request("POST", "/v1/messages", document, {"Content-Type": "application/xml"})
            assert len(connection.getresponse().read(200_000)) == 200_000

        assert submitted(url, document)[0] == 201


def test_fault_for_administrations_leaves_traders_alone() -> None:
    """Each is struck by what was meant for it: a fault of one door waits while the other is used."""
    with pair() as two, listening(two, two.vilnius.home, doors_of(two.vilnius.home.runtime)) as url:
        two.emcs.faults.inject("server-fault", "LT")

        assert submitted(url, signed(two.vilnius.signer, two.vilnius.draft(two.warsaw)))[0] == 201
        assert two.outcomes() == []
