"""What the process of one state does for the others of its simulation: it knows their gateways and their traders."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway import profiles
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.registry import Operator
from esad_gateway.errors import EsadError
from esad_gateway.introduction import asked as introduction_of
from esad_gateway.simulator.apart.asking import BESIDE, HANDS, MOMENT, NAMED, OPERATORS, SHARE, told
from esad_gateway.simulator.apart.sharing import share_of
from esad_gateway.simulator.scripts.toml_file import LARGEST
from esad_gateway.simulator.served.bodies import json_object, script_in
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.store.registry import Held
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route, read_body
from esad_gateway.web.problems import Problem

MOST: Final = 16 * 1024 * 1024
"""Bytes of all traders of an administration."""

_KIND: Final = "http"
_OPERATORS: Final = TypeAdapter(list[Operator])


def written(operators: Iterable[Operator]) -> list[Any]:
    """Operators as they are told to another process."""
    found: list[Any] = _OPERATORS.dump_python(list(operators), mode="json")
    return found


def read(told: object) -> list[Operator]:
    """Operators that another process tells. Raises ValueError for what are none."""
    return _OPERATORS.validate_python(told)


def doors_for_others(simulation: Simulation) -> Mapping[Route, Endpoint]:
    """The doors of the process of one state that are for the others of its simulation alone."""
    doors: Mapping[str, Callable[[Simulation, Mapping[str, Any]], Awaitable[object]]] = {
        BESIDE: _know,
        OPERATORS: _enter,
        HANDS: _show,
        MOMENT: _moment,
        NAMED: _name,
        SHARE: _play,
    }
    return {("POST", path): _door(simulation, act) for path, act in doors.items()}


def _door(simulation: Simulation, act: Callable[[Simulation, Mapping[str, Any]], Awaitable[object]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = json_object(await read_body(request, MOST), _KIND)
        try:
            return JsonAnswer(await act(simulation, body) or {})
        except Malformed as error:
            raise Problem(400, "clock-order", error.why) from error
        except Problem:
            raise
        except EsadError as error:
            raise Problem(409, _KIND, error.what) from error

    return endpoint


async def _know(simulation: Simulation, body: Mapping[str, Any]) -> None:
    """Know the gateways at some addresses, and tell those at others of every trader from now on."""
    world, others = simulation.emcs.world, list(body["told"])
    own = {state.address for state in world.states.values()}
    for url in body["gateways"]:
        introduced = await introduction_of(url)
        if introduced.address not in own:
            await world.know(introduced, ())
    world.elsewhere = frozenset(profiles.STATES) - world.only
    world.registered = lambda held: asyncio.run(_tell(others, held[0]))


async def _tell(others: Iterable[str], operator: Operator) -> None:
    for url in others:
        await told(url, OPERATORS, {"operators": written([operator])})


async def _enter(simulation: Simulation, body: Mapping[str, Any]) -> None:
    world = simulation.emcs.world
    entered: list[Held] = [(operator, {}, ()) for operator in read(body["operators"])]
    world.operators |= {held[0].seed: held for held in entered}
    for state in world.states.values():
        state.enter(*entered)


async def _show(simulation: Simulation, body: Mapping[str, Any]) -> None:
    """Show a moment, before anything is done at it: others are told of it first."""
    simulation.clock.move_to(max(datetime.fromisoformat(body["at"]), simulation.clock.now()))


async def _moment(simulation: Simulation, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A moment in words about a movement, as a moment."""
    return {"at": simulation.moment(body["to"], body["movement"]).isoformat()}


async def _name(simulation: Simulation, body: Mapping[str, Any]) -> None:
    """Have a consignee of a number."""
    await asyncio.to_thread(simulation.emcs.trader, "consignee", number=body["consignee"])


async def _play(simulation: Simulation, body: Mapping[str, Any]) -> None:
    """Play a part of a script; what it begins now waits until everybody plays theirs, and the clock is told."""
    script = script_in(body["script"].encode()[:LARGEST], _KIND)
    (code,) = simulation.emcs.world.only
    await asyncio.to_thread(simulation.emcs.play, share_of(script, code, body["consignees"]))
