"""Bodies within limits, in front of the application (ASGI): their time, their bytes in all, and what is left of them.

The bytes that all requests hold together are bounded. When there is no room, the address that holds most
loses an upload (503): clients that never finish keep nobody out who sends less. What is already being worked on is
not taken away; then it is the new one that has to come again.

Where the application says that it keeps nothing of a body (:data:`STREAMED`), since it is known by then and writes what
comes to disk, that body holds the piece that came last and no more, and its time grows with what has come.

A client that writes its whole body before it reads would never see a refusal that comes early: the connection would be
reset under its hands. So after such an answer the rest is read and dropped for a bounded while.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.errors import Busy, SlowBody
from esad_gateway.faults import Said
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.room import Body, Room

STREAMED: Final = "esad.streamed"
"""The extension in the scope of a request by which an application says that it keeps nothing of the body."""

SLOWEST: Final = 1024 * 1024
"""Bytes of a streamed body that each ``body_seconds`` of it have to bring."""


class _Upload:
    """A body that is being received: how long it may still take, and whether it is kept."""

    def __init__(self, address: str, seconds: float) -> None:
        self.body = Body(address)
        self.streamed = False
        self._begun = asyncio.get_running_loop().time()
        self._seconds = seconds
        self._came = 0

    def stream(self) -> None:
        """It is not kept."""
        self.streamed = True

    def came(self, size: int) -> None:
        """More has come."""
        self._came += size

    @property
    def end(self) -> float:
        """When its time is over, by the clock of the loop."""
        return self._begun + self._seconds * (1 + self._came // SLOWEST * self.streamed)


class Uploads:
    """The application with its bodies within ``limits``."""

    def __init__(self, app: ASGIApp, limits: HttpLimits) -> None:
        self._app = app
        self._limits = limits
        self._room = Room(limits.bytes_in_flight)
        # How waiting for more is ended, of those that wait.
        self._waiting: dict[Body, asyncio.Timeout] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what is no request passes through."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        arriving = _Upload(_address(scope), self._limits.body_seconds)
        upload = arriving.body

        async def received() -> Message:
            return await self._receive(arriving, receive)

        async def sent(message: Message) -> None:
            last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if last and upload.more:
                # What was read of it is dropped already, as what comes will be.
                self._room.leave(upload)
                await send({**message, "more_body": True})
                await self._drain(receive)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        try:
            await self._app(_with(scope, arriving.stream), received, sent)
        finally:
            self._room.leave(upload)

    async def _receive(self, arriving: _Upload, receive: Receive) -> Message:
        """The next piece. Raises SlowBody when its time is over, Busy when the upload has to give way."""
        upload = arriving.body
        if arriving.streamed:
            self._room.leave(upload)
        try:
            async with asyncio.timeout_at(arriving.end) as self._waiting[upload]:
                message = await receive()
        except TimeoutError:
            if upload.gives_way:
                raise _no_room() from None
            raise SlowBody(self._limits.body_seconds) from None
        finally:
            self._waiting.pop(upload, None)
        upload.more = message["type"] != "http.disconnect" and message.get("more_body", False)
        size = len(message.get("body", b""))
        arriving.came(size)
        for largest in self._room.take(upload, size):
            if largest in self._waiting:
                self._waiting[largest].reschedule(0)
        if upload.gives_way:
            raise _no_room()
        return message

    async def _drain(self, receive: Receive) -> None:
        left = self._limits.drain_bytes
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.drain_seconds):
                while left > 0:
                    message = await receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _with(scope: Scope, streamed: Callable[[], None]) -> Scope:
    return {**scope, "extensions": {**(scope.get("extensions") or {}), STREAMED: streamed}}


def _address(scope: Scope) -> str:
    """Where a request comes from: by its socket, or by the word of a front."""
    host, _ = scope.get("client") or ("", 0)
    return str(host)


def _no_room() -> Busy:
    return Busy(Said("detail.uploads"))
