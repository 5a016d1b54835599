"""The first bytes of a document: where its text begins, or what was sent instead of XML in UTF-8, by name.

libxml2 guesses encodings from the first bytes, and so does everybody who reads a refusal; here the guess is made once,
said, and nothing else is tried.
"""

import re
from collections.abc import Iterator
from typing import Final

from esad_gateway.errors import MalformedXml
from esad_gateway.faults import Said, Value, listed, said
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

_JSON: Final = Said("xml.json")
_ASN1: Final = Said("xml.asn1")
_DEFLATE: Final = said("xml.compressed", name="deflate (zlib)")

# First bytes -> what they are, what to do. Longer ones come first where one begins with the other.
_OTHERS: Final[tuple[tuple[bytes, Said], ...]] = (
    (b"\xff\xfe\x00\x00", said("xml.encoding", name="UTF-32")),
    (b"\x00\x00\xfe\xff", said("xml.encoding", name="UTF-32")),
    (b"<\x00\x00\x00", said("xml.zero_after", name="UTF-32")),
    (b"\x00\x00\x00<", said("xml.zero_before", name="UTF-32")),
    (b"\xff\xfe", said("xml.encoding", name="UTF-16")),
    (b"\xfe\xff", said("xml.encoding", name="UTF-16")),
    (b"<\x00", said("xml.zero_after", name="UTF-16")),
    (b"\x00<", said("xml.zero_before", name="UTF-16")),
    (b"+ADw-", said("xml.encoding", name="UTF-7")),
    (b"\x4c\x6f\xa7\x94", said("xml.encoding", name="EBCDIC")),
    (b"\x1f\x8b", said("xml.compressed", name="gzip")),
    (b"PK\x03\x04", Said("xml.zip")),
    (b"\x28\xb5\x2f\xfd", said("xml.compressed", name="Zstandard")),
    (b"BZh", said("xml.compressed", name="bzip2")),
    (b"\xfd7zXZ\x00", said("xml.compressed", name="xz")),
    (b"7z\xbc\xaf\x27\x1c", said("xml.archive", name="7z")),
    (b"\x78\x01", _DEFLATE),
    (b"\x78\x9c", _DEFLATE),
    (b"\x78\xda", _DEFLATE),
    (b"%PDF-", said("xml.file", name="PDF")),
    (b"-----BEGIN ", said("xml.file", name="PEM")),
    (b"--", Said("xml.form")),
    (b"\x30\x80", _ASN1),
    (b"\x30\x82", _ASN1),
    (b"\x30\x83", _ASN1),
    (b"%3C", Said("xml.url_encoded")),
    (b"&lt;", Said("xml.escaped")),
    (b"{", _JSON),
    (b"[", _JSON),
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
        raise MalformedXml(_other(data) or Said("xml.unknown"))
    if b"\x00" in data:
        refuse(Said("xml.zero_byte"), data, data.index(b"\x00"))
    return _declared(data, start) if _DECLARATION_OPENS.match(data, start) else start


def _check_text_before(data: bytes, start: int) -> None:
    """Refuse what has something before its first '<'; white space without a declaration behind it is allowed."""
    if not data.strip(_BLANK):
        raise MalformedXml(Said("xml.empty"))
    other = _other(data[start:])
    if other:
        raise MalformedXml(other)
    found = _DECLARATION_OPENS.search(data, start, _LOOKED_AT)
    before = data[start : found.start()] if found else b"<"
    if b"<" not in before:
        raise MalformedXml(declaration_misplaced(_in_words(before)))
    if not data.startswith((b" ", b"\t", b"\r", b"\n"), start):
        raise MalformedXml(Said("xml.beginning"))


def _other(data: bytes) -> Said | None:
    for first, what in _OTHERS:
        if data.startswith(first):
            return what
    return Said("xml.base64") if _BASE64.match(data) else None


def _in_words(before: bytes) -> Value:
    """What stands before a declaration: white space counted, anything else quoted."""
    if before.strip(_BLANK + _BOM):
        return repr(before.decode("utf-8", "replace").strip()[:40])
    text = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return listed(_counted(text))


def _counted(blank: bytes) -> Iterator[Said]:
    """How many there are of each kind of what nobody sees."""
    if count := blank.count(_BOM):
        yield said("count.byte_order_marks", count=count)
    if count := blank.count(b"\n"):
        yield said("count.line_breaks", count=count)
    if count := blank.count(b" "):
        yield said("count.spaces", count=count)
    if count := blank.count(b"\t"):
        yield said("count.tabs", count=count)


def _declared(data: bytes, start: int) -> int:
    found = _DECLARATION.match(data, start)
    if found is None:
        version = _VERSION.match(data, start)
        if version is None:
            raise MalformedXml(Said("xml.declaration"))
        raise MalformedXml(said("xml.version", version=version["version"].decode("ascii", "replace")))
    encoding = found["encoding"]
    if encoding is not None and encoding.upper() != b"UTF-8":
        name = encoding[:40].decode("ascii", "replace")
        refuse(said("xml.declares", name=name), data, found.start("encoding"))
    return found.end()
