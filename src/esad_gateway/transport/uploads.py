"""Bodies within limits, in front of the application (ASGI): their time, their bytes in all, and what is left of them.

The bytes that all requests hold together are bounded. When there is no room, the address that holds most
loses an upload (503): clients that never finish keep nobody out who sends less. What is already being worked on is
not taken away; then it is the new one that has to come again.

A client that writes its whole body before it reads would never see a refusal that comes early: the connection would be
reset under its hands. So after such an answer the rest is read and dropped for a bounded while.
"""

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.errors import Busy, SlowBody
from esad_gateway.faults import Said
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.room import Body, Room


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
        upload = Body(_address(scope))
        end = asyncio.get_running_loop().time() + self._limits.body_seconds

        async def received() -> Message:
            return await self._receive(upload, receive, end)

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
            await self._app(scope, received, sent)
        finally:
            self._room.leave(upload)

    async def _receive(self, upload: Body, receive: Receive, end: float) -> Message:
        """The next piece. Raises SlowBody when its time is over, Busy when the upload has to give way."""
        try:
            async with asyncio.timeout_at(end) as self._waiting[upload]:
                message = await receive()
        except TimeoutError:
            if upload.gives_way:
                raise _no_room() from None
            raise SlowBody(self._limits.body_seconds) from None
        finally:
            self._waiting.pop(upload, None)
        upload.more = message["type"] != "http.disconnect" and message.get("more_body", False)
        for largest in self._room.take(upload, len(message.get("body", b""))):
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


def _address(scope: Scope) -> str:
    """Where a request comes from: by its socket, or by the word of a front."""
    host, _ = scope.get("client") or ("", 0)
    return str(host)


def _no_room() -> Busy:
    return Busy(Said("detail.uploads"))
