"""A file of rows, opened as what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esad_gateway.sheets.csv_file import open_csv
from esad_gateway.sheets.flaws import MOST_BYTES, flaw, refuse
from esad_gateway.sheets.table import Declared, Sheet

__all__ = ["open_sheet"]


@contextmanager
def open_sheet(path: Path, declared: Declared) -> Iterator[Sheet]:
    """The sheet of the file at ``path``; its rows can be read until the context ends.

    Raises Unreadable with why the file cannot be read, before it tells any row; OSError as :func:`open` does.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        refuse(flaw("SHEET-SIZE", size=size, most=MOST_BYTES))
    yield open_csv(path, declared)
