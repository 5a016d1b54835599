"""The page of the simulator in front of states that are a process each: the whole in short, and the way to each."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Below
from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway.emcs.codes import StatusType
from esad_gateway.errors import EsadError, NotFound, PeerError
from esad_gateway.faults import Said, said
from esad_gateway.simulator.apart import joined
from esad_gateway.simulator.apart.whole import CLOCK, Whole
from esad_gateway.simulator.served.page.doors import by_liking, ordered, style
from esad_gateway.simulator.served.page.elements import Child, element, link, table
from esad_gateway.simulator.served.page.frame import HOME, ORDER, STYLE, PageRequest, ShownClock, of_page, page, pages
from esad_gateway.simulator.served.page.guard import guarded
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route
from esad_gateway.web.direct import direct
from esad_gateway.web.problems import HANDLERS, Problem, problem_of

LINES: Final = 25
"""Movements, and faults, on one page."""

BAD_GATEWAY: Final = 502

_MOVEMENTS: Final = f"{HOME}/movements"


def with_front_page(whole: Whole, endpoints: Mapping[Route, Endpoint], doors: ASGIApp) -> ASGIApp:
    """``doors``, and before them ``endpoints`` of the simulator, of which browsers are shown pages."""
    shown = FrontPages(whole, endpoints["POST", CLOCK])
    routes = [Below(f"{_MOVEMENTS}/{{arc}}", by_liking(shown.movement_data, shown.movement))]
    beneath = Starlette(routes=routes, exception_handlers=HANDLERS)

    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(f"{_MOVEMENTS}/")
        await (beneath if ours else doors)(scope, receive, send)

    plain: dict[Route, Endpoint] = {
        **endpoints,
        ("GET", HOME): by_liking(endpoints["GET", HOME], shown.overview),
        ("GET", STYLE): style,
        ("POST", ORDER): shown.order,
    }
    return guarded(direct(below, plain), HOME)


class FrontPages:
    """The pages of a simulation whose states are a process each; its clock is moved by ``clock``."""

    def __init__(self, whole: Whole, clock: Endpoint) -> None:
        self._whole = whole
        self._clock = clock

    async def overview(self, request: Request) -> Response:
        """``GET /sim``."""
        asked, each = PageRequest.of(request), self._whole.each
        try:
            await self._whole.settle()
            states, movements, faults = await asyncio.gather(each(HOME), each(_MOVEMENTS), each(f"{HOME}/faults"))
        except EsadError as error:
            return await self._refused(request, error)
        journal = joined.faults(self._whole.seed, self._whole.again(), faults)
        content = [
            element("p", asked.say(said("page.seed", seed=self._whole.seed)), " ", element("code", journal["again"])),
            *_movements(asked, joined.movements(movements)[::-1]),
            *_faults(asked, journal["journal"][::-1]),
            *_states(asked, states),
        ]
        return page(asked, self._now(), asked.say(Said("page.simulator")), *content)

    async def movement(self, request: Request) -> Response:
        """``GET /sim/movements/{arc}``: what was written about it on both sides."""
        asked = PageRequest.of(request)
        try:
            found = await self._found(request)
        except EsadError as error:
            return await self._refused(request, error)
        content = [element("p", _sides(asked, found)), _timeline(asked, found, self._whole)]
        return page(asked, self._now(), found["arc"], *content)

    async def movement_data(self, request: Request) -> Response:
        """The same in JSON."""
        return JsonAnswer(await self._found(request))

    async def order(self, request: Request) -> Response:
        """``POST /sim/clock/order``: what a button says is an order to the clock; then back."""
        return await ordered(request, self._clock, self._refused)

    async def _found(self, request: Request) -> Mapping[str, Any]:
        arc = request.path_params["arc"]
        await self._whole.settle()
        found = joined.movements(await self._whole.each(_MOVEMENTS))
        if not (same := [one for one in found if one["arc"] == arc]):
            raise NotFound(said("page.nothing", name=f"{arc!r:.80}"))
        return same[0]

    async def _refused(self, request: Request, error: EsadError) -> Response:
        asked = PageRequest.of(request)
        told = element("p", asked.say(error.what), class_="wrong", role="alert")
        answer = error.answer if isinstance(error, Problem) else problem_of(error)
        status = BAD_GATEWAY if isinstance(error, PeerError) else answer.status_code
        return page(asked, self._now(), asked.say(Said("page.refused")), told, status=status)

    def _now(self) -> ShownClock:
        clock = self._whole.clock
        return ShownClock(clock.now(), clock.rate, self._whole.first_due())


def _movements(asked: PageRequest, found: list[Mapping[str, Any]]) -> Iterator[Child]:
    yield element("h2", asked.say(Said("page.movements")), id="movements")
    yield element("p", asked.say(said("count.movements", count=len(found))))
    if found:
        yield pages(asked, "movements", len(found), LINES)
        heads = map(asked.say, (Said("box.arc"), Said("page.movements"), Said("page.at")))
        rows = (
            (link(one["arc"], f"{_MOVEMENTS}/{one['arc']}"), _sides(asked, one), _moment(one["timeline"][0]["at"]))
            for one in found[of_page(asked, "movements", len(found), LINES)]
        )
        yield table(asked.say(Said("page.movements")), heads, rows)


def _sides(asked: PageRequest, movement: Mapping[str, Any]) -> str:
    told = ((asked.say(Said(f"side.{side}")), state) for side, state in movement["states"].items())
    return "; ".join(f"{side}: {asked.say(Said(f'state.{StatusType[state.upper()]}'))}" for side, state in told)


def _timeline(asked: PageRequest, movement: Mapping[str, Any], whole: Whole) -> Child:
    heads = (Said("page.at"), Said("page.message"), Said("page.where"), Said("page.outcome"))
    rows = (
        (
            _moment(one["at"]),
            link(one["message"], f"{whole.children[one['state']].url}{_MOVEMENTS}/{movement['arc']}"),
            asked.say(_where(one)),
            asked.say(Said(f"outcome.{one['outcome']}")),
        )
        for one in movement["timeline"]
    )
    return table(asked.say(Said("page.messages")), map(asked.say, heads), rows)


def _where(event: Mapping[str, Any]) -> Said:
    ways = (event["mailbox"], event["state"]) if event["way"] == "in" else (event["state"], event["mailbox"])
    return said("page.from_to", one=ways[0], other=ways[1])


def _faults(asked: PageRequest, journal: list[Mapping[str, Any]]) -> Iterator[Child]:
    yield element("h2", asked.say(Said("page.faults")), id="faults")
    if not journal:
        yield element("p", asked.say(Said("page.no_faults")))
        return
    yield pages(asked, "faults", len(journal), LINES)
    heads = (Said("page.at"), Said("page.fault"), Said("page.message"), Said("page.where"), Said("page.outcome"))
    rows = (
        (
            _moment(one["at"]),
            one["name"],
            f"{one['message']} {one['arc'] or ''}",
            asked.say(said("page.from_to", one=one["from"], other=one["to"])),
            one["outcome"],
        )
        for one in journal[of_page(asked, "faults", len(journal), LINES)]
    )
    yield table(asked.say(Said("page.faults")), map(asked.say, heads), rows)


def _states(asked: PageRequest, each: Iterable[Mapping[str, Any]]) -> Iterator[Child]:
    """Each state with the page of its own process."""
    yield element("h2", asked.say(Said("page.states")), id="states")
    rows = (
        (code, link(state["url"], f"{state['url'].rpartition('/')[0]}{HOME}"))
        for one in each
        for code, state in one["states"].items()
    )
    heads = (asked.say(Said("page.state")), asked.say(Said("page.simulator")))
    yield table(asked.say(Said("page.states")), heads, rows)


def _moment(at: str) -> str:
    return f"{at[:19]}Z".replace("T", " ")
