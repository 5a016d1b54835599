"""Least access: a data directory is its owner's only: who can read its store or its keys can act as everybody in it."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600

_OTHERS: Final = 0o077
_SECRET: Final = ("store.db*", "keys/*.key", "keys/*.secret", "pki/*.key", "trader-keys/*.key", "batches/*/file")
"""Files that nobody else may read: messages and tokens' hashes, private keys, and what traders handed in."""


def check_access(root: Path) -> None:
    """That nobody but its owner may enter a data directory, or read its store and keys.

    Raises NotConfigured with everything that is open to others, and the one command that mends it. Not checked: who the
    owner is, and access lists beyond the mode.
    """
    wide = too_open(root)
    if wide:
        raise NotConfigured(said("data.open", found=wide.found, command=wide.command))


@dataclass(frozen=True, slots=True)
class TooOpen:
    """What of a data directory is open to others, and the command that mends it."""

    found: str
    command: str


def too_open(root: Path) -> TooOpen | None:
    """What is open to others; ``None`` for nothing. Raises OSError where that cannot be looked at."""
    wide = {path: mode for path in (root, *_secrets(root)) if (mode := path.stat().st_mode & 0o777) & _OTHERS}
    if not wide:
        return None
    found = ", ".join(f"{path} (mode {mode:o})" for path, mode in wide.items())
    return TooOpen(found, " && ".join(_mending(wide)))


def make_folder(path: Path) -> None:
    """Make a folder for its owner only, with the folders above it; harmless when it is there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def _secrets(root: Path) -> Iterator[Path]:
    for pattern in _SECRET:
        yield from sorted(root.glob(pattern))


def _mending(wide: dict[Path, int]) -> Iterator[str]:
    for mode, folders in ((FOLDER_MODE, True), (FILE_MODE, False)):
        paths = [shlex.quote(str(path)) for path in wide if path.is_dir() is folders]
        if paths:
            yield f"chmod {mode:o} {' '.join(paths)}"
