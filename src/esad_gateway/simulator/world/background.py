"""The thread in which the gateways of a world live: tests call it from theirs, and wait."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from esad_gateway.errors import OwnError

T = TypeVar("T")

WITHIN = 60.0
"""Seconds of real time that anything may take before it is given up."""


class Background:
    """An event loop in a thread of its own, until it is stopped."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated states", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], within: float = WITHIN) -> T:
        """Do something in the loop and return what it returns. Raises OwnError after ``within`` seconds."""
        waiting = self.spawn(asyncio.wait_for(work, within))
        try:
            return waiting.result()
        except TimeoutError as error:
            raise OwnError(f"the simulated states have not done it within {within:g} s") from error

    def spawn(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begin something in the loop that goes on beside everything else; whoever began it ends it."""
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


async def _end() -> None:
    """Cancel everything else of this loop, and wait for it and for the threads that it uses."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
