"""Files of a command: ``-`` is standard input, and what cannot be used is said by name."""

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Final, TypeVar

from esad_gateway.batch.parallel import in_order
from esad_gateway.errors import UnreadableInput

STDIN: Final = "-"

R = TypeVar("R")


def read(file: str) -> bytes:
    """The content of ``file``. Raises UnreadableInput."""
    try:
        return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{file}: {error.strerror}") from error


def on_files(work: Callable[[str], R], files: Sequence[str]) -> Iterable[R]:
    """What ``work`` makes of each of many files, in their order, on all processors; standard input is read here."""
    return map(work, files) if STDIN in files else in_order(work, files)


def opened(path: Path, what: str) -> AbstractContextManager[IO[bytes]]:
    """A file to read, with a progress bar called ``what`` when somebody watches. Raises UnreadableInput."""
    try:
        if not sys.stderr.isatty():
            return path.open("rb")
        from rich.console import Console  # noqa: PLC0415 - costs more than loading a small file
        from rich.progress import open as open_with_bar  # noqa: PLC0415

        return open_with_bar(path, "rb", description=what, transient=True, console=Console(stderr=True))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error


def write(path: Path, content: bytes) -> None:
    """Replace ``path`` with ``content``, making its folder when there is none. Raises UnreadableInput."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error


def targets(files: Iterable[str], folder: Path) -> list[tuple[str, Path]]:
    """Each file with its namesake in ``folder``. Raises UnreadableInput when two would be written to one place."""
    pairs = [(file, folder / ("stdin.xml" if file == STDIN else Path(file).name)) for file in files]
    names = [target for _, target in pairs]
    twice = sorted({str(target) for target in names if names.count(target) > 1})
    if twice:
        raise UnreadableInput(f"several files would become {', '.join(twice)}")
    return pairs
