"""Trust in a certificate: what it is for, who issued it, when it is valid, whether it was revoked (steps 15 to 18).

Every configured CA certificate is a trust anchor by itself. The certificates that a signature carries beside the
signer's are not believed (design section 5), so an intermediate CA can only come from the configuration: whoever
trusts it puts it there. :mod:`.chain` judges the path.

What does not depend on time is cached per certificate; validity and revocation are judged at every call.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, reduce
from pathlib import Path
from typing import Final

from cryptography import x509

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, listed, said
from esad_gateway.signing.algorithms import ALGORITHMS, key_name
from esad_gateway.signing.chain import check_authority, objection
from esad_gateway.signing.extensions import UNREADABLE, extension
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.revocation import Inquiry, RevocationList, inquiry, load_revocation_lists
from esad_gateway.signing.steps import Step, asks

__all__ = ["Trust"]

_CACHED: Final = 4_096  # certificates; at 2 KB each the cache stays below 10 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPath:
    """A certificate and the configured authority that issued it.

    Both are valid from ``not_before`` to ``not_after``, ends included; ``revocation`` is what to ask about them.
    ``periods`` says when each is valid by itself, for people.
    """

    not_before: datetime
    not_after: datetime
    revocation: tuple[Inquiry, ...]
    periods: tuple[tuple[Said, datetime, datetime], ...]

    def covers(self, at: datetime) -> bool:
        """Whether certificate and authority are both valid at ``at``."""
        return self.not_before <= at <= self.not_after

    def out_of_time(self, at: datetime) -> Said:
        """Which of the two is not valid at ``at``; one of them is not."""
        told = (_period(what, begin, end, str(at)) for what, begin, end in self.periods if not begin <= at <= end)
        return reduce(lambda one, other: said("refused.both", one=one, other=other), told)


def _period(what: Said, begin: datetime, end: datetime, at: str) -> Said:
    return said("refused.period", what=what, begin=str(begin), end=str(end), at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The paths of one certificate, and what was held against the authorities of the issuer's name that gave none."""

    paths: tuple[TrustPath, ...]
    objections: tuple[Said, ...]


