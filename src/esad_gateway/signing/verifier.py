"""Verification of ESAD-SIG-1, in the numbered steps of ``STEPS``, with a result that says what was proved.

The order is from cheap to dear, and from what anybody can send to what only a registered signer can:

- 1 to 11, the tree (``structure``): counts, places, names, algorithms, sizes. No cryptography.
- 12, the certificate's fingerprint is registered. An unknown certificate is not even parsed.
- 13 to 18, the certificate (``trust``): all but time and revocation comes from a cache.
- 19 to 21, the digests: the document without its signature, and the XAdES properties.
- 22, the signature over SignedInfo: the one public-key operation of the signer's key.

Why not signxml: it is built for any profile, and takes about 0.7 ms to verify and 1.1 ms to sign where parsing,
canonical form, digest and RSA take 0.13 ms. ESAD-SIG-1 allows one form, so what remains is a table and three
primitives, none of them written here: libxml2's exclusive canonical form, SHA-256 and ``cryptography``. signxml,
xmlsec1 and the JDK stay as judges: the tests have them read what we sign and sign what we read.

A message costs one parse (before), two canonical forms (three with XAdES), and no second parse: the payload handed
on is the tree whose canonical form was digested.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hmac import compare_digest
from typing import Final, TypeAlias

from cryptography import x509
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm, Check, key_name
from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.extensions import UNREADABLE
from esad_gateway.signing.steps import STEPS, Step
from esad_gateway.signing.structure import Outline, claimed_certificate, outline
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.xades import check_signing_certificate

__all__ = ["STEPS", "Holders", "Signed", "Verification", "Verifier"]

Holders: TypeAlias = Callable[[str, datetime], frozenset[str]]
"""Certificate fingerprint and moment -> the SEED numbers, offices and administrations that it is registered for then;
empty when it is unknown. It may raise SignatureRefused of step 12 when it knows why: one that was replaced."""

_CACHED: Final = 4_096  # certificates with their keys; at 4 KB each the cache stays below 20 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a verification proved: the certificate's key signed exactly ``payload``.

    ``payload`` is the root of the tree that was digested, with the signature taken out. ``fingerprint`` is the
    SHA-256 of the certificate (DER) in hexadecimal, ``holders`` are those the certificate is registered for; who
    signed follows from them, never from ``certificate_subject``. ``algorithm`` is RSA-SHA256 or ECDSA-SHA256;
    ``xades`` says whether XAdES-B properties were signed as well. Not proved: that the holder may send this message.
    """

    payload: etree._Element
    fingerprint: str
    certificate_subject: str
    holders: frozenset[str]
    algorithm: str
    xades: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome of a verification for people: ``ok``, or the ``step`` that failed, why, and what was ``expected``.

    ``fingerprint`` and ``subject`` are those of the certificate in the document, ``None`` when there is none that can
    be read; as long as ``ok`` is false they are a claim. ``signed`` is there when ``ok``.
    """

    ok: bool
    step: int | None = None
    reason: str | None = None
    expected: str | None = None
    fingerprint: str | None = None
    subject: str | None = None
    signed: Signed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credential:
    """A certificate that can be read, with the one algorithm that its key is for."""

    certificate: x509.Certificate
    subject: str
    algorithm: Algorithm
    check: Check


@dataclass(frozen=True)
class Verifier:
    """Verifies signed documents against a trust and a registry of certificates.

    ``holders`` tells for whom a fingerprint is registered. ``None`` leaves step 12 out: for looking at a document
    offline, where no registry is at hand; never for taking messages in.
    """

    trust: Trust
    holders: Holders | None
    _credentials: Callable[[bytes], _Credential] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_credentials", lru_cache(maxsize=_CACHED)(_read_credential))

    def verify(self, root: etree._Element, at: datetime) -> Signed:
        """Prove that a registered certificate signed the document of ``root``, judged at ``at`` (with a time zone).

        The signature is taken out of the tree, so the tree is the payload afterwards. After a refusal the tree may
        have lost its signature and must not be used.

        Raises ``SignatureRefused`` with the first step that failed, and nothing else whatever the tree.
        """
        parts = outline(root)
        fingerprint = hashlib.sha256(parts.certificate).hexdigest()
        holders = self._registered(fingerprint, at)
        credential = self._credential(parts)
        self.trust.check(credential.certificate, at)
        _check_values(root, parts, credential)
        return Signed(
            payload=root,
            fingerprint=fingerprint,
            certificate_subject=credential.subject,
            holders=holders,
            algorithm=credential.algorithm.name,
            xades=parts.properties is not None,
        )

    def explain(self, root: etree._Element, at: datetime) -> Verification:
        """The outcome of ``verify`` as a value; the tree is used up in the same way. Raises nothing."""
        claimed = claimed_certificate(root)
        fingerprint = None if claimed is None else hashlib.sha256(claimed).hexdigest()
        subject = None if claimed is None else _subject(claimed)
        try:
            signed = self.verify(root, at)
        except SignatureRefused as refusal:
            return Verification(
                ok=False,
                step=refusal.step,
                reason=refusal.reason,
                expected=refusal.expected,
                fingerprint=fingerprint,
                subject=subject,
            )
        return Verification(ok=True, fingerprint=fingerprint, subject=subject, signed=signed)

    def _registered(self, fingerprint: str, at: datetime) -> frozenset[str]:
        if self.holders is None:
            return frozenset()
        holders = self.holders(fingerprint, at)
        if not holders:
            reason = f"no trader or administration is registered with the certificate {fingerprint}"
            raise SignatureRefused(Step.REGISTERED, reason, "a certificate registered for the sender")
        return holders

    def _credential(self, parts: Outline) -> _Credential:
        credential = self._credentials(parts.certificate)
        if credential.algorithm is not parts.algorithm:
            reason = f"the signature is {parts.algorithm.name}, the certificate's key is {credential.algorithm.key}"
            raise SignatureRefused(Step.KEY, reason, f"a key of {parts.algorithm.key}")
        return credential


def _read_credential(der: bytes) -> _Credential:
    """Steps 13 and 14, as far as they do not depend on the document."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject = certificate.subject.rfc4514_string()
        key = certificate.public_key()
    except UNREADABLE as error:
        reason = "the bytes are not an X.509 certificate"
        raise SignatureRefused(Step.CERTIFICATE, reason, STEPS[Step.CERTIFICATE]) from error
    for algorithm in ALGORITHMS.values():
        check = algorithm.check(key)
        if check is not None:
            return _Credential(certificate=certificate, subject=subject, algorithm=algorithm, check=check)
    raise SignatureRefused(Step.KEY, f"the certificate's key is {key_name(key)}", STEPS[Step.KEY])


