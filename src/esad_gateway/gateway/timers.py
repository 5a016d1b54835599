"""The clocks of movements, by the gateway's own clock: what ended is decided once, and written with its effect."""

import asyncio
from collections.abc import Callable

import structlog

from esad_gateway.errors import OwnError
from esad_gateway.gateway.commit import Committer
from esad_gateway.ports.clock import Clock

log = structlog.get_logger(__name__)


class Timers:
    """Looks every ``pause`` seconds whether a clock has ended; ``fired`` is called when one has.

    Nothing is kept in memory: which clock ends when stands with its movement, so a restart forgets none, and a clock
    that has fired is not there any more.
    """

    def __init__(self, committer: Committer, clock: Clock, pause: float, fired: Callable[[], object]) -> None:
        self._committer = committer
        self._clock = clock
        self._pause = pause
        self._fired = fired

    async def run(self) -> None:
        """Fire clocks until cancelled. Whatever goes wrong is logged and tried again: nobody would start it again."""
        while True:
            try:
                if await asyncio.to_thread(self._committer.tick, self._clock.now()):
                    self._fired()
            except OwnError as error:
                log.warning("clocks have to wait", reason=str(error))
            except Exception:
                log.exception("clocks have to wait")
            await asyncio.sleep(self._pause)
