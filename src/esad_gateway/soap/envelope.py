"""Envelopes of SOAP 1.1 and 1.2: bytes in, the request in them out. The namespace of the envelope tells the version."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lxml import etree

from esad_gateway.errors import EnvelopeRefused, MalformedXml
from esad_gateway.faults import Said, said
from esad_gateway.transport.envelope import CONTENT_TYPE, LARGEST_ENVELOPE, SOAP, SOAP_12
from esad_gateway.xml.parse import Limits, parse

NS: Final = "urn:esad-gateway:gateway:1"
"""The namespace of requests and answers."""

_LIMITS: Final = Limits(max_bytes=LARGEST_ENVELOPE, max_text=LARGEST_ENVELOPE)
_ITEMS: Final = re.compile(rb'<(?:\w{1,40}:)?0>|\s0="\d')
"""Bytes one by one, as clients in JavaScript write a Buffer: as elements, or as attributes."""

SECURITY: Final = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}Security"
_ADDRESSING: Final = ("http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing")
_HERE: Final = frozenset({f"{_ADDRESSING[0]}/anonymous", f"{_ADDRESSING[1]}/role/anonymous"})
"""Addresses that mean the connection that the request came through."""


@dataclass(frozen=True, slots=True)
class SoapVersion:
    """A version of SOAP: its namespace, media type, the attribute that says for whom a header block is, and for us.

    ``codes`` has its names of the fault codes of SOAP 1.1.
    """

    namespace: str
    content_type: str
    role: str
    ours: frozenset[str]
    codes: Mapping[str, str]

    def name(self, local: str) -> str:
        """A name in the namespace of the envelope."""
        return f"{{{self.namespace}}}{local}"


SOAP_1_1: Final = SoapVersion(
    SOAP,
    CONTENT_TYPE,
    "actor",
    frozenset({"", "http://schemas.xmlsoap.org/soap/actor/next"}),
    MappingProxyType({name: name for name in ("Client", "Server", "MustUnderstand", "VersionMismatch")}),
)
SOAP_1_2: Final = SoapVersion(
    SOAP_12,
    "application/soap+xml; charset=utf-8",
    "role",
    frozenset({"", f"{SOAP_12}/role/next", f"{SOAP_12}/role/ultimateReceiver"}),
    MappingProxyType({**SOAP_1_1.codes, "Client": "Sender", "Server": "Receiver"}),
)
VERSIONS: Final[Mapping[str, SoapVersion]] = MappingProxyType({SOAP: SOAP_1_1, SOAP_12: SOAP_1_2})


class NotUnderstood(EnvelopeRefused):
    """A header block must be understood and is not: its name in ``block``."""

    def __init__(self, block: etree.QName) -> None:
        super().__init__("MustUnderstand", said("detail.soap_header", name=block.text))
        self.block = block


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope: its version, its root, the header blocks that are ours, and what is in its body."""

    version: SoapVersion
    root: etree._Element
    blocks: tuple[etree._Element, ...]
    parts: tuple[etree._Element, ...]

    def request(self, understood: Collection[str] = ()) -> etree._Element:
        """The one element of the body, when every header block is obeyed.

        ``understood`` are the names of blocks that somebody obeys. Raises EnvelopeRefused, and MalformedXml for a body
        of none or several elements.
        """
        _check_understood(self.version, self.blocks, understood)
        _check_addressing(self.blocks)
        if len(self.parts) != 1:
            raise MalformedXml(Said("xml.no_envelope"))
        return self.parts[0]


def opened(data: bytes) -> Envelope:
    """The envelope in bytes. Raises MalformedXml, TooLarge, and EnvelopeRefused for another version of SOAP."""
    root = _parsed(data)
    name = etree.QName(root)
    version = VERSIONS.get(name.namespace or "")
    if name.localname == "Envelope" and version is None:
        expected = " / ".join(map(repr, VERSIONS))
        given = repr(name.namespace or "")
        raise EnvelopeRefused("VersionMismatch", said("detail.soap_versions", found=given, expected=expected))
    if version is None or root.tag != version.name("Envelope"):
        raise MalformedXml(Said("xml.no_envelope"), root.sourceline or 1)
    header = [root[0]] if len(root) and root[0].tag == version.name("Header") else []
    # Nothing may stand beside Header and Body, nor in another order: what is looked at is what there is.
    if [one.tag for one in root[len(header) :]] != [version.name("Body")]:
        raise MalformedXml(Said("xml.no_envelope"), root.sourceline or 1)
    ours = (
        block for one in header for block in one if block.get(version.name(version.role), "").strip() in version.ours
    )
    return Envelope(version, root, tuple(ours), tuple(root[-1]))


def _parsed(data: bytes) -> etree._Element:
    try:
        return parse(data, _LIMITS)
    except MalformedXml as error:
        if _ITEMS.search(data):
            raise MalformedXml(Said("xml.soap_items"), error.line, error.column) from None
        raise


def _check_understood(version: SoapVersion, blocks: Collection[etree._Element], understood: Collection[str]) -> None:
    for block in blocks:
        must = block.get(version.name("mustUnderstand"), "0").strip() not in {"0", "false"}
        if must and block.tag not in understood:
            raise NotUnderstood(etree.QName(block))


def _check_addressing(blocks: Collection[etree._Element]) -> None:
    """An answer goes back on its connection: an address that says otherwise is refused, and never followed."""
    for block in blocks:
        name = etree.QName(block)
        if name.namespace not in _ADDRESSING or name.localname not in {"ReplyTo", "FaultTo"}:
            continue
        address = (block.findtext(f"{{{name.namespace}}}Address") or "").strip()
        if address not in _HERE:
            detail = said("detail.soap_reply_to", name=name.localname, found=repr(address[:200]))
            raise EnvelopeRefused("Client", detail)
