"""The file of a recording: written as a whole or not at all, and read with the place of what is wrong."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error
from esad_gateway.json_errors import why_no_json
from esad_gateway.simulator.recording.model import VERSION, RecordedExchange, Recording, RecordingHead

NAME: Final = "recording.jsonl"
"""How the file is called in the folder of a recording."""

LONGEST_LINE: Final = 64 * 1024 * 1024
SHOWN: Final = 3
"""How many things that are wrong with a line are told."""

M = TypeVar("M", bound=BaseModel)


def new_folder(folder: Path) -> Path:
    """A folder that is new or empty, for a recording. Raises UnreadableInput."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UnreadableInput(said("recording.not_empty", folder=str(folder)))
        probe = folder / f"{NAME}.part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UnreadableInput(file_error(folder, error)) from error
    return folder


def write(folder: Path, recording: Recording) -> Path:
    """Write a recording into its folder. Raises UnreadableInput when that cannot be; then nothing is left of it."""
    file, part = folder / NAME, folder / f"{NAME}.part"
    try:
        with part.open("w", encoding="utf-8") as to:
            to.writelines(recording.lines())
            to.flush()
            os.fsync(to.fileno())
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise UnreadableInput(file_error(file, error)) from error
    return file


def read(path: Path) -> Recording:
    """The recording of a file, or of the folder that it is in.

    Raises UnreadableInput with the line of what is wrong: no JSON, another version, unknown or missing members, fewer
    lines than there were.
    """
    file = path / NAME if path.is_dir() else path
    try:
        with file.open(encoding="utf-8") as lines:
            return _read(file, lines)
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error
    except UnicodeDecodeError as error:
        raise UnreadableInput(said("file.named", file=str(file), why=Said("recording.no_text"))) from error


def _read(file: Path, lines: Iterator[str]) -> Recording:
    head = _head(file, next(lines, ""))
    exchanges = tuple(
        _line(file, number, line, RecordedExchange) for number, line in enumerate(islice(lines, head.exchanges + 1), 2)
    )
    if len(exchanges) != head.exchanges:
        told = said("recording.lines", expected=head.exchanges, found=len(exchanges))
        raise UnreadableInput(said("file.named", file=str(file), why=told))
    return Recording(head=head, exchanges=exchanges)


def _head(file: Path, line: str) -> RecordingHead:
    try:
        found = _json(file, 1, line)
    except UnreadableInput as error:
        raise UnreadableInput(said("file.named", file=str(file), why=Said("recording.none"))) from error
    version = found.get("recording") if isinstance(found, dict) else None
    if version is None:
        raise UnreadableInput(said("file.named", file=str(file), why=Said("recording.none")))
    if version != VERSION:
        told = said("recording.version", found=f"{version!r:.40}", known=VERSION)
        raise UnreadableInput(said("file.named", file=str(file), why=told))
    return _line(file, 1, line, RecordingHead)


def _json(file: Path, number: int, line: str) -> object:
    if len(line) > LONGEST_LINE:
        raise _wrong(file, number, said("recording.long", most=LONGEST_LINE))
    try:
        return json.loads(line)
    except ValueError as error:
        raise _wrong(file, number, why_no_json(error)) from error
    except RecursionError as error:
        raise _wrong(file, number, Said("recording.deep")) from error


def _line(file: Path, number: int, line: str, kind: type[M]) -> M:
    found = _json(file, number, line)
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        told = "; ".join(_told(one["loc"], one["msg"]) for one in error.errors(include_url=False)[:SHOWN])
        raise _wrong(file, number, said("said.library", words=told)) from error


def _told(place: tuple[int | str, ...], words: str) -> str:
    return f"/{'/'.join(map(str, place))}: {words}"


def _wrong(file: Path, number: int, why: Said) -> UnreadableInput:
    return UnreadableInput(said("recording.line", file=str(file), line=number, why=why))
