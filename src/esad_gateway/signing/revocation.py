"""Certificate revocation lists: accepted once, when they are loaded; asked at every verification (step 18).

A list belongs to the key that signed it, not to a name: a CA that renews its key keeps its name, and the lists of
both keys stand beside each other. Within a key, a list has a scope: everything, or the certificates of the
distribution point whose addresses it names (RFC 5280 5.2.5). Only a newer list of the same key and scope replaces it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.faults import Said, said
from esad_gateway.signing.extensions import UNREADABLE, extension
from esad_gateway.signing.pem import load_crls
from esad_gateway.signing.revocation_scope import addresses_of, partial
from esad_gateway.signing.steps import Step, asks

_HASHES: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)

Scope: TypeAlias = tuple[str, str, frozenset[str]]
"""Fingerprint of the signing key, name of the issuer, addresses of the distribution point (none: everything)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """A complete CRL that was verified: serial number -> time of revocation; current until ``next_update``.

    ``key`` is the fingerprint of the key that signed it (``key_fingerprint``), ``addresses`` those of its distribution
    point. ``number`` is ``None`` where the CA does not number its lists.
    """

    issuer: x509.Name
    key: str
    addresses: frozenset[str] = frozenset()
    number: int | None = None
    this_update: datetime
    next_update: datetime
    revoked: Mapping[int, datetime]

    @property
    def scope(self) -> Scope:
        """What the list speaks for: a list of the same scope takes its place, no other."""
        return self.key, self.issuer.rfc4514_string(), self.addresses

    @property
    def edition(self) -> Said:
        """Number and date, for people."""
        day = f"{self.this_update.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return (
            said("crl.no_number", day=day) if self.number is None else said("crl.edition", number=self.number, day=day)
        )

    def is_newer_than(self, other: "RevocationList") -> bool:
        """Whether this edition follows the other's of the same scope: number and date speak, and do not disagree."""
        if self.number is None or other.number is None:
            return self.this_update > other.this_update
        return self.number > other.number and self.this_update >= other.this_update


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What there is to ask about one certificate: all lists of the key that issued it.

    ``until`` is the latest ``nextUpdate`` of those that are of its scope; ``None`` when none is, and ``addresses`` are
    those that the certificate names.
    """

    serial: int
    addresses: frozenset[str]
    lists: tuple[RevocationList, ...]
    until: datetime | None

    def check(self, at: datetime) -> None:
        """That the certificate was not revoked at ``at``, and that a list of its scope is current then.

        A certificate counts as revoked from its revocation date on, whichever list of the key says so. Where every
        list of its scope is past ``nextUpdate``, or none is of its scope, nobody knows any more: refused.

        Raises ``SignatureRefused``.
        """
        for one in self.lists:
            revoked = one.revoked.get(self.serial)
            if revoked is not None and revoked <= at:
                reason = said("refused.revoked", at=str(revoked), edition=one.edition)
                raise SignatureRefused(Step.REVOCATION, reason, asks(Step.REVOCATION))
        if self.until is None:
            held = ", ".join(sorted(address for one in self.lists for address in one.addresses))
            own = ", ".join(sorted(self.addresses))
            reason = said("refused.lists_of_others", held=held)
            raise SignatureRefused(Step.REVOCATION, reason, said("wanted.list_of", own=own))
        if self.until < at:
            reason = said("refused.list_old", until=str(self.until))
            raise SignatureRefused(Step.REVOCATION, reason, Said("wanted.current_list"))


def inquiry(certificate: x509.Certificate, issuer: x509.Certificate, lists: Iterable[RevocationList]) -> Inquiry | None:
    """What to ask about ``certificate``, which ``issuer`` signed; ``None`` when no list of that key is held."""
    key = key_fingerprint(issuer)
    own = tuple(one for one in lists if one.key == key and one.issuer == issuer.subject)
    if not own:
        return None
    points = extension(certificate.extensions, x509.CRLDistributionPoints)
    named = frozenset(address for point in points or () for address in addresses_of(point.full_name))
    covering = [one.next_update for one in own if _meet(one.addresses, named)]
    return Inquiry(
        serial=certificate.serial_number, addresses=named, lists=own, until=max(covering) if covering else None
    )


def key_fingerprint(authority: x509.Certificate) -> str:
    """The SHA-256 of a CA's public key (SubjectPublicKeyInfo, DER) in hexadecimal."""
    public = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()


