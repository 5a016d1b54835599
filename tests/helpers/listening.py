"""An application at a port of this machine, in a thread of this process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from starlette.types import ASGIApp

from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.server import http_server
from helpers.gateway import PATIENCE


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """The port of an application, until the end of the block."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    server = http_server(app, HttpLimits())
    loop = asyncio.new_event_loop()

    def listens() -> None:
        port: int = server.servers[0].sockets[0].getsockname()[1]
        loop.call_soon_threadsafe(ports.put_nowait, port)

    server.listening = listens
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield loop.run_until_complete(asyncio.wait_for(ports.get(), PATIENCE))
    finally:
        server.should_exit = True
        thread.join()
        loop.close()
