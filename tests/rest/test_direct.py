"""The way past the framework: whatever happens, the answer is the one that the framework would give."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from esad_gateway.errors import Busy, MalformedXml, OverQuota, TooLarge
from esad_gateway.faults import Said
from esad_gateway.web import problems
from esad_gateway.web.direct import direct

OUTCOMES: dict[str, Callable[[], Exception | None]] = {
    "an answer": lambda: None,
    "malformed": lambda: MalformedXml(Said("xml.empty"), 3, 4),
    "too large": lambda: TooLarge(5),
    "no room": lambda: Busy("later"),
    "over quota": lambda: OverQuota(
        "LT00000000101", Said("detail.refused"), "refused_a_day", 10, timedelta(seconds=60)
    ),
    "problem": lambda: problems.Problem(415, "media-type", Said("detail.none")),
    "gone": ClientDisconnect,
    "defect": lambda: RuntimeError("a secret of ours"),
}


def framework(outcome: Callable[[], Exception | None]) -> Starlette:
    """An application with one route that ends in that way."""
    app = Starlette(
        routes=[Route("/v1/messages", ending(outcome), methods=["POST"])], exception_handlers=dict(problems.HANDLERS)
    )
    app.router.redirect_slashes = False
    return app


def ending(outcome: Callable[[], Exception | None]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers, or raises."""

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        if (error := outcome()) is not None:
            raise error
        return PlainTextResponse(body, 201, {"Location": "/here"})

    return endpoint


def asked(app: ASGIApp, method: str = "POST", path: str = "/v1/messages") -> tuple[list[Message], str | None]:
    """What an application sends, and what it raises after that."""
    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b"", "client": ("::1", 1)}
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"<a/>", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        await app(scope, receive, send)

    try:
        asyncio.run(call())
    except RuntimeError as error:
        return sent, str(error)
    return sent, None


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_answer_is_that_of_the_framework(outcome: Callable[[], Exception | None]) -> None:
    """Status, headers and body are the same for everything that a message is answered with, and what is raised too."""
    app = framework(outcome)

    assert asked(direct(app, {("POST", "/v1/messages"): ending(outcome)})) == asked(app)


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/messages"), ("POST", "/v1/messages/"), ("POST", "/v1")])
def test_all_else_is_left_to_the_framework(method: str, path: str) -> None:
    """Another method or path is refused by the framework, which knows what there is."""
    app = framework(OUTCOMES["an answer"])
    way = direct(app, {("POST", "/v1/messages"): ending(OUTCOMES["defect"])})

    (start, *_), raised = asked(way, method, path)

    assert start["status"] in {404, 405}
    assert raised is None
