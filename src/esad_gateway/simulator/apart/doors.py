"""The simulator in front of states that are a process each: below ``/sim`` everything is one simulation."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.rest.problems import problem_doors
from esad_gateway.simulator.apart import joined
from esad_gateway.simulator.apart.asking import BESIDE, MOMENT, NAMED, OPERATORS, SHARE, asked, told
from esad_gateway.simulator.apart.page import with_front_page
from esad_gateway.simulator.apart.sharing import check_fault, check_shares
from esad_gateway.simulator.apart.whole import Whole
from esad_gateway.simulator.injected.reading import injection_told, words_of
from esad_gateway.simulator.scripts.model import Script, Traffic
from esad_gateway.simulator.scripts.toml_file import LARGEST
from esad_gateway.simulator.served.bodies import json_object, script_in, wrong
from esad_gateway.simulator.served.deeds_doors import FAULTS, SCRIPTS
from esad_gateway.simulator.served.page.doors import once
from esad_gateway.simulator.served.sim_doors import SIM
from esad_gateway.simulator.timed.doors import MOST as LARGEST_ORDER
from esad_gateway.simulator.timed.doors import clock_doors
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route, read_body
from esad_gateway.web.problems import Problem, problem

MOVEMENTS: Final = f"{SIM}/movements"
TRADERS: Final = f"{SIM}/traders"
CLOCK: Final = f"{SIM}/clock"
MOST: Final = 64 * 1024
"""Bytes of a wish."""

_KIND: Final = "http"


def front_doors(whole: Whole, registered: Callable[[bytes], Awaitable[None]]) -> ASGIApp:
    """The doors of a simulation whose states are a process each; ``registered`` is told of every trader, as JSON."""
    clock = clock_doors(whole, CLOCK)
    plain: dict[Route, Endpoint] = {
        ("GET", SIM): _read(whole, lambda: _overview(whole)),
        ("GET", MOVEMENTS): _read(whole, lambda: _movements(whole)),
        ("GET", FAULTS): _read(whole, lambda: _faults(whole)),
        ("GET", SCRIPTS): _read(whole, lambda: unmet(whole)),
        ("GET", CLOCK): _looked(whole, clock["GET", CLOCK]),
        ("POST", CLOCK): _spoken(whole, clock["POST", CLOCK]),
        ("POST", TRADERS): lambda request: _trader(whole, request),
        ("POST", FAULTS): lambda request: _inject(whole, request),
        ("DELETE", FAULTS): lambda _: _give_up(whole),
        ("POST", SCRIPTS): lambda request: _script(whole, request),
        ("POST", OPERATORS): lambda request: _registered(request, registered),
    }
    named = {route: _answering(endpoint) for route, endpoint in plain.items()}
    return with_front_page(whole, {**named, **problem_doors()}, _elsewhere(whole))


async def play(whole: Whole, text: str) -> Script:
    """Have every process play its part of a script, in TOML or JSON. Raises Problem, or PeerError."""
    script = script_in(text.encode(), "sim-script")
    try:
        check_shares(script, whole.children.keys(), whole.outside)
    except UnreadableInput as error:
        raise wrong(error, "sim-script") from error
    consignees = [await _consignee(whole, one) for one in script.traffic]
    # Those that may find nobody in the gateway elsewhere come first: nothing is played then.
    far = {one.origin for one in script.traffic if one.destination == whole.outside}
    for child in sorted(whole.children.values(), key=lambda one: one.code not in far):
        await _passed(child.url, SHARE, {"script": text, "consignees": consignees})
    await whole.each(CLOCK, {"advance": {"seconds": 0}})
    return script


async def unmet(whole: Whole) -> Mapping[str, Any]:
    """What has not happened as scripts say. Raises PeerError."""
    return joined.unmet(await whole.each(SCRIPTS))


async def _consignee(whole: Whole, traffic: Traffic) -> str | None:
    """Whom a traffic goes to: another process makes its own traders, and is asked for one."""
    child = whole.children.get(traffic.destination)
    if child is None or traffic.destination == traffic.origin:
        return traffic.consignee
    if traffic.consignee is not None:
        await _passed(child.url, NAMED, {"consignee": traffic.consignee})
        return traffic.consignee
    made = await told(child.url, TRADERS, {"role": "consignee", "state": traffic.destination})
    return str(made["seed"])


async def _passed(url: str, path: str, body: object, method: str | None = None) -> bytes:
    """What a process answers. Raises Problem with what it says where it refuses, and PeerError where it is gone."""
    status, answer = await asked(url, path, body, method)
    if status < 300:  # noqa: PLR2004  the statuses that mean success
        return answer
    found = json.loads(answer)
    refusal = Problem(status, _KIND, said("said.as_it_is", text=f"{found['detail']!s:.400}"))
    refusal.answer = JsonAnswer(found, status, media_type="application/problem+json")
    raise refusal


def _answering(endpoint: Endpoint) -> Endpoint:
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except PeerError as error:
            raise Problem(502, _KIND, error.what) from error

    return answered


def _read(whole: Whole, view: Callable[[], Awaitable[Mapping[str, Any]]]) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        await whole.settle()
        return JsonAnswer(await view())

    return endpoint


def _looked(whole: Whole, endpoint: Endpoint) -> Endpoint:
    async def looked(request: Request) -> Response:
        await whole.look()
        return await endpoint(request)

    return looked


def _spoken(whole: Whole, clock: Endpoint) -> Endpoint:
    """Orders to the clock, in which a moment may be said in words about a movement: a state that knows it is asked."""

    async def endpoint(request: Request) -> Response:
        body = await read_body(request, LARGEST_ORDER)
        return await clock(Request(request.scope, once(await _in_numbers(whole, body))))

    return endpoint


async def _in_numbers(whole: Whole, body: bytes) -> bytes:
    try:
        order = json.loads(body)
    except (ValueError, RecursionError):
        return body  # whoever reads it says what is wrong
    if not isinstance(order, dict) or not isinstance(to := order.get("to"), str) or not to.lstrip()[:1].isalpha():
        return body
    found = [one["movements"] for one in await whole.each(MOVEMENTS)]
    arcs = {one["arc"] for movements in found for one in movements}
    arc = order.pop("movement", None)
    if arc is None and len(arcs) != 1:
        raise Problem(400, "clock-order", said("sim.which_movement", count=len(arcs)))
    arc = min(arcs) if arc is None else arc
    knowing = [any(one["arc"] == arc for one in movements) for movements in found]
    child = list(whole.children.values())[knowing.index(True) if True in knowing else 0]
    at = json.loads(await _passed(child.url, MOMENT, {"to": to, "movement": arc}))["at"]
    return json.dumps({**order, "to": at}).encode()


async def _overview(whole: Whole) -> Mapping[str, Any]:
    other = whole.neighbour
    first = {
        "seed": whole.seed,
        "now": whole.clock.now().isoformat(),
        "rate": whole.clock.rate,
        "outside": {other.introduced.address: other.introduced.url} if other else {},
    }
    return joined.overview(first, await whole.each(SIM))


async def _movements(whole: Whole) -> Mapping[str, Any]:
    return {"movements": joined.movements(await whole.each(MOVEMENTS))}


async def _faults(whole: Whole) -> Mapping[str, Any]:
    return joined.faults(whole.seed, whole.again(), await whole.each(FAULTS))


async def _trader(whole: Whole, request: Request) -> Response:
    body = await read_body(request, MOST)
    state = str(json_object(body, "trader-wish").get("state"))
    if state not in whole.children:
        states = ", ".join(whole.children)
        raise Problem(400, "trader-wish", said("simulate.only", state=f"{state:.40}", states=states))
    return _json(await _passed(whole.children[state].url, TRADERS, body))


async def _inject(whole: Whole, request: Request) -> Response:
    body = await read_body(request, MOST)
    try:
        waiting = injection_told(json_object(body, "sim-fault"))
        check_fault(waiting, whole.children.keys())
    except UnreadableInput as error:
        raise wrong(error, "sim-fault") from error
    answer = await _passed(whole.children[waiting.state].url, FAULTS, body)
    whole.later.append(words_of(waiting))
    return _json(answer)


async def _give_up(whole: Whole) -> Response:
    given_up = await whole.each(FAULTS, method="DELETE")
    return JsonAnswer({"given_up": sum(one["given_up"] for one in given_up)})


async def _script(whole: Whole, request: Request) -> Response:
    try:
        text = (await read_body(request, LARGEST)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, "sim-script", said("simulate.body_json", why=str(error))) from error
    script = await play(whole, text)
    await whole.settle()
    return JsonAnswer({"title": script.title, "steps": len(script.steps), "traffic": len(script.traffic)}, 201)


async def _registered(request: Request, registered: Callable[[bytes], Awaitable[None]]) -> Response:
    await registered(await read_body(request, MOST))
    return JsonAnswer({})


def _json(body: bytes) -> Response:
    return Response(body, 201, media_type="application/json")


def _elsewhere(whole: Whole) -> ASGIApp:
    """Whoever looks for a state here is told where it is."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        states = ", ".join(one.gateway for one in whole.children.values())
        await problem(404, _KIND, said("simulate.apart_elsewhere", states=states))(scope, receive, send)

    return answered


async def known(whole: Whole, own: str, operators: list[Any]) -> None:
    """Have all processes know each other, the gateway elsewhere and its operators. Raises PeerError.

    ``own`` is where the simulator in front is, which is told of every trader as they are.
    """
    outside = [whole.neighbour.introduced.url] if whole.neighbour else []
    # Each is asked who it is before the others know it: so all are there.
    gateways = [one.gateway for one in whole.children.values()]
    await asyncio.gather(*(told(one, "/v1/administration") for one in gateways))
    for child in whole.children.values():
        others = [one.url for one in whole.children.values() if one is not child]
        await told(child.url, BESIDE, {"gateways": [*gateways, *outside], "told": [*others, own]})
        if operators:
            await told(child.url, OPERATORS, {"operators": operators})
