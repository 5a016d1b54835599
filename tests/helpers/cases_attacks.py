"""Refused fixtures of good form (steps 12 to 22), and those in which somebody tries to get round the form."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from copy import deepcopy
from typing import Protocol

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from helpers import templates
from helpers.pki import PKI, load
from helpers.signature_edits import (
    RSA_SHA256,
    SECOND_REFERENCE,
    SHA256,
    TRANSFORM_ENVELOPED,
    Case,
    Edit,
    content,
    full,
    made_wrong,
    plain,
    replaced,
    sealed,
    spoiled,
    xades,
)
from helpers.signatures import DS, XADES, form, raw_signature, signed_by, tree

CERT_DIGEST = b'<xades:CertDigest><ds:DigestMethod Algorithm="'
XPATH = (
    b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
    b"<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"
)
XSLT = (
    b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet version="1.0" '
    b'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
    b"<xsl:copy-of select=\"document('other.xml')\"/></xsl:template></xsl:stylesheet></ds:Transform>"
)
REFUSED_CERTIFICATES: Mapping[str, tuple[int, str]] = {
    "unregistered": (12, "a certificate that nobody registered"),
    "rsa-1024": (14, "a short key"),
    "rsa-8192": (14, "a key that costs too much"),
    "p384": (14, "another curve"),
    "no-digital-signature": (15, "a certificate for encryption"),
    "sub-ca": (15, "the certificate of a CA"),
    "untrusted": (16, "a CA that is not configured"),
    "impostor": (16, "a CA that only has the configured CA's name"),
    "expired": (17, "a certificate of the past"),
    "not-yet-valid": (17, "a certificate of the future"),
    "revoked": (18, "a revoked certificate"),
    "lapsed": (18, "a CA whose revocation list should have been renewed"),
}
ATTACKS: tuple[Edit, ...] = (
    (
        "signature-many-references",
        4,
        "references by the hundred",
        b"</ds:SignedInfo>",
        SECOND_REFERENCE * 200 + b"</ds:SignedInfo>",
    ),
    ("signature-many-transforms", 7, "transforms by the hundred", TRANSFORM_ENVELOPED, TRANSFORM_ENVELOPED * 200),
    ("signature-xpath", 7, "an XPath program as a transform", TRANSFORM_ENVELOPED, XPATH),
    ("signature-xslt", 7, "an XSLT program as a transform", TRANSFORM_ENVELOPED, XSLT),
)


def cases() -> list[Case]:
    """All of them."""
    attacks = made_wrong("../attacks", plain(), ATTACKS)
    why = "an HMAC keyed with the public key, which anybody can make"
    forged = Case(file="../attacks/signature-hmac.xml", outcome=6, why=why, document=_hmac(plain()))
    return [*_untrusted(), *_altered(), *_properties(), *_wrapped(), *attacks, forged]


def _untrusted() -> list[Case]:
    good = plain()
    garbage = base64.b64encode((PKI / "not-a-certificate.der").read_bytes())
    why = "registered bytes that are no certificate"
    unreadable: Edit = ("not-a-certificate", 13, why, content(good, "X509Certificate"), garbage)
    ecdsa = replaced(good, b"more#rsa-", b"more#ecdsa-")
    other = replaced(ecdsa, content(good, "SignatureValue"), base64.b64encode(bytes(64)))
    return [
        *(_issued(name, step, why) for name, (step, why) in REFUSED_CERTIFICATES.items()),
        *spoiled("untrusted", good, [unreadable]),
        Case(file="untrusted/algorithm-of-another-key.xml", outcome=14, why="ECDSA, RSA certificate", document=other),
    ]


def _issued(name: str, step: int, why: str) -> Case:
    document = signed_by(load(name), templates.plain(load(name).certificate))
    return Case(file=f"untrusted/{name}.xml", outcome=step, why=why, document=document)


def _altered() -> list[Case]:
    good = plain()
    other = sealed(good, b"fixture-0001", b"fixture-0002")
    value, other_value = content(good, "SignatureValue"), content(other, "SignatureValue")
    second = base64.b64encode(load("second-trader-rsa").certificate.public_bytes(Encoding.DER))
    edits: tuple[Edit, ...] = (
        ("text-changed", 20, "another value", b"SequenceNumber>1<", b"SequenceNumber>2<"),
        ("attribute-changed", 20, "another attribute value", b'language="lt"', b'language="en"'),
        ("attribute-added", 20, "one more attribute", b"<ie818:Body>", b'<ie818:Body language="lt">'),
        ("element-removed", 20, "an element less", b"<ie818:SequenceNumber>1</ie818:SequenceNumber>", b""),
        ("space-added", 20, "one space more", b"</ie818:Body>", b" </ie818:Body>"),
        ("namespace-changed", 20, "the same names in another namespace", b"IE818:V3.23", b"IE818:V3.24"),
        ("text-after-signature", 20, "a space after the signature", b"</ds:Signature>", b"</ds:Signature> "),
        ("signature-of-another-document", 22, "the value of a signature for other content", value, other_value),
        ("certificate-swapped", 22, "another trader's certificate", content(good, "X509Certificate"), second),
    )
    stale: Edit = ("digest-recomputed", 22, "other text and its digest, the old value", other_value, value)
    why = "ECDSA values in DER, as OpenSSL writes them"
    der = Case(file="altered/ecdsa-value-in-der.xml", outcome=11, why=why, document=_ecdsa_der())
    return [*spoiled("altered", good, edits), *spoiled("altered", other, [stale]), der]


def _properties() -> list[Case]:
    good = xades()
    digest = base64.b64encode(hashlib.sha256(load("trader-rsa").certificate.public_bytes(Encoding.DER)).digest())
    weak = CERT_DIGEST + b"http://www.w3.org/2000/09/xmldsig#sha1"
    found = good[good.index(b"<xades:CertDigest>") : good.index(b"</xades:Cert>")]
    edits: tuple[Edit, ...] = (
        ("properties-of-another-certificate", 19, "another certificate", digest, base64.b64encode(bytes(32))),
        ("properties-weak-digest", 19, "SHA-1 over the certificate", CERT_DIGEST + SHA256, weak),
        ("properties-without-digest", 19, "nothing that names the certificate", found, b""),
    )
    changed: Edit = ("properties-changed", 21, "another signing time", b"T09:31:00Z", b"T09:32:00Z")
    bare: Edit = ("properties-without-transforms-changed", 21, "another signing time", b"T09:31:00Z", b"T09:32:00Z")
    key: Edit = (
        "key-info-changed",
        21,
        "another hint in the KeyInfo that was signed",
        b"CN=Throw-away",
        b"CN=Thrown-away",
    )
    return [
        *made_wrong("altered", good, edits),
        *spoiled("altered", good, [changed]),
        *spoiled("altered", full(), [key]),
        *spoiled("altered", full(transforms=False), [bare]),
    ]


def _ecdsa_der() -> bytes:
    identity = load("trader-p256")
    root = tree(signed_by(identity, templates.plain(identity.certificate)))
    raw = raw_signature(identity.key, form(root[-1][0]))
    integers = b"".join(b"\x02\x21\x00" + half for half in (raw[:32], raw[32:]))
    root[-1][1].text = base64.b64encode(b"\x30\x46" + integers).decode()
    return etree.tostring(root, encoding="UTF-8")


def _hmac(document: bytes) -> bytes:
    root = tree(replaced(document, RSA_SHA256, RSA_SHA256.replace(b"rsa", b"hmac")))
    public = load("trader-rsa").certificate.public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    root[-1][1].text = base64.b64encode(hmac.digest(secret, form(root[-1][0]), "sha256")).decode()
    return etree.tostring(root, encoding="UTF-8")


class Move(Protocol):
    """A way of wrapping."""

    def __call__(self, root: etree._Element, /) -> etree._Element:
        """Take the root of a well-signed document, give the root of the wrapped one."""


def _wrapped() -> list[Case]:
    good, properties = plain(), xades()
    moves: tuple[tuple[str, int, str, bytes, Move], ...] = (
        ("original-in-object", 4, "the signed document moved into its signature", good, _into_object),
        ("original-as-child", 2, "the signed document, signature and all, in another one", good, _into_child),
        ("original-beside", 20, "the signed content beside other content, the signature last", good, _beside),
        ("signature-in-header", 2, "the signature moved into the header", good, _into_header),
        ("signature-in-header-and-last", 2, "the signature in the header, and a copy last", good, _copied),
        ("signature-as-root", 2, "the signature around the document", good, _as_root),
        ("properties-moved", 9, "the signed properties moved away, others in their place", properties, _moved),
        (
            "object-doubled",
            4,
            "another ds:Object before the signed one, with other properties",
            properties,
            _object_doubled,
        ),
        ("key-info-moved", 4, "the signed KeyInfo moved into an object, another in its place", full(), _key_info_moved),
        (
            "properties-in-unsigned",
            9,
            "the signed properties among the unsigned ones, others in their place",
            full(),
            _hidden,
        ),
        ("properties-doubled", 9, "the signed properties once more, in the document", properties, _doubled),
    )
    return [
        Case(file=f"wrapped/{name}.xml", outcome=step, why=why, document=etree.tostring(move(tree(data))))
        for name, step, why, data, move in moves
    ]


def _forged(root: etree._Element) -> etree._Element:
    """A copy without signature, for another trader."""
    copied = deepcopy(root)
    copied.remove(copied[-1])
    for element in copied.iter("{*}Traderid"):
        element.text = "LT00000000666"
    return copied


def _into_object(root: etree._Element) -> etree._Element:
    forged, signature = _forged(root), root[-1]
    root.remove(signature)
    etree.SubElement(signature, f"{DS}Object").append(root)
    forged.append(signature)
    return forged


def _into_child(root: etree._Element) -> etree._Element:
    forged = _forged(root)
    forged.append(root)
    return forged


def _beside(root: etree._Element) -> etree._Element:
    forged = _forged(root)
    forged.extend([root[1], root[-1]])
    return forged


def _into_header(root: etree._Element) -> etree._Element:
    root[0].append(root[-1])
    return root


def _copied(root: etree._Element) -> etree._Element:
    root[0].append(deepcopy(root[-1]))
    return root


def _as_root(root: etree._Element) -> etree._Element:
    signature = root[-1]
    root.remove(signature)
    etree.SubElement(signature, f"{DS}Object").append(root)
    return signature


def _moved(root: etree._Element) -> etree._Element:
    signed = next(root.iter(f"{XADES}SignedProperties"))
    other = deepcopy(signed)
    other.set("Id", "other-properties")
    signed.addnext(other)
    root[0].append(signed)
    return root


def _doubled(root: etree._Element) -> etree._Element:
    root[0].append(deepcopy(next(root.iter(f"{XADES}SignedProperties"))))
    return root


def _object_doubled(root: etree._Element) -> etree._Element:
    signed = root[-1][3]
    other = deepcopy(signed)
    other[0][0].set("Id", "other-properties")
    signed.addprevious(other)
    return root


def _key_info_moved(root: etree._Element) -> etree._Element:
    signature = root[-1]
    key_info = signature[2]
    other = deepcopy(key_info)
    del other.attrib["Id"]
    key_info.addnext(other)
    etree.SubElement(signature, f"{DS}Object").append(key_info)
    return root


def _hidden(root: etree._Element) -> etree._Element:
    signed = next(root.iter(f"{XADES}SignedProperties"))
    other = deepcopy(signed)
    other.set("Id", "other-properties")
    signed.addprevious(other)
    next(root.iter(f"{XADES}UnsignedProperties")).append(signed)
    return root
