"""What commands print: results on standard output, everything about them on standard error."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import typer

from esad_gateway.faults import Fault

T = TypeVar("T")

WHOLE_DOCUMENT: Final = "/"
"""The path of a fault that keeps a document from being read at all."""

_WORTH_A_BAR: Final = 50  # files; fewer are done before anybody looks


def result(text: str) -> None:
    """One line of the result; colours are dropped unless standard output is a terminal."""
    typer.echo(text, color=_colours())


def result_json(value: Mapping[str, Any]) -> None:
    """One object of the result, as one line of JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def note(text: str) -> None:
    """A line beside the result, on standard error."""
    typer.echo(f"esad: {text}", err=True, color=_colours())


def complaint(text: str) -> None:
    """One line on standard error for a command whose standard output is a document."""
    typer.echo(text, err=True, color=_colours())


def good(text: str) -> str:
    """``text`` as good news."""
    return typer.style(text, fg=typer.colors.GREEN)


def bad(text: str) -> str:
    """``text`` as bad news."""
    return typer.style(text, fg=typer.colors.RED)


def fault_line(file: str, fault: Fault) -> str:
    """A fault in one line: file and line, code, rule, XPath and value if it has a place, what is wrong, and a hint."""
    place = file if fault.line is None else f"{file}:{fault.line}"
    value = "missing" if fault.value is None else json.dumps(fault.value, ensure_ascii=False)
    where = "" if fault.path == WHOLE_DOCUMENT else f" {fault.path} {value}"
    return f"{place}: {bad(f'{fault.code} {fault.rule}')}{where}: {fault.en.rstrip('.')}. {fault.hint}"


def watched(items: Sequence[T], what: str) -> Iterable[T]:
    """``items``, with a progress bar when there are many and somebody watches while the result goes elsewhere."""
    shown = len(items) >= _WORTH_A_BAR and sys.stderr.isatty() and not sys.stdout.isatty()
    return _with_bar(items, what) if shown else items


def _with_bar(items: Sequence[T], what: str) -> Iterator[T]:
    from rich.console import Console  # noqa: PLC0415 - costs more than the whole check of one document
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, console=Console(stderr=True), transient=True)


def _colours() -> bool | None:
    """``None`` leaves it to the terminal; https://no-color.org."""
    return False if os.environ.get("NO_COLOR") else None
