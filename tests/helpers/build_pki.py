"""Builds the throw-away PKI in ``fixtures/pki``: ``PYTHONPATH=src:tests python tests/helpers/build_pki.py``.

Keys are random, so a second run gives other files and the signatures in ``fixtures/signatures`` have to be built anew
(``build_signatures.py``). Files that exist are kept: delete what is to be made again.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.signing import pem, pki
from helpers.pki import PKI, certificate_path, key_path, load

Issue = Callable[[pki.Identity, str, pki.PrivateKey], pki.Identity]


def day(year: int, month: int = 1, number: int = 1) -> datetime:
    """Midnight (UTC) of a day."""
    return datetime(year, month, number, tzinfo=UTC)


LONG = pki.Period(not_before=day(2023), not_after=day(2053))
PAST = pki.Period(not_before=day(2023), not_after=day(2024))
FUTURE = pki.Period(not_before=day(2040), not_after=day(2053))
REVOKED_SINCE = day(2024, 6)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A certificate to issue: common name, issuing CA, how to make the key, how to issue."""

    subject: str
    ca: str = "ca"
    key: Callable[[], pki.PrivateKey] = pki.new_key
    issue: Issue = lambda ca, name, key: pki.issue(ca, name, LONG, key)


def for_period(period: pki.Period) -> Issue:
    """Issuing for another period."""
    return lambda ca, name, key: pki.issue(ca, name, period, key)


def without_digital_signature(ca: pki.Identity, name: str, key: pki.PrivateKey) -> pki.Identity:
    """Issuing for encryption only."""
    return pki.issue(ca, name, LONG, key, pki.usage("key_encipherment"))


def for_non_repudiation(ca: pki.Identity, name: str, key: pki.PrivateKey) -> pki.Identity:
    """Issuing as for a qualified certificate: for non-repudiation alone."""
    return pki.issue(ca, name, LONG, key, pki.usage("content_commitment"))


def as_sub_ca(ca: pki.Identity, name: str, key: pki.PrivateKey) -> pki.Identity:
    """Issuing the certificate of a CA that may also sign."""
    template = pki.issue(ca, name, LONG, key).certificate
    builder = x509.CertificateBuilder(
        template.issuer,
        template.subject,
        template.public_key(),
        x509.random_serial_number(),
        template.not_valid_before_utc,
        template.not_valid_after_utc,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(pki.usage("digital_signature", "key_cert_sign", "crl_sign"), critical=True)
    return pki.Identity(certificate=builder.sign(ca.key, SHA256()), key=key)


def p256() -> pki.PrivateKey:
    """A key on P-256."""
    return pki.new_key(pki.KeyKind.P256)


AUTHORITIES: Mapping[str, str] = {
    "ca": "Throw-away Test CA",
    "impostor-ca": "Throw-away Test CA",  # the same name, another key
    "untrusted-ca": "Throw-away Untrusted CA",
    "lapsed-ca": "Throw-away CA with a lapsed revocation list",
}
LEAVES: Mapping[str, Leaf] = {
    "trader-rsa": Leaf(subject="LT00000000101"),
    "trader-p256": Leaf(subject="LT00000000102", key=p256),
    "trader-qualified": Leaf(subject="LT00000000104", key=p256, issue=for_non_repudiation),
    "second-trader-rsa": Leaf(subject="LT00000000103"),
    "administration-lt": Leaf(subject="NDEA.LT"),
    "administration-pl": Leaf(subject="NDEA.PL", key=p256),
    "unregistered": Leaf(subject="LT00000000101", key=p256),
    "expired": Leaf(subject="LT00000000101", key=p256, issue=for_period(PAST)),
    "not-yet-valid": Leaf(subject="LT00000000101", key=p256, issue=for_period(FUTURE)),
    "revoked": Leaf(subject="LT00000000101", key=p256),
    "untrusted": Leaf(subject="LT00000000101", ca="untrusted-ca", key=p256),
    "impostor": Leaf(subject="LT00000000101", ca="impostor-ca", key=p256),
    "lapsed": Leaf(subject="LT00000000101", ca="lapsed-ca", key=p256),
    "no-digital-signature": Leaf(subject="LT00000000101", issue=without_digital_signature),
    "sub-ca": Leaf(subject="LT00000000101", key=p256, issue=as_sub_ca),
    "rsa-1024": Leaf(subject="LT00000000101", key=lambda: rsa.generate_private_key(65_537, 1_024)),  # noqa: S505  to be refused
    "rsa-8192": Leaf(subject="LT00000000101", key=lambda: rsa.generate_private_key(65_537, 8_192)),
    "p384": Leaf(subject="LT00000000101", key=lambda: ec.generate_private_key(ec.SECP384R1())),
}


def write(name: str, identity: pki.Identity) -> None:
    """Write certificate and key of one identity."""
    pem.write_certificate(certificate_path(name), identity.certificate)
    pem.write_key(key_path(name), identity.key)


def write_missing() -> None:
    """Write what ``fixtures/pki`` lacks."""
    PKI.mkdir(parents=True, exist_ok=True)
    for name, subject in AUTHORITIES.items():
        if not certificate_path(name).exists():
            write(name, pki.create_ca(subject, LONG, pki.new_key()))
    for name, leaf in LEAVES.items():
        if not certificate_path(name).exists():
            write(name, leaf.issue(load(leaf.ca), leaf.subject, leaf.key()))
    (PKI / "not-a-certificate.der").write_bytes(b"\x30\x03\x02\x01\x2a")


def write_lists() -> None:
    """Write the revocation lists: a current one of the CA, one that should have been renewed, and two unfit ones."""
    ca = load("ca")
    current = pki.revoke(ca, {load("revoked").certificate: REVOKED_SINCE}, LONG, number=2)
    pem.write_revocation_list(PKI / "ca.crl.pem", current)
    pem.write_revocation_list(PKI / "lapsed-ca.crl.pem", pki.revoke(load("lapsed-ca"), {}, PAST))
    pem.write_revocation_list(PKI / "impostor-ca.crl.pem", pki.revoke(load("impostor-ca"), {}, LONG))


def main(_arguments: list[str]) -> None:
    """Build what is missing."""
    write_missing()
    write_lists()


if __name__ == "__main__":
    main(sys.argv[1:])
