"""A line between two administrations: a little HTTP server that hands on what it gets, but for what it is told.

Whoever sends through it is acknowledged, as if the other side had committed the document.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from lxml import etree

from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.simulator.drafts import read
from esad_gateway.transport.envelope import CONTENT_TYPE, Acknowledgement, deliver, delivered, document_of
from esad_gateway.xml.parse import parse
from helpers.gateway import PATIENCE

Accident: TypeAlias = Callable[[bytes], bytes | None]
"""What comes out of a document on its way; ``None`` when it is lost."""


@dataclass
class Line:
    """One direction: it begins at ``url`` and leads to ``far_end``, another URL.

    ``interrupted`` are message types that cannot pass, so that they are sent again later; ``carried`` is every message
    that was acknowledged, as it came in: its type and bytes.
    """

    url: str
    far_end: str = ""
    interrupted: set[str] = field(default_factory=set)
    carried: list[tuple[str, bytes]] = field(default_factory=list)
    _accidents: dict[str, Accident] = field(default_factory=dict)

    def once(self, kind: str, accident: Accident) -> None:
        """What happens to the next message of a type, and to no other."""
        self._accidents[kind] = accident

    def lose(self, kind: str) -> None:
        """The next message of a type is acknowledged, and gone."""
        self.once(kind, lambda _: None)

    @contextmanager
    def without(self, kind: str) -> Iterator[None]:
        """Messages of a type cannot pass during the block; whoever sends them tries again."""
        self.interrupted.add(kind)
        try:
            yield
        finally:
            self.interrupted.remove(kind)

    def about(self, arc: str) -> list[str]:
        """The types of the messages about a movement that were acknowledged, in their order."""
        return [kind for kind, document in self.carried if arc.encode() in document]

    def last(self, kind: str) -> Any:
        """The newest message of a type that was acknowledged, as it came in."""
        return read([document for found, document in self.carried if found == kind][-1])

    def take(self, document: bytes) -> tuple[int, bytes]:
        """Hand on a document: HTTP status and answer."""
        kind = etree.QName(parse(document)).localname
        if kind in self.interrupted:
            return HTTPStatus.SERVICE_UNAVAILABLE, b""
        passed = self._accidents.pop(kind, _unharmed)(document)
        status, answer = (HTTPStatus.OK, _acknowledged(document)) if passed is None else self._pass_on(passed)
        if status == HTTPStatus.OK:
            self.carried.append((kind, document))
        return status, answer

    def _pass_on(self, document: bytes) -> tuple[int, bytes]:
        end = urlsplit(self.far_end)
        with closing(HTTPConnection(end.netloc, timeout=PATIENCE)) as connection:
            try:
                connection.request("POST", end.path, deliver(document), {"Content-Type": CONTENT_TYPE})
                response = connection.getresponse()
                return response.status, response.read()
            except OSError:
                return HTTPStatus.BAD_GATEWAY, b""


def _acknowledged(document: bytes) -> bytes:
    return delivered(Acknowledgement(DeliveryOutcome.ACCEPTED, read(document).header.message_identifier))


def _unharmed(document: bytes) -> bytes:
    return document


class _Door(BaseHTTPRequestHandler):
    """Where a line begins."""

    def __init__(self, line: Line, *connection: Any) -> None:
        self._line = line
        super().__init__(*connection)

    def do_POST(self) -> None:
        """A Deliver request."""
        request = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self._line.take(document_of(request))
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Nothing: tests say what happens."""


@contextmanager
def open_line() -> Iterator[Line]:
    """A line that is open until the end of the block; where it leads to is still to be said."""
    line = Line(url="")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Door, line)) as server:
        line.url = f"http://127.0.0.1:{server.server_port}/ndea"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield line
        finally:
            server.shutdown()
            thread.join()
