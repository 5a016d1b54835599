"""One HTTP connection within limits: uvicorn's protocol, which has none for heads, for time and for addresses.

Measured with small header fields without end, half heads, and bodies that stop: uvicorn with httptools keeps it all (a
gigabyte for 60 MB of fields) and waits for ever; with h11 it bounds the bytes of a head; hypercorn 0.18 and granian 2.8
bound that and the time of a head. None bounds the time of a body, connections per address or the bytes of all bodies.
So the fastest parser stays, and what is added here stands between it and the application, and keeps nothing of what it
refuses.
"""

import asyncio
import json
import re
import sys
from http import HTTPStatus
from typing import Any, Final

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from esad_gateway.faults import Said, said
from esad_gateway.texts import ENGLISH, in_every_language, say
from esad_gateway.transport.doorkeeper import Doorkeeper

PIPELINED: Final = 8
"""Requests that may wait behind one that is being answered."""

MANY_CHUNKS: Final = 65_536
SMALLEST_CHUNK: Final = 16
"""Bytes that the chunks of a body must have on average when there are many: each costs as much as a large one."""

_OFFERS: Final = {b"upgrade", b"connection", b"http2-settings"}
"""The fields with which a client offers another protocol."""

LEAVING_SECONDS: Final = 2.0
LEAVING_BYTES: Final = 1024 * 1024
MOST_LEAVING: Final = 32
"""How many refused connections are kept open for a moment, so that they see their answer; others are cut."""

_HOST: Final = re.compile(rb"(\[[\w:.%~!$&'()*+,;=-]*\]|[\w.%~!$&'()*+,;=-]*)(:[0-9]*)?", re.ASCII)
"""The value of a Host field (RFC 9110, 7.2): a name or an address, which may be empty, and perhaps a port."""

_NO_PATH: Final = re.compile(rb"([a-z][a-z0-9+.-]*://[^/?#]*)(\?.*)?", re.IGNORECASE)
"""An address that names a host and no path, which is asked for ``/`` there (RFC 9110, 4.2.3)."""

_TELLS: Final = {
    400: Said("detail.connection_no_http"),
    408: Said("detail.connection_late"),
    429: Said("detail.connection_address"),
    431: Said("detail.connection_head"),
    503: Said("detail.connection_full"),
}
_TITLE: Final = Said("problem.connection")


class _Beyond(Exception):
    """The request goes beyond a limit."""


