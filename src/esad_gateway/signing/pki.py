"""A small certification authority for tests and demonstrations: keys, certificates, revocation lists.

Not for production: keys are not protected by a password or a device, and nobody's identity is checked. Times come in
as arguments (with a time zone); ``pem`` writes the results to files, keys with mode 0600.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

__all__ = ["Identity", "KeyKind", "Period", "create_ca", "issue", "new_key", "revoke"]

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_PUBLIC_EXPONENT: Final = 65_537  # the only one that every stack takes
_RSA_BITS: Final = 2_048


class KeyKind(StrEnum):
    """Kinds of keys that ESAD-SIG-1 takes; RSA is what every trader's stack can do."""

    RSA = "rsa"
    P256 = "p256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When a certificate is valid, ends included, to the second."""

    not_before: datetime
    not_after: datetime


def usage(*names: str) -> x509.KeyUsage:
    """A keyUsage extension with exactly the named uses, such as ``digital_signature``."""
    flags = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{flag: flag in names for flag in flags})


SIGNING_USAGE: Final = usage("digital_signature")
CA_USAGE: Final = usage("key_cert_sign", "crl_sign")


def new_key(kind: KeyKind = KeyKind.RSA) -> PrivateKey:
    """A new private key: RSA of 2048 bit, or EC on P-256."""
    if kind is KeyKind.P256:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(_PUBLIC_EXPONENT, _RSA_BITS)


def create_ca(name: str, period: Period, key: PrivateKey) -> Identity:
    """A self-signed certification authority for ``key``, with ``name`` as common name; it may not have sub-CAs."""
    subject = _name(name)
    builder = _builder(subject, subject, period, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(CA_USAGE, critical=True)
    return Identity(certificate=builder.sign(key, hashes.SHA256()), key=key)


def issue(
    ca: Identity, name: str, period: Period, key: PrivateKey, key_usage: x509.KeyUsage = SIGNING_USAGE
) -> Identity:
    """A certificate of ``ca`` for ``key``, with ``name`` (such as a SEED number) as common name, for signing.

    Not checked: that the period lies within the CA's.
    """
    builder = _builder(_name(name), ca.certificate.subject, period, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(key_usage, critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    return Identity(certificate=builder.sign(ca.key, hashes.SHA256()), key=key)


def revoke(
    ca: Identity, revoked: Mapping[x509.Certificate, datetime], period: Period, number: int = 1
) -> x509.CertificateRevocationList:
    """The complete revocation list of ``ca``: certificate -> time of revocation, current for ``period``.

    It replaces the list before it: name all revoked certificates again, and count ``number`` up.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ca.certificate.subject)
        .last_update(period.not_before)
        .next_update(period.not_after)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), critical=False)
    )
    for certificate, since in revoked.items():
        builder = builder.add_revoked_certificate(_entry(certificate, since))
    return builder.sign(ca.key, hashes.SHA256())


def _entry(certificate: x509.Certificate, since: datetime) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
    return builder.revocation_date(since).build()


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, period: Period, key: PrivateKey) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.not_before)
        .not_valid_after(period.not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
