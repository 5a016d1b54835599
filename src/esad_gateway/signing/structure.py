"""Structure before cryptography: a signed tree is compared with the table of ``shape``, element by element.

Everything that decides what is signed, and by which key, is at a fixed place in the tree and is read from there; no
Id is ever looked up to find it. So moving, doubling or nesting parts of a signed document (signature wrapping) does
not change what is read: it makes the document differ from the table, and it is refused here. Nothing is
canonicalised, hashed or decoded before the whole signature has the form of the table, so references by the thousand,
transforms with programs in them and inclusive canonical forms cost no more than finding them.
"""

from binascii import a2b_base64
from dataclasses import dataclass
from itertools import islice
from typing import Final, NoReturn

from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm
from esad_gateway.signing.profile import (
    DIGEST_BYTES,
    MAX_CERTIFICATE_TEXT,
    MAX_DIGEST_TEXT,
    MAX_NAMESPACES,
    MAX_PROPERTIES,
    MAX_QUOTE,
    MAX_SIGNATURE_TEXT,
    SIGNATURE,
)
from esad_gateway.signing.shape import PLAIN, WITH_XADES, Row, ds, local_name
from esad_gateway.signing.steps import STEPS, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """The XAdES part: the SignedProperties element and the digest that was signed for it."""

    element: etree._Element
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The parts of a signature that has the profile's form; nothing in it is proved yet.

    ``certificate`` is DER. ``properties`` is ``None`` for a plain XML signature.
    """

    signature: etree._Element
    signed_info: etree._Element
    algorithm: Algorithm
    digest: bytes
    value: bytes
    certificate: bytes
    properties: Properties | None


_NAMED: Final = 8  # children that a refusal names
_XADES_PARTS: Final = 4  # children of Signature, and of SignedInfo
_IDS: Final = etree.XPath("//@*[local-name()='Id' or local-name()='ID' or local-name()='id'][. = $id]")


def outline(root: etree._Element) -> Outline:
    """The parts of the one signature of ``root``, after steps 1 to 11; the tree is not changed.

    Raises ``SignatureRefused`` with the first step that fails. Nothing is proved: no digest, key or certificate is
    looked into.
    """
    foreign = foreign_node(root)
    if foreign:
        _refuse(Step.DOCUMENT, foreign)
    signature = _only_signature(root)
    # A second reference and a ds:Object come together or not at all: one alone is measured against the plain table.
    xades = len(signature) == _XADES_PARTS and len(signature[0]) == _XADES_PARTS
    _check_size(signature, xades=xades)
    for element, row in zip(signature.iter(), WITH_XADES if xades else PLAIN, strict=False):
        reason = _difference(element, row)
        if reason:
            raise SignatureRefused(row.step, reason, row.expected)
    return _parts(root, signature, xades=xades)


def foreign_node(root: etree._Element) -> str | None:
    """What makes ``root`` more, or less, than a document of elements and text only, in words; ``None`` when nothing.

    A comment splits the text that a program reads, while canonical forms leave it out: so it could hide text in what
    was signed.
    """
    if root.getparent() is not None:
        return "the element is a part of a document"
    if root.getprevious() is not None or root.getnext() is not None:
        return "something stands before or after the root element"
    if root.getroottree().docinfo.doctype:
        return "there is a document type declaration"
    node = next(root.iter(etree.Comment, etree.ProcessingInstruction, etree.Entity), None)
    return None if node is None else f"there is a comment, processing instruction or entity: {_quoted(str(node))}"


def claimed_certificate(root: etree._Element) -> bytes | None:
    """The one certificate (DER, unread) of a document, whatever else is wrong with it; ``None`` without exactly one.

    Only for telling people who a refused document claims to be from.
    """
    found = list(islice(root.iter(ds("X509Certificate")), 2))
    try:
        return _decoded(found[0], MAX_CERTIFICATE_TEXT) if len(found) == 1 else None
    except SignatureRefused:
        return None


def _only_signature(root: etree._Element) -> etree._Element:
    found = list(islice(root.iter(SIGNATURE), 2))
    if len(found) != 1:
        _refuse(Step.PLACE, "there is more than one ds:Signature" if found else "there is no ds:Signature")
    if len(root) == 0 or root[-1] is not found[0]:
        _refuse(Step.PLACE, "the ds:Signature is not the last child element of the root")
    return found[0]


def _check_size(signature: etree._Element, *, xades: bool) -> None:
    """The sizes that the table does not fix: namespaces in scope, and what SignedProperties hold.

    libxml2 copies the declarations around an element that it canonicalises one by one, and compares them with each
    other: thousands of them cost seconds. Those inside cost no more than the rest of the document.
    """
    if len(signature.nsmap) > MAX_NAMESPACES:
        _refuse(Step.SIZE, f"{len(signature.nsmap)} namespaces in scope at the signature", f"at most {MAX_NAMESPACES}")
    most = len(WITH_XADES) + MAX_PROPERTIES
    if xades and next(islice(signature.iter(), most, None), None) is not None:
        _refuse(Step.SIZE, f"more than {most} elements in the signature", f"at most {most}")


def _difference(element: etree._Element, row: Row) -> str | None:
    """How ``element`` differs from its row, in words; ``None`` when it does not.

    This runs for every element of every signature: no call and no text is made before something is found.
    """
    if element.tag != row.tag:
        return f"found {_quoted(str(element.tag))} in the place of {local_name(row.tag)}"
    attributes = element.items()
    if attributes != row.fixed and (reason := _attribute_difference(dict(attributes), row)):
        return reason
    if row.children is not None and len(element) != len(row.children):
        return f"{local_name(row.tag)} holds {_children(element)}"
    text, tail = element.text, element.tail
    if text is not None and not row.text and not text.isspace():
        return f"{local_name(row.tag)} has text of its own"
    if tail is not None and not tail.isspace() and row.tag != SIGNATURE:
        return f"there is text after {local_name(row.tag)}"
    return None


def _attribute_difference(attributes: dict[str, str], row: Row) -> str | None:
    name = local_name(row.tag)
    for key, value in row.fixed:
        found = attributes.pop(key, None)
        if found != value:
            return f"{name} has no {key}" if found is None else f"{name} has {key} {_quoted(found)}"
    for key in row.free:
        if attributes.pop(key, None) is None:
            return f"{name} has no {key}"
    attributes.pop("Id", None)
    return f"{name} has the attribute {_quoted(next(iter(attributes)))}" if attributes else None


def _parts(root: etree._Element, signature: etree._Element, *, xades: bool) -> Outline:
    """What ``outline`` returns, read from the places that the table has fixed."""
    signed_info, value, key_info = signature[0], signature[1], signature[2]
    return Outline(
        signature=signature,
        signed_info=signed_info,
        algorithm=_signature_algorithm(signed_info[1]),
        properties=_properties(root, signature) if xades else None,
        digest=_digest_value(signed_info[2]),
        value=_decoded(value, MAX_SIGNATURE_TEXT),
        certificate=_decoded(key_info[0][0], MAX_CERTIFICATE_TEXT),
    )


def _signature_algorithm(method: etree._Element) -> Algorithm:
    uri = method.get("Algorithm", "")
    algorithm = ALGORITHMS.get(uri)
    if algorithm is None:
        allowed = " or ".join(ALGORITHMS)
        _refuse(Step.ALGORITHM, f"the signature algorithm is {_quoted(uri)}", allowed)
    return algorithm


def _properties(root: etree._Element, signature: etree._Element) -> Properties:
    reference = signature[0][3]
    qualifying = signature[3][0]
    element = qualifying[0]
    _check_pointer(root, element, reference.get("URI", ""))
    _check_pointer(root, signature, qualifying.get("Target", ""))
    return Properties(element=element, digest=_digest_value(reference))


def _check_pointer(root: etree._Element, element: etree._Element, pointer: str) -> None:
    """That ``pointer`` means ``element``, and that no other element could be meant."""
    name, identifier = local_name(str(element.tag)), element.get("Id", "")
    if not identifier or pointer != f"#{identifier}":
        _refuse(Step.PROPERTIES_REFERENCE, f"{_quoted(pointer)} does not name the Id {_quoted(identifier)} of {name}")
    if len(_IDS(root, id=identifier)) != 1:
        _refuse(Step.PROPERTIES_REFERENCE, f"the Id {_quoted(identifier)} of {name} is used more than once")


def _digest_value(reference: etree._Element) -> bytes:
    digest = _decoded(reference[2], MAX_DIGEST_TEXT)
    if len(digest) != DIGEST_BYTES:
        _refuse(Step.VALUES, f"a DigestValue has {len(digest)} bytes", f"{DIGEST_BYTES} bytes")
    return digest


def _decoded(element: etree._Element, limit: int) -> bytes:
    """The bytes that the element's text stands for; XML white space in base64 is allowed (XML Schema 3.2.16)."""
    text = element.text or ""
    if len(text) > limit:
        _refuse(Step.VALUES, f"{local_name(str(element.tag))} has {len(text)} characters", f"at most {limit}")
    try:
        decoded = a2b_base64(text.encode("ascii").translate(None, b" \t\r\n"), strict_mode=True)
    except ValueError:
        _refuse(Step.VALUES, f"{local_name(str(element.tag))} is not base64")
    if not decoded:
        _refuse(Step.VALUES, f"{local_name(str(element.tag))} is empty")
    return decoded


def _refuse(step: Step, reason: str, expected: str | None = None) -> NoReturn:
    raise SignatureRefused(step, reason, expected or STEPS[step])


def _children(element: etree._Element) -> str:
    names = [local_name(str(child.tag)) for child in islice(element, _NAMED)]
    more = len(element) - len(names)
    return _clipped(", ".join(names)) + (f" and {more} more" if more else "") if names else "nothing"


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE] + "…"


def _quoted(text: str) -> str:
    return repr(_clipped(text))
