"""Administrations get to know each other: what one says of itself, and what another one believes from then on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import BaseModel, Field

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS, ExciseNumber, Malformed, reason_of
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured, PeerError, SignatureRefused, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.provision import add_trust
from esad_gateway.settings import read_settings
from esad_gateway.signing.chain import check_authority
from esad_gateway.signing.trust import Trust
from esad_gateway.store.certificates import Difference, fingerprint_of
from esad_gateway.store.registry import Peer, Registry
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.release import FOLDER

MOST_CERTIFICATES: Final = 8
"""How many certificates, and how many CAs, an administration may name."""

NDEA: Final = "/ndea"
"""Where a gateway takes documents of other administrations, below its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What an administration says of itself.

    ``url`` is where its gateway listens, without a path. ``certificates`` are what it signs with now, ``authorities``
    the CAs that issued them, and ``release`` is which release of the messages it reads.
    """

    address: str
    url: str
    certificates: tuple[x509.Certificate, ...]
    authorities: tuple[x509.Certificate, ...]
    release: Schedule

    @property
    def state(self) -> str:
        """The code of its member state."""
        return self.address.removeprefix("NDEA.")

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprints of what it signs with (SHA-256, hexadecimal)."""
        return tuple(map(fingerprint_of, self.certificates))

    def as_json(self) -> dict[str, Any]:
        """As ``GET /v1/administration`` answers it. Nothing in it is secret."""
        return {
            "address": self.address,
            "url": self.url,
            "release": str(self.release),
            "certificates": [_pem(one) for one in self.certificates],
            "authorities": [_pem(one) for one in self.authorities],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What an administration believes of ``other`` from now on, and did not before."""

    other: Introduction
    authorities: tuple[x509.Certificate, ...]
    certificates: Difference


def introduce(data: DataDirectory, registry: Registry, at: datetime) -> Introduction:
    """What the administration of a data directory says of itself at a moment.

    Raises NotConfigured when its settings or what it trusts cannot be read.
    """
    settings = read_settings(data.root)
    own = settings.profile().address
    certificates = tuple(one.certificate for one in registry.certificates(own) if one.record.counts(at))
    issuers = [one for one in data.load_trust().authorities if any(_issued(one, issued) for issued in certificates)]
    return Introduction(
        address=own,
        url=settings.url,
        certificates=certificates,
        authorities=tuple(issuers),
        release=Schedule.read(settings.release),
    )


def believe(data: DataDirectory, store: SqlStore, other: Introduction, at: datetime) -> Believed:
    """Believe what another administration says of itself: its CAs, its certificates, its address, its release.

    A gateway that runs takes it over at once. Raises UnreadableInput for what can never be right: our own state, a
    trader's certificate, one that no trusted CA issued. Nothing is changed then.
    """
    authorities = check(data, other, at)
    registry = Registry(store, lambda: at)
    difference = registry.add_peers([Peer(other.address, other.url + NDEA, other.certificates, other.release)])
    add_trust(data, authorities)
    registry.changed()
    return Believed(other=other, authorities=authorities, certificates=difference)


def check(data: DataDirectory, other: Introduction, at: datetime) -> tuple[x509.Certificate, ...]:
    """That what another administration says of itself can be believed; returns the CAs that are not trusted yet.

    Raises UnreadableInput as :func:`believe` does.
    """
    check_party(read_settings(data.root).profile().address, other.address, other.certificates)
    trust = data.load_trust()
    authorities = tuple(one for one in other.authorities if one not in trust.authorities)
    for authority in authorities:
        _check_authority(authority, other)
    _check_issued(other, Trust((*trust.authorities, *authorities)), at)
    _check_release(other.release, data)
    return authorities


def check_party(own: str, other: str, certificates: Iterable[x509.Certificate]) -> None:
    """That ``other`` is another administration, and no certificate a trader's or an office's by its own word.

    Raises UnreadableInput.
    """
    if other == own:
        raise UnreadableInput(said("introduced.itself", address=other))
    for certificate in certificates:
        for name in _names(certificate):
            if _is_trader(name) or (name != other and party_of(name) is Party.ADMINISTRATION):
                raise UnreadableInput(
                    said("introduced.made_out", fingerprint=fingerprint_of(certificate), name=name, address=other)
                )


def _check_authority(authority: x509.Certificate, other: Introduction) -> None:
    """That a CA is one, and has issued what the administration signs with: no other one is believed on its word."""
    try:
        check_authority(authority)
    except NotConfigured as error:
        raise UnreadableInput(said("file.named", file=other.address, why=error.what)) from error
    if not any(_issued(authority, one) for one in other.certificates):
        name = f"{authority.subject.rfc4514_string()} {fingerprint_of(authority)}"
        raise UnreadableInput(said("introduced.issued_none", address=other.address, name=name))


def _check_release(release: Schedule, data: DataDirectory) -> None:
    try:
        for number in release.numbers:
            data.releases().numbered(number)
    except NotConfigured as error:
        raise UnreadableInput(said("usage.more_schemas", why=error.what, folder=str(data.root / FOLDER))) from error


def _check_issued(other: Introduction, trust: Trust, at: datetime) -> None:
    for certificate in other.certificates:
        try:
            trust.check(certificate, at)
        except SignatureRefused as refusal:
            raise UnreadableInput(said("introduced.refused", address=other.address, why=refusal.what)) from refusal


def copy_operators(source: SqlStore, state: str, target: SqlStore, at: datetime) -> int:
    """Take over the operators of a member state from its own register; returns how many records.

    Their certificates are not: a foreign trader never signs for us.
    """
    entries = [entry for entry in SeedRegister(source).entries() if entry.operator.seed.startswith(state)]
    Registry(target, lambda: at).add_operators((entry.operator, entry.address, None) for entry in entries)
    return len(entries)


async def asked(url: str) -> Introduction:
    """What the gateway at an address says of itself. Raises PeerError when none answers there.

    It is a stranger's word: whose certificate that really is, somebody has to find out in another way.
    """
    _check_url(url)
    async with AsyncGatewayClient(url) as client:
        status, answer = await client.answer(operations.administration())
    if status != 200:  # noqa: PLR2004  one status means success
        raise PeerError(said("introduced.silent", url=url, status=status))
    try:
        return _read(url.rstrip("/"), _Said.model_validate(answer))
    except ValueError as error:
        raise PeerError(said("introduced.unknown_form", url=url, why=reason_of(error))) from error


async def tried(url: str, address: str) -> None:
    """That documents can be handed over at ``url``, and that it is ``address`` when whoever answers says who it is.

    Raises PeerError when nobody answers, or somebody else does. Software of another make need not say who it is.
    """
    _check_url(url)
    async with AsyncGatewayClient(url) as client:
        status = (await client.send(operations.address())).status
    if status == 404:  # noqa: PLR2004  what stands for "not here"
        raise PeerError(said("introduced.not_at", url=url, path=NDEA))
    try:
        found = (await asked(url.removesuffix(NDEA))).address
    except PeerError:
        return
    if found != address:
        raise PeerError(said("introduced.other", other=found, url=url, address=address))


class _Said(BaseModel):
    """An answer of ``GET /v1/administration``. What else stands in it is passed over: later releases say more."""

    address: str
    release: str
    certificates: Annotated[list[str], Field(min_length=1, max_length=MOST_CERTIFICATES)]
    authorities: Annotated[list[str], Field(max_length=MOST_CERTIFICATES)]


def _check_url(url: str) -> None:
    """That an address has no name and password in it: it is shown and kept. Raises UnreadableInput."""
    try:
        secret = urlsplit(url).username or urlsplit(url).password
    except ValueError as error:
        raise UnreadableInput(Said("gateway.no_address")) from error
    if secret:
        raise UnreadableInput(Said("introduced.secret"))


def _read(url: str, answer: _Said) -> Introduction:
    if answer.address not in {f"NDEA.{state}" for state in NATIONAL_ADMINISTRATIONS}:
        raise Malformed(said("introduced.nobody", address=f"{answer.address!r:.40}"))
    return Introduction(
        address=answer.address,
        url=url,
        certificates=tuple(map(_certificate, answer.certificates)),
        authorities=tuple(dict.fromkeys(map(_certificate, answer.authorities))),
        release=Schedule.read(answer.release),
    )


def _certificate(text: str) -> x509.Certificate:
    certificate, *others = x509.load_pem_x509_certificates(text.encode())
    if others:
        raise Malformed(Said("introduced.several"))
    return certificate


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _names(certificate: x509.Certificate) -> list[str]:
    return [str(one.value) for one in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]


def _is_trader(name: str) -> bool:
    try:
        ExciseNumber(name)
    except ValueError:
        return False
    return True
