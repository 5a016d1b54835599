"""The exact count of what a document holds, on its bytes and in linear time; for documents that look too big."""

import re
from typing import Final, NoReturn

from esad_gateway.errors import MalformedXml
from esad_gateway.faults import Said, Value, said
from esad_gateway.frozen import frozen

DEEPEST: Final = 256
"""Levels that libxml2 allows unless it is told to take everything."""


@frozen
class Limits:
    """What one document may have; more is refused.

    ``max_bytes`` and ``max_text`` (what stands between two tags, or one attribute value) count bytes; ``max_depth``
    counts levels, the root being the first (more than 256 is not possible, less costs a scan of every document);
    ``max_attributes`` bounds the attributes and namespace declarations of one element, ``max_all_attributes`` those of
    the whole document (each takes a kilobyte), ``max_namespaces`` its declarations (ESAD-SIG-1).

    These are the limits for any document that a gateway issues and reads. What traders may send is ``TRADERS`` and
    smaller, so that the e-SAD made of the largest draft, with its ARC, stamps and signature, is within these.
    """

    max_bytes: int = 6 * 1024 * 1024
    max_depth: int = DEEPEST
    max_elements: int = 52_000
    max_attributes: int = 64
    max_all_attributes: int = 52_000
    max_namespaces: int = 64
    max_text: int = 8 * 1024 * 1024


TRADERS: Final = Limits(max_bytes=4 * 1024 * 1024, max_elements=50_000, max_all_attributes=50_000)
"""What a trader's message may have; one of 999 lines has some 40,000 elements."""


# Quantifiers are possessive (*+) or run to a fixed end, so that no input is read more than twice.
_TOKEN: Final = re.compile(
    rb"""
      <!--.*?(?:-->|\Z)
    | <!\[CDATA\[.*?(?:\]\]>|\Z)
    | (?P<doctype> <!D )
    | (?P<declaration> <\?xml\s )
    | (?P<instruction> <\? )
    | (?P<end> </ )
    | (?P<start> <[^<>"'/!?] [^<>"']*+ (?: (?: "[^<"]*+" | '[^<']*+' ) [^<>"']*+ )*+ > )
    """,
    re.DOTALL | re.VERBOSE,
)
_QUOTED: Final = re.compile(rb""""[^"]*+"|'[^']*+'""")
_NAMESPACE: Final = re.compile(rb"\sxmlns(?=[\s:=])")


def scan(data: bytes, begin: int, limits: Limits) -> None:
    """Raise MalformedXml at the first place of ``data`` (from offset ``begin``) that goes beyond ``limits``.

    A DOCTYPE and a processing instruction go beyond any. What is not well-formed may pass: the parser comes next.
    """
    depth = elements = attributes = namespaces = 0
    text_from = begin
    for token in _TOKEN.finditer(data, begin):
        kind, at = token.lastgroup, token.start()
        if kind is None:
            continue
        if kind == "declaration":
            refuse(_SECOND_DOCUMENT if elements else declaration_misplaced(Said("xml.a_comment")), data, at)
        if kind in _NEVER:
            refuse(_NEVER[kind], data, at)
        _at_most(at - text_from, limits.max_text, "text_bytes", data, at)
        text_from = token.end()
        if kind == "end":
            depth -= 1
            continue
        tag = token["start"]
        elements += 1
        having, declaring = _check_tag(tag, data, at, limits)
        attributes += having
        namespaces += declaring
        _at_most(attributes, limits.max_all_attributes, "all_attributes", data, at)
        _at_most(elements, limits.max_elements, "elements", data, at)
        _at_most(namespaces, limits.max_namespaces, "declarations", data, at)
        _at_most(depth + 1, limits.max_depth, "levels", data, at)
        depth += not tag.endswith(b"/>")


_NEVER: Final = {
    "doctype": Said("xml.doctype"),
    "instruction": Said("xml.instruction"),
}

_SECOND_DOCUMENT: Final = Said("xml.second_document")


def declaration_misplaced(before: Value) -> Said:
    """The reason for a declaration that has ``before`` (in words) before it."""
    return said("xml.misplaced", before=before)


def _check_tag(tag: bytes, data: bytes, at: int, limits: Limits) -> tuple[int, int]:
    """Check the attributes of one start tag; return how many it has, and how many of them declare a namespace."""
    if b"=" not in tag:
        return 0, 0
    values = _QUOTED.findall(tag)
    _at_most(len(values), limits.max_attributes, "attributes", data, at)
    _at_most(max(map(len, values), default=2) - 2, limits.max_text, "attribute_bytes", data, at)
    return len(values), len(_NAMESPACE.findall(_QUOTED.sub(b"", tag))) if b"xmlns" in tag else 0


def _at_most(count: int, limit: int, what: str, data: bytes, at: int) -> None:
    """``what`` is the sentence of ``count.`` that names what there is too much of."""
    if count > limit:
        refuse(said("xml.too_many", most=said(f"count.{what}", count=limit)), data, at)


def refuse(why: Said, data: bytes, at: int) -> NoReturn:
    """Raise MalformedXml for the byte at offset ``at``, with its line and column (in characters, from 1)."""
    line_start = data.rfind(b"\n", 0, at) + 1
    before = data[line_start:at].decode("utf-8-sig", "replace")
    raise MalformedXml(why, data.count(b"\n", 0, at) + 1, len(before) + 1)
