"""Work of a thread that lasts for as long as a test says."""

import asyncio
from threading import Event, Semaphore

from helpers.gateway import PATIENCE


class Blocked:
    """Work that begins, and then waits until it is released."""

    def __init__(self) -> None:
        self.free = Event()
        self._begun = Semaphore(0)

    def __call__(self) -> None:
        """Work."""
        self._begun.release()
        assert self.free.wait(PATIENCE)

    async def begun(self, times: int = 1) -> None:
        """Wait until so many threads have begun."""
        for _ in range(times):
            assert await asyncio.to_thread(self._begun.acquire, timeout=PATIENCE)
