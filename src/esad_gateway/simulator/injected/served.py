"""Doors that answer as they should not over real sockets: slowly, without end, cut short, or not at all."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from esad_gateway.errors import OwnError, SenderError
from esad_gateway.ndea.endpoint import refusal
from esad_gateway.simulator.injected.doors import FaultyDoor
from esad_gateway.simulator.injected.model import Manner, Parcel, Reply
from esad_gateway.simulator.injected.parcels import parcel_in, submitted
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.transport.envelope import LARGEST_ENVELOPE
from esad_gateway.transport.server import Connection
from esad_gateway.web.body import read_body

CUT: Final = "esad.cut"
"""The extension of a scope (ASGI) by which an application cuts its connection."""

LONGEST: Final = 120.0
"""Seconds after which a connection is cut that nobody has ended: nothing hangs for ever."""

PACE: Final = 1.0
"""Seconds between two bytes of an answer that comes too slowly."""

MOST: Final = 64 * 1024 * 1024
"""Bytes of an answer without end, to somebody who reads them all."""

_DOORS: Final[Mapping[tuple[str, str], Callable[[bytes, str], Parcel | None]]] = MappingProxyType(
    {("POST", "/ndea"): parcel_in, ("POST", "/v1/messages"): submitted}
)
"""Where a state is sent documents, and what has come there."""

_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""Closing throws away what was not sent, and tells the other side so (SO_LINGER)."""


class CuttableConnection(Connection):
    """A connection that its application can cut."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
        cycle.scope["extensions"] = {CUT: {"cut": self._cut}}
        super()._start_asgi_task(cycle, app)

    def _cut(self) -> None:
        raw = self.transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()


@dataclass(frozen=True, slots=True)
class _Answering:
    """An answer on its way, and the connection that it goes by."""

    reply: Reply
    scope: Scope
    receive: Receive
    send: Send
    pace: float

    async def begin(self, length: int | None) -> None:
        """Send the head; without a ``length`` the body comes in chunks."""
        fields = {**self.reply.headers, **({} if length is None else {"content-length": str(length)})}
        raw = [(name.encode(), value.encode()) for name, value in fields.items()]
        await self.send({"type": "http.response.start", "status": self.reply.status, "headers": raw})

    async def body(self, piece: bytes, *, more: bool) -> None:
        """Send a piece of the body."""
        await self.send({"type": "http.response.body", "body": piece, "more_body": more})

    async def gone(self) -> None:
        """Wait until the connection has ended."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def cut(self) -> None:
        """End the connection at once."""
        self.scope["extensions"][CUT]["cut"]()
        await self.gone()


@dataclass(frozen=True, slots=True)
class FaultyApplication:
    """The application (ASGI) of a state, in front of whose doors faults are committed: ``/ndea``, and that of traders.

    Its connections must be :class:`CuttableConnection`. ``pace`` is how many seconds are between two bytes of what
    comes too slowly. A fault that refuses connections cuts them here, before anything is answered: the socket is that
    of other states as well.
    """

    app: ASGIApp
    door: FaultyDoor
    pace: float = PACE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        reading = _DOORS.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if reading is None or not self.door.awaits_any:
            await self.app(scope, receive, send)
            return
        try:
            body = await read_body(Request(scope, receive), LARGEST_ENVELOPE)
        except (SenderError, OwnError) as error:
            refused = refusal(error)
            await Response(refused.body, refused.status, refused.headers)(scope, receive, send)
            return
        found = self.door.struck(reading(body, self.door.state))
        if found is None:
            await self.app(scope, _again(body, receive), send)
            return
        reply = await self.door.reply(*found, partial(self._right, scope, _again(body, receive)))
        await _answered(_Answering(reply, scope, receive, send, self.pace))

    async def _right(self, scope: Scope, receive: Receive) -> HttpAnswer:
        """What the application itself answers, when it has."""
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, keep)
        named = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        named.pop("content-length", None)
        return HttpAnswer(sent[0]["status"], named, b"".join(one.get("body", b"") for one in sent[1:]))


async def _answered(answering: _Answering) -> None:
    try:
        async with asyncio.timeout(LONGEST):
            await _MANNERS[answering.reply.manner](answering)
    except TimeoutError:
        await answering.cut()


async def _whole(answering: _Answering) -> None:
    await answering.begin(len(answering.reply.body))
    await answering.body(answering.reply.body, more=False)


async def _endless(answering: _Answering) -> None:
    await answering.begin(None)
    piece, sent = answering.reply.body * 64, 0
    gone = asyncio.ensure_future(answering.gone())
    try:
        while not gone.done() and sent < MOST:
            await answering.body(piece, more=True)
            sent += len(piece)
            await asyncio.sleep(0)
    finally:
        gone.cancel()
    await answering.cut()


async def _cut_short(answering: _Answering) -> None:
    body = answering.reply.body
    await answering.begin(len(body))
    await answering.body(body[: len(body) // 2], more=True)
    await answering.cut()


async def _drip(answering: _Answering) -> None:
    body = answering.reply.body
    await answering.begin(len(body))
    gone = asyncio.ensure_future(answering.gone())
    try:
        for place in range(len(body)):
            done, _ = await asyncio.wait({gone}, timeout=answering.pace)
            if done:
                return
            await answering.body(body[place : place + 1], more=place + 1 < len(body))
    finally:
        gone.cancel()


_Manner: TypeAlias = Callable[[_Answering], Awaitable[None]]
_MANNERS: Final[Mapping[Manner, _Manner]] = MappingProxyType(
    {
        Manner.WHOLE: _whole,
        Manner.ENDLESS: _endless,
        Manner.CUT: _cut_short,
        Manner.DRIP: _drip,
        Manner.SILENT: _Answering.gone,
        Manner.RESET: _Answering.cut,
        Manner.REFUSED: _Answering.cut,
    }
)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, to be read by somebody else."""
    waiting: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
