"""The addresses of the page; what a browser is shown, and what its buttons do."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.resources import files
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.errors import EsadError, NotFound, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.simulator.injected.catalogue import fault_named
from esad_gateway.simulator.served import views
from esad_gateway.simulator.served.page.elements import Child, element
from esad_gateway.simulator.served.page.frame import HEADERS, HOME, ORDER, STYLE, PageRequest, ShownClock, page
from esad_gateway.simulator.served.page.guard import guarded
from esad_gateway.simulator.served.page.injected import injected_page
from esad_gateway.simulator.served.page.letter import letter_page
from esad_gateway.simulator.served.page.movement import movement_page
from esad_gateway.simulator.served.page.overview import overview_page
from esad_gateway.simulator.served.page.reading import FiledLetter, StoreReader
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.web.accept import preferred
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, read_body
from esad_gateway.web.body import Route as PlainRoute
from esad_gateway.web.direct import direct
from esad_gateway.web.problems import HANDLERS, Problem, problem_of

_OFFERED: Final = ("application/json", "text/html")
_LARGEST_FORM: Final = 4096
_MOST_FIELDS: Final = 10
_SEE_OTHER: Final = 303
_BELOW: Final = (f"{HOME}/movements/", f"{HOME}/messages/", f"{HOME}/injected/")
_OWN_PATH: Final = re.compile(rf"{HOME}(?:/[\w./-]*)?", re.ASCII)

Content: TypeAlias = tuple[str, Iterable[Child]]
"""A title, and what stands below it."""


def with_page(simulation: Simulation, endpoints: Mapping[PlainRoute, Endpoint], doors: ASGIApp) -> ASGIApp:
    """``doors``, and before them ``endpoints`` of the simulator, of which browsers are shown pages.

    The endpoints have the clock among them. All of it is for programs and for the page itself only (``guard``).
    """
    shown = SimPages(simulation, endpoints["POST", f"{HOME}/clock"])
    beneath = shown.beneath()

    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(_BELOW)
        await (beneath if ours else doors)(scope, receive, send)

    plain: dict[PlainRoute, Endpoint] = {
        **endpoints,
        ("GET", HOME): by_liking(endpoints["GET", HOME], shown.overview),
        ("GET", STYLE): style,
        ("POST", ORDER): shown.order,
    }
    return guarded(direct(below, plain), HOME)


def by_liking(data: Endpoint, shown: Endpoint) -> Endpoint:
    """JSON, unless the client likes HTML better."""

    async def endpoint(request: Request) -> Response:
        if preferred(request.headers.get("accept", ""), _OFFERED) == "text/html":
            return await shown(request)
        answer = await data(request)
        answer.headers["Vary"] = "Accept"
        return answer

    return endpoint


class SimPages:
    """The pages of a simulation; its clock is moved by ``clock``, the endpoint for orders in JSON."""

    def __init__(self, simulation: Simulation, clock: Endpoint) -> None:
        self._simulation = simulation
        self._emcs = simulation.emcs
        self._store = StoreReader(simulation.emcs.world)
        self._clock = clock

    def beneath(self) -> Starlette:
        """The pages whose addresses name something."""
        letter = f"{HOME}/messages/{{home}}/{{mailbox}}/{{seq:int}}"
        routes = [
            Route(f"{HOME}/movements/{{name:path}}", by_liking(self._movement_data, self.movement)),
            Route(letter, self.letter),
            Route(f"{letter}/raw", self._raw),
            Route(f"{HOME}/injected/{{name}}", self.fault),
        ]
        return Starlette(routes=routes, exception_handlers=HANDLERS)

    async def overview(self, request: Request) -> Response:
        """``GET /sim``."""

        def told(asked: PageRequest) -> Content:
            return asked.say(Said("page.simulator")), list(overview_page(asked, self._simulation, self._store))

        return await self._shown(request, told)

    async def movement(self, request: Request) -> Response:
        """``GET /sim/movements/{name}``: a movement by its ARC or LRN, or a refused draft by its LRN."""
        name = request.path_params["name"]
        lines = await asyncio.to_thread(self._store.movements, name)
        if lines and lines[0].arc != name:
            to = f"{HOME}/movements/{lines[0].arc}" if len(lines) == 1 else f"{HOME}?find={quote(name)}"
            return RedirectResponse(to, _SEE_OTHER, headers=dict(HEADERS))

        def told(asked: PageRequest) -> Content:
            letters = self._store.of_movement(name) or self._store.of_draft(name)
            strikes = [one for one in self._emcs.faults.journal if one.arc == name]
            if not letters:
                raise NotFound(said("page.nothing", name=f"{name!r:.80}"))
            return name, list(movement_page(asked, lines[0] if lines else None, letters, strikes, self._store))

        return await self._shown(request, told)

    async def letter(self, request: Request) -> Response:
        """``GET /sim/messages/{home}/{mailbox}/{seq}``."""

        def told(asked: PageRequest) -> Content:
            found = self._found(request)
            title = f"{found.entry.type} {found.home} {found.entry.mailbox} {found.entry.seq}"
            return title, list(letter_page(asked, self._store, found))

        return await self._shown(request, told)

    async def fault(self, request: Request) -> Response:
        """``GET /sim/injected/{name}``."""

        def told(asked: PageRequest) -> Content:
            try:
                found = fault_named(request.path_params["name"])
            except UnreadableInput as error:
                raise NotFound(error.what) from error
            strikes = [one for one in self._emcs.faults.journal[::-1] if one.fault == found.name]
            return found.name, list(injected_page(asked, found, strikes))

        return await self._shown(request, told)

    async def order(self, request: Request) -> Response:
        """``POST /sim/clock/order``: what a button says is an order to the clock, as any other; then back."""
        return await ordered(request, self._clock, self._refused)

    async def _raw(self, request: Request) -> Response:
        """The exact bytes, as a text: what strangers have written is never shown as a page."""
        body = await asyncio.to_thread(lambda: self._store.body(self._found(request)))
        return Response(body, headers=dict(HEADERS), media_type="text/plain; charset=utf-8")

    async def _movement_data(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = await asyncio.to_thread(views.movement, self._emcs, name)
        if found is None:
            raise NotFound(said("page.nothing", name=f"{name!r:.80}"))
        return JsonAnswer(found)

    def _found(self, request: Request) -> FiledLetter:
        home, mailbox, seq = (request.path_params[name] for name in ("home", "mailbox", "seq"))
        found = self._store.letter(home, mailbox, seq) if seq <= LARGEST_NUMBER else None
        if found is None:
            raise NotFound(said("page.nothing", name=f"{home}/{mailbox}/{seq}"[:80]))
        return found

    async def _shown(self, request: Request, told: Callable[[PageRequest], Content]) -> Response:
        asked = PageRequest.of(request)
        try:
            title, content = await asyncio.to_thread(told, asked)
        except EsadError as error:
            return await self._refused(request, error)
        return page(asked, self._now(), title, *content)

    async def _refused(self, request: Request, error: EsadError) -> Response:
        """What is wrong with a request, as a page."""
        asked = PageRequest.of(request)
        status = error.answer.status_code if isinstance(error, Problem) else problem_of(error).status_code
        told = element("p", asked.say(error.what), class_="wrong", role="alert")
        return page(asked, self._now(), asked.say(Said("page.refused")), told, status=status)

    def _now(self) -> ShownClock:
        clock = self._simulation.clock
        return ShownClock(clock.now(), clock.rate, self._simulation.first_due())


async def ordered(
    request: Request, clock: Endpoint, refused: Callable[[Request, EsadError], Awaitable[Response]]
) -> Response:
    """Have ``clock``, the endpoint for orders in JSON, do what a button says; the answer leads back to its page."""
    fields: dict[str, str] = {}
    try:
        body = await read_body(request, _LARGEST_FORM)
        fields = _fields(body)
        await clock(Request(request.scope, once(json.dumps(_order(fields)).encode())))
    except EsadError as error:
        return await refused(request, error)
    back = fields.get("back", HOME)
    to = back if _OWN_PATH.fullmatch(back) else HOME
    return RedirectResponse(to, _SEE_OTHER, headers=dict(HEADERS))


async def style(_: Request) -> Response:
    """How all pages look."""
    body = files(__package__).joinpath("page.css").read_bytes()
    return Response(body, headers={**HEADERS, "Cache-Control": "max-age=3600"}, media_type="text/css")


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Problem(400, "clock-order", said("said.library", words=str(error))) from error


def _order(fields: Mapping[str, str]) -> Mapping[str, Any]:
    """The order to the clock that the fields of a form say; what is wrong with it, the clock says."""
    if "moment" in fields:
        return {"to": fields["moment"], "movement": fields.get("movement")}
    if "advance" in fields:
        number, _, unit = fields["advance"].partition(" ")
        return {"advance": {unit: _number(number)}}
    if "unit" in fields:
        return {"advance": {fields["unit"]: _number(fields.get("number", ""))}}
    if "to" in fields:
        return {"to": f"{fields['to']}Z"}
    return {"freeze": True} if "freeze" in fields else {"rate": _number(fields.get("rate", ""))}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def once(body: bytes) -> Receive:
    """A request's body, for an endpoint that is asked within another one."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
