import base64
from collections.abc import Callable
from contextlib import suppress

import pytest
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.steps import STEPS
from helpers.operations import operations
from helpers.signature_edits import (
    SECOND_REFERENCE,
    TRANSFORM_ENVELOPED,
    TRANSFORM_EXCLUSIVE,
    full,
    part,
    plain,
    replaced,
    xades,
)
from helpers.signatures import index, read, refusal, tree, verifier

OPERATIONS = 400  # a good document needs about 200 before its first digest
MANY = (100, 10_000)
TRADER = b"<ie818:Traderid>LT00000000101</ie818:Traderid>"


def references(count: int) -> bytes:
    """References by the thousand."""
    return replaced(plain(), b"</ds:SignedInfo>", SECOND_REFERENCE * count + b"</ds:SignedInfo>")


def transforms(count: int) -> bytes:
    """Canonical forms of canonical forms."""
    return replaced(plain(), TRANSFORM_EXCLUSIVE, TRANSFORM_EXCLUSIVE * count)


def enveloped_transforms(count: int) -> bytes:
    """Copies of the document."""
    return replaced(plain(), TRANSFORM_ENVELOPED, TRANSFORM_ENVELOPED * count)


def certificates(count: int) -> bytes:
    """Certificates to be tried one after the other."""
    certificate = part(plain(), "X509Certificate")
    return replaced(plain(), certificate, b"<ds:X509Certificate/>" * count + certificate)


def signatures(count: int) -> bytes:
    """Signatures to be verified one after the other."""
    return replaced(plain(), b"<ie818:Body>", b"<ie818:Body>" + part(plain(), "Signature") * (count // 10))


def objects(count: int) -> bytes:
    """Objects in the signature."""
    return replaced(plain(), b"</ds:Signature>", b"<ds:Object/>" * count + b"</ds:Signature>")


def properties(count: int) -> bytes:
    """Signed properties without end."""
    return replaced(xades(), b"<xades:SigningTime>", b"<xades:SigningTime/>" * (count * 2) + b"<xades:SigningTime>")


def attributes(count: int) -> bytes:
    """Attributes without end."""
    flood = b"".join(b' a%d=""' % number for number in range(count))
    return replaced(plain(), b"<ds:SignedInfo>", b"<ds:SignedInfo" + flood + b">")


def namespaces(count: int) -> bytes:
    """Namespaces in scope at SignedInfo."""
    flood = b"".join(b' xmlns:n%d="urn:n%d"' % (number, number) for number in range(count))
    return replaced(plain(), b"<ie818:IE818", b"<ie818:IE818" + flood)


def namespaces_in_signed_info(count: int) -> bytes:
    """Namespaces declared in SignedInfo, one an element."""
    flood = b"".join(b'<n xmlns="urn:n%d"/>' % number for number in range(count))
    return replaced(plain(), b"<ds:DigestValue>", flood + b"<ds:DigestValue>")


def hints(count: int) -> bytes:
    """Hints in X509Data."""
    certificate = part(plain(), "X509Certificate")
    return replaced(plain(), certificate, certificate + b"<ds:X509SKI>AAAA</ds:X509SKI>" * count)


def key_values(count: int) -> bytes:
    """Bare keys beside the certificate."""
    data = part(plain(), "X509Data")
    return replaced(plain(), data, b"<ds:KeyValue/>" * count + data)


def key_value_elements(count: int) -> bytes:
    """A bare key without end."""
    data = part(plain(), "X509Data")
    return replaced(plain(), data, b"<ds:KeyValue>" + b"<ds:P/>" * count + b"</ds:KeyValue>" + data)


def unsigned_properties(count: int) -> bytes:
    """Unsigned properties without end."""
    start = b"<xades:UnsignedSignatureProperties>"
    return replaced(full(), start, start + b"<xades:CompleteCertificateRefs/>" * (count * 10))


def namespaces_in_properties(count: int) -> bytes:
    """Namespaces that an inclusive canonical form would have to carry through the properties."""
    flood = b"".join(b' xmlns:n%d="urn:n%d"' % (number, number) for number in range(count))
    document = full(transforms=False)
    return replaced(document, b"<xades:SignedSignatureProperties", b"<xades:SignedSignatureProperties" + flood)


FLOODS: dict[Callable[[int], bytes], int] = {
    references: 4,
    transforms: 7,
    enveloped_transforms: 7,
    certificates: 10,
    signatures: 2,
    objects: 4,
    properties: 3,
    attributes: 4,
    namespaces: 3,
    namespaces_in_signed_info: 7,
    hints: 10,
    key_values: 10,
    key_value_elements: 10,
    unsigned_properties: 3,
    namespaces_in_properties: 3,
}


@pytest.mark.parametrize("count", MANY)
@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.__name__)
def test_flood_is_refused_without_cryptography(flood: Callable[[int], bytes], count: int) -> None:
    """More of the same is refused at its step with the same few operations, whatever the number; none is a digest."""
    root, judge, at = tree(flood(count)), verifier(), index().at
    assert STEPS[FLOODS[flood]]  # sentences are read once a process, whatever comes

    def refused() -> None:
        with suppress(SignatureRefused):
            judge.verify(root, at)

    counts = operations(refused)
    assert judge.explain(root, at).step == FLOODS[flood]
    assert counts["canonical"] == counts["tostring"] == counts["_read_credential"] == 0
    assert counts.total() < OPERATIONS


def test_comment_in_text_is_refused() -> None:
    """A comment that splits a signed value is refused when the parser keeps it: programs read only the first half."""
    document = replaced(plain(), TRADER, TRADER.replace(b"LT", b"LT<!-- a -->"))
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False))
    assert refusal(root).step == 1


