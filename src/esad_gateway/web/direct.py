"""The way past the framework for plain routes: routing and wrapping a document takes longer than reading it."""

from collections.abc import Mapping

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway.web.body import Endpoint, Route
from esad_gateway.web.problems import HANDLERS, on_defect


def direct(app: ASGIApp, endpoints: Mapping[Route, Endpoint]) -> ASGIApp:
    """``app``, in which a request of exactly one of the routes in ``endpoints`` is answered by its endpoint at once.

    Exceptions are answered as in an application with ``HANDLERS``: a defect is raised after its answer, so that the
    server logs it. ``app`` needs the same routes: for their description, for other methods, and for paths that are
    written differently.
    """
    guarded = {route: _guarded(endpoint) for route, endpoint in endpoints.items()}

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        route = (scope["method"], scope["path"]) if scope["type"] == "http" else ("", "")
        await guarded.get(route, app)(scope, receive, send)

    return routed


def _guarded(endpoint: Endpoint) -> ASGIApp:
    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)

    known = {cls: handler for cls, handler in HANDLERS.items() if cls is not Exception}
    return ServerErrorMiddleware(ExceptionMiddleware(answered, handlers=known), handler=on_defect)
