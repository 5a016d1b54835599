"""Answers that may take long: whoever waits for them may go, and so may the server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.requests import Request

STOPPING: Final = "esad.stopping"
"""The extension of a request by which the server tells that it stops; one that does not tell has none."""

WAITS: Final = "esad.waits"
"""In the scope of a request that waits on purpose: how long it took says nothing of the gateway."""


@asynccontextmanager
async def while_asked(request: Request, end: Callable[[], object]) -> AsyncIterator[None]:
    """In the block, ``end`` is called when the client goes, and when the server stops.

    The request has no body, or one that was read. It is noted in its scope that it waits on purpose (``WAITS``).
    """
    request.scope[WAITS] = True
    stopping = request.scope.get("extensions", {}).get(STOPPING)
    gone = asyncio.create_task(_gone(request, end))
    if stopping is not None:
        stopping.add(gone, end)
    try:
        yield
    finally:
        gone.cancel()
        if stopping is not None:
            stopping.remove(gone)


async def _gone(request: Request, end: Callable[[], object]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    end()
