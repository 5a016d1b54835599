"""Who starts workers ends them as well."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from esad_gateway.batch.work.workers import Workers
from esad_gateway.gateway.pace import SystemClock

DEAF = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(600)
"""
PATIENCE = 60.0


def _written(path: Path) -> int:
    end = time.monotonic() + PATIENCE
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end, "the worker does not begin"
        time.sleep(0.01)
    return int(path.read_text())


async def _deaf_worker(path: Path) -> int:
    workers = Workers(path.parent, lambda: True, SystemClock(), (sys.executable, "-c", DEAF, str(path)))
    async with workers.running():
        return await asyncio.to_thread(_written, path)


def test_worker_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    """A gateway that stops does not wait for it without end, and leaves nobody behind who works on its store."""
    number = asyncio.run(asyncio.wait_for(_deaf_worker(tmp_path / "pid"), PATIENCE))

    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_work_that_does_not_end_is_not_waited_for_without_end(tmp_path: Path) -> None:
    """Whoever waits until nothing is left to do is told that something is."""

    async def waits() -> bool:
        workers = Workers(tmp_path, lambda: True, SystemClock(), (sys.executable, "-c", DEAF, str(tmp_path / "pid")))
        async with workers.running():
            await asyncio.to_thread(_written, tmp_path / "pid")
            return await workers.idle(0.05)

    assert not asyncio.run(asyncio.wait_for(waits(), PATIENCE))
