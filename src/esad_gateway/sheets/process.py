"""Whole sheets are read in a process of their own, which has only so much memory and time.

What a library makes of a hostile file is then bounded by the system, and the memory that a sheet took is given back.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final, NoReturn, Self

from esad_gateway.errors import Unreadable
from esad_gateway.faults import Said
from esad_gateway.sheets.flaws import flaw, refuse
from esad_gateway.sheets.held import fault_from, rows_from, said_from
from esad_gateway.sheets.table import Declared, FileFormat, Sheet, SheetRow

MOST_MEGABYTES: Final = 1_024
"""Memory (address space) of the process that reads a sheet."""

MOST_SECONDS: Final = 120
"""Time of the processor that it may take."""

_PACKAGE: Final = Path(__file__).parents[2]


@contextmanager
def read_elsewhere(
    path: Path, declared: Declared, *, megabytes: int = MOST_MEGABYTES, seconds: int = MOST_SECONDS
) -> Iterator[Sheet]:
    """The sheet of a file, read by another process, which ends with the context.

    Raises Unreadable as :func:`esad_gateway.sheets.opening.open_sheet` does; SHEET-MEMORY and SHEET-TIME beyond the
    limits. Not found out: whether the machine has that much memory.
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
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._lines.close()
        self._process.wait()

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
        match -self._process.wait():
            case signal.SIGXCPU | signal.SIGKILL:
                refuse(flaw("SHEET-TIME", most=seconds))
            case -1:
                refuse(flaw("SHEET-DAMAGED", format="XLSX, ODS, XML", reason=Said("sheet.reason.defect")))
            case _:
                # A library that gets no memory ends the process, each in its way.
                refuse(flaw("SHEET-MEMORY", most=megabytes))
