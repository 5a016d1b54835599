"""A gateway of this process behind a real socket, and a plain client for requests that no good client would send."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from threading import Thread
from time import monotonic, sleep
from typing import Any

import uvicorn

from esad_gateway.batch.work.workers import Workers
from esad_gateway.server import application
from esad_gateway.simulator.box import Trader
from esad_gateway.store.batches import Batches
from esad_gateway.transport.server import http_server
from helpers.gateway import PATIENCE, Box, HandClock, Station
from helpers.ready import ready

XML, JSON = "application/xml", "application/json"


@dataclass(frozen=True)
class Answer:
    """What came back; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A gateway that listens on ``port``."""

    box: Box
    station: Station
    port: int

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request exactly as given, on a connection of its own."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())

    def submit(self, document: bytes, content_type: str = XML) -> Answer:
        """Submit a document as a trader."""
        return self.ask("POST", "/v1/messages", document, {"Content-Type": content_type})

    def get(self, path: str, token: str | None = None, **headers: str) -> Answer:
        """Read something with a token."""
        access = {"Authorization": f"Bearer {token}"} if token else {}
        return self.ask("GET", path, None, {**access, **headers})

    def trader(self, seed: str) -> Trader:
        """A trader of this gateway, at its real address."""
        trader = self.box.traders[seed]
        return replace(trader, member=replace(trader.member, port=self.port))


@contextmanager
def served(box: Box, state: str = "LT", clock: HandClock | None = None) -> Iterator[Served]:
    """Serve the gateway of a member state, as ``esad serve`` does, until the end of the block."""
    with box.open(state, clock, http=True) as station, serving(box, station) as one:
        yield one


@contextmanager
def serving(box: Box, station: Station) -> Iterator[Served]:
    """Serve a gateway that is open, until the end of the block, which also ends the gateway.

    Its workers have their imports behind them (:mod:`helpers.ready`).
    """
    runtime = station.runtime
    command = (str(ready()), "worker", "--data", str(runtime.data.root))
    workers = Workers(runtime.data.root, Batches(runtime.store).pending, runtime.clock, command)
    server = http_server(application(runtime, workers=workers), runtime.settings.http_limits())
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield Served(box, station, _port(server))
    finally:
        server.should_exit = True
        thread.join()


def _port(server: uvicorn.Server) -> int:
    end = monotonic() + PATIENCE
    while not server.started:
        assert monotonic() < end, "the server does not start"
        sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
