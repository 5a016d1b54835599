"""Requests with a token are counted in front of the doors, before anything is done for them."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.errors import TooMany
from esad_gateway.gateway.rates import Asking, Rates
from esad_gateway.web.problems import REFUSED, problem_of

COUNTED: Final = ("/v1/traders/", "/v1/operators/", "/v1/national/")
"""Below which a token is asked for. Whoever submits proves by a signature who that is, and is bounded by quotas."""


def rated(app: ASGIApp, rates: Rates, soap: str) -> ASGIApp:
    """The application behind ``rates``. The door at ``soap`` is told of a refusal, since it answers in its own way."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(scope) if scope["type"] == "http" and scope["path"].startswith((*COUNTED, soap)) else ""
        if not token:
            await app(scope, receive, send)
            return
        host, _ = scope.get("client") or ("", 0)
        asking = rates.asking(token, host)
        received, sent = _counting(rates, asking, receive), _telling(rates, asking, send)
        try:
            await _answer(app, rates, asking, soap)(scope, received, sent)
        finally:
            rates.ended(asking)

    return counted


def _answer(app: ASGIApp, rates: Rates, asking: Asking, soap: str) -> ASGIApp:
    """What answers a request: the application, or that it is one too many."""
    try:
        asking.check()
    except TooMany as error:
        return _refusing(app, error, soap)
    rates.begun(asking)
    return app


def _refusing(app: ASGIApp, error: TooMany, soap: str) -> ASGIApp:
    async def refused(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == soap:
            scope["extensions"] = {**(scope.get("extensions") or {}), REFUSED: error}
            await app(scope, receive, send)
        else:
            await problem_of(error)(scope, receive, send)

    return refused


def _token(scope: Scope) -> str:
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _counting(rates: Rates, asking: Asking, receive: Receive) -> Receive:
    async def received() -> Message:
        message = await receive()
        rates.came(asking, len(message.get("body", b"")))
        return message

    return received


def _telling(rates: Rates, asking: Asking, send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=[*message["headers"]])
            for name, value in rates.looked_up(asking).fields():
                headers[name] = value
            message = {**message, "headers": headers.raw}
        await send(message)

    return sent
