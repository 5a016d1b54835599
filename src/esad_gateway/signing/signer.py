"""Signing under ESAD-SIG-1, with one canonical form a document.

The signed document is the payload in exclusive canonical form, with the signature put in before the root's end tag:
taking the signature out gives back the digested bytes, but for two characters that readers differ in (``portable``).
SignedInfo is written in canonical form from the start, so it is hashed as it stands and never canonicalised (a test
compares it with libxml2's form).
"""

import base64
import hashlib
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm, Sign
from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.profile import DS, ENVELOPED, EXCLUSIVE_C14N, SHA256, SIGNATURE
from esad_gateway.signing.structure import foreign_node
from esad_gateway.xml.write import portable

__all__ = ["XmlSigner", "load_signer"]

_NAMESPACE: Final = f' xmlns:ds="{DS}"'
_BEFORE_METHOD: Final = f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE_C14N}"></ds:CanonicalizationMethod>'
_BEFORE_DIGEST: Final = (
    '<ds:Reference URI=""><ds:Transforms>'
    f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
    f'<ds:Transform Algorithm="{EXCLUSIVE_C14N}"></ds:Transform>'
    f'</ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod><ds:DigestValue>'
)
_AFTER_DIGEST: Final = "</ds:DigestValue></ds:Reference></ds:SignedInfo>"


class XmlSigner:
    """Signs documents with one private key and the certificate of that key.

    ``certificate`` is that one (DER, in base64), ``fingerprint`` its SHA-256; ``method`` is how a SignedInfo of this
    key begins.

    Take key objects, not files: checking an RSA key costs 30 ms and is done once, by ``load_signer``. A signer holds
    no state and may be used by several threads.

    Raises ``NotConfigured`` for a key that the profile does not take, and for the certificate of another key.
    """

    def __init__(self, key: PrivateKeyTypes, certificate: x509.Certificate) -> None:
        algorithm, self._sign = algorithm_for(key, certificate)
        der = certificate.public_bytes(Encoding.DER)
        method = f'<ds:SignatureMethod Algorithm="{algorithm.uri}"></ds:SignatureMethod>'
        self.method = f"{_BEFORE_METHOD}{method}"
        self._before_digest = f"{self.method}{_BEFORE_DIGEST}"
        self.certificate = base64.b64encode(der).decode()
        self.fingerprint = hashlib.sha256(der).hexdigest()

    def sign(self, payload: etree._Element) -> bytes:
        """The signed document, in UTF-8: ``payload`` in canonical form with the signature as its last child.

        ``payload`` is the root of its document and is not changed. Comments have no place in it, nor processing
        instructions: the verifier would refuse them.

        Raises ``UnreadableInput`` when it is signed already, or has no canonical form. Not checked: the schema.
        """
        return self.sign_form(_unsigned_form(payload))

    def sign_form(self, document: bytes) -> bytes:
        """The signed document of what is in exclusive canonical form already, without a signature.

        Not checked: that it is so; signed in another form it would have a signature that nobody can verify.
        """
        digest = base64.b64encode(hashlib.sha256(document).digest()).decode()
        content = f"{self._before_digest}{digest}{_AFTER_DIGEST}"
        value = self.value(content)
        end = document.rindex(b"</")
        return portable(document[:end] + self._signature(content, value).encode() + document[end:])

    def value(self, content: str) -> str:
        """The signature value (base64) over a SignedInfo, by what follows its start tag, in canonical form."""
        return base64.b64encode(self._sign(f"<ds:SignedInfo{_NAMESPACE}>{content}".encode())).decode()

    def _signature(self, content: str, value: str) -> str:
        # The namespace is declared on ds:Signature; in canonical form, SignedInfo by itself declares it again.
        return (
            f"<ds:Signature{_NAMESPACE}><ds:SignedInfo>{content}"
            f"<ds:SignatureValue>{value}</ds:SignatureValue>"
            f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{self.certificate}</ds:X509Certificate></ds:X509Data>"
            "</ds:KeyInfo></ds:Signature>"
        )


def load_signer(key_path: Path, certificate_path: Path) -> XmlSigner:
    """A signer from a PEM key without password and the PEM certificate of that key (the first in the file).

    Raises ``NotConfigured`` when either cannot be read, or they do not fit each other or the profile.
    """
    return XmlSigner(load_key(key_path), load_certificate(certificate_path))


def algorithm_for(key: PrivateKeyTypes, certificate: x509.Certificate) -> tuple[Algorithm, Sign]:
    """How a key signs, in the profile.

    Raises ``NotConfigured`` for a key that the profile does not take, and for the certificate of another key.
    """
    if key.public_key() != certificate.public_key():
        name = certificate.subject.rfc4514_string()
        raise NotConfigured(said("sign.other_key", name=name))
    for algorithm in ALGORITHMS.values():
        sign = algorithm.sign(key)
        if sign is not None:
            return algorithm, sign
    allowed = tuple(algorithm.key for algorithm in ALGORITHMS.values())
    raise NotConfigured(said("sign.key", allowed=allowed))


def _unsigned_form(payload: etree._Element) -> bytes:
    foreign = foreign_node(payload)
    if foreign:
        raise UnreadableInput(said("sign.foreign", why=foreign))
    if next(payload.iter(SIGNATURE), None) is not None:
        raise UnreadableInput(Said("sign.already"))
    try:
        return canonical(payload)
    except etree.LxmlError as error:
        raise UnreadableInput(said("sign.no_form", words=str(error))) from error
