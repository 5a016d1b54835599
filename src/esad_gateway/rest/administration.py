"""What an administration says of itself to anybody: who it is, where it listens, what it signs with."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint

PATH = "/v1/administration"


def administration_endpoint(introduced: Callable[[], Mapping[str, Any]]) -> Endpoint:
    """The endpoint for ``GET /v1/administration``; ``introduced`` tells it as of now. Nobody needs a token for it."""

    async def endpoint(_: Request) -> Response:
        return JsonAnswer(await asyncio.to_thread(introduced))

    return endpoint
