"""All doors of a gateway in one ASGI application: REST under ``/v1``, SOAP under ``/soap``, ``/ndea``; ``/health``."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway import national_doors, resources
from esad_gateway.batch.arrivals import Arrivals, MayWait
from esad_gateway.batch.keeping import Keeping
from esad_gateway.batch.work.workers import Workers
from esad_gateway.bootstrap import Runtime
from esad_gateway.faults import Said
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.health import health_endpoint
from esad_gateway.introduction import introduce
from esad_gateway.ndea.endpoint import NdeaDoor, ndea_endpoint, wsdl_endpoint
from esad_gateway.operations.doors import METRICS, READY, Watched
from esad_gateway.operations.ready import Readiness
from esad_gateway.operations.requests import counted
from esad_gateway.rest.administration import PATH, administration_endpoint
from esad_gateway.rest.index import index_endpoint
from esad_gateway.rest.messages import MessageDoor
from esad_gateway.rest.problems import PATH as PROBLEMS
from esad_gateway.rest.problems import problem_doors
from esad_gateway.rest.rated import rated
from esad_gateway.soap.wsdl import PATH as SOAP_PATH
from esad_gateway.store.agents import Agents
from esad_gateway.store.batch_files import BatchFiles
from esad_gateway.store.batches import Batches
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.saad import SaadRecords
from esad_gateway.store.undecided import UndecidedMessages
from esad_gateway.texts import say
from esad_gateway.transport.later import Later
from esad_gateway.web.body import Endpoint, Route
from esad_gateway.web.conditional import conditional
from esad_gateway.web.direct import direct

if TYPE_CHECKING:
    from fastapi import APIRouter

    from esad_gateway.batch.desk import FileDesk
    from esad_gateway.rest.making import FileTurns

DOORS: Final = (
    "/v1/messages",
    "/ndea",
    "/ndea?wsdl",
    SOAP_PATH,
    f"{SOAP_PATH}?wsdl",
    PATH,
    "/health",
    READY,
    METRICS,
    "/docs",
    "/openapi.json",
    PROBLEMS,
)
"""Where a gateway can be asked without a number in the path."""


def door(path: str) -> Said:
    """What a door is for."""
    return Said(f"door.{path}")


def doors(*more: str) -> Mapping[str, str]:
    """Every door and what it is for, in English; ``more`` are those of this process alone."""
    return {path: say(door(path)) for path in (*DOORS, *more)}


def application(
    runtime: Runtime,
    loaded: Callable[[], object] = lambda: None,
    *,
    living: Callable[[], AbstractAsyncContextManager[None]] | None = None,
    workers: Workers | None = None,
    more: Mapping[Route, Endpoint] = MappingProxyType({}),
) -> ASGIApp:
    """The application of a gateway; its lifespan runs the gateway's writer and delivery, or what ``living`` gives.

    The framework is loaded after the first answer, beside what goes on, and then ``loaded`` is called, in its thread.
    Messages are taken and administrations are answered without it; who asks before for what needs it waits for it.
    ``workers`` are woken when a batch was taken; who gives them has them run in ``living``. ``more`` are doors of this
    process alone, which no description knows.
    """
    workers = workers or Workers(runtime.data.root, Batches(runtime.store).pending, runtime.clock)
    handing_in = _HandingIn(partial(_desk, runtime, workers.wake), _arrivals(runtime))
    endpoints = _endpoints(runtime, handing_in, dict.fromkeys(path for _, path in more))
    behind = Later(partial(_framework, runtime, endpoints, handing_in, loaded))
    living = living or partial(_living, runtime, workers)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        async with living():
            yield

    async def described(scope: Scope, receive: Receive, send: Send) -> None:
        await (await behind.get())(scope, receive, send)

    behind_all = Router(default=conditional(described), lifespan=lifespan, redirect_slashes=False)
    doors = rated(direct(behind_all, {**endpoints, **more}), runtime.rates, SOAP_PATH)
    counted_doors = counted(doors, runtime.tally, runtime.clock, [path for _, path in (*endpoints, *more)])

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        await counted_doors(scope, receive, send)
        if scope["type"] == "http":
            behind.begin()

    return answered


@asynccontextmanager
async def _living(runtime: Runtime, workers: Workers) -> AsyncIterator[None]:
    async with runtime.running(), workers.running(), _keeping(runtime).running():
        yield


@dataclass(frozen=True, slots=True)
class _HandingIn:
    """Where files of rows are handed in, at whatever door: the desk, when it is needed, and what arrives now."""

    desk: "Callable[[], FileDesk]"
    arrivals: Arrivals


def _desk(runtime: Runtime, wake: Callable[[], object]) -> "FileDesk":
    from esad_gateway.batch.desk import FileDesk  # noqa: PLC0415 - see application
    from esad_gateway.batch.proof import Proof  # noqa: PLC0415

    proof = Proof(runtime.gateway.intake.verifier, runtime.registry.directory, runtime.data.load_trust)
    return FileDesk(Batches(runtime.store), runtime.data.batches, proof, runtime.clock, wake)


def _arrivals(runtime: Runtime) -> Arrivals:
    settings = runtime.settings
    return Arrivals(MayWait(settings.batches_waiting, settings.batch_megabytes_waiting))


def _endpoints(runtime: Runtime, handing_in: _HandingIn, more: Iterable[str]) -> Mapping[Route, Endpoint]:
    """What answers without the framework: documents, administrations, and those who watch."""
    wsdl, soap = resources.schemas() / "gateway" / "ndea.wsdl", _soap(runtime, handing_in)
    return {
        **{("POST", path): endpoint for path, endpoint in _message_door(runtime).routes().items()},
        ("POST", "/ndea"): ndea_endpoint(NdeaDoor(runtime.gateway)),
        ("GET", "/ndea"): wsdl_endpoint(wsdl, runtime.settings.public_url),
        ("POST", SOAP_PATH): soap,
        ("GET", SOAP_PATH): soap,
        ("GET", "/"): index_endpoint(runtime.profile.address, doors(*more)),
        ("GET", "/health"): _health(runtime),
        **Watched(runtime, Readiness(runtime)).routes(),
        ("GET", PATH): administration_endpoint(_introduced(runtime)),
        **problem_doors(),
    }


def _soap(runtime: Runtime, handing_in: _HandingIn) -> Endpoint:
    """The SOAP door of traders, which is loaded when it is first asked."""
    behind = Later(partial(_soap_door, runtime, handing_in))

    async def endpoint(request: Request) -> Response:
        asked, described = await behind.get()
        return await (asked if request.method == "POST" else described)(request)

    return endpoint


def _soap_door(runtime: Runtime, handing_in: _HandingIn) -> tuple[Endpoint, Endpoint]:
    from esad_gateway.signing.wss.guard import Guard  # noqa: PLC0415 - see _soap
    from esad_gateway.soap.door import SoapDoor, soap_endpoint  # noqa: PLC0415 - see _soap
    from esad_gateway.soap.operations import Services  # noqa: PLC0415
    from esad_gateway.soap.security import FirstUses  # noqa: PLC0415
    from esad_gateway.soap.wsdl import wsdl_endpoint as described  # noqa: PLC0415
    from esad_gateway.store.used import UsedEnvelopes  # noqa: PLC0415

    services = Services(
        gateway=runtime.gateway,
        reading=runtime.reading,
        following=runtime.following,
        zone=runtime.profile.time_zone,
        desk=handing_in.desk(),
        arrivals=handing_in.arrivals,
    )
    guard = Guard(runtime.verifier, UsedEnvelopes(runtime.store), runtime.clock.now)
    door = SoapDoor(services, runtime.access, guard, FirstUses(guard), runtime.rates)
    return soap_endpoint(door), described(resources.schemas() / "gateway", runtime.settings.public_url)


def _framework(
    runtime: Runtime, endpoints: Mapping[Route, Endpoint], handing_in: _HandingIn, loaded: Callable[[], object]
) -> ASGIApp:
    from esad_gateway.rest.agents import AgentDoor  # noqa: PLC0415 - see application
    from esad_gateway.rest.framework import framework  # noqa: PLC0415 - see application
    from esad_gateway.rest.making import FileTurns  # noqa: PLC0415
    from esad_gateway.rest.printing import Printing  # noqa: PLC0415
    from esad_gateway.rest.traders import TraderDoor  # noqa: PLC0415

    making, reading, zone = FileTurns(), runtime.reading, runtime.profile.time_zone
    printing = Printing(runtime.profile, reading.releases, making)
    door = TraderDoor(reading, runtime.following, runtime.access, zone, printing)
    agents = AgentDoor(Agents(runtime.store), runtime.access, runtime.clock, zone)
    files, news = _batch_routers(runtime, handing_in, making), _news_routers(runtime)
    routers = (door.router(), agents.router(), *files, *news, *national_doors.routers(runtime))
    app = framework(runtime.settings.state, runtime.settings.public_url, endpoints, routers)
    loaded()
    return app


def _news_routers(runtime: Runtime) -> "Sequence[APIRouter]":
    from esad_gateway.rest.events import EventDoor  # noqa: PLC0415 - see application
    from esad_gateway.rest.webhooks import WebhookDoor  # noqa: PLC0415

    settings, access = runtime.settings, runtime.access
    events = EventDoor(runtime.following, access, settings.public_url, settings.event_pause)
    return WebhookDoor(runtime.webhooks, access, runtime.profile.time_zone).router(), events.router()


def _keeping(runtime: Runtime) -> Keeping:
    """What removes the files of batches that have been kept long enough."""
    files, settings = BatchFiles(runtime.store), runtime.settings
    days = timedelta(days=settings.batch_file_days) or None
    return Keeping(files, runtime.data.batches, days, settings.batch_megabytes_kept << 20, runtime.clock)


def _batch_routers(runtime: Runtime, handing_in: _HandingIn, making: "FileTurns") -> "Sequence[APIRouter]":
    from esad_gateway.batch.saad_list import SaadList  # noqa: PLC0415
    from esad_gateway.batch.tables.mending import FileCorrections  # noqa: PLC0415
    from esad_gateway.rest.batches import BatchDoor  # noqa: PLC0415
    from esad_gateway.rest.saad import SaadDoor  # noqa: PLC0415

    batches, clock = Batches(runtime.store), runtime.clock
    access, zone = runtime.access, runtime.profile.time_zone
    desk = handing_in.desk()
    saad = SaadList(batches, SaadRecords(runtime.store), runtime.settings.saad_law(), clock)
    door = BatchDoor(
        desk=desk,
        corrections=FileCorrections(desk),
        access=access,
        zone=zone,
        making=making,
        arrivals=handing_in.arrivals,
    )
    return (
        door.router(),
        SaadDoor(desk=saad, access=access, zone=zone, making=making).router(),
    )


def _counts(runtime: Runtime) -> Callable[[], Mapping[str, Any]]:
    outbox, undecided = Outbox(runtime.store), UndecidedMessages(runtime.store.reader)
    return lambda: {"outbox": asdict(outbox.counts()), "undecided": undecided.count()}


def _health(runtime: Runtime) -> Endpoint:
    by_machine = isinstance(runtime.clock, SystemClock)
    return health_endpoint(runtime.settings.state, runtime.clock, _counts(runtime), by_machine=by_machine)


def _introduced(runtime: Runtime) -> Callable[[], Mapping[str, Any]]:
    return lambda: introduce(runtime.data, runtime.registry, runtime.clock.now()).as_json()


def _message_door(runtime: Runtime) -> MessageDoor:
    return MessageDoor(
        gateway=runtime.gateway,
        access=runtime.access,
        readers=runtime.readers,
        clock=runtime.clock,
        own=runtime.profile.address,
        zone=runtime.profile.time_zone,
    )
