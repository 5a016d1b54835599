"""The EMCS message inside a signed document."""

from itertools import zip_longest

from lxml import etree

from esad_gateway.xml.parse import parse

_LARGEST_SIGNATURE = 256 * 1024
"""How much two signatures of one document may differ in size, in bytes; what differs more is not compared."""

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def without_signature(root: etree._Element) -> etree._Element:
    """``root`` without its own signature, if its last child is one; the official schemas have no place for it.

    The signature is *not* verified: for drafts and dry runs only. What must be trusted comes from a verifier.
    """
    if len(root) and root[-1].tag == SIGNATURE:
        root.remove(root[-1])
    return root


def same_content(first: bytes, second: bytes) -> bool:
    """Whether two documents differ in their signatures only, or in how the same XML is written.

    Both must be documents that :func:`~esad_gateway.xml.parse.parse` takes.
    """
    if abs(len(first) - len(second)) > _LARGEST_SIGNATURE:
        return False
    nodes = (without_signature(parse(body)).iter() for body in (first, second))
    return all(
        one is not None and other is not None and _shape(one) == _shape(other) for one, other in zip_longest(*nodes)
    )


def _shape(element: etree._Element) -> tuple[object, ...]:
    """What an element says by itself; in document order, these determine the tree."""
    return element.tag, dict(element.attrib), element.text or "", element.tail or "", len(element)
