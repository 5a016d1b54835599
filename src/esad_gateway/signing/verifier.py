"""Verification of ESAD-SIG-1, in the numbered steps of ``STEPS``, with a result that says what was proved.

The order is from cheap to dear, and from what anybody can send to what only a registered signer can:

- 1 to 11, the tree (``structure``): counts, places, names, algorithms, sizes. No cryptography.
- 12, the certificate's fingerprint is registered. An unknown certificate is not even parsed.
- 13 to 18, the certificate (``trust``): all but time and revocation comes from a cache.
- 19 to 21, the digests: the document without its signature, and what else is signed: XAdES properties, KeyInfo.
- 22, the signature over SignedInfo: the one public-key operation of the signer's key.

Why not signxml: it is built for any profile, and takes about 0.7 ms to verify and 1.1 ms to sign where parsing,
canonical form, digest and RSA take 0.13 ms. ESAD-SIG-1 allows one form, so what remains is a table and three
primitives, none of them written here: libxml2's exclusive canonical form, SHA-256 and ``cryptography``. signxml,
xmlsec1 and the JDK stay as judges: the tests have them read what we sign and sign what we read.

KeyInfo may hold a chain: the signer's certificate is the one that is registered. A message costs one parse (before),
two canonical forms (and one or two more for what XAdES signs as well), and no second parse: the payload handed
on is the tree whose canonical form was digested.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hmac import compare_digest
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, Value, said
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm, Check, key_name
from esad_gateway.signing.canonical import canonical, inclusive
from esad_gateway.signing.extensions import UNREADABLE
from esad_gateway.signing.profile import MAX_REASON
from esad_gateway.signing.steps import STEPS, Step, asks
from esad_gateway.signing.structure import Outline, SignedPart, claimed_certificates, outline
from esad_gateway.signing.trust import Trust, is_authority
from esad_gateway.signing.values import check_length
from esad_gateway.signing.xades import check_signing_certificate

__all__ = ["STEPS", "Holders", "Signed", "Verification", "Verifier"]

Holders: TypeAlias = Callable[[str, datetime], frozenset[str]]
"""Certificate fingerprint and moment -> the SEED numbers, offices and administrations that it is registered for then;
empty when it is unknown. It may raise SignatureRefused of step 12 when it knows why: one that was replaced."""

_Candidate: TypeAlias = tuple[bytes, frozenset[str]]
"""A certificate (DER) of a signature, and for whom it is registered."""

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

    ``told`` says all three without a language.

    ``fingerprint`` and ``subject`` are those of the certificate in the document, ``None`` when there is none that can
    be read; while ``ok`` is false they are only claimed. ``signed`` is there when ``ok``,
    ``besides`` is what else is wrong with the form of a signature (steps 1 to 11) when it is not.
    """

    ok: bool
    step: int | None = None
    reason: str | None = None
    expected: str | None = None
    told: Said | None = None
    fingerprint: str | None = None
    subject: str | None = None
    signed: Signed | None = None
    besides: tuple[SignatureRefused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A certificate that can be read, with the one algorithm that its key is for.

    ``key_digest`` is the SHA-256 of its public key, the same for all certificates of that key.
    """

    certificate: x509.Certificate
    fingerprint: str
    key_digest: bytes
    subject: str
    key: Value
    length: int
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
    _credentials: Callable[[bytes], Credential] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_credentials", lru_cache(maxsize=_CACHED)(read_credential))

    def verify(self, root: etree._Element, at: datetime) -> Signed:
        """Prove that a registered certificate signed the document of ``root``, judged at ``at`` (with a time zone).

        The signature is taken out of the tree, so the tree is the payload afterwards. After a refusal the tree may
        have lost its signature and must not be used.

        Raises ``SignatureRefused`` with the first step that failed, and nothing else whatever the tree.
        """
        parts = outline(root)
        der, holders, credential = self._signer(parts, at)
        self.trust.check(credential.certificate, at)
        _check_values(root, parts, der, credential)
        return Signed(
            payload=root,
            fingerprint=credential.fingerprint,
            certificate_subject=credential.subject,
            holders=holders,
            algorithm=credential.algorithm.name,
            xades=parts.properties is not None,
        )

    def believed(self, der: bytes, used: Algorithm, at: datetime) -> tuple[Credential, frozenset[str]]:
        """A certificate that is believed at a moment, and for whom it is registered: steps 12 to 18.

        ``used`` is the algorithm of a signature that names the certificate. Raises ``SignatureRefused``. Not checked:
        that the certificate's key has signed anything.
        """
        ((_, holders),) = self._registered((der,), at)
        credential = self._fitting(der, used)
        self.trust.check(credential.certificate, at)
        return credential, holders

    def explain(self, root: etree._Element, at: datetime) -> Verification:
        """The outcome of ``verify`` as a value; the tree is used up in the same way. Raises nothing."""
        claimed = _claimed(claimed_certificates(root))
        fingerprint = None if claimed is None else _fingerprint(claimed)
        subject = None if claimed is None else _subject(claimed)
        try:
            signed = self.verify(root, at)
        except SignatureRefused as refusal:
            return Verification(
                ok=False,
                step=refusal.step,
                reason=refusal.reason,
                expected=refusal.expected,
                told=refusal.what,
                fingerprint=fingerprint,
                subject=subject,
                besides=refusal.besides,
            )
        return Verification(ok=True, fingerprint=fingerprint, subject=subject, signed=signed)

    def _signer(self, parts: Outline, at: datetime) -> tuple[bytes, frozenset[str], Credential]:
        """The signer's certificate (DER), whose it is, and what its key is for: steps 12 to 14.

        That is the registered one. Of several, which hardly happens, and of all where there is no registry, it is the
        one whose key the signature value belongs to.
        """
        candidates = self._registered(parts.certificates, at)
        if len(candidates) > 1:
            candidates = self._by_key(candidates, parts)
        der, holders = candidates[0]
        return der, holders, self._credential(der, parts)

    def _registered(self, certificates: Sequence[bytes], at: datetime) -> Sequence[_Candidate]:
        if self.holders is None:
            return [(der, frozenset()) for der in certificates]
        found, refusals = [], []
        for der in certificates:
            try:
                holders = self.holders(_fingerprint(der), at)
            except SignatureRefused as refusal:
                refusals.append(refusal)
                continue
            if holders:
                found.append((der, holders))
        if not found:
            raise refusals[0] if refusals else _unregistered(certificates)
        return found

    def _by_key(self, candidates: Sequence[_Candidate], parts: Outline) -> Sequence[_Candidate]:
        """The candidates, the most likely signer first: its key verifies, or at least it is no CA's certificate."""
        signed_info = _form(canonical, parts.signed_info, Step.SIGNATURE_VALUE)

        def likelihood(candidate: _Candidate) -> int:
            try:
                credential = self._credential(candidate[0], parts)
                return 2 * credential.check(parts.value, signed_info) + (not is_authority(credential.certificate))
            except SignatureRefused:
                return -1

        return sorted(candidates, key=likelihood, reverse=True)

    def _credential(self, der: bytes, parts: Outline) -> Credential:
        credential = self._fitting(der, parts.algorithm)
        check_length(parts.signature[1], parts.value, credential.length, credential.key)
        return credential

    def _fitting(self, der: bytes, used: Algorithm) -> Credential:
        credential = self._credentials(der)
        if credential.algorithm is not used:
            key = credential.algorithm.key
            reason = said("refused.key_of_other", algorithm=used.name, key=key)
            raise SignatureRefused(Step.KEY, reason, said("wanted.key", key=used.key))
        return credential


def _fingerprint(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def _unregistered(certificates: Sequence[bytes]) -> SignatureRefused:
    reason = said("refused.unregistered", names=tuple(map(_fingerprint, certificates)))
    return SignatureRefused(Step.REGISTERED, reason, Said("wanted.registered"))


def _claimed(certificates: Sequence[bytes]) -> bytes | None:
    """Whom a document claims to be from: of a chain, the certificate that is no CA's."""
    leaves = [der for der in certificates if not _is_authority(der)]
    return next(iter((*leaves, *certificates)), None)


def read_credential(der: bytes) -> Credential:
    """Steps 13 and 14, as far as they do not depend on the document."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject = certificate.subject.rfc4514_string()
    except UNREADABLE as error:
        reason = said("refused.not_a_certificate", words=str(error)[:MAX_REASON])
        raise SignatureRefused(Step.CERTIFICATE, reason, asks(Step.CERTIFICATE)) from error
    try:
        key = certificate.public_key()
    except UNREADABLE as error:
        reason = said("refused.unknown_key", words=str(error)[:MAX_REASON])
        raise SignatureRefused(Step.KEY, reason, asks(Step.KEY)) from error
    for algorithm in ALGORITHMS.values():
        check = algorithm.check(key)
        if check is not None:
            return Credential(
                certificate=certificate,
                fingerprint=_fingerprint(der),
                key_digest=hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest(),
                subject=subject,
                key=key_name(key),
                length=algorithm.length(key),
                algorithm=algorithm,
                check=check,
            )
    raise SignatureRefused(Step.KEY, said("refused.key", key=key_name(key)), asks(Step.KEY))


def _check_values(root: etree._Element, parts: Outline, der: bytes, credential: Credential) -> None:
    """Steps 19 to 22; takes the signature out of the tree."""
    signed_info = _form(canonical, parts.signed_info, Step.SIGNATURE_VALUE)
    if parts.properties is not None:
        check_signing_certificate(parts.properties, der)
    # The forms of what stands in the signature depend on where it stands: they are made before it is taken out.
    differences = [reason for part in parts.further if (reason := _part_difference(part))]
    _take_out(root, parts.signature)
    digest = hashlib.sha256(_form(canonical, root, Step.DOCUMENT_DIGEST)).digest()
    if not compare_digest(digest, parts.digest):
        reason = said("refused.changed", digest=digest.hex())
        raise SignatureRefused(Step.DOCUMENT_DIGEST, reason, said("wanted.digest", digest=parts.digest.hex()))
    if differences:
        raise SignatureRefused(Step.PROPERTIES_DIGEST, differences[0], asks(Step.PROPERTIES_DIGEST))
    if not credential.check(parts.value, signed_info):
        raise SignatureRefused(Step.SIGNATURE_VALUE, Said("refused.value"), asks(Step.SIGNATURE_VALUE))


def _part_difference(part: SignedPart) -> Said | None:
    """How the digest of a part differs from the signed one; ``None`` when it does not.

    Without Transforms the form is the inclusive one (XMLDSIG 4.4.3.2). signxml digests the exclusive form there: that
    holds the same content and binds it as well, so it is taken too.
    """
    forms = (canonical,) if part.exclusive else (inclusive, canonical)
    digests = (hashlib.sha256(_form(form, part.element, Step.PROPERTIES_DIGEST)).digest() for form in forms)
    found = []
    for digest in digests:
        if compare_digest(digest, part.digest):
            return None
        found.append(digest.hex())
    name = etree.QName(part.element).localname
    return said("refused.part_digest", name=name, found=tuple(found), signed=part.digest.hex())


def _form(form: Callable[[etree._Element], bytes], element: etree._Element, step: Step) -> bytes:
    try:
        return form(element)
    except etree.LxmlError as error:
        raise SignatureRefused(step, said("refused.no_form", words=str(error)), asks(step)) from error


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


def _is_authority(der: bytes) -> bool:
    try:
        return is_authority(x509.load_der_x509_certificate(der))
    except UNREADABLE:
        return False
