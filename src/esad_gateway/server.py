"""All doors of a gateway in one ASGI application: REST under ``/v1``, ``/ndea`` for administrations, ``/health``."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from esad_gateway import resources
from esad_gateway.bootstrap import Runtime
from esad_gateway.health import health_endpoint
from esad_gateway.introduction import introduce
from esad_gateway.ndea.endpoint import NdeaDoor, ndea_endpoint, wsdl_endpoint
from esad_gateway.rest.administration import PATH, administration_endpoint
from esad_gateway.rest.messages import MessageDoor
from esad_gateway.rest.openapi import describe
from esad_gateway.rest.traders import TraderDoor
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.undecided import UndecidedMessages
from esad_gateway.web.direct import direct
from esad_gateway.web.problems import HANDLERS


def application(runtime: Runtime) -> ASGIApp:
    """The application of a gateway; its lifespan runs the gateway's writer and delivery."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with runtime.running():
            yield

    public_url = runtime.settings.public_url
    app = FastAPI(
        title=f"esad-gateway of {runtime.settings.state}",
        version=version("esad-gateway"),
        lifespan=lifespan,
        redirect_slashes=False,
        servers=[{"url": public_url}] if public_url else None,
        exception_handlers=dict(HANDLERS),
    )
    documents = {**_message_door(runtime).routes(), "/ndea": ndea_endpoint(NdeaDoor(runtime.gateway))}
    for path, endpoint in documents.items():
        app.add_route(path, endpoint, methods=["POST"])
    app.add_route("/ndea", wsdl_endpoint(resources.schemas() / "gateway" / "ndea.wsdl", public_url), methods=["GET"])
    app.add_route("/health", health_endpoint(runtime.settings.state, runtime.clock, _counts(runtime)), methods=["GET"])
    app.add_route(PATH, administration_endpoint(_introduced(runtime)), methods=["GET"])
    app.include_router(TraderDoor(runtime.reading, runtime.access, runtime.profile.time_zone).router())
    describe(app)
    return direct(app, documents)


def _counts(runtime: Runtime) -> Callable[[], Mapping[str, Any]]:
    outbox, undecided = Outbox(runtime.store), UndecidedMessages(runtime.store.reader)
    return lambda: {"outbox": asdict(outbox.counts()), "undecided": undecided.count()}


def _introduced(runtime: Runtime) -> Callable[[], Mapping[str, Any]]:
    return lambda: introduce(runtime.data, runtime.registry, runtime.clock.now()).as_json()


def _message_door(runtime: Runtime) -> MessageDoor:
    own = runtime.profile.address
    return MessageDoor(gateway=runtime.gateway, readers=runtime.readers, clock=runtime.clock, own=own)
