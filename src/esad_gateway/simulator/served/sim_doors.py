"""The doors of the simulator itself, below ``/sim``: what it knows, its clock, and traders that are made on demand."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from esad_gateway.errors import EsadError, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.rest.problems import problem_doors
from esad_gateway.simulator.served import views
from esad_gateway.simulator.served.bodies import json_object, wrong
from esad_gateway.simulator.served.deeds_doors import FAULTS, SCRIPTS, deeds_doors
from esad_gateway.simulator.served.page.doors import with_page
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.simulator.timed.doors import clock_doors
from esad_gateway.simulator.world.traders import SimulatedTrader
from esad_gateway.simulator.world.wishes import unfit, unknown
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, Route, read_body
from esad_gateway.web.problems import Problem

SIM: Final = "/sim"
MOST: Final = 64 * 1024
"""Bytes of a wish."""

NEEDED: Final = ("role", "state")
NUMBER: Final = "number"
EXAMPLE: Final = '{"role": "consignee", "state": "PL"}'
WISHES: Final = (*NEEDED, NUMBER, "products", "name", "will", "reason", "temporary")
"""What a trader is asked for by: the first two have to be there, but for a state where there is a number."""

_KINDS: Final[Mapping[str, type]] = MappingProxyType(
    {name: bool if name == "temporary" else list if name == "products" else str for name in WISHES}
)
_EXPECTED: Final[Mapping[type, Said]] = MappingProxyType(
    {bool: Said("sim.script_flag"), list: Said("sim.products"), str: Said("sim.script_text")}
)


def simulated(simulation: Simulation, doors: ASGIApp, more: Mapping[Route, Endpoint] = MappingProxyType({})) -> ASGIApp:
    """``doors`` of member states, and beside them those of the simulator, of which browsers are shown pages.

    ``more`` are others of the simulator, for programs alone.
    """
    return with_page(
        simulation,
        {
            ("GET", SIM): _shown(lambda request: views.overview(simulation, _base(request))),
            ("GET", f"{SIM}/movements"): _shown(lambda _: {"movements": views.movements(simulation.emcs)}),
            ("POST", f"{SIM}/traders"): _trader_door(simulation),
            **deeds_doors(simulation),
            **clock_doors(simulation, f"{SIM}/clock", simulation.moment),
            **problem_doors(),
            **more,
        },
        doors,
    )


def _shown(view: Callable[[Request], Mapping[str, Any]]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return JsonAnswer(await asyncio.to_thread(view, request))

    return endpoint


def _trader_door(simulation: Simulation) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        wishes = _wishes(await read_body(request, MOST))
        try:
            trader = await asyncio.to_thread(lambda: simulation.emcs.trader(**wishes))
        except EsadError as error:
            raise Problem(400, "trader-wish", error.what) from error
        return JsonAnswer(await _card(trader, simulation.base(_base(request), trader.home.code)), 201)

    return endpoint


def _wishes(body: bytes) -> Mapping[str, Any]:
    told = json_object(body, "trader-wish")
    missing = [said("simulate.wish_needed", name=name, example=EXAMPLE) for name in _needed(told) if name not in told]
    if refused := [*missing, *unknown(told, WISHES)]:
        raise wrong(UnreadableInput(*refused), "trader-wish")
    for name, kind in _KINDS.items():
        if name in told and not isinstance(told[name], kind):
            raise Problem(400, "trader-wish", unfit(name, _EXPECTED[kind], told[name]).what)
    return told


def _needed(told: Mapping[str, Any]) -> Sequence[str]:
    return NEEDED[:1] if NUMBER in told else NEEDED


async def _card(trader: SimulatedTrader, url: str) -> Mapping[str, Any]:
    """A trader with everything that is needed to act for it."""
    identity = await trader.emcs.world.identity(trader.seed)
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "seed": trader.seed,
        "name": trader.operator.name,
        "type": trader.operator.operator_type.value,
        "url": url,
        "token": await asyncio.to_thread(trader.token),
        "key": key.decode(),
        "certificate": identity.certificate.public_bytes(Encoding.PEM).decode(),
    }


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


DOORS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        SIM: Said("simulate.door_sim"),
        f"{SIM}/clock": Said("simulate.door_clock"),
        FAULTS: Said("simulate.door_faults"),
        f"{SIM}/movements": Said("simulate.door_movements"),
        SCRIPTS: Said("simulate.door_scripts"),
        f"{SIM}/traders": Said("simulate.door_traders"),
    }
)
"""What each of them is for."""
