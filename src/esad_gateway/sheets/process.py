"""Whole sheets are read in a process of their own, which has only so much memory and time.

What a library makes of a hostile file is then bounded by the system, and the memory that a sheet took is given back.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final, NoReturn, Self

from esad_gateway.errors import Unreadable
from esad_gateway.faults import Said, said
from esad_gateway.sheets.flaws import flaw, refuse
from esad_gateway.sheets.held import fault_from, rows_from, said_from
from esad_gateway.sheets.table import Declared, FileFormat, Sheet, SheetRow

MOST_MEGABYTES: Final = 1_024
"""Memory (address space) of the process that reads a sheet."""

MOST_SECONDS: Final = 120
"""Time of the processor that it may take."""

_MOST_WORDS: Final = 1 << 16
"""Bytes that a pipe holds."""

_OF_MEMORY: Final = re.compile(
    b"MemoryError|memory allocation|bad_alloc|cannot allocate memory|failed to map", re.IGNORECASE
)
"""What Python, Rust, C++ and the loader of libraries say before a process ends that gets no more memory."""

_PACKAGE: Final = Path(__file__).parents[2]


@contextmanager
def read_elsewhere(
    path: Path, declared: Declared, *, megabytes: int = MOST_MEGABYTES, seconds: int = MOST_SECONDS
) -> Iterator[Sheet]:
    """The sheet of a file, read by another process, which ends with the context.

    Raises Unreadable as :func:`esad_gateway.sheets.opening.open_sheet` does; SHEET-MEMORY and SHEET-TIME beyond the
    limits, SHEET-KILLED where somebody else ended the process, SHEET-DAMAGED for any other end of it. Not found out:
    whether the machine has that much memory.
    """
    what = {
        "path": str(path),
        "format": declared.format and declared.format.value,
        "sheet": declared.sheet,
        "megabytes": megabytes,
        "seconds": seconds,
    }
    with _Reader(json.dumps(what)) as reader:
        yield reader.sheet(megabytes, seconds)


class _Reader:
    """The other process: it writes a line about the sheet, and then its rows."""

    def __init__(self, what: str) -> None:
        command = [sys.executable, "-P", "-m", "esad_gateway.sheets.child", what]
        # Where the package is not installed the process finds it where we did; nothing else is looked for there.
        env = {**os.environ, "PYTHONPATH": str(_PACKAGE)}
        self._words, words = os.pipe()
        os.set_blocking(words, False)  # what does not fit is lost, and nobody waits for a reader
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=words, env=env
            )
        except OSError:
            os.close(self._words)
            raise
        finally:
            os.close(words)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._lines.close()
        self._process.wait()
        os.close(self._words)

    @property
    def _lines(self) -> IO[bytes]:
        if self._process.stdout is None:
            raise RuntimeError("the process was started with a pipe")
        return self._process.stdout

    def sheet(self, megabytes: int, seconds: int) -> Sheet:
        """The sheet of which the process told first."""
        begin = self._lines.readline()
        if not begin.endswith(b"\n"):
            self._refuse(megabytes, seconds)
        told: dict[str, Any] = json.loads(begin)
        if "faults" in told:
            raise Unreadable(tuple(map(fault_from, told["faults"])))
        rows = self._rows(megabytes, seconds)
        return Sheet(
            format=FileFormat(told["format"]),
            told=MappingProxyType(told["told"]),
            remarks=tuple(map(said_from, told["remarks"])),
            heading=next(rows),
            read=lambda: rows,
        )

    def _rows(self, megabytes: int, seconds: int) -> Iterator[SheetRow]:
        yield from rows_from(self._row_lines())
        if self._process.wait() != 0:
            self._refuse(megabytes, seconds)

    def _row_lines(self) -> Iterator[bytes]:
        for line in self._lines:
            if line.startswith(b"{"):  # something was found while rows were told already
                raise Unreadable(tuple(map(fault_from, json.loads(line)["faults"])))
            if line.endswith(b"\n"):
                yield line

    def _refuse(self, megabytes: int, seconds: int) -> NoReturn:
        """Tell why the process ended: by its status, and by what it said of memory where a library got none."""
        status = self._process.wait()
        match -status:
            case signal.SIGXCPU:
                refuse(flaw("SHEET-TIME", most=seconds))
            case signal.SIGKILL:
                refuse(flaw("SHEET-KILLED"))
            case _ if _OF_MEMORY.search(os.read(self._words, _MOST_WORDS)):
                refuse(flaw("SHEET-MEMORY", most=megabytes))
            case _:
                reason = said("sheet.reason.defect", how=_ending(status))
                refuse(flaw("SHEET-DAMAGED", format="XLSX, ODS, XML", reason=reason))


def _ending(status: int) -> Said:
    """How a process ended, by its exit code or the signal that ended it."""
    if status >= 0:
        return said("sheet.reason.exit", code=status)
    return said("sheet.reason.signal", name=signal.Signals(-status).name)
