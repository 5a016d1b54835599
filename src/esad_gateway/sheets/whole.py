"""The readers of whole sheets: which one reads a file, and what every row has to keep to."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final

from esad_gateway.faults import Said, said
from esad_gateway.sheets import ods, xlsx
from esad_gateway.sheets.archive import Archive, open_archive
from esad_gateway.sheets.content import ARCHIVE, expected_format, found_in, refuse_other
from esad_gateway.sheets.fitting import fitted
from esad_gateway.sheets.flaws import flaw, refuse
from esad_gateway.sheets.held import HeldSheet
from esad_gateway.sheets.table import Declared, FileFormat
from esad_gateway.sheets.xml_file import read_xml

_MARKS: Final = xlsx.MARKS | ods.LINKS | ods.THOROUGH
_LONGEST: Final = 200


@contextmanager
def read_whole(path: Path, declared: Declared) -> Iterator[HeldSheet]:
    """The sheet of an XLSX, ODS or XML file; its rows can be read until the context ends. Raises Unreadable."""
    if found_in(path) == ARCHIVE:
        with open_archive(path, _MARKS) as archive:
            yield _fitted(_read_archive(path, archive, declared))
    else:
        yield _fitted(read_xml(path))


def _read_archive(path: Path, archive: Archive, declared: Declared) -> HeldSheet:
    found = _format_of(archive)
    refuse_other(found, expected_format(path, declared))
    if found == FileFormat.ODS.value:
        return ods.read_ods(archive, declared)
    try:
        return xlsx.read_xlsx(path, archive, declared)
    except (xlsx.LIBRARY_ERROR, LookupError, StopIteration) as error:
        words = str(error)[:_LONGEST]
        reason = said("said.library", words=words) if words else Said("sheet.reason.parts")
        refuse(flaw("SHEET-DAMAGED", format="XLSX", reason=reason))


def _format_of(archive: Archive) -> str:
    if xlsx.WORKBOOK in archive:
        return FileFormat.XLSX.value
    if ods.CONTENT in archive and "mimetype" in archive and archive.read("mimetype").startswith(ods.MIME_TYPE):
        return FileFormat.ODS.value
    return "xlsb" if "xl/workbook.bin" in archive else "zip"


def _fitted(sheet: HeldSheet) -> HeldSheet:
    rows = fitted(sheet.rows)
    first = next(rows)  # whatever ends a reader does so before the sheet is told of
    return sheet._replace(rows=chain([first], rows))
