"""Certificate revocation lists: accepted once, when they are loaded; asked at every verification (step 18)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.signing.extensions import UNREADABLE, extension
from esad_gateway.signing.pem import load_revocation_list
from esad_gateway.signing.steps import STEPS, Step

_HASHES: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """A complete CRL that was verified: serial number -> time of revocation; current until ``next_update``."""

    issuer: x509.Name
    next_update: datetime
    revoked: Mapping[int, datetime]

    def check(self, serial: int, at: datetime) -> None:
        """That the issuer's certificate with number ``serial`` was not revoked at ``at``.

        A certificate counts as revoked from its revocation date on. A list past its ``nextUpdate`` refuses every
        certificate of its issuer: nobody knows any more.

        Raises ``SignatureRefused``.
        """
        revoked = self.revoked.get(serial)
        if revoked is not None and revoked <= at:
            raise SignatureRefused(Step.REVOCATION, f"the certificate was revoked at {revoked}", STEPS[Step.REVOCATION])
        if self.next_update < at:
            reason = f"the revocation list should have been renewed by {self.next_update}"
            raise SignatureRefused(Step.REVOCATION, reason, "a current revocation list of the issuer")


def load_revocation_lists(
    paths: Iterable[Path], authorities: tuple[x509.Certificate, ...]
) -> tuple[RevocationList, ...]:
    """The revocation lists of PEM files, each signed by one of ``authorities``; the newest one of each issuer.

    Raises ``NotConfigured`` for an unreadable file, a list that no authority signed with SHA-256 or longer, one without
    ``nextUpdate``, and one with critical extensions: those are delta, indirect or partial lists, and what they leave
    out would pass as good.
    """
    lists = sorted(((load_revocation_list(path), path) for path in paths), key=lambda item: item[0].last_update_utc)
    newest = {crl.issuer: _accepted(crl, path, authorities) for crl, path in lists}
    return tuple(newest.values())


def _accepted(
    crl: x509.CertificateRevocationList, path: Path, authorities: tuple[x509.Certificate, ...]
) -> RevocationList:
    try:
        problem = _problem(crl, authorities)
        revoked = {entry.serial_number: entry.revocation_date_utc for entry in crl}
    except UNREADABLE as error:
        raise NotConfigured(f"{path}: the revocation list cannot be read: {error}") from error
    next_update = crl.next_update_utc
    if problem or next_update is None:
        raise NotConfigured(f"{path}: {problem or 'the revocation list does not say when it is renewed'}")
    return RevocationList(issuer=crl.issuer, next_update=next_update, revoked=revoked)


def _problem(crl: x509.CertificateRevocationList, authorities: tuple[x509.Certificate, ...]) -> str | None:
    if any(item.critical for item in crl.extensions):
        return "only complete revocation lists are taken, not delta, indirect or partial ones"
    if not isinstance(crl.signature_hash_algorithm, _HASHES):
        return "the revocation list is not signed with SHA-256 or longer"
    if not any(_signed_by(crl, authority) for authority in authorities):
        return "the revocation list is not signed by a configured CA"
    return None


def _signed_by(crl: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    usage = extension(authority.extensions, x509.KeyUsage)
    if crl.issuer != authority.subject or (usage is not None and not usage.crl_sign):
        return False
    key = authority.public_key()
    return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and crl.is_signature_valid(key)
