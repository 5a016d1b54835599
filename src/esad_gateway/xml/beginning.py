"""The first bytes of a document: where its text begins, or what was sent instead of XML in UTF-8, by name.

libxml2 guesses encodings from the first bytes, and so does everybody who reads a refusal; here the guess is made once,
said, and nothing else is tried.
"""

import re
from typing import Final

from esad_gateway.errors import MalformedXml
from esad_gateway.xml.scan import declaration_misplaced, refuse

_USUAL_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
_BOM: Final = b"\xef\xbb\xbf"
_BLANK: Final = b" \t\r\n"
_DECLARATION_OPENS: Final = re.compile(rb"<\?xml\s")
_DECLARATION: Final = re.compile(
    rb"""<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["'](?P<encoding>[^"']*)["'])?[^?]*\?>"""
)
_VERSION: Final = re.compile(rb"""<\?xml\s+version\s*=\s*["'](?P<version>[^"'<>]{1,10})["']""")
_LOOKED_AT: Final = 1_024  # bytes in which a declaration that stands too late is looked for

_ONLY: Final = "only UTF-8 is accepted"
_COMPRESSED: Final = "send the document itself, not compressed"
_PACKED: Final = "send the document itself"

# First bytes -> what they are, what to do. Longer ones come first where one begins with the other.
_OTHERS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xfe\x00\x00", f"is in UTF-32; {_ONLY}"),
    (b"\x00\x00\xfe\xff", f"is in UTF-32; {_ONLY}"),
    (b"<\x00\x00\x00", f"is in UTF-32 (a zero byte follows '<'); {_ONLY}"),
    (b"\x00\x00\x00<", f"is in UTF-32 (a zero byte stands before '<'); {_ONLY}"),
    (b"\xff\xfe", f"is in UTF-16; {_ONLY}"),
    (b"\xfe\xff", f"is in UTF-16; {_ONLY}"),
    (b"<\x00", f"is in UTF-16 (a zero byte follows '<'); {_ONLY}"),
    (b"\x00<", f"is in UTF-16 (a zero byte stands before '<'); {_ONLY}"),
    (b"+ADw-", f"is in UTF-7; {_ONLY}"),
    (b"\x4c\x6f\xa7\x94", f"is in EBCDIC; {_ONLY}"),
    (b"\x1f\x8b", f"is compressed with gzip; {_COMPRESSED}"),
    (b"PK\x03\x04", f"is a ZIP archive (an ASiC container and a spreadsheet are, too); {_COMPRESSED}"),
    (b"\x28\xb5\x2f\xfd", f"is compressed with Zstandard; {_COMPRESSED}"),
    (b"BZh", f"is compressed with bzip2; {_COMPRESSED}"),
    (b"\xfd7zXZ\x00", f"is compressed with xz; {_COMPRESSED}"),
    (b"7z\xbc\xaf\x27\x1c", f"is a 7z archive; {_COMPRESSED}"),
    (b"\x78\x01", f"is compressed with deflate (zlib); {_COMPRESSED}"),
    (b"\x78\x9c", f"is compressed with deflate (zlib); {_COMPRESSED}"),
    (b"\x78\xda", f"is compressed with deflate (zlib); {_COMPRESSED}"),
    (b"%PDF-", "is a PDF file, not XML"),
    (b"-----BEGIN ", "is a PEM file, not XML"),
    (b"--", f"is a form with parts (multipart); {_PACKED}, not as an upload of a form"),
    (b"\x30\x80", f"is binary ASN.1 (CMS or PKCS #7, say), not XML; {_PACKED}"),
    (b"\x30\x82", f"is binary ASN.1 (CMS or PKCS #7, say), not XML; {_PACKED}"),
    (b"\x30\x83", f"is binary ASN.1 (CMS or PKCS #7, say), not XML; {_PACKED}"),
    (b"%3C", f"is URL-encoded; {_PACKED}, as it is"),
    (b"&lt;", f"is escaped (&lt; instead of <); {_PACKED}, as it is"),
    (b"{", "is JSON, not XML"),
    (b"[", "is JSON, not XML"),
)
_BASE64: Final = re.compile(rb"P[A-P][A-Za-z0-9+/\r\n]{14}")  # "<" and any three characters, and so on


def check_beginning(data: bytes) -> int:
    """The offset in ``data`` after byte order mark and declaration, where there are any.

    Raises :class:`~esad_gateway.errors.MalformedXml` for what declares or shows another encoding than UTF-8, for what
    is no XML at all, and for a declaration that is not the very first thing. Not checked: that bytes further on are
    UTF-8, which the parser does.
    """
    if data.startswith(_USUAL_DECLARATION):
        return len(_USUAL_DECLARATION)
    start = len(_BOM) if data.startswith(_BOM) else 0
    if not data.startswith(b"<", start):
        _check_text_before(data, start)
    if data.startswith((b"<\x00", b"<\x00\x00\x00")):
        raise MalformedXml(_other(data) or "")
    if b"\x00" in data:
        refuse("a zero byte is no character of XML", data, data.index(b"\x00"))
    return _declared(data, start) if _DECLARATION_OPENS.match(data, start) else start


def _check_text_before(data: bytes, start: int) -> None:
    """Refuse what has something before its first '<'; white space without a declaration behind it is allowed."""
    if not data.strip(_BLANK):
        raise MalformedXml("the document is empty")
    other = _other(data[start:])
    if other:
        raise MalformedXml(other)
    found = _DECLARATION_OPENS.search(data, start, _LOOKED_AT)
    before = data[start : found.start()] if found else b"<"
    if b"<" not in before:
        raise MalformedXml(declaration_misplaced(_in_words(before)))
    if not data.startswith((b" ", b"\t", b"\r", b"\n"), start):
        raise MalformedXml("the document does not begin with '<' in UTF-8")


def _other(data: bytes) -> str | None:
    for first, words in _OTHERS:
        if data.startswith(first):
            return f"the document {words}"
    return f"the document is in base64; {_PACKED}, as it is" if _BASE64.match(data) else None


def _in_words(before: bytes) -> str:
    """What stands before a declaration: white space counted, anything else quoted."""
    if before.strip(_BLANK + _BOM):
        return repr(before.decode("utf-8", "replace").strip()[:40])
    text = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    counts = (
        (text.count(_BOM), "byte order mark"),
        (text.count(b"\n"), "line break"),
        (text.count(b" "), "space"),
        (text.count(b"\t"), "tab"),
    )
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count)


def _declared(data: bytes, start: int) -> int:
    found = _DECLARATION.match(data, start)
    if found is None:
        version = _VERSION.match(data, start)
        other = f"the document declares version {version['version'].decode('ascii', 'replace')}; " if version else ""
        raise MalformedXml(f'{other}the XML declaration must be <?xml version="1.0" encoding="UTF-8"?>')
    encoding = found["encoding"]
    if encoding is not None and encoding.upper() != b"UTF-8":
        name = encoding[:40].decode("ascii", "replace")
        refuse(f"the document declares encoding {name!r}; only UTF-8 is accepted", data, found.start("encoding"))
    return found.end()
