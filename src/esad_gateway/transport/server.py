"""The HTTP server of a gateway: uvicorn, with every connection and every body within limits."""

import asyncio
import json
import logging
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from esad_gateway.transport.connection import GuardedProtocol
from esad_gateway.transport.doorkeeper import Doorkeeper
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.stopping import Stopping
from esad_gateway.transport.uploads import Uploads

STOP_SECONDS = 5
"""How long requests that are being answered may still take when the server is told to stop."""

_STOPPED = "The gateway is being stopped"


def http_server(
    app: ASGIApp,
    limits: HttpLimits,
    *,
    access_log: bool = False,
    port: int = 0,
    connection: "type[Connection] | None" = None,
) -> "HttpServer":
    """A server for ``app`` that is not running yet; ``port`` counts where it is not run with a socket of its own.

    Logs go where the program sends them. An address in ``X-Forwarded-For`` is believed of ``limits.fronts`` only.
    ``connection`` is what each connection is, for a simulator whose connections do more than those of a gateway.
    """
    logging.getLogger("uvicorn.error").addFilter(_not_told_by_us)
    protocol = partial(connection or Connection, keeper=Doorkeeper(limits))
    stopping = Stopping()
    config = uvicorn.Config(
        stopping.told_to(Uploads(app, limits)),
        port=port,
        # A protocol is made by calling what stands here, whatever the annotation says.
        http=cast("Any", protocol),
        ws="none",
        log_config=None,
        access_log=access_log,
        proxy_headers=bool(limits.fronts),
        forwarded_allow_ips=sorted(limits.fronts),
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        # Larger than any flood that a test makes: what is refused is refused with an answer, not by the system.
        backlog=2048,
    )
    server = HttpServer(config)
    server.stopping = stopping
    return server


class HttpServer(uvicorn.Server):
    """A server that calls ``listening``, in a thread, as soon as it listens, and ``leaving`` when it begins to stop.

    Then it takes no more connections, closes those that wait for a request, and tells requests that it stops. What is
    being answered may go on for STOP_SECONDS; who is not answered by then gets 503, and sends the same again.
    """

    listening: Callable[[], None] | None = None
    leaving: Callable[[], None] | None = None
    stopping: Stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and tell it."""
        await super().startup(sockets)
        if self.started and self.listening is not None:
            await asyncio.to_thread(self.listening)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: who only waits for something is answered now, and all the others are waited for."""
        if self.leaving is not None:
            self.leaving()
        self.stopping.begin()
        await super().shutdown(sockets)


class Connection(GuardedProtocol):
    """A connection that tells the request that is being answered when it is gone.

    uvicorn tells only the one that came last. An answer to one before it would be written into a closed connection,
    which is an error, and a traceback of many lines in the log.
    """

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
        def note() -> None:
            if self.transport.is_closing():
                cycle.disconnected = True

        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            async def received() -> Message:
                note()
                return await receive()

            async def sent(message: Message) -> None:
                note()
                await send(message)

            try:
                await app(scope, received, sent)
            except asyncio.CancelledError:
                # Only a stop ends what is being answered. Whether it was committed is not known here.
                if not (cycle.response_started or cycle.disconnected):
                    await _answer_later(sent)

        super()._start_asgi_task(cycle, cast("Any", noting))


async def _answer_later(send: Send) -> None:
    body = json.dumps(
        {"type": "/problems/try-again", "title": _STOPPED, "status": 503, "detail": f"{_STOPPED}; send the same again"}
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"retry-after", b"5")]
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 503, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _not_told_by_us(record: logging.LogRecord) -> bool:
    """Requests that are no HTTP are told by the connection, once for many of them, with the address."""
    return record.msg != "Invalid HTTP request received."
