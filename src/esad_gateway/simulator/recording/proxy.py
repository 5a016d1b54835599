"""A proxy that forwards what it gets as it is, both ways, and keeps what has passed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Final, Self

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from esad_gateway.simulator.injected.served import CUT
from esad_gateway.simulator.recording.model import Ended
from esad_gateway.simulator.recording.passing import Passing, Passings
from esad_gateway.transport.uploads import STREAMED

SILENCE: Final = 600.0
"""Seconds without a byte after which an answer is given up: longer than any long poll, and nothing hangs for ever."""

CONNECT: Final = 30.0

_OF_A_CONNECTION: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"}
    | {"proxy-authenticate", "proxy-authorization", "http2-settings"}
)
"""Header fields that are about one connection, and go no further (RFC 9110, 7.6.1)."""

_BY_ITSELF: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""Header fields that the library would add where the client has none."""

_STATUSES: Final = range(100, 600)
"""What a status may be (RFC 9110, 15)."""

_UNREACHED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ServerDisconnectedError)


class RecordingProxy:
    """An application (ASGI) that forwards every request to the gateway at ``url``; an async context manager.

    What has passed is kept in ``passings``; ``now`` is the gateway's clock. Where the gateway cannot be reached, or its
    answer breaks off, the connection of the client is cut as well: nobody gets an answer that the gateway has not
    given. Its connections must be :class:`~esad_gateway.simulator.injected.served.CuttableConnection`.
    """

    def __init__(self, url: str, passings: Passings, now: Callable[[], Awaitable[datetime]]) -> None:
        self._url = url.rstrip("/")
        self.passings = passings
        self._now = now

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            # One kept open could end at the moment in which it is used again, which the gateway would be blamed for.
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            skip_auto_headers=_BY_ITSELF,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT, sock_read=SILENCE),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request, and what is answered."""
        with suppress(KeyError):
            scope["extensions"][STREAMED]()
        passing = Passing(
            at=await self._now(), method=scope["method"], target=_target(scope), headers=_named(scope["headers"])
        )
        began = time.monotonic()
        try:
            await _Forwarding(self._session, self._url, passing, receive, send).run(scope)
        finally:
            passing.took = time.monotonic() - began
            self.passings.keep(passing)
        if passing.ended is not Ended.ANSWERED:
            scope["extensions"][CUT]["cut"]()
            await gone(receive)


class _Forwarding:
    """One request on its way."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, passing: Passing, receive: Receive, send: Send
    ) -> None:
        self._session, self._url, self._passing = session, url, passing
        self._receive, self._send = receive, send
        self._has_body = bool({"content-length", "transfer-encoding"} & passing.headers.keys())
        self._all_sent = asyncio.Event()
        if not self._has_body:
            self._all_sent.set()
        self._left = False

    async def run(self, scope: Scope) -> None:
        """Forward it, until it is answered or the client is gone."""
        forwarded = asyncio.ensure_future(self._forward(scope))
        left = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({forwarded, left}, return_when=asyncio.FIRST_COMPLETED)
            if forwarded.done() and not self._left:
                self._passing.ended = forwarded.result()
        finally:
            for task in (forwarded, left):
                task.cancel()
            await asyncio.gather(forwarded, left, return_exceptions=True)
        if self._passing.ended is Ended.UNREACHED and not self._all_sent.is_set():
            await self._rest()

    async def _forward(self, scope: Scope) -> Ended:
        """How it has ended."""
        try:
            async with self._session.request(
                scope["method"],
                URL(self._url + self._passing.target, encoded=True),
                headers=_forwarded(scope["headers"]),
                data=self._pieces() if self._has_body else None,
                allow_redirects=False,
            ) as answer:
                await self._answer(answer)
        except _UNREACHED:
            return Ended.UNREACHED
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return Ended.BROKEN
        return Ended.ANSWERED

    async def _answer(self, answer: aiohttp.ClientResponse) -> None:
        passing = self._passing
        if answer.status not in _STATUSES:
            raise aiohttp.ClientPayloadError(answer.status)
        passing.status, passing.answered = answer.status, _named(answer.raw_headers)
        kept = [(name, value) for name, value in answer.raw_headers if _goes_on(name, passing.answered)]
        await self._send({"type": "http.response.start", "status": answer.status, "headers": kept})
        async for piece in answer.content.iter_any():
            passing.came.came(piece)
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self) -> AsyncIterator[bytes]:
        """The body, as it comes."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._left = True
                self._all_sent.set()
                raise ConnectionResetError
            more = message.get("more_body", False)
            if piece := message.get("body", b""):
                self._passing.sent.came(piece)
                yield piece
        self._all_sent.set()

    async def _gone(self) -> None:
        """Wait until the client is gone, who has sent everything before."""
        await self._all_sent.wait()
        await gone(self._receive)

    async def _rest(self) -> None:
        """Read what nobody takes, so that it is recorded what was to be sent; of what comes too slowly only a part."""
        with suppress(TimeoutError, ConnectionResetError):
            async with asyncio.timeout(CONNECT):
                async for _ in self._pieces():
                    if not self._passing.sent.whole:
                        return


async def gone(receive: Receive) -> None:
    """Wait until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _target(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    path = str(scope["raw_path"].decode("latin-1"))
    return f"{path}?{query}" if query else path


def _named(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _forwarded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """The header fields of a request that go on; the host is that of the gateway."""
    named = _named(headers)
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name.lower() != b"host" and _goes_on(name, named)
    ]


def _goes_on(name: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a header field goes on: it is not about this connection, by its name or as its connection says."""
    plain = name.decode("latin-1").lower()
    also = {one.strip().lower() for one in headers.get("connection", "").split(",")}
    return plain not in _OF_A_CONNECTION | also
