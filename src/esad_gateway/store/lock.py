"""One gateway a store: two would give out the same numbers of a line twice and deliver everything twice."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.file_errors import why

LOCK = "store.lock"
"""Beside the database; it stays when a gateway ends, only who holds it matters."""


_LOOK_AGAIN = 0.05
"""Seconds between two looks whether the gateway before this one has ended."""


@contextmanager
def claimed(database: Path, wait: float = 0) -> Iterator[None]:
    """Hold a store for one gateway until the block ends, or the process does, however that happens.

    Raises NotConfigured, with the number of the process, when another gateway holds it still after ``wait`` seconds.
    Not kept out: commands that read or write the store for a moment, which may run beside a gateway.
    """
    file = database.with_name(LOCK)
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NotConfigured(said("store.unlocked", file=str(file), why=why(error))) from error
    try:
        _lock(descriptor, database, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, database: Path, until: float) -> None:
    while not _taken(descriptor):
        if time.monotonic() < until:
            time.sleep(_LOOK_AGAIN)
            continue
        holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "?"
        raise NotConfigured(said("data.locked", file=str(database), holder=holder))
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
