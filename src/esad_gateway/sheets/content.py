"""What a file is by its content, whatever it is called."""

import mmap
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said
from esad_gateway.sheets.flaws import flaw, refuse
from esad_gateway.sheets.table import Declared, FileFormat

ARCHIVE: Final = "archive"
"""A ZIP archive; which one, only its names tell."""

FOUND: Final = (
    *(each.value for each in FileFormat),
    *("json", "xls", "xlsb", "html", "pdf", "zip", "packed", "image", "other"),
)
"""What a file may be found to be: the formats that are read, and others that are told by name."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MAGIC: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"PK\x03\x04": ARCHIVE,
        b"PK\x05\x06": "zip",
        b"%PDF": "pdf",
        b"\x1f\x8b": "packed",
        b"BZh": "packed",
        b"7z\xbc\xaf": "packed",
        b"Rar!": "packed",
        b"\xfd7zXZ": "packed",
        b"\x28\xb5\x2f\xfd": "packed",
        b"\x89PNG": "image",
        b"\xff\xd8\xff": "image",
        b"GIF8": "image",
    }
)
_TEXTS: Final = (
    (re.compile(rb"<(?:!doctype\s+)?html", re.IGNORECASE), "html"),
    (re.compile(rb"<[?!A-Za-z_]"), FileFormat.XML.value),
    (re.compile(rb"\{\s*[\"}]"), FileFormat.JSONL.value),
    (re.compile(rb"\[\s*[{\[\]]"), "json"),
)
_LOOKED_AT: Final = 4_096
_ENDINGS: Final[Mapping[str, FileFormat]] = MappingProxyType(
    {
        **{f".{each.value}": each for each in FileFormat},
        ".tsv": FileFormat.CSV,
        ".txt": FileFormat.CSV,
        ".xlsm": FileFormat.XLSX,
        ".ndjson": FileFormat.JSONL,
    }
)


def found_in(path: Path) -> str:
    """What the content of a file is: one of :data:`FOUND`, or :data:`ARCHIVE`.

    Raises Unreadable for a workbook that is protected by a password.
    """
    with path.open("rb") as file:
        begin = file.read(_LOOKED_AT)
    if begin.startswith(_OLE):
        _check_password(path)
        return "xls"
    for magic, found in _MAGIC.items():
        if begin.startswith(magic):
            return found
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((found for pattern, found in _TEXTS if pattern.match(text)), FileFormat.CSV.value)


def expected_format(path: Path, declared: Declared) -> FileFormat | None:
    """The format that is declared, or else the one of the file's ending; ``None`` where neither says anything."""
    return declared.format or _ENDINGS.get(path.suffix.lower())


def refuse_other(found: str, expected: FileFormat | None) -> None:
    """Raise Unreadable where a file is found to be no file of rows, or one of another format than is expected."""
    shown = Said(f"sheet.found.{found}")
    if found not in {each.value for each in FileFormat}:
        refuse(flaw("SHEET-UNKNOWN", found=shown))
    if expected is not None and expected.value != found:
        refuse(flaw("SHEET-FORMAT", declared=expected.value.upper(), found=shown))


def _check_password(path: Path) -> None:
    # Office puts what it has encrypted into a container of the old kind, with a stream of this name.
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            refuse(flaw("SHEET-PASSWORD"))
