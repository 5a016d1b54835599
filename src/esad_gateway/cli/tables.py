"""Tables of the result: drawn on a terminal, separated by tabs where a program reads them."""

import sys
from collections.abc import Iterable, Sequence

import typer


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of texts under their columns."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            typer.echo("\t".join(row))
        return
    from rich.console import Console  # noqa: PLC0415 - only somebody who looks pays for drawing
    from rich.table import Table  # noqa: PLC0415

    drawn = Table(*columns)
    for row in rows:
        drawn.add_row(*row)
    Console().print(drawn)
