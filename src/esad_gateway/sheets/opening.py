"""A file of rows, opened as what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esad_gateway.sheets.content import ARCHIVE, expected_format, found_in, refuse_other
from esad_gateway.sheets.csv_file import open_csv
from esad_gateway.sheets.flaws import MOST_BYTES, flaw, refuse
from esad_gateway.sheets.jsonl_file import open_jsonl
from esad_gateway.sheets.process import read_elsewhere
from esad_gateway.sheets.table import Declared, FileFormat, Sheet


@contextmanager
def open_sheet(path: Path, declared: Declared) -> Iterator[Sheet]:
    """The sheet of the file at ``path``; its rows can be read until the context ends.

    The content says what the file is; where the format that is declared, or else the ending of its name, says
    otherwise, it is refused. CSV and JSON lines are read row by row; the others by another process
    (:func:`esad_gateway.sheets.process.read_elsewhere`), since a whole sheet may be large.

    Raises Unreadable with why the file cannot be read: for CSV and JSON lines before any row is told, for the others
    also later, where a row is beyond a limit (:meth:`esad_gateway.sheets.table.Sheet.rows`). Raises OSError as
    :func:`open` does.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        refuse(flaw("SHEET-SIZE", size=size, most=MOST_BYTES))
    if size == 0:
        refuse(flaw("SHEET-EMPTY"))
    found = found_in(path)
    if found != ARCHIVE:
        refuse_other(found, expected_format(path, declared))
    if found in (ARCHIVE, FileFormat.XML.value):
        with read_elsewhere(path, declared) as sheet:
            yield sheet
    else:
        yield open_jsonl(path) if found == FileFormat.JSONL.value else open_csv(path, declared)
