"""The files of batches: on disk, whole and known by their digest before anybody is told that they were taken."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Final

from esad_gateway.access import FILE_MODE, make_folder
from esad_gateway.errors import StoreUnavailable, TooLarge
from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.ports.batches import BATCH_FILE, LARGEST_FILE

ABANDONED: Final = timedelta(days=1)
"""After so long nothing arrives any more: a file without a batch was left by a process that was killed."""


ARRIVING: Final = "arriving"
"""What a file is called until its end has come: under this name nothing was ever taken, and it may go."""


class ArrivingFile:
    """A file that is arriving, in a folder of its own, which has the ``id`` of the batch to be.

    ``size`` is in bytes, ``lines`` how many ends of lines there are in it. It is locked until it is closed: so others
    can tell that its batch may still be committed.
    """

    def __init__(self, folder: Path) -> None:
        self.id = secrets.token_hex(16)
        self.size = 0
        self.lines = 0
        self.kept = False
        self._folder = folder / self.id
        self._digest = sha256()
        self.path = self._folder / ARRIVING
        with _told():
            make_folder(folder)
            make_folder(self._folder)
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
            self._file = os.fdopen(self._descriptor, "wb")
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    @property
    def sha256(self) -> str:
        """The digest of what has come, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        """Add what came. Raises TooLarge beyond LARGEST_FILE, and StoreUnavailable when the disk is full."""
        self.size += len(piece)
        if self.size > LARGEST_FILE:
            raise TooLarge(LARGEST_FILE)
        self.lines += piece.count(b"\n")
        self._digest.update(piece)
        with _told():
            self._file.write(piece)

    def finish(self) -> None:
        """Have the file on disk, with its name. Raises StoreUnavailable."""
        with _told():
            self._file.flush()
            os.fsync(self._descriptor)
            self.path = self.path.rename(self._folder / BATCH_FILE)
            for folder in (self._folder, self._folder.parent):
                _synced(folder)

    def stand_in(self, number: str) -> None:
        """Put the file in the place of that of a batch, which is lost and was the same. Raises StoreUnavailable."""
        lost = self._folder.parent / number / BATCH_FILE
        with _told():
            make_folder(lost.parent)
            self.path.rename(lost)
            for folder in (lost.parent, lost.parent.parent):
                _synced(folder)

    def close(self) -> None:
        """Remove what was not kept."""
        with suppress(OSError):
            self._file.close()
        if not self.kept:
            shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def arriving(folder: Path) -> Iterator[ArrivingFile]:
    """A new file below a folder; on leaving it is removed unless it is ``kept``. Raises StoreUnavailable."""
    file = ArrivingFile(folder)
    try:
        yield file
    finally:
        file.close()


def remove_abandoned(folder: Path, known: Callable[[Collection[str]], Collection[str]]) -> None:
    """Remove what did not arrive to its end, since the process ended: old folders that are ``known`` as no batch.

    A whole file without a batch stays: where the store was replaced by an older one, it is all that there is of it.
    """
    old = {one.name for one in folder.iterdir() if _is_old(one)} if folder.is_dir() else set()
    for name in old.difference(known(old)):
        shutil.rmtree(folder / name, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    """Whether nothing arrives in a folder any more, and nothing has arrived in it to its end."""
    try:
        age = time() - folder.stat().st_mtime
    except FileNotFoundError:
        return False
    return age > ABANDONED.total_seconds() and not (folder / BATCH_FILE).exists()


def _synced(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(said("store.batch_not_kept", why=why(error))) from error
