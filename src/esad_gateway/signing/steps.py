"""The numbered steps of a verification: the numbers are public (answers, logs, manual) and are never re-used."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType


class Step(IntEnum):
    """A step of ESAD-SIG-1. Steps 1 to 11 look at the tree only; no key is used before step 16."""

    DOCUMENT = 1
    PLACE = 2
    SIZE = 3
    SHAPE = 4
    CANONICALIZATION = 5
    ALGORITHM = 6
    DOCUMENT_REFERENCE = 7
    DIGEST_METHOD = 8
    PROPERTIES_REFERENCE = 9
    KEY_INFO = 10
    VALUES = 11
    REGISTERED = 12
    CERTIFICATE = 13
    KEY = 14
    USAGE = 15
    CHAIN = 16
    VALIDITY = 17
    REVOCATION = 18
    SIGNING_CERTIFICATE = 19
    DOCUMENT_DIGEST = 20
    PROPERTIES_DIGEST = 21
    SIGNATURE_VALUE = 22


STEPS: Mapping[int, str] = MappingProxyType(
    {
        Step.DOCUMENT: "the document is one whole tree of elements and text, nothing else",
        Step.PLACE: "exactly one ds:Signature, the last child element of the root",
        Step.SIZE: "no more namespaces and elements than the profile allows",
        Step.SHAPE: "the signature is built from the profile's elements in the profile's order",
        Step.CANONICALIZATION: "SignedInfo is put in exclusive canonical form, without comments or PrefixList",
        Step.ALGORITHM: "the signature algorithm is RSA-SHA256 or ECDSA-SHA256",
        Step.DOCUMENT_REFERENCE: "the first reference is the whole document, enveloped signature then exclusive c14n",
        Step.DIGEST_METHOD: "references are digested with SHA-256",
        Step.PROPERTIES_REFERENCE: "further references are this signature's XAdES SignedProperties and its KeyInfo",
        Step.KEY_INFO: "KeyInfo is one X509Data with one to eight X509Certificate",
        Step.VALUES: "digests, signature value and certificate are base64 of a fitting length",
        Step.REGISTERED: "the certificate is registered",
        Step.CERTIFICATE: "the certificate can be read",
        Step.KEY: "the key is RSA of 2048 to 4096 bit or EC on P-256, and the algorithm is of its kind",
        Step.USAGE: "the certificate is for digital signatures or non-repudiation, and is not a CA",
        Step.CHAIN: "the certificate was issued by a configured CA",
        Step.VALIDITY: "certificate and CA are valid at the time of verification",
        Step.REVOCATION: "the revocation list is current and does not name the certificate",
        Step.SIGNING_CERTIFICATE: "the XAdES SigningCertificate names the signer's certificate",
        Step.DOCUMENT_DIGEST: "the document has the digest that was signed",
        Step.PROPERTIES_DIGEST: "SignedProperties and KeyInfo have the digests that were signed, where they were",
        Step.SIGNATURE_VALUE: "the signature over SignedInfo holds for the certificate's key",
    }
)
