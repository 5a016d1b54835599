"""Tables of the result: drawn on a terminal, separated by tabs where a program reads them."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from esad_gateway.cli import output
from esad_gateway.cli.printable import shown

_ANY_WIDTH: Final = 1_000_000


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of texts under their columns. If the terminal is too narrow for that, print a line for every value.

    Nothing is shortened: nobody can use a shortened ARC.
    """
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            output.row(row)
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
            output.result(*([""] if place else []), *_one_below_the_other(columns, row))


def _one_below_the_other(columns: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    widest = max(map(len, columns))
    return (f"{name:{widest}}  {value}".rstrip() for name, value in zip(columns, row, strict=True))
