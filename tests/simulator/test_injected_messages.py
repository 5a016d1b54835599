"""Every fault of documents strikes every message that it says it can, and is what it says: by its bytes alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from esad_gateway.data_directory import DataDirectory
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Verifier
from esad_gateway.simulator.drafts import read
from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.injected.identities import OTHER_CERTIFICATES, FaultIdentities
from esad_gateway.simulator.injected.model import FaultKind, Forged, InjectedFault, Original
from esad_gateway.simulator.injected.parcels import parcel_of
from esad_gateway.simulator.injected.rules import EXCHANGED
from esad_gateway.simulator.making.typical import typical
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import current, shipped

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
FORGED = {fault.name: fault.act for fault in INJECTED.values() if isinstance(fault.act, Forged)}
TYPES = sorted(EXCHANGED | {"IE704", "IE803", "IE807", "IE880", "IE881", "IE906", "IE917", "IE934"})
SIGNED_AS_IT_SHOULD = [name for name in FORGED if INJECTED[name].kind in {FaultKind.IDENTITY, FaultKind.ORDER}]


def strikes(fault: InjectedFault) -> Iterator[str]:
    """The types that a fault says it can strike, of those that administrations exchange."""
    return (name for name in TYPES if name in (fault.messages or {name}))


@pytest.fixture(scope="module")
def poland(tmp_path_factory: pytest.TempPathFactory) -> DataDirectory:
    """The keys of an administration."""
    return create(tmp_path_factory.mktemp("poland") / "PL", "PL", "Europe/Warsaw", NOW, KeyKind.P256)


@pytest.fixture(scope="module")
def signer(poland: DataDirectory) -> XmlSigner:
    """What it signs with."""
    return load_signer(poland.key, poland.certificate)


@pytest.fixture(scope="module")
def identities(poland: DataDirectory) -> FaultIdentities:
    """What it has besides."""
    made = FaultIdentities(poland, "NDEA.PL")
    for name in OTHER_CERTIFICATES:
        made.make(name, NOW)
    return made


def original(kind: str, signer: XmlSigner, identities: FaultIdentities, seed: int = 1) -> Original:
    """A typical message of a type, on its way."""
    document = signer.sign(current().write(typical(kind)))
    chance = Random(seed)  # noqa: S311 - to be the same again
    return Original(parcel=parcel_of("PL", "NDEA.LT", document), chance=chance, signer=signer, others=identities.signer)


@pytest.mark.parametrize("name", FORGED)
def test_fault_makes_another_document_of_every_message(
    name: str, signer: XmlSigner, identities: FaultIdentities
) -> None:
    """Of all types that it says it can strike; only a rule of a table may have no message to be broken in."""
    for kind in strikes(INJECTED[name]):
        whole = original(kind, signer, identities)
        made = FORGED[name].make(whole)

        assert made is not None or name == "breaks-rule", kind
        assert (made == whole.parcel.document) == (name == "duplicate"), kind


@pytest.mark.parametrize("name", FORGED)
def test_chance_makes_the_same_again(name: str, signer: XmlSigner, identities: FaultIdentities) -> None:
    """From the same document and the same chance the same comes, but for the value of the signature."""
    for kind in strikes(INJECTED[name]):
        first, again = (FORGED[name].make(original(kind, signer, identities, seed=3)) for _ in range(2))

        assert without_values(first) == without_values(again), kind


def without_values(document: bytes | None) -> bytes:
    """A document up to where its signature has its value, which ECDSA draws."""
    return (document or b"").partition(b"SignatureValue")[0].partition(b"<ds:Signature")[0]


@pytest.mark.parametrize("name", SIGNED_AS_IT_SHOULD)
def test_what_is_only_said_wrongly_is_signed_rightly(
    name: str, poland: DataDirectory, signer: XmlSigner, identities: FaultIdentities
) -> None:
    """Faults of identity and order have a right signature, and follow the schema: nothing else is wrong with them."""
    verifier = Verifier(Trust.load([poland.authority_certificate]), None)
    for kind in strikes(INJECTED[name]):
        made = FORGED[name].make(original(kind, signer, identities))
        assert made is not None
        payload = verifier.verify(parse(made), NOW).payload

        assert shipped().accepts(payload), kind
        assert type(read(made)).__name__ == kind


def test_certificates_are_wrong_in_one_thing(poland: DataDirectory, identities: FaultIdentities) -> None:
    """Each names the administration; only what its name says is wrong with it."""
    authority = Path(poland.authority_certificate)
    for name, wanted in OTHER_CERTIFICATES.items():
        certificate = identities.make(name, NOW).certificate

        assert certificate.subject.rfc4514_string() == "CN=NDEA.PL"
        assert (certificate.not_valid_before_utc - NOW, certificate.not_valid_after_utc - NOW) == (
            wanted.since,
            wanted.until,
        )
        issued = certificate.issuer == Trust.load([authority]).authorities[0].subject
        assert issued == wanted.trusted
        assert (certificate in identities.registered()) == wanted.registered
    (revoked,) = identities.revocations(NOW)
    assert len(list(revoked)) == 1
