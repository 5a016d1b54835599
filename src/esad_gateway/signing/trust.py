"""Trust in a certificate: what it is for, who issued it, when it is valid, whether it was revoked (steps 15 to 18).

Every configured CA certificate is a trust anchor by itself. A signature carries exactly one certificate (design
section 5), so an intermediate CA can only come from the configuration: whoever trusts it puts it there. The path is
judged by ``cryptography.x509.verification`` (RFC 5280: names, CA flag, path length, name constraints, critical
extensions, strength of keys and hashes), with a policy for signing certificates: it asks neither for subject
alternative names nor for server or client authentication, which are matters of TLS.

What does not depend on time is cached per certificate; validity and revocation are judged at every call.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.x509 import verification

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.signing.extensions import UNREADABLE, extension
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.revocation import RevocationList, load_revocation_lists
from esad_gateway.signing.steps import STEPS, Step

_CACHED: Final = 4_096  # certificates; at 2 KB each the cache stays below 10 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPath:
    """A certificate and the configured authority that issued it.

    Both are valid from ``not_before`` to ``not_after``, ends included; ``revocation`` is what to ask about them: lists
    of their issuers, each with the serial number to look for.
    """

    not_before: datetime
    not_after: datetime
    revocation: tuple[tuple[RevocationList, int], ...]

    def covers(self, at: datetime) -> bool:
        """Whether certificate and authority are both valid at ``at``."""
        return self.not_before <= at <= self.not_after


_Paths: TypeAlias = tuple[TrustPath, ...]


@dataclass(frozen=True)
class Trust:
    """The certification authorities that are trusted, and what they revoked.

    ``Trust.load`` reads both from files and checks them; the constructor takes them as checked.
    """

    authorities: tuple[x509.Certificate, ...]
    revocation_lists: tuple[RevocationList, ...] = ()
    _paths: Callable[[x509.Certificate], _Paths] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The cache belongs to this value: other authorities are another value, with an empty cache.
        object.__setattr__(self, "_paths", lru_cache(maxsize=_CACHED)(self._found_paths))

    @staticmethod
    def load(ca: Iterable[Path], crl: Iterable[Path] = ()) -> "Trust":
        """Trust in the CA certificates of the PEM files ``ca``, with the revocation lists of the PEM files ``crl``.

        Raises ``NotConfigured`` for unreadable files, for certificates that are not a CA's, and for lists that
        ``load_revocation_lists`` does not take.
        """
        authorities = tuple(certificate for path in ca for certificate in load_certificates(path))
        for authority in authorities:
            _check_authority(authority)
        return Trust(authorities, load_revocation_lists(crl, authorities))

    def check(self, certificate: x509.Certificate, at: datetime) -> None:
        """That ``certificate`` may sign at ``at`` (with a time zone): steps 15 to 18, in this order.

        Where a revocation list is configured for the issuer it must be current; without one, revocation is not
        checked. A revocation list of the CA's own issuer is asked for the CA as well.

        Raises ``SignatureRefused``. Not checked: whom the certificate belongs to.
        """
        paths = self._paths(certificate)
        if not paths:
            issuer = certificate.issuer.rfc4514_string()
            raise SignatureRefused(Step.CHAIN, f"no configured CA issued it; its issuer is {issuer}", STEPS[Step.CHAIN])
        path = next((path for path in paths if path.covers(at)), None)
        if path is None:
            reason = f"certificate and CA are valid from {paths[0].not_before} to {paths[0].not_after}, not at {at}"
            raise SignatureRefused(Step.VALIDITY, reason, STEPS[Step.VALIDITY])
        for revocation_list, serial in path.revocation:
            revocation_list.check(serial, at)

    def _found_paths(self, certificate: x509.Certificate) -> _Paths:
        """One path for each authority that issued ``certificate``: steps 15 and 16, which do not depend on time."""
        try:
            _check_usage(certificate)
            candidates = (ca for ca in self.authorities if ca.subject == certificate.issuer)
            return tuple(self._path(certificate, ca) for ca in candidates if _issued_by(certificate, ca))
        except UNREADABLE as error:
            raise SignatureRefused(Step.CERTIFICATE, str(error), STEPS[Step.CERTIFICATE]) from error

    def _path(self, certificate: x509.Certificate, authority: x509.Certificate) -> TrustPath:
        both = (certificate, authority)
        return TrustPath(
            not_before=max(member.not_valid_before_utc for member in both),
            not_after=min(member.not_valid_after_utc for member in both),
            revocation=tuple(
                (revocation_list, member.serial_number)
                for revocation_list in self.revocation_lists
                for member in both
                if member.issuer == revocation_list.issuer
            ),
        )


def _check_usage(certificate: x509.Certificate) -> None:
    usage = extension(certificate.extensions, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        raise SignatureRefused(Step.USAGE, "its keyUsage lacks digitalSignature", STEPS[Step.USAGE])
    constraints = extension(certificate.extensions, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise SignatureRefused(Step.USAGE, "it is the certificate of a CA", STEPS[Step.USAGE])


def _issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether ``authority`` issued ``certificate``, judged at the first moment when both are valid.

    Two certificates that are never valid together make no path.
    """
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([authority]))
        .time(max(certificate.not_valid_before_utc, authority.not_valid_before_utc))
        .extension_policies(ca_policy=_ca_policy(), ee_policy=verification.ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, [])
    except verification.VerificationError:
        return False
    return True


def _ca_policy() -> verification.ExtensionPolicy:
    policy = verification.ExtensionPolicy.permit_all()
    policy = policy.require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)
    return policy.may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _check_ca_usage)


def _check_ca_usage(_policy: verification.Policy, _ca: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("the CA's keyUsage lacks keyCertSign")


def _check_authority(certificate: x509.Certificate) -> None:
    name = certificate.subject.rfc4514_string()
    try:
        constraints = extension(certificate.extensions, x509.BasicConstraints)
    except UNREADABLE as error:
        raise NotConfigured(f"the CA certificate of {name} cannot be read: {error}") from error
    if constraints is None or not constraints.ca:
        raise NotConfigured(f"the certificate of {name} is configured as a CA, but is not one")
