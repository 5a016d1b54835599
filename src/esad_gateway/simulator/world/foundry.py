"""Keys, certificates and data directories of simulated states: made once a process, and copied for every world."""

import os
import shutil
import threading
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


class Foundry:
    """Makes what takes long once: worlds get copies, and stay apart from each other."""

    def __init__(self) -> None:
        self._folder = folder_in_memory()
        self._made: dict[str, DataDirectory] = {}
        self._identities: dict[str, Identity] = {}
        self._lock = threading.Lock()

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


def folder_in_memory() -> TemporaryDirectory[str]:
    """A new folder that is gone when it is cleaned up; in memory, where the machine has files there."""
    return TemporaryDirectory(prefix="esad-world-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)


@cache
def foundry() -> Foundry:
    """The one of this process."""
    return Foundry()
