"""Envelopes with WS-Security by hand: as a client writes them, and as nobody should."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.signing.pki import Identity
from esad_gateway.signing.signer import XmlSigner, algorithm_for

DS = "http://www.w3.org/2000/09/xmldsig#"
WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE, WSU = f"{WSS}-wssecurity-secext-1.0.xsd", f"{WSS}-wssecurity-utility-1.0.xsd"
BASE64 = f"{WSS}-soap-message-security-1.0#Base64Binary"
X509_V3 = f"{WSS}-x509-token-profile-1.0#X509v3"
SUBJECT_KEY = f"{WSS}-x509-token-profile-1.0#X509SubjectKeyIdentifier"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NAMES = {"ds": DS, "wsse": WSSE, "wsu": WSU, "ec": EXCLUSIVE}


class Change(Protocol):
    """What is done to an envelope."""

    def __call__(self, root: etree._Element, /) -> object:
        """Do it, given the root."""


def nothing(_: etree._Element) -> None:
    """Leave it as it is."""


def one(root: etree._Element, path: str) -> etree._Element:
    """The one element at a path, by the usual prefixes and ``s`` for the envelope."""
    names = {**NAMES, "s": etree.QName(root).namespace or ""}
    (element,) = root.iterfind(f".{path}" if path.startswith("//") else path, names)
    return element


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A client that signs Body and Timestamp of what it sends."""

    identity: Identity
    now: Callable[[], datetime]
    lasting: timedelta = timedelta(minutes=5)
    stamp: str = field(default="%Y-%m-%dT%H:%M:%SZ")

    def signed(self, envelope: bytes, before: Change = nothing, after: Change = nothing, key_info: str = "") -> bytes:
        """An envelope with its Security header; ``before`` changes what is signed, ``after`` what was."""
        root = etree.fromstring(envelope)
        version = etree.QName(root).namespace
        body = root[-1]
        body.set(f"{{{WSU}}}Id", "the-body")
        header = root[0] if len(root) > 1 else etree.Element(f"{{{version}}}Header")
        root.insert(0, header)
        header.append(etree.fromstring(self._security(key_info)))
        before(root)
        self._seal(root)
        after(root)
        return etree.tostring(root)

    def _security(self, key_info: str) -> str:
        at = self.now()
        # Nothing that was made by the same client in the same second is the same envelope.
        timestamp = (
            f'<wsu:Timestamp wsu:Id="stamp-{uuid4()}"><wsu:Created>{at.strftime(self.stamp)}</wsu:Created>'
            f"<wsu:Expires>{(at + self.lasting).strftime(self.stamp)}</wsu:Expires></wsu:Timestamp>"
        )
        token = (
            f'<wsse:BinarySecurityToken EncodingType="{BASE64}" ValueType="{X509_V3}" wsu:Id="the-token">'
            f"{der_of(self.identity.certificate)}</wsse:BinarySecurityToken>"
        )
        return (
            f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">{timestamp}{token}'
            f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
            f'<ds:SignatureMethod Algorithm="{self._algorithm()}"/>{reference("")}{reference("")}</ds:SignedInfo>'
            f"<ds:SignatureValue/><ds:KeyInfo>{key_info or by_token('#the-token')}</ds:KeyInfo></ds:Signature>"
            "</wsse:Security>"
        )

    def _algorithm(self) -> str:
        return algorithm_for(self.identity.key, self.identity.certificate)[0].uri

    def _seal(self, root: etree._Element) -> None:
        """Fill in the references, where they are still open, their digests, and the value."""
        parts = (root[-1], one(root, "//wsu:Timestamp[1]"))
        for part, place in zip(parts, root.iterfind(".//{*}Reference[@URI='']"), strict=False):
            place.set("URI", f"#{part.get(f'{{{WSU}}}Id') or part.get('Id')}")
        for place in root.iterfind(".//ds:SignedInfo/ds:Reference", NAMES):
            name = place.get("URI", "")[1:]
            found = [one for one in root.iter() if name in (one.get(f"{{{WSU}}}Id"), one.get("Id"))]
            if found:
                digest = hashlib.sha256(form(found[0])).digest()
                one(place, "ds:DigestValue").text = base64.b64encode(digest).decode()
        signed_info = form(one(root, "//ds:SignedInfo")).decode()
        content = signed_info.partition(">")[2]
        value = one(root, "//ds:SignatureValue")
        value.text = value.text or XmlSigner(self.identity.key, self.identity.certificate).value(content)


def form(element: etree._Element) -> bytes:
    """The exclusive canonical form."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def reference(pointer: str) -> str:
    """A reference whose digest is filled in later."""
    return (
        f'<ds:Reference URI="{pointer}"><ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference>'
    )


def der_of(certificate: x509.Certificate) -> str:
    """A certificate in base64."""
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _by(inside: str) -> str:
    return f"<wsse:SecurityTokenReference>{inside}</wsse:SecurityTokenReference>"


def by_token(pointer: str) -> str:
    """A reference to the token."""
    return _by(f'<wsse:Reference URI="{pointer}" ValueType="{X509_V3}"/>')


def by_serial(certificate: x509.Certificate, issuer: str = "") -> str:
    """A reference by issuer and serial number."""
    name = issuer or certificate.issuer.rfc4514_string()
    inside = (
        f"<ds:X509IssuerName>{name}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber>"
    )
    return _by(f"<ds:X509Data><ds:X509IssuerSerial>{inside}</ds:X509IssuerSerial></ds:X509Data>")


def by_key(certificate: x509.Certificate) -> str:
    """A reference by the identifier of the key."""
    identifier = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    return _by(
        f'<wsse:KeyIdentifier EncodingType="{BASE64}" ValueType="{SUBJECT_KEY}">'
        f"{base64.b64encode(identifier).decode()}</wsse:KeyIdentifier>"
    )
