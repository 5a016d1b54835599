"""The door for those who watch a gateway: ``/health`` says that it answers, as whom, and what waits for it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.ports.clock import Clock
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint


def health_endpoint(state: str, clock: Clock, counted: Callable[[], Mapping[str, Any]]) -> Endpoint:
    """The endpoint for ``GET /health``; ``counted`` are what waits in the outbox and what is undecided, by name."""

    async def endpoint(_: Request) -> Response:
        counts = await asyncio.to_thread(counted)
        return JsonAnswer({"state": state, "now": clock.now().isoformat(), **counts})

    return endpoint
