"""The folder of the page: looked at before the first test, and written after the last one, all of it or nothing."""

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.texts import say

DATA: Final = "coverage.json"
"""What the page is made of; a folder that has it is one of ours."""


def check(folder: Path) -> str | None:
    """Make the folder, if need be. Returns what is wrong with it, in words; ``None`` when the page can be there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            others = any(folder.iterdir()) and not (folder / DATA).exists()
    except OSError as error:
        return unwritten(folder, error)
    return say(said("coverage.other_folder", folder=str(folder))) if others else None


def unwritten(folder: Path, error: OSError) -> str:
    """Why the page cannot be written, in words."""
    return say(said("coverage.unwritten", folder=str(folder), why=why(error)))


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Put files there, by their names, each whole. Two runs at once write one after the other. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as new:
        for name, text in files.items():
            (Path(new) / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        for name in files:
            (Path(new) / name).replace(folder / name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
