"""All member states of ``esad simulate``: how soon they answer, what they hold, what they use while idle."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from esad_gateway.benchmarks.builds import cpu_seconds, environment, memory_mb
from esad_gateway.errors import NotConfigured
from esad_gateway.frozen import frozen
from esad_gateway.profiles import STATES
from esad_gateway.simulator.box import free_ports

PATIENCE: Final = 60.0
"""Seconds after which they are not waited for any more."""

AFTER: Final = 2.0
"""Seconds until what follows from the questions is over, and nothing is left to do."""

_LOOK_EVERY: Final = 0.02


@frozen(kw_only=True)
class StatesTook:
    """Seconds of the processor and by the clock: until the simulator answered, and until every state had.

    ``memory`` is MiB at most, and ``idle`` seconds of the processor a second while all states are open and none is
    asked.
    """

    ready: tuple[float, float]
    opened: tuple[float, float]
    memory: float
    idle: float


def measure_states(idle: float) -> StatesTook:
    """Start all member states, ask every one of them, and leave them alone for ``idle`` seconds.

    Raises NotConfigured where they do not answer.
    """
    port = free_ports(1)[0]
    begun = time.perf_counter()
    with _simulating(port) as process:
        _answer(f"http://127.0.0.1:{port}/sim", process, begun + PATIENCE)
        ready = cpu_seconds(process.pid), time.perf_counter() - begun
        for code in STATES:
            _answer(f"http://127.0.0.1:{port}/{code.lower()}/health", process, begun + PATIENCE)
        opened = cpu_seconds(process.pid), time.perf_counter() - begun
        time.sleep(AFTER)
        before = cpu_seconds(process.pid)
        time.sleep(idle)
        used = (cpu_seconds(process.pid) - before) / idle
        return StatesTook(ready=ready, opened=opened, memory=memory_mb(process.pid), idle=used)


@contextmanager
def _simulating(port: int) -> "Iterator[subprocess.Popen[bytes]]":
    command = [sys.executable, "-m", "esad_gateway", "simulate", "--states", "all", "--port", str(port)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment())  # noqa: S603 - our own
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _answer(url: str, process: "subprocess.Popen[bytes]", until: float) -> None:
    """Ask until there is an answer."""
    while True:
        try:
            with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - an address of this machine
                answer.read()
        except URLError as error:
            if process.poll() is not None or time.perf_counter() > until:
                raise NotConfigured(f"esad simulate does not answer: {error}") from error
            time.sleep(_LOOK_EVERY)
        else:
            return
