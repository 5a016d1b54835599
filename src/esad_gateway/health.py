"""The door for those who watch a gateway: ``/health`` says that it answers, as whom, and what waits for it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.ports.clock import Clock
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint


def health_endpoint(
    state: str, clock: Clock, counted: Callable[[], Mapping[str, Any]], *, by_machine: bool
) -> Endpoint:
    """The endpoint for ``GET /health``; ``counted`` are what waits in the outbox and what is undecided, by name.

    ``by_machine`` tells whether the gateway follows the machine's clock, or one that can be moved for a test.
    """
    which = "machine" if by_machine else "test"

    async def endpoint(_: Request) -> Response:
        counts = await asyncio.to_thread(counted)
        return JsonAnswer({"state": state, "now": clock.now().isoformat(), "clock": which, **counts})

    return endpoint
