"""What commands print: results on standard output, everything about them on standard error.

The one place through which text reaches a terminal: what others wrote is escaped here, so that no command has to think
of it. Also how a command ends: its exit code is what a script may rely on.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

import typer

from esad_gateway.cli.common.language import tell, wanted, word
from esad_gateway.cli.common.printable import shown, shown_document, shown_json
from esad_gateway.errors import EsadError, NotConfigured, UnreadableInput
from esad_gateway.explain.answer import Line, Marked, Tone, named
from esad_gateway.faults import Fault, Said
from esad_gateway.place import WHOLE
from esad_gateway.texts import say

T = TypeVar("T")


class ExitCode(IntEnum):
    """How a command ended; of several files the greatest counts."""

    FINE = 0
    NEGATIVE = 1
    USAGE = 2


_USAGE: Final = (UnreadableInput, NotConfigured)


def exit_code_of(error: EsadError) -> ExitCode:
    """The exit code for an error that ended a command: usage for what the caller named wrongly, else negative."""
    return ExitCode.USAGE if isinstance(error, _USAGE) else ExitCode.NEGATIVE


_COLOURS: Final[Mapping[Tone, int]] = MappingProxyType({Tone.GOOD: 32, Tone.BAD: 31, Tone.HEAD: 1})

_ANY_WIDTH: Final = 1_000_000

_WORTH_A_BAR: Final = 50  # files; fewer are done before anybody looks


def result(*lines: Line | Said) -> None:
    """Lines of the result; colours are dropped unless standard output is a terminal."""
    for line in lines:
        typer.echo(_told(coloured(line) if isinstance(line, tuple) else tell(line)), color=_colours())


def result_json(value: Mapping[str, Any], *, indent: int | None = None) -> None:
    """One object of the result, as one line of JSON, or with ``indent`` as several."""
    for line in json.dumps(value, ensure_ascii=False, indent=indent).split("\n"):
        typer.echo(shown_json(line))


def _row(cells: Sequence[str]) -> None:
    """A row of a table, as a line of texts between tabs."""
    typer.echo("\t".join(map(shown, cells)))


def headings(*names: str) -> tuple[Said, ...]:
    """The heads of columns, by the names of their sentences."""
    return tuple(Said(f"heading.{name}") for name in names)


def table(heads: Sequence[str | Said], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of texts under the heads of their columns; a line for every value where the terminal is too narrow.

    Nothing is shortened: nobody can use a shortened ARC.
    """
    columns = [word(head) for head in heads]
    if not sys.stdout.isatty():
        _row(columns)
        for row in rows:
            _row(row)
        return
    from rich.console import Console  # noqa: PLC0415 - only somebody who looks pays for drawing
    from rich.measure import Measurement  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console, drawn, listed = Console(), Table(*columns), list(rows)
    for row in listed:
        # A text, not a string: in a string rich would take what stands in brackets for a style.
        drawn.add_row(*(Text(shown(cell)) for cell in row))
    needed = Measurement.get(console, console.options.update(width=_ANY_WIDTH), drawn).maximum
    if needed <= console.width:
        console.print(drawn)
    else:
        for place, row in enumerate(listed):
            result(*([""] if place else []), *_one_below_the_other(columns, row))


def _one_below_the_other(columns: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    widest = max(map(len, columns))
    return (f"{name:{widest}}  {value}".rstrip() for name, value in zip(columns, row, strict=True))


def document(body: bytes) -> None:
    """A document, byte for byte; on a terminal what would act on it stands as character references."""
    on_screen = sys.stdout.isatty()
    typer.echo(shown_document(body.decode("utf-8", "backslashreplace")) if on_screen else body, nl=False)


def note(what: str | Said) -> None:
    """A line beside the result, on standard error."""
    complaint(f"esad: {tell(what)}")


def complaint(text: str) -> None:
    """One line on standard error for a command whose standard output is a document."""
    typer.echo(_told(text), err=True, color=_colours())


def good(what: str | Said) -> str:
    """What is said as good news."""
    return _styled(tell(what), _COLOURS[Tone.GOOD])


def bad(what: str | Said) -> str:
    """What is said as bad news."""
    return _styled(tell(what), _COLOURS[Tone.BAD])


def bold(what: str | Said) -> str:
    """What is said as a heading."""
    return _styled(tell(what), _COLOURS[Tone.HEAD])


def coloured(parts: Iterable[str | Marked]) -> str:
    """A line of an explanation; what has a role in it gets the colour of that."""
    return "".join(part if isinstance(part, str) else _styled(part.text, _COLOURS[part.role]) for part in parts)


def fault_line(file: str, fault: Fault) -> str:
    """A fault in one line: file and line, code, rule, XPath and value if it has a place, what is wrong, and a hint."""
    place = file if fault.line is None else f"{file}:{fault.line}"
    where = "" if fault.place == WHOLE else f" {fault.path} {value_of(fault.value)}"
    told = " / ".join(f"{say(fault.text, one).rstrip('.')}. {say(fault.hint, one)}" for one in wanted())
    return f"{place}: {bad(named(fault.code, fault.rule))}{where}: {told}"


def value_of(value: str | None) -> str:
    """The value of a fault between quotes, or that it is missing."""
    return word(Said("told.missing")) if value is None else json.dumps(value, ensure_ascii=False)


def watched(items: Iterable[T], what: str, total: int | None, *, quiet: bool = False) -> Iterable[T]:
    """``items``, with a progress bar when ``total`` is many and somebody watches while the result goes elsewhere.

    ``None`` is a total that nobody knows. ``quiet``: nothing is printed meanwhile, so it may be the same terminal.
    """
    shown = (total is None or total >= _WORTH_A_BAR) and sys.stderr.isatty() and (quiet or not sys.stdout.isatty())
    return _with_bar(items, what, total) if shown else items


def _with_bar(items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    from rich.console import Console  # noqa: PLC0415 - costs more than the whole check of one document
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, total=total, console=Console(stderr=True), transient=True)


_MARK: Final = os.urandom(8).hex()
"""Stands where a style of ours begins or ends, until the text around it is escaped; nobody else can know it."""

_STYLES: Final = re.compile(rf"{_MARK}:([0-9]+);")


def _styled(text: str, style: int) -> str:
    return f"{_MARK}:{style};{text}{_MARK}:0;"


def _told(line: str) -> str:
    """A line as the terminal gets it: what is in it escaped, our own styles as they are."""
    parts = _STYLES.split(line)
    return "".join(f"\x1b[{part}m" if place % 2 else shown(part) for place, part in enumerate(parts))


def _colours() -> bool | None:
    """``None`` leaves it to the terminal; https://no-color.org."""
    return False if os.environ.get("NO_COLOR") else None
