"""What states are told over HTTP to do: faults that they commit, and scripts that everybody acts by."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.injected.journal import Strike
from esad_gateway.simulator.injected.model import Injection
from esad_gateway.simulator.injected.reading import injection_told, words_of
from esad_gateway.simulator.scripts.toml_file import LARGEST
from esad_gateway.simulator.scripts.unmet import ScriptUnmet
from esad_gateway.simulator.served.bodies import json_object, script_in, wrong
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.texts import in_every_language
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route, read_body

FAULTS: Final = "/sim/faults"
SCRIPTS: Final = "/sim/scripts"
MOST: Final = 64 * 1024
"""Bytes of what says a fault."""

_FAULT: Final = "sim-fault"
_SCRIPT: Final = "sim-script"


def deeds_doors(simulation: Simulation) -> Mapping[Route, Endpoint]:
    """``POST`` tells states what to do, ``GET`` what came of it; ``DELETE`` lets them commit no more faults."""
    return {
        ("GET", FAULTS): _answering(lambda _: _faults(simulation)),
        ("POST", FAULTS): _answering(lambda request: _injected(simulation, request), 201),
        ("DELETE", FAULTS): _answering(lambda _: _given_up(simulation)),
        ("GET", SCRIPTS): _answering(lambda _: asyncio.to_thread(_unmet, simulation)),
        ("POST", SCRIPTS): _answering(lambda request: _played(simulation, request), 201),
    }


def _answering(act: Callable[[Request], Awaitable[Mapping[str, Any]]], status: int = 200) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return JsonAnswer(await act(request), status)

    return endpoint


async def _injected(simulation: Simulation, request: Request) -> Mapping[str, Any]:
    told = json_object(await read_body(request, MOST), _FAULT)
    try:
        waiting = injection_told(told)
        await simulation.emcs.world.faults.inject(waiting)
    except UnreadableInput as error:
        raise wrong(error, _FAULT) from error
    return _shown(waiting, 0, waits=True)


async def _given_up(simulation: Simulation) -> Mapping[str, Any]:
    return {"given_up": simulation.emcs.world.faults.injections.give_up()}


async def _faults(simulation: Simulation) -> Mapping[str, Any]:
    faults = simulation.emcs.world.faults
    return {
        "seed": simulation.emcs.seed,
        "injected": [_shown(one, struck, waits=waits) for one, struck, waits in faults.injections.each()],
        "journal": [_told(strike) for strike in faults.journal.strikes],
        "again": simulation.again(),
    }


def _shown(waiting: Injection, struck: int, *, waits: bool) -> Mapping[str, Any]:
    """An injection: in words, where that can be said of it, and what came of it."""
    names = [fault.name for fault in waiting.faults]
    words = words_of(waiting) if len(names) == 1 else None
    return {"names": names, "state": waiting.state, "words": words, "struck": struck, "waits": waits}


def _told(strike: Strike) -> Mapping[str, Any]:
    return {
        "at": strike.at.isoformat(),
        "name": strike.fault,
        "state": strike.state,
        "message": strike.message,
        "from": strike.sender,
        "to": strike.receiver,
        "arc": strike.arc,
        "try": strike.turn,
        "outcome": strike.outcome,
    }


async def _played(simulation: Simulation, request: Request) -> Mapping[str, Any]:
    script = script_in(await read_body(request, LARGEST), _SCRIPT)
    try:
        await asyncio.to_thread(simulation.emcs.play, script)
    except UnreadableInput as error:
        raise wrong(error, _SCRIPT) from error
    await simulation.settle()
    return {"title": script.title, "steps": len(script.steps), "traffic": len(script.traffic)}


def _unmet(simulation: Simulation) -> Mapping[str, Any]:
    try:
        simulation.emcs.check()
    except ScriptUnmet as unmet:
        return {"unmet": [in_every_language(one) for one in unmet.found]}
    return {"unmet": []}
