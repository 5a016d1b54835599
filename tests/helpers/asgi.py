"""Asking an ASGI application in this process: no port, no client library, and no lifespan."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def get(app: ASGIApp, path: str, headers: Mapping[str, str]) -> Answer:
    """GET a path, which may have a query."""
    return asyncio.run(_asked(app, "GET", path, headers, b""))


def post(app: ASGIApp, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """POST a body."""
    return asyncio.run(_asked(app, "POST", path, headers, body))


async def _asked(app: ASGIApp, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    sent: list[Message] = []
    plain, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": plain,
        "raw_path": quote(plain).encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return Answer(sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]))
