"""Archives (XLSX and ODS are such), looked through before anybody reads what they say.

What an archive says of its parts is checked, and then every part is unpacked once and dropped piece by piece: what
unpacks to more than it says is found out at the price of what it says.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn
from zlib import error as zlib_error

from esad_gateway.faults import Said
from esad_gateway.sheets.flaws import flaw, refuse

MOST_PARTS: Final = 1_000
MOST_UNPACKED: Final = 512 * 1024 * 1024
"""Bytes of all parts together."""

MOST_RATIO: Final = 250
"""How many times a part may be larger than what it has packed, from :data:`SMALL` bytes on."""

SMALL: Final = 8 * 1024 * 1024

_MANIFEST: Final = "META-INF/manifest.xml"
_CHUNK: Final = 1 << 20
_LONGEST_MARK: Final = 16
_ENCRYPTED: Final = 1
_READABLE: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DECLARED: Final = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?P<encoding>[^\"']*)")
_UTF_8: Final = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})


class Archive:
    """The parts of an archive that were looked through."""

    def __init__(self, file: zipfile.ZipFile, marks: Mapping[str, frozenset[bytes]]) -> None:
        self.file = file
        self.marks = marks
        """Which of the marks that were asked for stand in each part."""

    def __contains__(self, name: str) -> bool:
        return name in self.marks

    def read(self, name: str) -> bytes:
        """The content of a part, which is not checked for its size. Raises KeyError when there is none."""
        return self.file.read(name)


@contextmanager
def open_archive(path: Path, marks: frozenset[bytes] = frozenset()) -> Iterator[Archive]:
    """The archive at ``path``, all of whose parts were unpacked once.

    Raises Unreadable: SHEET-ZIP where it is damaged or cut off, SHEET-PARTS, SHEET-BOMB, SHEET-NAME, SHEET-DOCTYPE, and
    SHEET-PASSWORD where parts are encrypted. Not checked: that its parts are well-formed, and what they say.
    """
    try:
        with zipfile.ZipFile(path) as file:
            _check_directory(file.infolist())
            _check_manifest(file)
            found = {part.filename: _look_through(file, part, marks) for part in file.infolist()}
            yield Archive(file, found)
    except (zipfile.BadZipFile, zlib_error, EOFError, UnicodeDecodeError, NotImplementedError):
        refuse(flaw("SHEET-ZIP"))


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        refuse(flaw("SHEET-PARTS", count=len(parts), most=MOST_PARTS))
    for part in parts:
        _check_part(part)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        _refuse_bomb(max(parts, key=lambda part: part.file_size))
    if len({part.filename.lower() for part in parts}) < len(parts):
        refuse(flaw("SHEET-ZIP"))  # two programs would read different parts


def _check_part(part: zipfile.ZipInfo) -> None:
    # orig_filename has what zipfile cuts off or turns around.
    name = part.orig_filename
    if name.startswith(("/", "\\")) or ":" in name or "\x00" in name or ".." in re.split(r"[/\\]", name):
        refuse(flaw("SHEET-NAME"), value=name)
    if part.flag_bits & _ENCRYPTED:
        refuse(flaw("SHEET-PASSWORD"))
    if part.compress_type not in _READABLE:
        refuse(flaw("SHEET-DAMAGED", format="ZIP", reason=Said("sheet.reason.packing")), value=name)
    if part.file_size > MOST_UNPACKED or part.file_size > max(SMALL, MOST_RATIO * part.compress_size):
        _refuse_bomb(part)


def _check_manifest(file: zipfile.ZipFile) -> None:
    """An ODS that is protected has parts that are no XML; its manifest says so."""
    if _MANIFEST in file.namelist() and b"encryption-data" in file.read(_MANIFEST):
        refuse(flaw("SHEET-PASSWORD"))


def _refuse_bomb(part: zipfile.ZipInfo) -> NoReturn:
    refuse(flaw("SHEET-BOMB", part=part.filename, most=MOST_UNPACKED, ratio=MOST_RATIO))


def _look_through(file: zipfile.ZipFile, part: zipfile.ZipInfo, marks: frozenset[bytes]) -> frozenset[bytes]:
    """Unpack a part once; which of ``marks`` stand in it. zipfile stops at the size that the directory says."""
    found: set[bytes] = set()
    before, is_xml = b"", False
    with file.open(part) as content:
        while chunk := content.read(_CHUNK):
            text = before + chunk
            is_xml = is_xml or (not before and _is_xml(part.filename, text))
            if is_xml:
                _check_xml(part.filename, text, first=not before)
                found |= {mark for mark in marks - found if mark in text}
            before = text[-_LONGEST_MARK:]
    return frozenset(found)


def _is_xml(name: str, begin: bytes) -> bool:
    """By its name, or by its content: a workbook may call its sheets what it likes."""
    return name.lower().endswith((".xml", ".rels")) or begin.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _check_xml(name: str, text: bytes, *, first: bool) -> None:
    if first:
        _check_encoding(name, text)
    if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):  # one search is enough for an ordinary part
        refuse(flaw("SHEET-DOCTYPE", part=name))


def _check_encoding(name: str, text: bytes) -> None:
    """That a part is text in UTF-8: in another encoding nobody would see what is looked for in it."""
    begin = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARED.match(begin)
    if not begin.startswith(b"<") or b"\x00" in begin or (declared and declared["encoding"].lower() not in _UTF_8):
        refuse(flaw("SHEET-DAMAGED", format="XML", reason=Said("sheet.reason.encoding")), value=name)
