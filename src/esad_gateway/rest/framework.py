"""The framework behind the doors: routes with parameters, their description, and what nobody else answers.

Loading it and preparing its routes is a third of the start of a gateway, so nothing imports this before it is needed.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from esad_gateway.rest.docs_page import page
from esad_gateway.rest.openapi import describe
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.asked import invalid
from esad_gateway.web.body import Endpoint, Route
from esad_gateway.web.problems import HANDLERS


def framework(
    state: str, public_url: str, endpoints: Mapping[Route, Endpoint], routers: Iterable[APIRouter]
) -> FastAPI:
    """An application that answers as the routes of ``routers`` and as ``endpoints``, and describes all of them.

    ``public_url`` is where clients reach it; empty, the description leaves that out.
    """
    app = FastAPI(
        title=f"esad-gateway of {state}",
        version=version("esad-gateway"),
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": public_url}] if public_url else None,
        exception_handlers={**HANDLERS, RequestValidationError: on_invalid_parameter},
    )
    for (method, path), endpoint in {**endpoints, **page(app.title)}.items():
        app.add_route(path, endpoint, methods=[method])
    for router in routers:
        app.include_router(router)
    describe(app)
    return app


async def on_invalid_parameter(_: Request, error: Exception) -> JsonAnswer:
    """Answer parameters that are not of their kind, all of them at once."""
    return invalid(getattr(error, "errors", list)())
