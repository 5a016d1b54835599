"""Counts requests, by where they went and how they were answered, and how long each waited for its answer."""

from collections.abc import Collection
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.gateway.tally import OTHER, Counters
from esad_gateway.ports.clock import Clock
from esad_gateway.web.patience import WAITS as PATIENT

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

BELOW: Final = ("/v1/traders", "/v1/operators", "/problems")
"""Routes with something behind them that nobody counts by: whose it is, and which."""

WAITS: Final = "?wait"
"""Behind the route of requests that wait for news on purpose."""


def counted(app: ASGIApp, tally: Counters, clock: Clock, routes: Collection[str]) -> ASGIApp:
    """``app``, whose requests are counted; ``routes`` are the paths that are counted by their own names."""
    known = {**dict.fromkeys(routes), **dict.fromkeys(BELOW)}

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began = clock.elapsed()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in METHODS else OTHER
                tally.served(_route(scope, known), method, message["status"], clock.elapsed() - began)
            await send(message)

        await app(scope, receive, noted)

    return answered


def _route(scope: Scope, known: Collection[str]) -> str:
    path: str = scope["path"]
    if path in known:
        return f"{path}{WAITS}" if scope.get(PATIENT) else path
    below = next((one for one in BELOW if path.startswith(f"{one}/")), OTHER)
    return f"{below}{WAITS}" if below == BELOW[0] and b"wait=" in scope["query_string"] else below
