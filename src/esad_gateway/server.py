"""All doors of a gateway in one ASGI application: REST under ``/v1``, ``/ndea`` for administrations, ``/health``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from esad_gateway import resources
from esad_gateway.bootstrap import Runtime
from esad_gateway.errors import EsadError
from esad_gateway.ndea.endpoint import NdeaDoor, ndea_endpoint, wsdl_endpoint
from esad_gateway.rest import messages
from esad_gateway.rest.openapi import describe
from esad_gateway.rest.traders import TraderDoor
from esad_gateway.store.outbox import Outbox
from esad_gateway.web import problems


def application(runtime: Runtime) -> FastAPI:
    """The application of a gateway; its lifespan runs the gateway's writer and delivery."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with runtime.running():
            yield

    app = FastAPI(
        title=f"esad-gateway of {runtime.settings.state}",
        version=version("esad-gateway"),
        lifespan=lifespan,
        redirect_slashes=False,
        servers=[{"url": runtime.settings.public_url}] if runtime.settings.public_url else None,
        exception_handlers={
            EsadError: problems.on_esad_error,
            problems.Problem: problems.on_problem,
            HTTPException: problems.on_http_error,
            ClientDisconnect: problems.on_aborted_upload,
            RequestValidationError: problems.on_invalid_parameter,
            Exception: problems.on_defect,
        },
    )
    app.add_route("/v1/messages", messages.submit(runtime), methods=["POST"])
    app.add_route("/v1/messages/validate", messages.validate(runtime), methods=["POST"])
    app.add_route("/v1/messages/compose", messages.compose(runtime), methods=["POST"])
    app.add_route("/ndea", ndea_endpoint(NdeaDoor(runtime.gateway)), methods=["POST"])
    wsdl = resources.schemas() / "gateway" / "ndea.wsdl"
    app.add_route("/ndea", wsdl_endpoint(wsdl, runtime.settings.public_url), methods=["GET"])
    app.add_route("/health", _health(runtime), methods=["GET"])
    app.include_router(TraderDoor(runtime).router())
    describe(app)
    return app


def _health(runtime: Runtime) -> messages.Endpoint:
    outbox = Outbox(runtime.store)

    async def endpoint(_: Request) -> JSONResponse:
        counts = await asyncio.to_thread(outbox.counts)
        now = runtime.gateway.clock.now().isoformat()
        return JSONResponse({"state": runtime.settings.state, "now": now, "outbox": asdict(counts)})

    return endpoint
