"""Bodies within limits, in front of the application (ASGI): their time, their bytes in all, and what is left of them.

The bytes that all requests hold together are bounded. When there is no room, the upload that has been going on for
longest gives way (503): a client that never finishes keeps nobody out. What is already being worked on is not taken
away; then it is the new one that has to come again.

A client that writes its whole body before it reads would never see a refusal that comes early: the connection would be
reset under its hands. So after such an answer the rest is read and dropped for a bounded while.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.errors import Busy, SlowBody
from esad_gateway.transport.limits import HttpLimits


@dataclass(eq=False, slots=True)
class _Upload:
    """One body: the bytes that are held for it, whether more is to come, and how waiting for more is ended."""

    held: int = 0
    more: bool = True
    gives_way: bool = False
    waits: asyncio.Timeout | None = None


class Uploads:
    """The application with its bodies within ``limits``."""

    def __init__(self, app: ASGIApp, limits: HttpLimits) -> None:
        self._app = app
        self._limits = limits
        self._held = 0
        # Those of which more is to come, in the order in which they began.
        self._unfinished: dict[_Upload, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what is no request passes through."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        upload = _Upload()
        end = asyncio.get_running_loop().time() + self._limits.body_seconds

        async def received() -> Message:
            return await self._receive(upload, receive, end)

        async def sent(message: Message) -> None:
            last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if last and upload.more:
                await send({**message, "more_body": True})
                await self._drain(receive)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        self._unfinished[upload] = None
        try:
            await self._app(scope, received, sent)
        finally:
            self._unfinished.pop(upload, None)
            self._held -= upload.held

    async def _receive(self, upload: _Upload, receive: Receive, end: float) -> Message:
        """The next piece. Raises SlowBody when its time is over, Busy when the upload has to give way."""
        try:
            async with asyncio.timeout_at(end) as upload.waits:
                message = await receive()
        except TimeoutError:
            if upload.gives_way:
                raise Busy("too much is being uploaded at a time; send the same again") from None
            raise SlowBody(self._limits.body_seconds) from None
        finally:
            upload.waits = None
        size = len(message.get("body", b""))
        upload.held += size
        self._held += size
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            upload.more = False
            self._unfinished.pop(upload, None)
        self._make_room()
        if upload.gives_way:
            raise Busy("too much is being uploaded at a time; send the same again")
        return message

    def _make_room(self) -> None:
        """End uploads, those that began first before others, until what is held is within bounds."""
        for upload in list(self._unfinished):
            if self._held <= self._limits.bytes_in_flight:
                return
            upload.gives_way = True
            self._unfinished.pop(upload)
            if upload.waits is not None:
                upload.waits.reschedule(0)
            self._held -= upload.held
            upload.held = 0

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
