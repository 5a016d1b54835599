"""Requests that wait for something that may never come, and a server that is told to stop meanwhile."""

from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

STOPPING: Final = "esad.stopping"
"""The extension in the scope of a request that has the server's :class:`Stopping`."""


class Stopping:
    """Who is to be told that a server stops; used in its event loop only."""

    def __init__(self) -> None:
        self._begun = False
        self._told: dict[object, Callable[[], object]] = {}

    def add(self, who: object, end: Callable[[], object]) -> None:
        """Have ``end`` called when the server stops, or at once when it does already; ``who`` may be taken away."""
        self._told[who] = end
        if self._begun:
            end()

    def remove(self, who: object) -> None:
        """Do not tell it."""
        self._told.pop(who, None)

    def begin(self) -> None:
        """The server stops: tell everybody."""
        self._begun = True
        for end in list(self._told.values()):
            end()

    def told_to(self, app: ASGIApp) -> ASGIApp:
        """The application, whose requests find this in their scope."""

        async def telling(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                scope["extensions"] = {**(scope.get("extensions") or {}), STOPPING: self}
            await app(scope, receive, send)

        return telling
