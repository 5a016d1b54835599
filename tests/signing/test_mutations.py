"""Properties over refusals: whatever is done to a signed document, it is refused or it says what was signed."""

import base64
from copy import deepcopy
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.verifier import Verifier
from helpers.signatures import SIGNATURES, form, index, read, trust, verifier
from helpers.templates import PAYLOAD

BASES = (
    "valid/esad-p256.xml",
    "valid/xmlsec1-xades-p256.xml",
    "valid/indented-p256.xml",
    "valid/dss-p256.xml",
    "valid/dss-without-transforms-p256.xml",
    "tolerated/signxml-xades-p256.xml",
)
TEXTS = st.sampled_from(
    ["", " ", "\n", "a", "LT00000000101", "#signature", "#xades-id-1", "http://www.w3.org/2001/10/xml-exc-c14n#"]
)
TAGS = st.sampled_from(
    [
        "a",
        "{http://www.w3.org/2000/09/xmldsig#}Object",
        "{http://www.w3.org/2000/09/xmldsig#}Signature",
        "{http://www.w3.org/2000/09/xmldsig#}KeyInfo",
        "{http://uri.etsi.org/01903/v1.3.2#}SignedProperties",
        "{http://uri.etsi.org/01903/v1.3.2#}UnsignedProperties",
    ]
)
ATTRIBUTES = st.sampled_from(["Id", "URI", "Algorithm", "Type", "Target", "language", "{urn:a}b"])


class Change(Protocol):
    """Changes an element of a tree, perhaps with the help of another one."""

    def __call__(self, element: etree._Element, other: etree._Element, data: st.DataObject, /) -> None:
        """Change the tree."""


def drop(element: etree._Element, _other: etree._Element, _data: st.DataObject) -> None:
    """Take the element out, with what follows it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def double(element: etree._Element, other: etree._Element, _data: st.DataObject) -> None:
    """Put a copy of the element somewhere else."""
    other.append(deepcopy(element))


def move(element: etree._Element, other: etree._Element, _data: st.DataObject) -> None:
    """Move the element somewhere else."""
    if element.getparent() is not None and element not in other.iterancestors() and element is not other:
        other.append(element)


def swap(element: etree._Element, other: etree._Element, _data: st.DataObject) -> None:
    """Move the element in front of another one."""
    if other.getparent() is not None and element not in other.iterancestors() and element is not other:
        other.addprevious(element)


def rename(element: etree._Element, _other: etree._Element, data: st.DataObject) -> None:
    """Give the element another name."""
    element.tag = data.draw(TAGS)


def retext(element: etree._Element, _other: etree._Element, data: st.DataObject) -> None:
    """Give the element another text."""
    element.text = data.draw(TEXTS)


def retail(element: etree._Element, _other: etree._Element, data: st.DataObject) -> None:
    """Put other text behind the element."""
    if element.getparent() is not None:
        element.tail = data.draw(TEXTS)


def reattribute(element: etree._Element, _other: etree._Element, data: st.DataObject) -> None:
    """Set an attribute."""
    element.set(data.draw(ATTRIBUTES), data.draw(TEXTS))


def unattribute(element: etree._Element, _other: etree._Element, _data: st.DataObject) -> None:
    """Remove all attributes."""
    element.attrib.clear()


def insert(element: etree._Element, _other: etree._Element, data: st.DataObject) -> None:
    """Put something that is no element into it."""
    made = (etree.Comment("a"), etree.ProcessingInstruction("a"), etree.Entity("a"))
    element.insert(0, made[data.draw(st.integers(0, 2))])


CHANGES: tuple[Change, ...] = (
    drop, double, move, swap, rename, retext, retail, reattribute, unattribute, insert,
)  # fmt: skip


@pytest.mark.parametrize("base", BASES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_changed_tree_is_refused_or_says_what_was_signed(base: str, data: st.DataObject) -> None:
    """Up to three changes anywhere: a refusal with a step, or the original payload; nothing else comes out."""
    original = form(verifier().verify(read(base), index().at).payload)
    root = read(base)
    for _ in range(data.draw(st.integers(1, 3))):
        elements = list(root.iter("*"))
        positions = st.integers(0, len(elements) - 1)
        change = data.draw(st.sampled_from(CHANGES))
        change(elements[data.draw(positions)], elements[data.draw(positions)], data)
    assert_refused_or_original(root, original)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_changed_bytes_are_refused_or_say_what_was_signed(data: st.DataObject) -> None:
    """A byte changed, removed or doubled anywhere in the file."""
    document = (SIGNATURES / data.draw(st.sampled_from(BASES))).read_bytes()
    start = data.draw(st.integers(0, len(document) - 1))
    end = data.draw(st.integers(start, min(start + 3, len(document))))
    changed = document[:start] + data.draw(st.binary(max_size=2)) + document[end:]
    original = form(verifier().verify(etree.fromstring(document), index().at).payload)
    try:
        root = etree.fromstring(changed, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return
    assert_refused_or_original(root, original)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_changed_certificate_is_refused(position: int, patch: bytes) -> None:
    """Without a registry anybody's certificate is parsed: whatever its bytes, a refusal or the original comes out."""
    root = read("valid/esad-p256.xml")
    element = root[-1][2][0][0]
    der = base64.b64decode(element.text or "")
    element.text = base64.b64encode(der[:position] + patch + der[position + len(patch) :]).decode()
    assert_refused_or_original(root, form(etree.fromstring(PAYLOAD)), Verifier(trust(), None))


def assert_refused_or_original(root: etree._Element, original: bytes, judge: Verifier | None = None) -> None:
    """The only two outcomes there may be."""
    try:
        signed = (judge or verifier()).verify(root, index().at)
    except SignatureRefused:
        return
    assert form(signed.payload) == original
