"""The thread in which the gateways of a world live: tests call it from theirs, and wait."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from typing import Any, Final, TypeAlias, TypeVar

from esad_gateway.errors import OwnError
from esad_gateway.faults import Said, said

T = TypeVar("T")

WITHIN: Final = 60.0
"""Seconds of real time after which what nothing comes of is given up."""

AT_ONE_MOMENT: Final = 10
"""How many times as long things may go on happening while the clock stands at one moment."""

Happened: TypeAlias = Callable[[], tuple[object, object]]
"""Tells the moment that a clock shows, and something that changes whenever anything happens."""


class Background:
    """An event loop in a thread of its own, until it is stopped.

    However much there is to do, it is waited for as long as something happens (``happened``) every ``within`` seconds:
    a year of many movements takes its time.
    """

    def __init__(self, happened: Happened = lambda: (None, None), within: float = WITHIN) -> None:
        self._happened = happened
        self._within = within
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated states", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], within: float | None = None) -> T:
        """Do something in the loop and return what it returns. Raises OwnError when nothing comes of it.

        ``within`` goes before the seconds of the whole.
        """
        within = within or self._within
        waiting = self.spawn(work)
        (moment, before), since = self._happened(), 0
        while not wait([waiting], within).done:
            (now, happened), since = self._happened(), since + 1
            since = since if now == moment else 0
            if happened == before or since >= AT_ONE_MOMENT:
                waiting.cancel()
                raise OwnError(_given_up(moment, within, endless=happened != before))
            moment, before = now, happened
        return waiting.result()

    def spawn(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begin something in the loop that goes on beside everything else; whoever began it ends it.

        Raises OwnError when the loop has ended.
        """
        if self.stopped:
            work.close()
            raise OwnError(Said("sim.closed"))
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @property
    def stopped(self) -> bool:
        """Whether it has ended."""
        return self._loop.is_closed()

    def stop(self) -> None:
        """End the thread, and those that it has started; what still runs there is dropped."""
        self.spawn(_end()).result(WITHIN)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN)
        self._loop.close()


def _given_up(moment: object, within: float, *, endless: bool) -> Said:
    if endless:
        return said("sim.endless", seconds=f"{within * AT_ONE_MOMENT:g}", moment=str(moment))
    return said("sim.stalled", seconds=f"{within:g}")


async def _end() -> None:
    """Cancel everything else of this loop, and wait for it and for the threads that it uses."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
