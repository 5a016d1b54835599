"""The clocks of movements: when one ends, the gateway decides once what that does, and writes it."""

import asyncio
from collections.abc import Callable

import structlog

from esad_gateway.errors import OwnError
from esad_gateway.gateway.commit import Committer
from esad_gateway.ports.clock import Clock, What

log = structlog.get_logger(__name__)


class Timers:
    """Looks for clocks that have ended: at the moment when the next one does, and every ``pause`` seconds at least.

    ``fired`` is called when a clock has fired. Clocks stand in the store with their movements, not in memory: so a
    restart forgets none, and none fires twice.
    """

    def __init__(self, committer: Committer, clock: Clock, pause: float, fired: Callable[[], object]) -> None:
        self._committer = committer
        self._clock = clock
        self._pause = pause
        self._fired = fired

    async def run(self) -> None:
        """Fire clocks until cancelled. What fails is logged and tried again: nobody would start this anew."""
        while True:
            ahead = self._pause
            try:
                if await asyncio.to_thread(self._committer.tick, self._clock.now()):
                    self._fired()
                ahead = await asyncio.to_thread(self._until_next)
            except OwnError as error:
                log.warning("clocks have to wait", reason=str(error))
            except Exception:
                log.exception("clocks have to wait")
            await self._clock.rest(self._clock.elapsed() + ahead, asyncio.Event())

    def _until_next(self) -> float:
        """Seconds until the next clock ends; a whole pause when that clock ended before and failed by a defect."""
        upcoming = self._committer.store.upcoming(What.CLOCK, What.PARKED)
        ahead = [(one.at - self._clock.now()).total_seconds() for one in upcoming]
        return min([self._pause, *(seconds for seconds in ahead if seconds > 0)])