class GuardedProtocol(HttpToolsProtocol):
    """A connection that ``keeper`` lets in or refuses, and that must send its heads within limits."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        keeper: Doorkeeper,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.address = ""
        self._keeper = keeper
        self._limits = keeper.limits
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._in_head = self._in_body = False
        self._raw = self._heads = self._head = self._fields = self._chunks = self._size = 0
        self._refusal = (400, _TELLS[400])
        self._data = b""
        self._leaving: int | None = None

    @property
    def idle(self) -> bool:
        """Whether it is at no request: its next head is not there, or not all of it."""
        return not self._in_body and not self._at_work

    @property
    def receiving(self) -> bool:
        """Whether the body of its request is not all there, be it wanted still or dropped."""
        return self._in_body and not self.pipeline

    @property
    def _at_work(self) -> bool:
        # There is none before the first request, whatever the annotation says.
        return not getattr(self.cycle, "response_complete", True)

    def dismiss(self) -> None:
        """Tell it to go: there is no room for who keeps us waiting."""
        if self.idle and not self._in_head and not self._raw:
            self.transport.close()
        else:
            self._refuse(408)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Let it in, or refuse it before anything is read."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        status = self._keeper.admit(self)
        if status is None:
            self._await_head()
        else:
            self._refuse(status)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._keeper.leave(self)
        self._keeper.leaving -= self._leaving is not None
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on within limits; what comes after a refusal is dropped."""
        if self._leaving is not None:
            self._leaving -= len(data)
            if self._leaving < 0:
                self.transport.abort()
            return
        heads, in_head = self._heads, not self._in_body
        if in_head and self._timer is None:
            self._await_head()
        self._feed(data)
        if in_head and heads == self._heads and self._leaving is None:
            # The parser keeps what belongs to a field that is not complete yet, and tells nothing of it.
            self._raw += len(data)
            if self._raw > self._limits.header_bytes:
                self._refuse(431)

    def handle_websocket_upgrade(self) -> None:
        """Go on without the upgrade that was offered: nothing else is spoken here (RFC 9110, 7.8).

        Java's HTTP client offers HTTP/2 with every first request. The parser ends at the head of such a request, and
        takes what follows for the other protocol; so a new one reads that head again, without the offer, and goes on.
        """
        ended, method = sys.exception(), self.parser.get_method()
        offset = ended.args[0] if isinstance(ended, httptools.HttpParserUpgrade) else 0
        if method == b"CONNECT":
            self._refuse(400, Said("detail.connection_tunnel"))
            return
        version = self.parser.get_http_version().encode()
        closes = any(name == b"connection" and b"close" in value.lower() for name, value in self.headers)
        kept = [(name, value) for name, value in self.headers if name not in _OFFERS]
        fields = [b"%b: %b\r\n" % field for field in (*kept, *([(b"connection", b"close")] if closes else []))]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        head = b"%b %b HTTP/%b\r\n%b\r\n" % (method, self.url, version, b"".join(fields))
        self._feed(head + self._data[offset:])

    def on_message_begin(self) -> None:
        """A request begins, perhaps in the same breath as the one before it ended."""
        self._in_head = True
        self._head = self._fields = self._chunks = self._size = 0
        if self._timer is None:
            self._await_head()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One field of a head, or of a trailer, which nobody here needs."""
        self._fields += 1
        self._count(len(name) + len(value))
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there: from here on it is a request, and the body has its own time."""
        if len(self.pipeline) >= PIPELINED:
            self._beyond(429)
        self._check_host()
        if pathless := _NO_PATH.fullmatch(self.url):
            self.url = pathless[1] + b"/" + (pathless[2] or b"")
        # A client of HTTP/1.0 knows no interim answer (RFC 9110, 10.1.1).
        self.expect_100_continue = self.expect_100_continue and self.parser.get_http_version() >= "1.1"
        self._raw, self._in_head, self._in_body = 0, False, True
        self._heads += 1
        self._stop_timer()
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """A chunk of a body begins."""
        self._chunks += 1
        if self._chunks > MANY_CHUNKS and self._size < self._chunks * SMALLEST_CHUNK:
            self._beyond(400, Said("detail.connection_chunks"))

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._size += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The body is there."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written. What is left of the body was drained for a while, and is not waited for."""
        super().on_response_complete()
        if self._in_body:
            self.transport.close()
        else:
            self._keeper.idles(self)

    def pause_writing(self) -> None:
        """The client does not read its answer."""
        super().pause_writing()
        self._unread = self.loop.call_later(self._limits.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser, or a limit, has ended."""
        del msg
        self._refuse(*self._refusal)

    def _should_upgrade(self) -> bool:
        # Asked of every request with an offer: handle_websocket_upgrade goes on with it.
        return True

    def _feed(self, data: bytes) -> None:
        self._data = data
        super().data_received(data)

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > self._limits.header_bytes or self._fields > self._limits.header_count:
            self._beyond(431)

    def _check_host(self) -> None:
        """One Host field, and what it says may be a host (RFC 9112, 3.2): of two, a front may have meant the other."""
        hosts = [value.strip(b" \t") for name, value in self.headers if name == b"host"]
        if len(hosts) > 1 or (not hosts and self.parser.get_http_version() >= "1.1"):
            self._beyond(400, said("detail.connection_hosts", number=len(hosts)))
        if hosts and not _HOST.fullmatch(hosts[0]):
            self._beyond(400, Said("detail.connection_host"))

    def _beyond(self, status: int, told: Said | None = None) -> None:
        self._refusal = (status, told or _TELLS[status])
        raise _Beyond

    def _await_head(self) -> None:
        self._timer = self.loop.call_later(self._limits.header_seconds, self._late)

    def _late(self) -> None:
        if self.idle:
            self.dismiss()
        else:
            self._await_head()

    def _refuse(self, status: int, told: Said | None = None) -> None:
        """Answer for the last time, and go when that was read: in a while, or at once when there are many."""
        told = told or _TELLS[status]
        self._keeper.note(say(told), self.address)
        self._stop_timers()
        answering = self._at_work and (not self.receiving or self.cycle.response_started)
        if answering or self._keeper.leaving >= MOST_LEAVING:
            # An answer of ours is under way, and nothing may be written into it.
            self.transport.abort()
            return
        if self._at_work:
            # The application learns that its client is gone, and gives no second answer.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._leaving = LEAVING_BYTES
        self.transport.write(_answer(status, told))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._keeper.leaving += 1
        self._timer = self.loop.call_later(LEAVING_SECONDS, self.transport.abort)

    def _stop_timers(self) -> None:
        self._stop_timer()
        if self._unread is not None:
            self._unread.cancel()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _answer(status: int, told: Said) -> bytes:
    titles, details = in_every_language(_TITLE), in_every_language(told)
    body = json.dumps(
        {
            "type": "/problems/connection",
            "title": titles[ENGLISH],
            "titles": titles,
            "status": status,
            "detail": details[ENGLISH],
            "details": details,
        },
        ensure_ascii=False,
    ).encode()
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    head = [line, "Content-Type: application/problem+json", f"Content-Length: {len(body)}"]
    again = ["Retry-After: 1"] if status in {429, 503} else []
    return "\r\n".join([*head, *again, "Connection: close", "", ""]).encode() + body
