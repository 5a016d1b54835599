"""Workers as processes of their own, which a test kills at any moment."""

import time
from collections.abc import Callable
from pathlib import Path

from esad_gateway.batch.work.worker import work
from helpers.forked import ready

PATIENCE = 60.0
"""Seconds: how long anything may take before a test is given up."""


class WorkerProcess:
    """A worker on a data directory."""

    def __init__(self, root: Path) -> None:
        self._process = ready.Process(target=work, args=(root,), daemon=True)
        self._process.start()

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self._process.is_alive()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid or 0

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._process.kill()
        self._process.join()

    def wait(self) -> int:
        """Wait until it has ended by itself; its exit code."""
        self._process.join(PATIENCE)
        assert not self.running, "the worker does not end"
        return self._process.exitcode or 0


def wait_until(true: Callable[[], bool], expected: str, pause: float = 0.005) -> None:
    """Wait until something is true that another process does.

    It is looked for after each ``pause``, in seconds: rarely where looking takes the processor from who does it.
    """
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"not within {PATIENCE:g} s: {expected}"
        time.sleep(pause)
