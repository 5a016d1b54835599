"""A process that delivers from a store, and no more: ``python -m helpers.delivering STORE URL LEASE NAME``."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

from esad_gateway.gateway.delivery import Delivery
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.gateway.retries import RetryPolicy
from esad_gateway.store.opening import open_store
from esad_gateway.transport.http import HttpTransport

IN_FLIGHT = 4
PAUSE = 0.05


def deliver(database: Path, url: str, lease: int, name: str) -> None:
    """Deliver to Poland until the process ends."""
    store, policy = open_store(database, "NDEA.LT"), RetryPolicy(in_flight=IN_FLIGHT, lease=timedelta(seconds=lease))
    transport = HttpTransport(lambda: {"NDEA.PL": url}, 0.48 * lease)
    asyncio.run(Delivery(store, transport, SystemClock(), policy, PAUSE, holder=name).run())


@contextmanager
def delivering(database: Path, url: str, lease: int, *names: str) -> Iterator[dict[str, Popen[bytes]]]:
    """So many processes that deliver from one store, by their names; they are killed at the end of the block."""
    tests = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "helpers.delivering", str(database), url, str(lease)]
    processes = {name: Popen([*command, name], cwd=tests) for name in names}
    try:
        yield processes
    finally:
        for process in processes.values():
            process.kill()
            process.wait()


if __name__ == "__main__":
    deliver(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
