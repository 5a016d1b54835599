"""The door for whoever watches a gateway: ``/health`` says that it answers, as whom, and what waits in its outbox."""

import asyncio
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from esad_gateway.ports.clock import Clock
from esad_gateway.web.body import Endpoint


def health_endpoint(state: str, clock: Clock, outbox: Callable[[], Mapping[str, int]]) -> Endpoint:
    """The endpoint for ``GET /health``; ``outbox`` counts what stands in there, by how it stands."""

    async def endpoint(_: Request) -> Response:
        counts = await asyncio.to_thread(outbox)
        return JSONResponse({"state": state, "now": clock.now().isoformat(), "outbox": dict(counts)})

    return endpoint
