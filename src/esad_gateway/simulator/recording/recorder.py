"""A proxy at a port of this machine, which records what passes until it is closed."""

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said
from esad_gateway.simulator.injected.served import CuttableConnection
from esad_gateway.simulator.recording.model import Recording
from esad_gateway.simulator.recording.passing import Passings, recorded
from esad_gateway.simulator.recording.proxy import SILENCE, RecordingProxy
from esad_gateway.simulator.served.server import HOST, listening
from esad_gateway.simulator.world.background import Background
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.transport.server import http_server

ASKING: Final = 5.0
"""Seconds in which a gateway says what time it is there."""

_LIMITS: Final = HttpLimits(
    connections_per_address=512,
    body_seconds=SILENCE,
    answer_seconds=SILENCE,
    bytes_in_flight=1 << 40,  # nothing of a body stays in flight
    header_bytes=256 * 1024,
    header_count=1000,
)
"""What a gateway refuses is for the gateway to refuse."""


class GatewayTime:
    """What time it is at the gateway at ``url``: the machine's, unless it says that its clock is one for tests."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._for_tests = False
        self.state: str | None = None
        self.absent: Said | None = None
        """Why it did not say anything, if it did not."""

    async def begin(self) -> datetime:
        """Ask it for the first time."""
        try:
            told = await self._health()
        except PeerError as error:
            self.absent = error.what
            return datetime.now(UTC)
        self._for_tests = told.get("clock") == "test"
        state = told.get("state")
        self.state = state if isinstance(state, str) else None
        return await self.now()

    async def now(self) -> datetime:
        """What it shows now; by the machine's clock where the gateway does not say it."""
        if self._for_tests:
            try:
                return datetime.fromisoformat(str((await self._health()).get("now"))).astimezone(UTC)
            except (PeerError, ValueError):
                pass
        return datetime.now(UTC)

    async def _health(self) -> Mapping[str, Any]:
        async with AsyncGatewayClient(self._url, timeout=ASKING) as client:
            return (await client.answer(operations.health()))[1]


class Recorder:
    """Records what passes to the gateway at ``url``, at a ``port`` of this machine; to be closed, or used as a context.

    Raises UnreadableInput when something else listens at the port. A gateway that is not there yet may come later.
    """

    def __init__(self, url: str, port: int = 0) -> None:
        self._socket = listening(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self.time = GatewayTime(url)
        self._background = Background()
        self.passings = Passings(self._background.run(self.time.begin()), self.time.state)
        self._proxy = RecordingProxy(url, self.passings, self.time.now)
        self._server = http_server(self._proxy, _LIMITS, connection=CuttableConnection)
        self._server.config.lifespan = "off"
        self._server.config.date_header = False  # the gateway's own goes on
        self._serving: Future[None] = self._background.spawn(self._serve())

    def recording(self, seed: int) -> Recording:
        """What has passed until now, with other identities, as the ``seed`` draws them."""
        return recorded(self.passings, seed)

    def close(self) -> None:
        """Let what is on its way pass for a moment, and listen no more."""
        if self._background.stopped:
            return
        self._server.should_exit = True
        try:
            self._serving.result()
        finally:
            self._background.stop()
            self._socket.close()

    async def _serve(self) -> None:
        async with self._proxy:
            await self._server.serve(sockets=[self._socket])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
