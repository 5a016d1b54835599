"""A way to a gateway on which answers get lost: what was asked has happened, and nobody is told."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from helpers.gateway import PATIENCE

LOST: Final = None
"""In the place of an answer: it came from the gateway, and the connection is cut before it is passed on."""


@dataclass
class Way:
    """It listens at ``url``: ``asked`` are the bodies of what has passed, ``paths`` where they went.

    ``instead`` is what is answered first.
    """

    url: str = ""
    instead: list[bytes | None] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def cutting(url: str, instead: Sequence[bytes | None]) -> Iterator[Way]:
    """A way to the gateway at ``url``: its first answers are replaced by these, the others pass."""
    way = Way(instead=list(instead))
    gateway = urlsplit(url)

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            way.asked.append(body)
            way.paths.append(self.path)
            with closing(HTTPConnection(gateway.hostname or "", gateway.port, timeout=PATIENCE)) as connection:
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                response = connection.getresponse()
                content = response.read()
            if way.instead:
                answer = way.instead.pop(0)
                if answer is not LOST:
                    self.wfile.write(answer)
                self.close_connection = True
                return
            self.send_response(response.status)
            for name in ("Content-Type", "Retry-After"):
                if value := response.getheader(name):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = pass_on  # noqa: N815 - the names of the server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        way.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield way
        finally:
            server.shutdown()
            thread.join()
