"""The doors of a clock for tests; and whoever reads sees all that has followed from what was handed over before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.ports.clock import Due
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.orders import ClockOrder, Spoken, order_of
from esad_gateway.simulator.timed.origin import foreign
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route, read_body
from esad_gateway.web.problems import Problem

PATH: Final = "/test-clock"
MOST: Final = 4096
"""Bytes of an order."""

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Movable(Protocol):
    """What can be told how its time goes."""

    @property
    def clock(self) -> TestClock:
        """Its clock."""

    def first_due(self) -> Due | None:
        """What is due first; ``None`` for nothing."""

    def obey(self, order: ClockOrder) -> Awaitable[None]:
        """Do what an order says, and everything that falls due on the way."""


def clock_doors(movable: Movable, path: str = PATH, spoken: Spoken | None = None) -> Mapping[Route, Endpoint]:
    """``GET`` tells what the clock shows and what is due next, ``POST`` moves it and returns when all that is done.

    ``spoken`` knows moments in words about a movement, if anybody does. Pages of others that a browser has open move
    nothing.
    """
    turn = asyncio.Lock()

    async def show(_: Request) -> Response:
        return JsonAnswer(_told(movable))

    async def move(request: Request) -> Response:
        if refused := foreign(request.headers):
            raise Problem(403, "http", refused)
        body = await read_body(request, MOST)
        async with turn:
            try:
                order = order_of(body, movable.clock.now(), spoken)
            except Malformed as error:
                raise Problem(400, "clock-order", error.why) from error
            await movable.obey(order)
            return JsonAnswer(_told(movable))

    return {("GET", path): show, ("POST", path): move}


def _told(movable: Movable) -> Mapping[str, Any]:
    due = movable.first_due()  # where everything else of it happens: it is not asked from two threads
    return {
        "now": movable.clock.now().isoformat(),
        "rate": movable.clock.rate,
        "due": due and {"at": due.at.isoformat(), "what": str(due.what)},
    }


class Following:
    """An ASGI application, after whose answers happens what follows from them; who reads afterwards waits for that."""

    def __init__(self, app: ASGIApp, settle: Callable[[], Awaitable[None]]) -> None:
        self._app = app
        self._settle = settle
        self._followed = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] in _READING:
            await self._quiet.wait()
            await self._app(scope, receive, send)
        else:
            async with self._following():
                await self._app(scope, receive, send)

    @asynccontextmanager
    async def _following(self) -> AsyncIterator[None]:
        self._followed += 1
        self._quiet.clear()
        try:
            yield
            await self._settle()
        finally:
            self._followed -= 1
            if not self._followed:
                self._quiet.set()
