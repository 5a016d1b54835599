"""``/problems``: what the types of problems lead to, for people and for programs, in every language."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from esad_gateway.rest.index import NOTHING_ELSE, OFFERED
from esad_gateway.texts import ENGLISH, usual
from esad_gateway.web.accept import preferred
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route
from esad_gateway.web.problems import KIND_PREFIX

PATH: Final = KIND_PREFIX.rstrip("/")
_TITLE: Final = "problem."


def kinds() -> tuple[str, ...]:
    """The kinds of problems that there are: each has a title in the texts."""
    return tuple(sorted(key.removeprefix(_TITLE) for key in usual(ENGLISH) if key.startswith(_TITLE)))


def problem_doors() -> Mapping[Route, Endpoint]:
    """The routes of the pages, each with its endpoint; nobody needs a token for them."""
    pages = {("GET", f"{KIND_PREFIX}{kind}"): _shown(partial(_one, kind)) for kind in kinds()}
    return {("GET", PATH): _shown(_all), **pages}


def _one(kind: str) -> tuple[dict[str, Any], str]:
    from esad_gateway.web.problem_pages import problem_page, problem_view  # noqa: PLC0415 - few look them up

    return problem_view(kind), problem_page(kind)


def _all() -> tuple[dict[str, Any], str]:
    from esad_gateway.web.problem_pages import problems_page, problems_view  # noqa: PLC0415 - few look them up

    return problems_view(), problems_page()


def _shown(made: Callable[[], tuple[dict[str, Any], str]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        told, page = await asyncio.to_thread(made)
        if preferred(request.headers.get("accept", ""), OFFERED) == "text/html":
            return HTMLResponse(page, headers=dict(NOTHING_ELSE))
        return JsonAnswer(told, headers={"Vary": "Accept"})

    return endpoint
