"""MTOM: an envelope whose binary members are parts beside it, multipart/related (XOP 1.0). Bytes in and out."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

from lxml import etree
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from esad_gateway.errors import EnvelopeRefused
from esad_gateway.faults import Said, said
from esad_gateway.web.form import MOST_PARTS

RELATED: Final = "multipart/related"
INCLUDE: Final = "{http://www.w3.org/2004/08/xop/include}Include"
ATTACHED: Final = '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:document"/>'
"""What stands in an answer for its document."""

_XOP: Final = "application/xop+xml"
_AS_IT_IS: Final = frozenset({"", "binary", "8bit", "7bit"})


@dataclass(frozen=True, slots=True)
class Package:
    """An envelope with the parts beside it, by their Content-ID; ``media_type`` is what the envelope is said to be."""

    envelope: bytes
    media_type: str = ""
    action: str = ""
    parts: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    def part(self, href: str) -> bytes:
        """The part that an Include names. Raises EnvelopeRefused for one that is not in the package."""
        name = unquote(href.strip().removeprefix("cid:"))
        if not href.strip().startswith("cid:") or name not in self.parts:
            raise _refused(said("detail.soap_no_part", name=repr(href[:200])))
        return self.parts[name]

    def make_whole(self, body: etree._Element) -> None:
        """Put every part that is included below ``body`` in its place, as base64 on one line (XOP 1.0, 3.2).

        Raises EnvelopeRefused for a part that there is not, and for one that is included twice, since that would be
        many times as much as was sent.
        """
        used: set[str] = set()
        for include in [*body.iter(INCLUDE)]:
            name, holder = include.get("href", ""), include.getparent()
            if name in used or holder is None or len(holder) != 1:
                raise _refused(said("detail.soap_part_again", name=repr(name[:200])))
            used.add(name)
            part = self.part(name)
            holder.remove(include)
            holder.text = b64encode(part).decode()


def unpacked(body: bytes, content_type: str) -> Package:
    """The package in a body. The envelope is the part that ``start`` names, or the first.

    Raises EnvelopeRefused for what is no package, for too many parts, two of one name, and parts that are encoded.
    """
    _, options = parse_options_header(content_type)
    found = _Parts()
    found.read(body, options.get(b"boundary", b""))
    start = _bare(options.get(b"start", b"").decode("latin-1"))
    names = [name for name, _, _ in found.parts]
    at = names.index(start) if start in names else 0
    _, kind, envelope = found.parts[at]
    _, inner = parse_options_header(kind)
    told = inner.get(b"type", options.get(b"start-info", b""))
    media_type, of_version = parse_options_header(told.replace(b"\\", b""))
    said_in = (options, inner, of_version)
    action = next((one[b"action"] for one in said_in if one.get(b"action")), b"").decode("latin-1").strip('"')
    others = {name: content for name, _, content in (*found.parts[:at], *found.parts[at + 1 :])}
    return Package(envelope, media_type.decode("latin-1"), action, others)


def packed(envelope: bytes, content_type: str, document: bytes) -> tuple[str, bytes]:
    """The Content-Type and the body of an answer whose document is a part; the envelope comes first."""
    boundary, media_type = uuid4().hex, content_type.partition(";")[0]
    head = f'--{boundary}\r\nContent-Type: {_XOP}; charset=UTF-8; type="{media_type}"\r\n'
    head += "Content-Transfer-Encoding: 8bit\r\nContent-ID: <envelope>\r\n\r\n"
    second = f"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\n"
    second += "Content-Transfer-Encoding: binary\r\nContent-ID: <document>\r\n\r\n"
    named = f'{RELATED}; type="{_XOP}"; start="<envelope>"; start-info="{media_type}"; boundary="{boundary}"'
    return named, b"".join((head.encode(), envelope, second.encode(), document, f"\r\n--{boundary}--\r\n".encode()))


class _Parts:
    """The parts of a body in their order: Content-ID, Content-Type and content of each."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str, bytes]] = []
        self._head = bytearray()
        self._heads: dict[str, str] = {}
        self._name = ""
        self._content = bytearray()

    def read(self, body: bytes, boundary: bytes) -> None:
        """Read all of them. Raises EnvelopeRefused."""
        ended: list[bool] = []
        callbacks: Any = {
            "on_part_begin": self._begin,
            "on_header_field": self._add_to_name,
            "on_header_value": self._add_to_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": lambda: ended.append(True),
        }
        try:
            MultipartParser(boundary, callbacks).write(body.lstrip(b"\r\n"))
        except FormParserError as error:
            raise _refused(said("detail.form", words=str(error))) from error
        if not boundary or not ended or not self.parts:
            raise _refused(Said("detail.form_end"))

    def _begin(self) -> None:
        if len(self.parts) == MOST_PARTS:
            raise _refused(said("detail.form_parts", number=MOST_PARTS))
        self._heads, self._content = {}, bytearray()
        self._name = ""
        self._head = bytearray()

    def _add_to_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end].decode("latin-1")

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]

    def _header_end(self) -> None:
        self._heads[self._name.lower()] = self._head.decode("latin-1").strip()
        self._name, self._head = "", bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def _end(self) -> None:
        name, encoding = _bare(self._heads.get("content-id", "")), self._heads.get("content-transfer-encoding", "")
        if encoding.lower() not in _AS_IT_IS:
            raise _refused(said("detail.soap_part_encoded", encoding=encoding[:40]))
        if any(name == other for other, _, _ in self.parts):
            raise _refused(said("detail.soap_part_twice", name=name[:200]))
        self.parts.append((name, self._heads.get("content-type", ""), bytes(self._content)))


def _bare(name: str) -> str:
    return name.strip().removeprefix("<").removesuffix(">")


def _refused(why: Said) -> EnvelopeRefused:
    return EnvelopeRefused("Client", why)
