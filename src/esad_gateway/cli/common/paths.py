"""Files of a command: ``-`` is standard input, and what cannot be used is said by name. Also where the program is."""

import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any, Final, TypeVar

import typer

from esad_gateway.batch.parallel import in_order
from esad_gateway.cli.common.language import wrong
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error

STDIN: Final = "-"

R = TypeVar("R")

Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write the answer to a JSON file as well.")
]
Signed = Annotated[bool, typer.Option("--sign", help="Sign the file as our administration: XAdES-B, FILE.xades.xml.")]


def program() -> str:
    """``esad`` as this shell finds it, to begin a command with that somebody is to type next."""
    return "esad" if shutil.which("esad") else shlex.quote(str(Path(sys.executable).with_name("esad")))


def content(file: str) -> bytes:
    """The content of ``file``. Raises OSError."""
    return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()


def read(file: str) -> bytes:
    """The content of ``file``. Raises UnreadableInput."""
    try:
        return content(file)
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error


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
        raise UnreadableInput(file_error(path, error)) from error


def write(path: Path, content: bytes) -> None:
    """Replace ``path`` with ``content``, making its folder when there is none. Raises UnreadableInput."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UnreadableInput(file_error(path, error)) from error


def targets(files: Iterable[str], folder: Path) -> list[tuple[str, Path]]:
    """Each file with its namesake in ``folder``. Raises UnreadableInput when two would be written to one place."""
    pairs = [(file, folder / ("stdin.xml" if file == STDIN else Path(file).name)) for file in files]
    names = [target for _, target in pairs]
    twice = sorted({str(target) for target in names if names.count(target) > 1})
    if twice:
        raise UnreadableInput(said("usage.several_files", files=", ".join(twice)))
    return pairs


def check_wanted(report: Path | None, data: Path | None, *, sign: bool) -> None:
    """Raise BadParameter when the options for a report do not go together; to be asked before there is an answer."""
    if (sign and report is None) or (report is not None and data is None):
        raise wrong(Said("usage.report"))


def write_report(answer: Mapping[str, Any], file: Path | None, data: Path | None, *, sign: bool) -> None:
    """Write an answer to ``file``, with the administration and the present moment, and sign it if that is asked for.

    Without ``file`` nothing happens. Raises UnreadableInput when it cannot be written; NotConfigured and
    StoreUnavailable as :func:`esad_gateway.cli.common.handing_out.sign_file`.
    """
    if file is None or data is None:
        return
    from esad_gateway.settings import read_settings  # noqa: PLC0415 - few commands hand anything out

    own, now = read_settings(data).profile().address, datetime.now(UTC)
    made = {"administration": own, "madeAt": now.isoformat(timespec="seconds"), **answer}
    write(file, json.dumps(made, ensure_ascii=False, indent=2).encode() + b"\n")
    if sign:
        from esad_gateway.cli.common.handing_out import sign_file  # noqa: PLC0415 - nor sign it

        sign_file(file, data)
