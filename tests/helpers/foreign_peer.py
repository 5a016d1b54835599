"""Another administration that is not ours: a little HTTP server which answers deliveries as a test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.simulator.drafts import read
from esad_gateway.transport.envelope import CONTENT_TYPE, LARGEST_ENVELOPE, Acknowledgement, delivered, document_of
from helpers.gateway import PATIENCE

Behave: TypeAlias = Callable[[bytes], Awaitable[web.Response]]
"""What is answered to a document."""


def acknowledges(document: bytes, identifier: str | None = None) -> web.Response:
    """An acknowledgement of a document, or of another message."""
    named = read(document).header.message_identifier if identifier is None else identifier
    return answer(200, delivered(Acknowledgement(DeliveryOutcome.ACCEPTED, named)))


def answer(status: int, body: bytes = b"", **headers: str) -> web.Response:
    """Any answer."""
    return web.Response(status=status, body=body, headers={"Content-Type": CONTENT_TYPE, **headers})


async def takes(document: bytes) -> web.Response:
    """Take everything."""
    return acknowledges(document)


@dataclass
class ForeignPeer:
    """It listens at ``url``; ``posted`` is every document as it came, ``taken`` what was acknowledged to its sender."""

    url: str = ""
    behave: Behave = takes
    posted: list[bytes] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until something is true after a document was posted or taken."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(condition)

    async def _note(self, notes: list[bytes], document: bytes) -> None:
        async with self._news:
            notes.append(document)
            self._news.notify_all()

    async def post(self, request: web.Request) -> web.Response:
        """A Deliver request."""
        document = document_of(await request.read())
        await self._note(self.posted, document)
        response = await self.behave(document)
        if response.status == 200:
            await self._note(self.taken, document)
        return response


@asynccontextmanager
async def listening() -> AsyncIterator[ForeignPeer]:
    """An administration that takes everything, until a test says otherwise."""
    peer = ForeignPeer()
    app = web.Application(client_max_size=LARGEST_ENVELOPE)
    app.router.add_post("/ndea", peer.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    peer.url = f"http://{host}:{port}/ndea"
    try:
        yield peer
    finally:
        await runner.cleanup()
