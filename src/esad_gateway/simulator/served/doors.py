"""The doors of all member states of a world, each below its code: ``/lt/v1/messages``, ``/pl/ndea``, ``/pl/health``."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway.emcs.identifiers import Malformed, MemberState
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.server import application
from esad_gateway.simulator.timed.doors import Following
from esad_gateway.simulator.world.world import SimulatedWorld
from esad_gateway.web.problems import problem


class WorldDoors:
    """An ASGI application: a state is opened when somebody asks for it, and answers as a gateway that is served.

    What follows from a request at the moment at which the clock stands happens behind its answer; who reads afterwards
    waits until it has. Everything later waits for the clock. Batches are kept, and nobody works on them. The faults of
    the world are committed here as well, so connections are to be those of ``CuttableConnection``.
    """

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._applications: dict[str, ASGIApp] = {}
        self._following = Following(self._answered, world.settle)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._following(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        code, _, rest = scope["path"].removeprefix("/").partition("/")
        try:
            app = await self._application(MemberState(code.upper()).code)
        except Malformed:
            await problem(404, "http", said("sim.no_state_here", code=code))(scope, receive, send)
            return
        except UnreadableInput as error:
            await problem(404, "http", error.what)(scope, receive, send)
            return
        within = {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}
        await app(within, receive, send)

    async def _application(self, code: str) -> ASGIApp:
        state = await self._world.state(code)
        if code not in self._applications:
            self._applications[code] = self._world.faults.application(state, application(state.runtime))
        return self._applications[code]


def at_ports(app: ASGIApp, codes: Mapping[int, str]) -> ASGIApp:
    """``app``, whose states may be asked at ports of their own, without their codes in the path."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        code = codes.get((scope.get("server") or ("", 0))[1])
        await app(scope if code is None else {**scope, "path": f"/{code.lower()}{scope['path']}"}, receive, send)

    return answered
