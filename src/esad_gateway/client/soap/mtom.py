"""MTOM: what is binary in a request goes beside the envelope, as a part of its own (XOP 1.0)."""

import base64
from typing import Final
from uuid import uuid4

from lxml import etree

from esad_gateway.client.soap.answers import NS

_BINARY: Final = (f"{{{NS}}}document", f"{{{NS}}}file", f"{{{NS}}}signature")
_INCLUDE: Final = "{http://www.w3.org/2004/08/xop/include}Include"
_XOP: Final = "application/xop+xml"


def packed(envelope: etree._Element, content_type: str) -> tuple[str, bytes]:
    """The Content-Type and the body of a request: the envelope comes first, and then its parts.

    What was signed was signed with the base64 in its place, on one line. The envelope is changed.
    """
    boundary, media_type = uuid4().hex, content_type.partition(";")[0]
    parts = [_taken_out(element) for element in envelope.iter(*_BINARY) if element.text]
    root = etree.tostring(envelope)
    kind = f'{_XOP}; charset=UTF-8; type="{media_type}"'
    pieces = [_part(boundary, kind, "envelope", root)]
    pieces += [_part(boundary, "application/octet-stream", name, content) for name, content in parts]
    named = f'multipart/related; type="{_XOP}"; start="<envelope>"; start-info="{media_type}"; boundary="{boundary}"'
    return named, b"".join((*pieces, f"--{boundary}--\r\n".encode()))


def _taken_out(element: etree._Element) -> tuple[str, bytes]:
    name, content = uuid4().hex, base64.b64decode(element.text or "")
    element.text = None
    etree.SubElement(element, _INCLUDE).set("href", f"cid:{name}")
    return name, content


def _part(boundary: str, kind: str, name: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{name}>\r\n\r\n"
    return head.encode() + content + b"\r\n"