@dataclass(frozen=True)
class Trust:
    """The certification authorities that are trusted, and what they revoked.

    ``Trust.load`` reads both from files and checks them; the constructor takes them as checked.
    """

    authorities: tuple[x509.Certificate, ...]
    revocation_lists: tuple[RevocationList, ...] = ()
    _paths: Callable[[x509.Certificate], _Found] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The cache belongs to this value: other authorities are another value, with an empty cache.
        object.__setattr__(self, "_paths", lru_cache(maxsize=_CACHED)(self._found_paths))

    @staticmethod
    def load(ca: Iterable[Path], crl: Iterable[Path] = ()) -> "Trust":
        """Trust in the CA certificates of the PEM files ``ca``, with the revocation lists of the PEM files ``crl``.

        Raises ``NotConfigured`` for unreadable files, for certificates that are not a CA's or of which none can ever
        pass, and for lists that ``load_revocation_lists`` does not take.
        """
        authorities = tuple(certificate for path in ca for certificate in load_certificates(path))
        for authority in authorities:
            check_authority(authority)
        return Trust(authorities, load_revocation_lists(crl, authorities))

    def check(self, certificate: x509.Certificate, at: datetime) -> None:
        """That ``certificate`` may sign at ``at`` (with a time zone): steps 15 to 18, in this order.

        Where a revocation list of the key that issued it is configured, one of its scope must be current; without any,
        revocation is not checked. The lists of the key that issued the CA are asked for the CA as well.

        Raises ``SignatureRefused``. Not checked: whom the certificate belongs to.
        """
        found = self._paths(certificate)
        if not found.paths:
            raise SignatureRefused(Step.CHAIN, _without_path(certificate, found.objections), asks(Step.CHAIN))
        path = next((path for path in found.paths if path.covers(at)), None)
        if path is None:
            raise SignatureRefused(Step.VALIDITY, found.paths[0].out_of_time(at), asks(Step.VALIDITY))
        for question in path.revocation:
            question.check(at)

    def _found_paths(self, certificate: x509.Certificate) -> _Found:
        """One path for each authority that issued ``certificate``: steps 15 and 16, which do not depend on time."""
        try:
            check_usage(certificate)
            judged = [(ca, objection(certificate, ca)) for ca in self._named(certificate.issuer)]
            return _Found(
                paths=tuple(self._path(certificate, ca) for ca, against in judged if against is None),
                objections=tuple(dict.fromkeys(against for _, against in judged if against is not None)),
            )
        except UNREADABLE as error:
            reason = said("refused.unreadable", words=str(error))
            raise SignatureRefused(Step.CERTIFICATE, reason, asks(Step.CERTIFICATE)) from error

    def _named(self, name: x509.Name) -> tuple[x509.Certificate, ...]:
        return tuple(ca for ca in self.authorities if ca.subject == name)

    def _path(self, certificate: x509.Certificate, authority: x509.Certificate) -> TrustPath:
        both = (certificate, authority)
        issuers = [(certificate, authority)]
        issuers += [(authority, ca) for ca in self._named(authority.issuer) if objection(authority, ca) is None]
        questions = (inquiry(member, issuer, self.revocation_lists) for member, issuer in issuers)
        return TrustPath(
            not_before=max(member.not_valid_before_utc for member in both),
            not_after=min(member.not_valid_after_utc for member in both),
            revocation=tuple(question for question in questions if question is not None),
            periods=tuple(
                (name, member.not_valid_before_utc, member.not_valid_after_utc)
                for name, member in zip((Said("refused.certificate"), Said("refused.issuer")), both, strict=True)
            ),
        )


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it is the certificate of a CA. Raises what ``UNREADABLE`` names."""
    constraints = extension(certificate.extensions, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def check_usage(certificate: x509.Certificate) -> None:
    """That a certificate is for signing (step 15). Not asked: who issued it. Raises SignatureRefused."""
    if is_authority(certificate):
        raise SignatureRefused(Step.USAGE, Said("refused.is_authority"), asks(Step.USAGE))
    usage = extension(certificate.extensions, x509.KeyUsage)
    if usage is None:
        raise SignatureRefused(Step.USAGE, Said("refused.no_key_usage"), asks(Step.USAGE))
    if not usage.digital_signature and not usage.content_commitment:
        raise SignatureRefused(Step.USAGE, Said("refused.key_usage"), asks(Step.USAGE))


def check_key(certificate: x509.Certificate) -> None:
    """That the key of a certificate is one of the profile (step 14). Raises SignatureRefused."""
    try:
        key = certificate.public_key()
    except UNREADABLE as error:
        reason = said("refused.unknown_key", words=str(error))
        raise SignatureRefused(Step.KEY, reason, asks(Step.KEY)) from error
    if all(algorithm.check(key) is None for algorithm in ALGORITHMS.values()):
        raise SignatureRefused(Step.KEY, said("refused.key", key=key_name(key)), asks(Step.KEY))


def check_by_itself(certificate: x509.Certificate, at: datetime) -> None:
    """That a certificate may sign at a moment as far as it says itself: steps 14, 15 and 17.

    Raises SignatureRefused. Not asked: who issued it, and whether it was revoked.
    """
    check_key(certificate)
    check_usage(certificate)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= at <= end:
        reason = _period(Said("refused.certificate"), begin, end, f"{at:%Y-%m-%d %H:%M:%S%z}")
        raise SignatureRefused(Step.VALIDITY, reason, asks(Step.VALIDITY))


def _without_path(certificate: x509.Certificate, objections: tuple[Said, ...]) -> Said:
    issuer = certificate.issuer.rfc4514_string()
    if not objections:
        return said("refused.no_issuer", issuer=issuer)
    return said("refused.not_issued", issuer=issuer, objections=listed(objections, "; "))
