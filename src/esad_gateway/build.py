"""Which build of the gateway runs: what ran into a defect of one build may not run into it in another."""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_LENGTH = 12
_ROOT = Path(__file__).parent


@cache
def own_build() -> str:
    """A short name of the program as it is installed: another one as soon as any of its modules is another.

    Only names, sizes and times of the files are looked at, so the same program that is installed again is another
    build. What a process has loaded stays the build that it is.
    """
    return hashlib.sha256("\n".join(sorted(_modules(str(_ROOT)))).encode()).hexdigest()[:_LENGTH]


def _modules(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                seen = entry.stat()
                yield f"{os.path.relpath(entry.path, _ROOT)} {seen.st_size} {seen.st_mtime_ns}"
