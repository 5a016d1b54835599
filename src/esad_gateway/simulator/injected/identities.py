"""Certificates of an administration with something wrong, and one that only takes the place of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key, revoke
from esad_gateway.signing.signer import XmlSigner

RENEWED: Final = "key-changed"
REVOKED: Final = "revoked-certificate"
_YEAR: Final = timedelta(days=365)
_DAY: Final = timedelta(days=1)
_LONG: Final = 10 * _YEAR


@frozen(kw_only=True)
class OtherCertificate:
    """A certificate that an administration could sign with: valid ``since`` and ``until`` so long from now.

    ``registered`` says whether other administrations know it as its own, ``trusted`` whether an authority issued it
    that they trust.
    """

    since: timedelta = -_DAY
    until: timedelta = _LONG
    registered: bool = True
    trusted: bool = True


OTHER_CERTIFICATES: Final[Mapping[str, OtherCertificate]] = MappingProxyType(
    {
        "expired-certificate": OtherCertificate(since=-_YEAR, until=-_DAY),
        "certificate-not-valid-yet": OtherCertificate(since=_YEAR, until=2 * _YEAR),
        REVOKED: OtherCertificate(),
        "unregistered-certificate": OtherCertificate(registered=False),
        "untrusted-authority": OtherCertificate(trusted=False),
        RENEWED: OtherCertificate(),
    }
)


@dataclass(slots=True)
class FaultIdentities:
    """The other certificates of the administration ``address``, issued by the test CA of its data directory.

    Each is made when it is first asked for, counted from that moment.
    """

    data: DataDirectory
    address: str
    _made: dict[str, Identity] = field(default_factory=dict)

    def make(self, name: str, now: datetime) -> Identity:
        """The one of that name. Raises NotConfigured when the test CA cannot be read."""
        if name not in self._made:
            wanted = OTHER_CERTIFICATES[name]
            period = Period(not_before=now + wanted.since, not_after=now + wanted.until)
            authority = self._authority() if wanted.trusted else _nobody(now)
            self._made[name] = issue(authority, self.address, period, new_key(KeyKind.P256))
        return self._made[name]

    def signer(self, name: str) -> XmlSigner:
        """Signs with the one of that name, which was made before."""
        made = self._made[name]
        return XmlSigner(made.key, made.certificate)

    def revocations(self, now: datetime) -> tuple[x509.CertificateRevocationList, ...]:
        """The list of the CA on which the revoked certificate stands since a day ago; none without such a one."""
        if REVOKED not in self._made:
            return ()
        revoked, period = self._made[REVOKED].certificate, Period(not_before=now - _DAY, not_after=now + _LONG)
        return (revoke(self._authority(), {revoked: now - _DAY}, period),)

    def registered(self) -> tuple[x509.Certificate, ...]:
        """Those that others know."""
        return tuple(one.certificate for name, one in self._made.items() if OTHER_CERTIFICATES[name].registered)

    def _authority(self) -> Identity:
        key = load_key(self.data.authority_key)
        if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
            raise NotConfigured(said("usage.ca_key", file=str(self.data.authority_key)))
        return Identity(certificate=load_certificate(self.data.authority_certificate), key=key)


def _nobody(now: datetime) -> Identity:
    """An authority that nobody trusts."""
    return create_ca("Test CA of nobody", Period(not_before=now - _YEAR, not_after=now + _LONG), new_key(KeyKind.P256))