def _check_values(root: etree._Element, parts: Outline, credential: _Credential) -> None:
    """Steps 19 to 22; takes the signature out of the tree."""
    signed_info = _form(parts.signed_info, Step.SIGNATURE_VALUE)
    if parts.properties is not None:
        properties = _form(parts.properties.element, Step.PROPERTIES_DIGEST)
        check_signing_certificate(parts.properties.element, parts.certificate)
    _take_out(root, parts.signature)
    _check_digest(_form(root, Step.DOCUMENT_DIGEST), parts.digest, Step.DOCUMENT_DIGEST)
    if parts.properties is not None:
        _check_digest(properties, parts.properties.digest, Step.PROPERTIES_DIGEST)
    if not credential.check(parts.value, signed_info):
        reason = "the signature value does not belong to this SignedInfo and the certificate's key"
        raise SignatureRefused(Step.SIGNATURE_VALUE, reason, STEPS[Step.SIGNATURE_VALUE])


def _form(element: etree._Element, step: Step) -> bytes:
    try:
        return canonical(element)
    except etree.LxmlError as error:
        raise SignatureRefused(step, f"it has no canonical form: {error}", STEPS[step]) from error


def _check_digest(form: bytes, expected: bytes, step: Step) -> None:
    digest = hashlib.sha256(form).digest()
    if not compare_digest(digest, expected):
        raise SignatureRefused(step, f"the digest is {digest.hex()}", f"{expected.hex()}, as signed")


def _take_out(root: etree._Element, signature: etree._Element) -> None:
    """Remove the signature, but not the text behind it: that is part of the document (XMLDSIG 6.6.4)."""
    previous = signature.getprevious()
    if signature.tail and previous is not None:
        previous.tail = (previous.tail or "") + signature.tail
    elif signature.tail:
        root.text = (root.text or "") + signature.tail
    root.remove(signature)


def _subject(der: bytes) -> str | None:
    try:
        return x509.load_der_x509_certificate(der).subject.rfc4514_string()
    except UNREADABLE:
        return None