def load_revocation_lists(
    paths: Iterable[Path], authorities: tuple[x509.Certificate, ...]
) -> tuple[RevocationList, ...]:
    """The revocation lists of PEM files, each signed by one of ``authorities``; the newest one of each key and scope.

    Raises ``NotConfigured`` for an unreadable file, a list that no authority signed with SHA-256 or longer, one without
    ``nextUpdate``, two editions whose numbers and dates disagree, and delta, indirect and partial lists: what they
    leave out would pass as good.
    """
    newest: dict[Scope, RevocationList] = {}
    for path in paths:
        for one in (accepted(crl, path, authorities) for crl in load_crls(path)):
            held = newest.get(one.scope)
            newest[one.scope] = one if held is None else newer(path, held, one)
    return tuple(newest.values())


def newer(path: Path, held: RevocationList, one: RevocationList) -> RevocationList:
    """The later of two editions of one key and scope. Raises ``NotConfigured``, which names ``path``, without one."""
    if one == held or held.is_newer_than(one):
        return held
    if one.is_newer_than(held):
        return one
    raise NotConfigured(said("crl.contradict", file=str(path), one=one.edition, other=held.edition))


def accepted(
    crl: x509.CertificateRevocationList, path: Path, authorities: tuple[x509.Certificate, ...]
) -> RevocationList:
    """The list as a value, after all checks; ``path`` is for the refusal. Raises ``NotConfigured``."""
    try:
        return _accepted(crl, authorities)
    except UNREADABLE as error:
        raise NotConfigured(said("crl.unread", file=str(path), words=str(error))) from error
    except NotConfigured as error:
        raise NotConfigured(said("file.named", file=str(path), why=error.what)) from error


def _accepted(crl: x509.CertificateRevocationList, authorities: tuple[x509.Certificate, ...]) -> RevocationList:
    what = partial(crl)
    if what:
        raise NotConfigured(said("crl.partial", what=what))
    signer, next_update = _signer(crl, authorities), crl.next_update_utc
    if next_update is None:
        raise NotConfigured(Said("crl.no_renewal"))
    number = extension(crl.extensions, x509.CRLNumber)
    point = extension(crl.extensions, x509.IssuingDistributionPoint)
    return RevocationList(
        issuer=crl.issuer,
        key=key_fingerprint(signer),
        addresses=frozenset() if point is None else addresses_of(point.full_name),
        number=None if number is None else number.crl_number,
        this_update=crl.last_update_utc,
        next_update=next_update,
        revoked={entry.serial_number: entry.revocation_date_utc for entry in crl},
    )


def _signer(crl: x509.CertificateRevocationList, authorities: tuple[x509.Certificate, ...]) -> x509.Certificate:
    """The authority whose key signed the list. Raises ``NotConfigured``, which says why there is none."""
    used = crl.signature_hash_algorithm
    if not isinstance(used, _HASHES):
        raise NotConfigured(said("crl.hash", name="-" if used is None else used.name))
    issuer = crl.issuer.rfc4514_string()
    same = [authority for authority in authorities if authority.subject == crl.issuer]
    if not same:
        raise NotConfigured(said("crl.unknown_ca", issuer=issuer))
    holders = [authority for authority in same if _holds(crl, authority)]
    if not holders:
        raise NotConfigured(said("crl.other_key", issuer=issuer))
    signer = next((authority for authority in holders if _may_sign_lists(authority)), None)
    if signer is None:
        raise NotConfigured(said("crl.may_not", issuer=issuer))
    return signer


def _may_sign_lists(authority: x509.Certificate) -> bool:
    usage = extension(authority.extensions, x509.KeyUsage)
    return usage is None or usage.crl_sign


def _holds(crl: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    key = authority.public_key()
    return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and crl.is_signature_valid(key)


def _meet(of_list: frozenset[str], of_certificate: frozenset[str]) -> bool:
    """Whether a list speaks for a certificate: unless both name addresses and share none."""
    return not of_list or not of_certificate or not of_list.isdisjoint(of_certificate)
