"""The doors for those who operate a gateway: ``/metrics`` and ``/ready``."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.bootstrap import Runtime
from esad_gateway.operations.observed import Observed, Observer
from esad_gateway.operations.ready import Readiness, ready_endpoint
from esad_gateway.operations.watchers import check_watcher
from esad_gateway.web.body import Endpoint, Route

METRICS = "/metrics"
READY = "/ready"


@dataclass(frozen=True, slots=True)
class Watched:
    """A gateway as its operators see it."""

    runtime: Runtime
    readiness: Readiness

    def routes(self) -> Mapping[Route, Endpoint]:
        """The endpoints."""
        return {("GET", READY): ready_endpoint(self.readiness), ("GET", METRICS): self._metrics()}

    def _metrics(self) -> Endpoint:
        """The endpoint for ``GET /metrics``: 404 for whom the setting ``watchers`` does not name."""
        observer, settings = Observer(self.runtime), self.runtime.settings
        networks, one_at_a_time = settings.networks(), asyncio.Lock()

        async def endpoint(request: Request) -> Response:
            check_watcher(request, networks, fronts=bool(settings.fronts))
            async with one_at_a_time:
                told = partial(observer.observe, await self.readiness.found())
                body, media_type = await asyncio.to_thread(_exposed, told, request.headers.get("accept", ""))
            return Response(body, media_type=None, headers={"content-type": media_type})

        return endpoint


def _exposed(observe: "partial[Observed]", accept: str) -> tuple[bytes, str]:
    from esad_gateway.operations.exposition import exposed  # noqa: PLC0415 - whoever is not scraped does without

    return exposed(observe(), accept)
