"""Bytes from outside to a tree, room 3 of the walk: one well-formed UTF-8 document within limits, or a refusal.

What a hostile document costs is bounded before the parser sees it. Counts on the raw bytes can only overstate, so
an ordinary document is waved through by a few searches at memory speed; where a count is too high, :mod:`.scan`
says, in time linear in the size, whether it is really so and where.
"""

import re
import threading
from typing import Final

from lxml import etree

from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.faults import Said, said
from esad_gateway.xml.beginning import check_beginning
from esad_gateway.xml.complaints import complaint
from esad_gateway.xml.scan import DEEPEST, TRADERS, Limits, refuse, scan

__all__ = ["DEFAULT_LIMITS", "TRADERS", "Limits", "parse"]

DEFAULT_LIMITS: Final = Limits()


def parse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """Return the root of the one document in ``data``.

    The document is XML 1.0 in UTF-8 (a byte order mark and a declaration that says so are allowed). Comments are
    left out, so that the text around one is one text; the canonical form without comments is the same with and
    without them. Entities other than the five of XML, a DOCTYPE and processing instructions are refused, nothing is
    ever fetched. Lines are kept for error messages (``sourceline``). Safe to call from several threads.

    Raises :class:`~esad_gateway.errors.TooLarge` and :class:`~esad_gateway.errors.MalformedXml`. Not checked: names,
    structure and values, which are the schema's business.
    """
    if len(data) > limits.max_bytes:
        raise TooLarge(limits.max_bytes)
    begin = check_beginning(data)
    if _may_exceed(data, begin, limits):
        scan(data, begin, limits)
    try:
        return etree.fromstring(data, _PARSER.xml)
    except etree.XMLSyntaxError as error:
        raise _malformed(data, error) from None


class _ParserOfThread(threading.local):
    """One parser a thread: the threads of a shared one wait for each other, a new one a message costs a tenth more."""

    def __init__(self) -> None:
        self.xml = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            collect_ids=False,
            remove_comments=True,
        )


_PARSER: Final = _ParserOfThread()

_ALL_BUT_TAGS_AND_EQUALS: Final = bytes(sorted(set(range(256)) - set(b"<=")))
_SHORTEST_ELEMENT: Final = len(b"<a/>")


def _may_exceed(data: bytes, begin: int, limits: Limits) -> bool:
    """Whether the exact scan is needed. Every test is an upper bound, the cheapest that an ordinary document passes."""
    return (
        # Search for one rare byte first: that runs at memory speed, a search for two does not.
        (b"?" in data[begin:] and data.find(b"<?", begin) >= 0)
        or (b"!" in data and b"<!D" in data)
        or limits.max_depth < DEEPEST
        or len(data) > limits.max_text
        or (len(data) > limits.max_elements * _SHORTEST_ELEMENT and _tags(data) > limits.max_elements)
        or _may_have_many_attributes(data, limits)
    )


def _tags(data: bytes) -> int:
    return data.count(b"<") - data.count(b"</")


def _may_have_many_attributes(data: bytes, limits: Limits) -> bool:
    equals = data.count(b"=")
    if equals <= min(limits.max_attributes, limits.max_namespaces):
        return False
    if equals > limits.max_all_attributes or data.count(b"xmlns") > limits.max_namespaces:
        return True
    # With everything else taken out, a tag of n attributes is "<" and then "=" at least n times.
    return b"=" * (limits.max_attributes + 1) in data.translate(None, _ALL_BUT_TAGS_AND_EQUALS)


_PLACE_IN_MESSAGE: Final = re.compile(r"\s*, line \d+, column \d+$")
_LONGEST_REASON: Final = 200


def _malformed(data: bytes, error: etree.XMLSyntaxError) -> MalformedXml:
    """The parser's first complaint, which names what it found, without the place that we give apart."""
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        refuse(said("xml.not_utf8", byte=f"0x{data[wrong.start]:02X}"), data, wrong.start)
    line, column = error.position
    return MalformedXml(parser_reason(error), max(line or 1, 1), max(column or 1, 1))


def parser_reason(error: etree.XMLSyntaxError) -> Said:
    """The parser's complaint in one line, without the place in it."""
    words = " ".join(_PLACE_IN_MESSAGE.sub("", error.msg or "").split())
    if words.startswith("Excessive depth"):
        return said("xml.deep", number=DEEPEST)
    return complaint(words[:_LONGEST_REASON])
