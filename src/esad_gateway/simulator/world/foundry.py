"""Keys, certificates and data directories of simulated states: made once a process, and copied for every world."""

import fcntl
import os
import shutil
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from esad_gateway import profiles
from esad_gateway.data_directory import DataDirectory
from esad_gateway.provision import create, issue_certificate
from esad_gateway.signing.pki import Identity, KeyKind

BEGAN: Final = datetime(2023, 2, 13, tzinfo=UTC)
"""The first moment of every certificate, and of the e-SAD: a world may begin at any later one, for ten years."""

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of the machine's memory, as the store has it
_PREFIX: Final = "esad-world-"

ROOM: Final = 256 * 1024 * 1024
"""Bytes that there have to be: all states with their logs. Containers often have 64 MB, which a few states fill."""

_LEFT: Final = 6 * 3600.0
"""Seconds after which a folder that nobody uses is one of a process that was killed."""


class Foundry:
    """Makes what takes long once: worlds get copies, and stay apart from each other."""

    def __init__(self) -> None:
        sweep(_MEMORY)
        self._folder, self._mark = _folder_in_memory()
        self._made: dict[str, DataDirectory] = {}
        self._identities: dict[str, Identity] = {}
        self._lock = threading.Lock()

    def folder(self) -> TemporaryDirectory[str]:
        """A new folder for a world, which is gone when it is cleaned up."""
        return TemporaryDirectory(prefix="world-", dir=self._folder.name)

    def copy(self, state: str, to: Path) -> DataDirectory:
        """A data directory of an administration that nobody has used yet, in the new folder ``to``."""
        shutil.copytree(self.made(state).root, to)
        return DataDirectory(to)

    def made(self, state: str) -> DataDirectory:
        """The data directory of an administration that is copied: to be read only."""
        with self._lock:
            made = self._made.get(state)
            if made is None:
                made = self._made[state] = self._create(state)
        return made

    def identity(self, holder: str) -> Identity:
        """The key and the certificate of a trader or an office of a state that was copied before."""
        with self._lock:
            if holder not in self._identities:
                self._identities[holder] = issue_certificate(self._made[holder[:2]], holder, BEGAN, KeyKind.P256)
            return self._identities[holder]

    def _create(self, state: str) -> DataDirectory:
        zone = str(profiles.profile_of(state).time_zone)
        return create(Path(self._folder.name) / state, state, zone, BEGAN, KeyKind.P256)


def _folder_in_memory() -> tuple[TemporaryDirectory[str], int]:
    """A new folder that is gone when it is cleaned up; in memory, where the machine has files there.

    The other one is its mark: as long as that is open, :func:`sweep` leaves the folder alone.
    """
    folder = TemporaryDirectory(prefix=_PREFIX, dir=_MEMORY if has_room(_MEMORY) else None)
    mark = os.open(folder.name, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return folder, mark


def has_room(memory: Path, least: int = ROOM) -> bool:
    """Whether new folders can be made in a folder of the machine's memory, with so many bytes in them."""
    try:
        found = os.statvfs(memory)
    except OSError:
        return False
    unbounded = found.f_blocks == 0  # as Linux tells it of such memory
    return os.access(memory, os.W_OK) and (unbounded or found.f_bavail * found.f_frsize >= least)


def sweep(memory: Path, older: float = _LEFT) -> None:
    """Remove the folders of processes that were killed: nobody else would, and memory is what they take.

    Only one's own, of which nobody holds the mark, and none that is younger than so many seconds: it may not have got
    its mark yet.
    """
    with suppress(OSError):
        for folder in memory.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                _sweep(folder, time.time() - older)


def _sweep(folder: Path, before: float) -> None:
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mtime > before:
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


@cache
def foundry() -> Foundry:
    """The one of this process."""
    return Foundry()
