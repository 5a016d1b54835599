"""Making a data directory: settings, the administration's key, and a test CA that issued it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.access import check_access, make_folder
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.identifiers import MemberState, reason_of
from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.settings import FILE, settings_text
from esad_gateway.signing.pem import load_certificate, load_key, write_certificate, write_key
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key
from esad_gateway.store.opening import create_store
from esad_gateway.store.registry import Registry

LIFETIME = timedelta(days=3650)
"""How long the certificates of a test CA are valid."""

CLOCK_SKEW = timedelta(hours=1)
"""How much earlier than now they begin: the clocks of two machines differ."""


def create(
    root: Path, state: str, time_zone: str, now: datetime, kind: KeyKind = KeyKind.RSA, *, port: int | None = None
) -> DataDirectory:
    """Make a data directory for the administration of ``state``, with a test CA that it trusts.

    ``port`` is where its gateway is to listen, ``None`` for the usual one.

    Raises UnreadableInput for a state that is none, where no folder can be made, and when there is a data directory or
    a store already: nothing is overwritten; NotConfigured for a folder that is open to others.
    """
    address = f"NDEA.{_known(state)}"
    data = DataDirectory(root)
    try:
        if (root / FILE).exists():
            raise UnreadableInput(said("data.there", folder=str(root)))
        make_folder(root)
        check_access(root)
        _fill(data, address, now, kind)
        # Last: a folder with settings is a whole data directory.
        (root / FILE).write_text(settings_text(state, time_zone, port), encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(said("data.unmade", folder=str(root), why=why(error))) from error
    return data


def _fill(data: DataDirectory, address: str, now: datetime, kind: KeyKind) -> None:
    period = _period(now)
    for folder in (data.trust, data.revocations, data.key.parent, data.authority_key.parent):
        make_folder(folder)
    ca = create_ca(f"Test CA of {address.removeprefix('NDEA.')}", period, new_key(kind))
    write_identity(ca, data.authority_key, data.authority_certificate)
    own = issue(ca, address, period, new_key(kind))
    write_identity(own, data.key, data.certificate)
    add_trust(data, [ca.certificate])
    store = create_store(data.database, address)
    try:
        # So that what we signed is known for ours: it is never news to us, no matter who posts it.
        Registry(store, lambda: now).add_certificates(address, (own.certificate,))
    finally:
        store.close()


def issue_certificate(data: DataDirectory, name: str, now: datetime, kind: KeyKind = KeyKind.RSA) -> Identity:
    """A new key, and a certificate of the data directory's test CA for it with ``name`` as common name."""
    key = load_key(data.authority_key)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise NotConfigured(said("usage.ca_key", file=str(data.authority_key)))
    ca = Identity(certificate=load_certificate(data.authority_certificate), key=key)
    return issue(ca, name, _period(now), new_key(kind))


def write_identity(identity: Identity, key: Path, certificate: Path) -> None:
    """Write a key (mode 0600) and its certificate as PEM."""
    write_key(key, identity.key)
    write_certificate(certificate, identity.certificate)


def keep_pair(data: DataDirectory, key: PrivateKeyTypes, certificate: x509.Certificate) -> Path:
    """Put a key and its certificate beside those that the administration signed with; returns the certificate's file.

    Nothing is overwritten. Which of the pairs signs, the registry says.
    """
    path = data.certificate.with_name(f"administration-{certificate.fingerprint(SHA256()).hex()[:16]}.pem")
    if not path.exists():
        write_key(path.with_suffix(".key"), key)
        write_certificate(path, certificate)
    return path


def add_trust(data: DataDirectory, authorities: Iterable[x509.Certificate]) -> tuple[Path, ...]:
    """Trust CA certificates; returns their files. A running gateway must be told: ``Registry.changed``."""
    named = {data.trust / f"{one.fingerprint(SHA256()).hex()[:16]}.pem": one for one in authorities}
    for path, certificate in named.items():
        write_certificate(path, certificate)
    return tuple(named)


def _known(state: str) -> str:
    try:
        return MemberState(state).code
    except ValueError as error:
        raise UnreadableInput(reason_of(error)) from error


def _period(now: datetime) -> Period:
    return Period(not_before=now - CLOCK_SKEW, not_after=now + LIFETIME)
