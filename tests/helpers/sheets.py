"""Files of rows, read as users have them read."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from esad_gateway.errors import Unreadable
from esad_gateway.faults import Fault
from esad_gateway.sheets.held import cells_of
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Cell, Declared, Sheet, SheetRow
from esad_gateway.sheets.whole import read_whole
from esad_gateway.texts import in_every_language, say

NOTHING = Declared()


def read(path: Path, declared: Declared = NOTHING) -> tuple[Sheet, list[SheetRow]]:
    """A file, and its rows with the heading as the first."""
    with open_sheet(path, declared) as sheet:
        rows = [sheet.heading, *sheet.rows()]
    return sheet, rows


def cells(path: Path, declared: Declared = NOTHING) -> list[tuple[Cell, ...]]:
    """The cells of the rows below the heading."""
    return [row.cells for row in read(path, declared)[1][1:]]


def read_here(path: Path) -> list[tuple[Cell, ...]]:
    """All rows of a whole sheet, read in this process, for tests that read hundreds."""
    with read_whole(path, NOTHING) as sheet:
        return [cells_of(row.kinds, row.texts) for row in sheet.rows]


def refused(path: Path, declared: Declared = NOTHING) -> Fault:
    """The one fault of a file, which is told before any row, in every language."""
    with pytest.raises(Unreadable) as caught, open_sheet(path, declared):
        pass
    (fault,) = caught.value.faults
    assert all(in_every_language(fault.text).values())
    assert all(in_every_language(fault.hint).values())
    return fault


def remarks(path: Path, declared: Declared = NOTHING) -> list[str]:
    """What is remarked on about a file, in English."""
    sheet, _ = read(path, declared)
    assert all(in_every_language(one) for one in sheet.remarks)
    return [say(one) for one in sheet.remarks]


def zipped(path: Path, parts: Mapping[str, bytes | str]) -> Path:
    """An archive with these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_parts(path: Path, parts: Mapping[str, bytes | str]) -> Path:
    """The archive at ``path`` with these parts in place of its own, or beside them."""
    with zipfile.ZipFile(path) as archive:
        own: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    return zipped(path, own | dict(parts))