def test_comment_in_text_is_harmless_once_removed() -> None:
    """When the parser removes comments, the value that is read is the value that was signed."""
    document = replaced(plain(), TRADER, TRADER.replace(b"LT", b"LT<!-- a -->"))
    payload = verifier().verify(tree(document), index().at).payload
    assert payload.findtext(".//{*}Traderid") == "LT00000000101"


def test_comment_in_signed_values_is_harmless_once_removed() -> None:
    """A comment inside a digest neither hides nor adds anything."""
    document = replaced(plain(), b"<ds:DigestValue>", b"<ds:DigestValue><!-- a -->")
    assert verifier().verify(tree(document), index().at).holders == {"LT00000000101"}


def test_cdata_is_text() -> None:
    """A CDATA section in a signed value changes neither its digest nor what is read."""
    document = replaced(plain(), TRADER, TRADER.replace(b"LT", b"<![CDATA[LT]]>"))
    root = etree.fromstring(document, etree.XMLParser(strip_cdata=False, resolve_entities=False))
    assert verifier().verify(root, index().at).payload.findtext(".//{*}Traderid") == "LT00000000101"


@pytest.mark.parametrize(("place", "zeros"), [(0, 1), (32, 1), (64, 1), (32, 2)], ids=["r", "s", "after", "s-twice"])
def test_ecdsa_value_has_one_form(place: int, zeros: int) -> None:
    """A signature value that was lengthened means the same numbers to careless readers; here it is refused."""
    root = read("valid/esad-p256.xml")
    value = base64.b64decode(root[-1][1].text or "")
    root[-1][1].text = base64.b64encode(value[:place] + bytes(zeros) + value[place:]).decode()
    assert refusal(root).step == 11


def test_refusal_repeats_little_of_what_was_sent() -> None:
    """A refusal goes into logs and answers: it quotes no more than a line of somebody else's text."""
    document = replaced(plain(), b"xmldsig-more#rsa-sha256", b"xmldsig-more#" + b"a" * 100_000)
    assert len(str(refusal(tree(document)))) < 400
