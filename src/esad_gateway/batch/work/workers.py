"""Who starts workers: a gateway that is served, whenever there is something to do, one at a time."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from esad_gateway.errors import OwnError
from esad_gateway.ports.clock import Clock

TRY_AGAIN: Final = 2.0
"""Seconds until another worker is started, when one has left something to do: its store was full, or somebody else is
at it."""

GRACE: Final = 5.0
"""Seconds that a worker has to end when it is asked to; then it is killed, which it may be at any moment."""

log = structlog.get_logger(__name__)


class Workers:
    """Starts a worker on a data directory when it is woken, and as long as something is ``pending``.

    ``command`` is what starts one, if not ``esad worker``; ``arguments`` is asked what that is told besides, and
    ``ended`` is called when one has ended.
    """

    def __init__(
        self,
        root: Path,
        pending: Callable[[], bool],
        clock: Clock,
        command: tuple[str, ...] | None = None,
        *,
        arguments: Callable[[], tuple[str, ...]] = tuple,
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        ours = (sys.executable, "-m", "esad_gateway", "worker", "--data", str(root), "--beside", str(os.getpid()))
        self._command = command or ours
        self._arguments = arguments
        self._ended = ended
        self._idle = asyncio.Event()
        self._pending = pending
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look for something to do, soon. Any thread may call it."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._woken.set)

    async def idle(self, within: float) -> bool:
        """Wait until nothing is left to do, so many seconds at most; whether that is so."""
        end = self._clock.elapsed() + within
        while await self._something_to_do():
            if self._clock.elapsed() >= end:
                return False
            self._idle.clear()
            self._woken.set()
            await self._clock.rest(end, self._idle)
        return True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start workers until the end of the block. One that works then is ended; the next one goes on behind it."""
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._loop = None
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            if not await self._something_to_do():
                self._idle.set()
                await self._woken.wait()
            elif not await self._worked() or await self._something_to_do():
                await self._rest()

    async def _something_to_do(self) -> bool:
        try:
            return await asyncio.to_thread(self._pending)
        except OwnError as error:
            log.warning("nobody knows whether batches wait", reason=str(error))
            await self._rest()
            return True

    async def _rest(self) -> None:
        await self._clock.rest(self._clock.elapsed() + TRY_AGAIN, self._woken)

    async def _worked(self) -> bool:
        """Whether a worker has ended well."""
        command = (*self._command, *self._arguments())
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                await self._end(process)
        self._ended()
        if code:
            log.warning("a worker has ended, and left something to do", code=code)
        return code == 0

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Have a worker end: nobody waits for one that does not listen, and none is left behind."""
        ended, waiting = asyncio.Event(), asyncio.create_task(process.wait())
        waiting.add_done_callback(lambda _: ended.set())
        process.terminate()
        await self._clock.rest(self._clock.elapsed() + GRACE, ended)
        if not ended.is_set():
            process.kill()
        await waiting
