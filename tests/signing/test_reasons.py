"""Every reason a signer can meet, each with a document that has its cause and nothing else wrong before it."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Verifier
from esad_gateway.texts import say
from helpers import templates
from helpers.pki import certificate, load
from helpers.signature_edits import content, plain, replaced
from helpers.signatures import form, index, read, refusal, signed_by, tree

ASN1 = "an ASN.1 sequence"
TWO_HALVES = "64 bytes: r, then s, of 32 bytes each"

REASONS: dict[str, str] = {
    "structure/unsigned.xml": "there is no ds:Signature",
    "structure/two-signatures.xml": "there is more than one ds:Signature",
    "structure/counter-signature.xml": "there is more than one ds:Signature, one inside the other",
    "structure/signature-not-last.xml": "the ds:Signature is not the last child element of the root",
    "structure/namespaces.xml": "67 namespaces in scope at the signature",
    "structure/many-properties.xml": "more than 128 elements in SignedProperties",
    "structure/object.xml": "SignedInfo has 1 reference although there is a ds:Object",
    "structure/second-reference.xml": "SignedInfo has 2 references, and there is no ds:Object to refer to",
    "structure/four-references.xml": "SignedInfo has 4 references although there is a ds:Object",
    "structure/two-objects.xml": "Signature holds SignedInfo, SignatureValue, KeyInfo, Object, Object",
    "structure/no-key-info.xml": "Signature holds SignedInfo, SignatureValue",
    "structure/inclusive-c14n.xml": (
        "CanonicalizationMethod has Algorithm 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'"
    ),
    "structure/prefix-list.xml": "CanonicalizationMethod holds InclusiveNamespaces",
    "structure/rsa-sha1.xml": "the signature algorithm is 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'",
    "../attacks/signature-hmac.xml": (
        "the signature algorithm is 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'"
    ),
    "structure/reference-by-id.xml": "Reference has URI '#part'",
    "structure/one-transform.xml": "Transforms holds Transform xmldsig#enveloped-signature",
    "../attacks/signature-xpath.xml": (
        "Transform is the XPath transform (http://www.w3.org/TR/1999/REC-xpath-19991116), "
        "a program of the signer: none is run"
    ),
    "../attacks/signature-xslt.xml": (
        "Transform is the XSLT transform (http://www.w3.org/TR/1999/REC-xslt-19991116), "
        "a program of the signer: none is run"
    ),
    "structure/properties-xpath.xml": (
        "Transform is the XPath transform (http://www.w3.org/TR/1999/REC-xpath-19991116), "
        "a program of the signer: none is run"
    ),
    "structure/digest-sha1.xml": "DigestMethod has Algorithm 'http://www.w3.org/2000/09/xmldsig#sha1'",
    "structure/properties-without-type.xml": "there are 0 references to SignedProperties (by their Type) and 1 others",
    "structure/properties-signed-twice.xml": "there are 2 references to SignedProperties (by their Type) and 0 others",
    "structure/key-info-signed-twice.xml": "there are 0 references to SignedProperties (by their Type) and 2 others",
    "structure/key-info-elsewhere.xml": "'#part' does not name the Id 'key-info-id-1' of KeyInfo",
    "structure/key-info-id-twice.xml": "the Id 'key-info-id-1' of KeyInfo is used more than once",
    "structure/properties-of-another.xml": "'#other' does not name the Id 'signature' of Signature",
    "structure/unsigned-properties-twice.xml": (
        "QualifyingProperties holds SignedProperties, UnsignedProperties, UnsignedProperties"
    ),
    "structure/attribute-inherited.xml": ("a reference without Transforms takes the root's xml:lang into its digest"),
    "structure/nine-certificates.xml": f"X509Data holds {', '.join(['X509Certificate'] * 7)}, X… and 1 more",
    "structure/no-certificate.xml": "X509Data holds X509SKI",
    "structure/certificate-list.xml": "X509Data holds X509Certificate, X509CRL",
    "structure/key-value.xml": "KeyInfo holds KeyValue",
    "structure/key-name-beside.xml": "KeyInfo holds X509Data, KeyName",
    "structure/two-certificate-lists.xml": "KeyInfo holds X509Data, X509Data",
    "structure/key-value-with-more.xml": "more than 64 elements in KeyInfo",
    "structure/digest-not-base64.xml": "DigestValue is not base64: it has other characters than those of base64",
    "structure/digest-in-hexadecimal.xml": "DigestValue is in hexadecimal (64 digits)",
    "structure/digest-too-short.xml": "a DigestValue has 3 bytes",
    "structure/value-empty.xml": "SignatureValue is empty",
    "structure/value-too-short.xml": "SignatureValue has 3 bytes",
    "structure/value-of-another-length.xml": "SignatureValue has 255 bytes",
    "structure/value-in-base64url.xml": (
        "SignatureValue is not base64: it has '-' or '_', as base64url does; base64 has '+' and '/'"
    ),
    "structure/ecdsa-named-for-rsa.xml": (
        "SignatureValue has 256 bytes, as RSA-SHA256 writes, and SignatureMethod names ECDSA-SHA256"
    ),
    "structure/certificate-in-pem.xml": (
        "X509Certificate is not base64: it has the header lines of a PEM file; "
        "only what stands between them belongs here"
    ),
    "structure/certificate-encoded-twice.xml": (
        "X509Certificate is encoded twice: what its base64 stands for is text again"
    ),
    "untrusted/rsa-1024.xml": "the certificate's key is RSA of 1024 bit",
    "untrusted/p384.xml": "the certificate's key is EC on secp384r1",
    "untrusted/algorithm-of-another-key.xml": (
        "the signature is ECDSA-SHA256, the certificate's key is RSA of 2048 to 4096 bit"
    ),
    "untrusted/no-digital-signature.xml": "its keyUsage has neither digitalSignature nor nonRepudiation",
    "untrusted/sub-ca.xml": "it is the certificate of a CA",
    "altered/properties-of-another-certificate.xml": "its digest is that of another certificate",
    "altered/properties-weak-digest.xml": "its digest is made with 'http://www.w3.org/2000/09/xmldsig#sha1'",
    "altered/properties-without-digest.xml": "it has no CertDigest",
    "altered/signature-of-another-document.xml": (
        "the signature value does not belong to this SignedInfo and the certificate's key"
    ),
}


@pytest.mark.parametrize("name", REASONS)
def test_reason_is_the_cause(name: str) -> None:
    """Each document has one thing wrong, and that is what is said."""
    assert refusal(read(name)).reason == REASONS[name]


@pytest.mark.parametrize("name", REASONS)
def test_reason_is_told_in_lithuanian(name: str) -> None:
    """With what would have passed: nothing of both is left in English but what the document itself says."""
    refused = refusal(read(name))
    told = say(refused.what, "lt")

    assert told.startswith(f"{refused.step} žingsnis: ")
    assert not re.search(
        r"\b(the|of|or|and|with|is|has|not|there|expected|more|than)\b", re.sub("'[^']*'|http[^ ]*", "", told)
    )


def test_properties_that_are_missing_are_named() -> None:
    """A ds:Object without the properties that a reference signs holds nothing."""
    root = read("valid/dss-rsa.xml")
    root[-1][3][0].clear()
    root[-1][3][0].set("Target", "#id-1")
    refused = refusal(root)
    assert (refused.step, refused.reason) == (9, "QualifyingProperties holds nothing")


def ecdsa_with(value: bytes) -> etree._Element:
    """A document of a P-256 key with another signature value."""
    root = read("valid/esad-p256.xml")
    root[-1][1].text = base64.b64encode(value).decode()
    return root


def test_ecdsa_value_in_asn1_is_named_before_any_ca_is_looked_at() -> None:
    """What OpenSSL and most libraries write by themselves: its bytes, what it is, and what is expected."""
    identity = load("trader-p256")
    root = tree(signed_by(identity, templates.plain(identity.certificate)))
    assert isinstance(identity.key, ec.EllipticCurvePrivateKey)
    value = identity.key.sign(form(root[-1][0]), ec.ECDSA(SHA256()))
    with pytest.raises(SignatureRefused) as caught:
        Verifier(Trust(()), lambda _fingerprint, _at: frozenset()).verify(ecdsa_with(value), index().at)
    assert caught.value.step == 11
    assert caught.value.reason == f"SignatureValue has {len(value)} bytes, {ASN1}"
    assert caught.value.expected == TWO_HALVES


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (bytes(63), "SignatureValue has 63 bytes"),
        (bytes(256), "SignatureValue has 256 bytes, as RSA-SHA256 writes, and SignatureMethod names ECDSA-SHA256"),
        (b"\x30\x81\x85" + bytes(0x85), "SignatureValue has 136 bytes, an ASN.1 sequence"),
        (b"\x30\x46" + bytes(0x45), "SignatureValue has 71 bytes"),
    ],
    ids=["short", "rsa", "long-sequence", "no-sequence"],
)
def test_ecdsa_value_of_another_length_is_named(value: bytes, reason: str) -> None:
    """Length and form, and nothing that is not so."""
    refused = refusal(ecdsa_with(value))
    assert (refused.step, refused.reason, refused.expected) == (11, reason, TWO_HALVES)


def test_value_for_a_longer_curve_is_told_by_the_key() -> None:
    """96 bytes are what P-384 writes; this key is on P-256."""
    refused = refusal(ecdsa_with(b"\x99" * 96))
    assert (refused.step, refused.reason) == (11, "SignatureValue has 96 bytes")
    assert refused.expected == "64 bytes, as the certificate's key (EC on secp256r1) writes"


def test_value_in_hexadecimal_is_named() -> None:
    """Hexadecimal is base64 by its letters, but of another length."""
    root = read("valid/esad-p256.xml")
    root[-1][1].text = base64.b64decode(root[-1][1].text or "").hex()
    assert refusal(root).reason == "SignatureValue is in hexadecimal (128 digits)"


def test_key_of_an_unknown_kind_is_told_from_an_unreadable_certificate() -> None:
    """A certificate with a key that no library here knows is a certificate all the same."""
    der = certificate("trader-p256").public_bytes(Encoding.DER)
    curve = bytes.fromhex("06082a8648ce3d030107")
    assert curve in der
    other = base64.b64encode(der.replace(curve, bytes.fromhex("06082a8648ce3d030177")))
    document = replaced(plain(), content(plain(), "X509Certificate"), other)
    with pytest.raises(SignatureRefused) as caught:
        Verifier(Trust(()), None).verify(tree(document), index().at)
    assert (caught.value.step, caught.value.reason[:40]) == (14, "the certificate's key is of an unknown k")


def test_bytes_that_are_no_certificate_say_so() -> None:
    """The library's words are kept."""
    refused = refusal(read("untrusted/not-a-certificate.xml"))
    assert refused.reason.startswith("the bytes are not an X.509 certificate: ")
