"""Whether a configured CA issued a certificate, and why not: the library judges, and what it says is kept (step 16).

``cryptography.x509.verification`` follows RFC 5280 (names, CA flag, path length, name constraints, critical
extensions, strength of keys and hashes), with a policy for signing certificates: it asks neither for subject
alternative names nor for server or client authentication, which are matters of TLS.
"""

import re
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import verification

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said, Value, said
from esad_gateway.signing.algorithms import key_name
from esad_gateway.signing.extensions import UNREADABLE, extension
from esad_gateway.signing.profile import MAX_REASON, MIN_RSA_BITS
from esad_gateway.texts import say

_AUTHORITIES: Final = 256
"""Of how many CAs is kept that they may be configured; each member state has a few."""

_CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_PACKING: Final = re.compile(
    r"^validation failed: (?:candidates exhausted: |fatal error: )*|Python extension validator failed: ValueError: "
    r"| \(encountered processing .*\)$"
)
_OID: Final = re.compile(r"^invalid extension: (?P<oid>[\d.]+)")


def objection(certificate: x509.Certificate, authority: x509.Certificate) -> Said | None:
    """Why ``authority`` did not issue ``certificate``; ``None`` when it did.

    ``authority`` has the issuer's name. Judged at the first moment when both are valid. Raises what ``UNREADABLE``
    names.
    """
    if certificate.issuer.public_bytes() != authority.subject.public_bytes():
        return _other_encoding(certificate.issuer, authority.subject)
    begin = max(certificate.not_valid_before_utc, authority.not_valid_before_utc)
    if begin > min(certificate.not_valid_after_utc, authority.not_valid_after_utc):
        return Said("chain.never_both")
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([authority]))
        .time(begin)
        .extension_policies(ca_policy=_ca_policy(), ee_policy=verification.ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, [])
    except verification.VerificationError as error:
        return _in_words(str(error), certificate, authority)
    return None


@lru_cache(maxsize=_AUTHORITIES)
def check_authority(certificate: x509.Certificate) -> None:
    """That a certificate may be configured as a CA: that it is one, and that certificates of it can pass.

    One that may is not tried again: a gateway loads all its CAs anew whenever anything of its registry changes.

    Raises ``NotConfigured``. Not checked: that it is valid now, and who stands behind it.
    """
    name = certificate.subject.rfc4514_string()
    try:
        constraints = extension(certificate.extensions, x509.BasicConstraints)
        problem = _unfit_key(certificate) or _unfit_extensions(certificate)
    except UNREADABLE as error:
        raise NotConfigured(said("chain.unreadable", name=name, words=str(error))) from error
    if constraints is None or not constraints.ca:
        raise NotConfigured(said("chain.no_authority", name=name))
    if problem:
        raise NotConfigured(said("chain.unfit", name=name, problem=problem))


def _unfit_key(certificate: x509.Certificate) -> Said | None:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
        return None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
        return None
    return said("chain.unfit_key", key=key_name(key), least=MIN_RSA_BITS)


def _unfit_extensions(certificate: x509.Certificate) -> Said | None:
    """What is wrong with the CA whatever it issues: a CA like it, with a key that is at hand, issues a trial."""
    key = ec.generate_private_key(ec.SECP256R1())
    trial = _builder(certificate, certificate.subject, key.public_key())
    for item in certificate.extensions:
        trial = trial.add_extension(item.value, critical=item.critical)
    leaf = _builder(certificate, _TRIAL, key.public_key())
    return objection(leaf.sign(key, SHA256()), trial.sign(key, SHA256()))


_TRIAL: Final = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "trial")])


def _builder(issuer: x509.Certificate, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    begin = issuer.not_valid_before_utc
    end = max(begin, issuer.not_valid_after_utc)
    return x509.CertificateBuilder(issuer.subject, subject, key, 1, begin, end)


def _ca_policy() -> verification.ExtensionPolicy:
    policy = verification.ExtensionPolicy.permit_all()
    policy = policy.require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)
    return policy.may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _check_ca_usage)


def _check_ca_usage(_policy: verification.Policy, _ca: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError(say(_NO_CERT_SIGN))


_NO_CERT_SIGN: Final = Said("chain.no_cert_sign")


def _in_words(words: str, certificate: x509.Certificate, authority: x509.Certificate) -> Said:
    """What the library said, without its packing, and with the names of what it calls by numbers."""
    words = _PACKING.sub("", words)[:MAX_REASON]
    if words == say(_NO_CERT_SIGN):
        return _NO_CERT_SIGN
    if found := _OID.match(words):
        return said("chain.extension", name=_extension_name(found["oid"], certificate, authority), words=words)
    if words.startswith("Forbidden signature algorithm"):
        used = certificate.signature_hash_algorithm
        hashed: Value = Said("chain.no_hash") if used is None else used.name
        return said("chain.hash", hash=hashed, words=words)
    return said("said.library", words=words)


def _extension_name(oid: str, *certificates: x509.Certificate) -> str:
    kinds = (type(item.value) for one in certificates for item in one.extensions if item.oid.dotted_string == oid)
    return next(kinds, x509.UnrecognizedExtension).__name__


def _other_encoding(issuer: x509.Name, subject: x509.Name) -> Said:
    parts = {
        one.rfc4514_attribute_name
        for one, other in zip(issuer, subject, strict=False)
        if x509.Name([one]).public_bytes() != x509.Name([other]).public_bytes()
    }
    return said("chain.name_encoding", parts=", ".join(sorted(parts)) or Said("chain.structure"))
