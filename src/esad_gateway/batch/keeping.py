"""How long the files of batches are kept: what ended long enough ago is removed, its rows and outcomes stay.

That a file is removed is written down before it is, so that whoever asks for it is told the truth at any moment. What a
crash leaves between the two is removed the next time.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from esad_gateway.batch.arriving import remove_abandoned
from esad_gateway.errors import OwnError
from esad_gateway.ports.clock import Clock
from esad_gateway.store.batch_files import BatchFiles

PAUSE: Final = 3600.0
"""Seconds between two looks for files that have been kept long enough."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Removes files of ended batches in ``folder``.

    They are kept for ``days`` (``None`` for ever), and of each trader the newest ones, of ``most`` bytes together.
    """

    files: BatchFiles
    folder: Path
    days: timedelta | None
    most: int
    clock: Clock

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Remove what is due until the end of the block: at once, and then every hour."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            await asyncio.to_thread(self.attempt)
            await self.clock.rest(self.clock.elapsed() + PAUSE, asyncio.Event())

    def attempt(self) -> None:
        """Remove what is due. A failure is logged, and made up for the next time."""
        try:
            self.remove()
        except OwnError as error:
            log.warning("files of batches have to wait for their removal", reason=str(error))
        except Exception:
            log.exception("files of batches have to wait for their removal")

    def remove(self) -> None:
        """Remove what has been kept long enough, and what arrived and was never taken. Raises StoreUnavailable."""
        now = self.clock.now()
        self.files.release(now, None if self.days is None else now - self.days, self.most)
        there = {one.name for one in self.folder.iterdir()} if self.folder.is_dir() else set[str]()
        for name in self.files.removed(there):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        remove_abandoned(self.folder, self.files.known)
