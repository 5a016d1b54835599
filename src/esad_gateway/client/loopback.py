"""Waiting on one's own machine for a browser that comes back from signing in (RFC 8252, 7.3)."""

from collections.abc import Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from secrets import compare_digest, token_urlsafe
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from esad_gateway.faults import Said
from esad_gateway.texts import in_every_language

LONGEST = 4000
"""Characters of an address that is looked at."""

_DONE = (200, Said("sign_in.page.done"))
_NONE = (404, Said("sign_in.page.none"))


class LoopbackListener:
    """Listens at 127.0.0.1, on a ``port`` that was free, for a browser that shows the ``state``."""

    def __init__(self) -> None:
        self.state = token_urlsafe(16)
        self._told: Mapping[str, str] | None = None
        listener = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                found = listener._taken(self.path)
                _answer(self, 200 if found else 404, Said("sign_in.page.done" if found else "sign_in.page.none"))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_port

    def wait(self, seconds: float) -> Mapping[str, str] | None:
        """What the browser brings; ``None`` when none has come in so many seconds. It listens no longer then."""
        end = monotonic() + seconds
        try:
            while self._told is None and (left := end - monotonic()) > 0:
                self._server.timeout = left
                self._server.handle_request()
        finally:
            self._server.server_close()
        return self._told

    def _taken(self, target: str) -> bool:
        """Whether what is asked for is what a browser is sent here with; other programs may ask as well."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(target[:LONGEST]).query).items()}
        if not compare_digest(told.get("state", "").encode(), self.state.encode()):
            return False
        self._told = told
        return True


def _answer(handler: BaseHTTPRequestHandler, status: int, told: Said) -> None:
    said = in_every_language(told).items()
    shown = "".join(f'<p lang="{language}">{escape(sentence)}</p>' for language, sentence in said)
    body = f'<!doctype html><meta charset="utf-8"><title>e-SAD</title>{shown}'.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Cache-Control", "no-store")
    handler.end_headers()
    handler.wfile.write(body)
