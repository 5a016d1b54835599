"""Where a follower of a mailbox stands, kept so that it survives restarts."""

import os
from pathlib import Path
from typing import Any, Final, Protocol

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error

_MOST_DIGITS: Final = 19
"""A number of a mailbox has no more."""


class Cursor(Protocol):
    """What keeps the number of the last message that was handled; where awaited, its methods may be coroutines."""

    def read(self) -> Any:
        """Return the number, 0 when nothing was handled yet."""
        ...

    def write(self, seq: int) -> Any:
        """Keep the number; it is kept when this returns."""
        ...


class CursorFile:
    """A cursor in a file: a line with the number, replaced as a whole and on the disk before ``write`` returns.

    One process may use it at a time. Raises UnreadableInput for a file that cannot be read or written, or holds
    something else.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def read(self) -> int:
        """Return the number in the file, 0 when there is none yet."""
        try:
            text = self._path.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise UnreadableInput(file_error(self._path, error)) from error
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise UnreadableInput(said("client.no_cursor", file=str(self._path), value=text[:40]))
        return int(text)

    def write(self, seq: int) -> None:
        """Put the number into the file."""
        beside = self._path.with_name(f"{self._path.name}.part")
        try:
            with beside.open("w", encoding="ascii") as file:
                file.write(f"{seq}\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
            _sync_folder(self._path.parent)
        except OSError as error:
            raise UnreadableInput(file_error(self._path, error)) from error


def _sync_folder(folder: Path) -> None:
    """Have the name of a replaced file on the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
