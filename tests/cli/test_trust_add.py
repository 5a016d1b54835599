"""``esad trust add``: CAs and their revocation lists, each list by the key that signed it and its scope."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.identifiers import MemberState
from esad_gateway.errors import SignatureRefused
from esad_gateway.provision import create
from esad_gateway.signing.pem import write_certificate, write_revocation_list
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key, revoke
from helpers.command_line import Esad

NOW = datetime.now(UTC).replace(microsecond=0)
BEGIN = NOW - timedelta(days=10)
PERIOD = Period(not_before=BEGIN, not_after=NOW + timedelta(days=100))


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    """A data directory that trusts its test CA."""
    return create(tmp_path / "lt", MemberState("LT").code, "Europe/Vilnius", NOW, KeyKind.P256)


@pytest.fixture
def authorities() -> tuple[Identity, Identity]:
    """The old and the new key of a CA that kept its name."""
    old, new = (create_ca("Renewed CA", PERIOD, new_key(KeyKind.P256)) for _ in range(2))
    return old, new


def trader(ca: Identity) -> x509.Certificate:
    """A trader's certificate of the CA."""
    return issue(ca, "LT00000000101", PERIOD, new_key(KeyKind.P256)).certificate


def numbered(folder: Path, ca: Identity, number: int, days: int, *revoked: x509.Certificate) -> Path:
    """A file with a list of the CA, made so many days after the first."""
    period = Period(not_before=BEGIN + timedelta(days=days), not_after=PERIOD.not_after)
    path = folder / f"crl-{number}-{days}.pem"
    write_revocation_list(path, revoke(ca, dict.fromkeys(revoked, BEGIN), period, number))
    return path


def written(folder: Path, *authorities: Identity) -> Path:
    """A file with the CAs' certificates."""
    path = folder / "ca.pem"
    path.write_bytes(b"".join(ca.certificate.public_bytes(Encoding.PEM) for ca in authorities))
    return path


def is_revoked(data: DataDirectory, certificate: x509.Certificate) -> bool:
    """Whether the gateway of the data directory would refuse the certificate in step 18."""
    try:
        data.load_trust().check(certificate, NOW)
    except SignatureRefused as refusal:
        return refusal.step == 18
    return False


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
@pytest.mark.parametrize("together", [True, False], ids=["one-call", "two-calls"])
def test_lists_of_two_keys_of_one_name_are_both_kept(
    esad: Esad,
    data: DataDirectory,
    authorities: tuple[Identity, Identity],
    tmp_path: Path,
    order: int,
    *,
    together: bool,
) -> None:
    """The list of the new key does not take the old key's place, in either order."""
    old, new = authorities
    ca, revoked, good = written(tmp_path, old, new), trader(old), trader(new)
    lists = [numbered(tmp_path, old, 50, 0, revoked), numbered(tmp_path, new, 3, 5)][::order]
    calls = [lists] if together else [[one] for one in lists]

    for call in calls:
        printed = esad("trust", "add", ca, *(word for one in call for word in ("--crl", one)), "--data", data.root)
        assert printed.code == 0

    assert [is_revoked(data, one) for one in (revoked, good)] == [True, False]
    assert len(data.load_trust().revocation_lists) == 2


def test_newer_list_replaces_the_older_one(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path
) -> None:
    """One list a key and scope; which one went is said, and what it revoked is no longer revoked."""
    ca, judged = written(tmp_path, authorities[0]), trader(authorities[0])
    first = numbered(tmp_path, authorities[0], 1, 0, judged)
    second = numbered(tmp_path, authorities[0], 2, 1)
    assert esad("trust", "add", ca, "--crl", first, "--data", data.root).code == 0
    assert is_revoked(data, judged)

    printed = esad("trust", "add", ca, "--crl", second, "--data", data.root, "--json")

    (lists,) = printed.objects[0]["lists"]
    assert lists["replaces"] == f"number 1 of {BEGIN:%Y-%m-%dT%H:%M:%SZ}"
    assert lists["edition"].startswith("number 2 of ")
    assert [file.name for file in data.revocations.iterdir()] == [Path(lists["file"]).name]
    assert not is_revoked(data, judged)


@pytest.mark.parametrize(
    ("number", "days"), [(1, 0), (1, 5), (3, 0), (2, 5)], ids=["older", "number", "date", "same-number"]
)
def test_list_that_is_not_newer_is_refused_with_both_editions(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path, number: int, days: int
) -> None:
    """An older list would let revoked certificates in again: it is refused, and nothing changes."""
    ca, judged = written(tmp_path, authorities[0]), trader(authorities[0])
    esad("trust", "add", ca, "--crl", numbered(tmp_path, authorities[0], 2, 1, judged), "--data", data.root)
    before = {file: file.read_bytes() for file in data.trust.rglob("*.pem")}

    other = numbered(tmp_path, authorities[0], number, days)
    printed = esad("trust", "add", written(tmp_path, *authorities), "--crl", other, "--data", data.root)

    assert printed.code == 2
    dates = [f"{BEGIN + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}" for day in (days, 1)]
    said = " ".join(printed.err.split())
    assert f"list number {number} of {dates[0]} is not newer than the one that is held" in said
    assert f"same key and scope, number 2 of {dates[1]}" in said
    assert {file: file.read_bytes() for file in data.trust.rglob("*.pem")} == before


def test_list_that_is_held_already_changes_nothing(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path
) -> None:
    """The same call twice is no fault."""
    ca, crl = written(tmp_path, authorities[0]), numbered(tmp_path, authorities[0], 2, 1)
    calls = [esad("trust", "add", ca, "--crl", crl, "--data", data.root, "--json") for _ in range(2)]
    assert [call.code for call in calls] == [0, 0]
    assert calls[1].objects[0]["lists"][0]["replaces"] is None


def test_list_takes_the_place_of_one_that_was_put_there_by_hand(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path
) -> None:
    """Which list is replaced follows from the lists, not from the names of files."""
    ca = written(tmp_path, authorities[0])
    esad("trust", "add", ca, "--data", data.root)
    numbered(tmp_path, authorities[0], 1, 0).rename(data.revocations / "downloaded.pem")

    printed = esad("trust", "add", ca, "--crl", numbered(tmp_path, authorities[0], 2, 1), "--data", data.root)

    assert "replaces number 1 of " in " ".join(printed.out.split())
    assert not (data.revocations / "downloaded.pem").exists()
    assert len(list(data.revocations.glob("*.pem"))) == 1


def test_list_of_a_trusted_ca_needs_no_second_file(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path
) -> None:
    """A list is taken when any trusted CA signed it, not only one of this call."""
    old, new = authorities
    esad("trust", "add", written(tmp_path, old), "--data", data.root)

    crl = numbered(tmp_path, old, 1, 0, trader(old))

    assert esad("trust", "add", written(tmp_path, new), "--crl", crl, "--data", data.root).code == 0


def test_complete_list_with_an_address_is_taken(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path
) -> None:
    """A critical distribution point that only holds an address limits nothing: the list revokes whom it names."""
    ca = authorities[0]
    revoked, good = trader(ca), trader(ca)
    names = [x509.UniformResourceIdentifier("http://crl.example/ca.crl")]
    flags = ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs")
    point = x509.IssuingDistributionPoint(
        full_name=names, relative_name=None, only_some_reasons=None, **dict.fromkeys(flags, False)
    )
    builder = x509.CertificateRevocationListBuilder(ca.certificate.subject, BEGIN, PERIOD.not_after)
    builder = builder.add_extension(point, critical=True)
    builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder(revoked.serial_number, BEGIN).build())
    write_revocation_list(tmp_path / "crl.pem", builder.sign(ca.key, SHA256()))

    printed = esad("trust", "add", written(tmp_path, ca), "--crl", tmp_path / "crl.pem", "--data", data.root)

    assert printed.code == 0
    assert [is_revoked(data, one) for one in (revoked, good)] == [True, False]


def test_partial_list_is_refused_by_what_it_is(
    esad: Esad, data: DataDirectory, authorities: tuple[Identity, Identity], tmp_path: Path
) -> None:
    """Whoever loads a delta list reads that it is one."""
    ca = authorities[0]
    builder = x509.CertificateRevocationListBuilder(ca.certificate.subject, BEGIN, PERIOD.not_after)
    delta = builder.add_extension(x509.DeltaCRLIndicator(4), critical=True).sign(ca.key, SHA256())
    write_revocation_list(tmp_path / "delta.pem", delta)

    printed = esad("trust", "add", written(tmp_path, ca), "--crl", tmp_path / "delta.pem", "--data", data.root)

    assert printed.code == 2
    assert "this is a delta list: it holds what changed since number 4" in " ".join(printed.err.split())


def test_ca_of_which_nothing_can_pass_is_refused(esad: Esad, data: DataDirectory, tmp_path: Path) -> None:
    """A CA on a curve that no verifier of the profile takes is refused when it is added, and nothing changes."""
    key = ec.generate_private_key(ec.BrainpoolP256R1())
    write_certificate(tmp_path / "ca.pem", create_ca("Brainpool CA", PERIOD, key).certificate)
    before = sorted(data.trust.rglob("*"))

    printed = esad("trust", "add", tmp_path / "ca.pem", "--data", data.root)

    assert printed.code == 2
    said = " ".join(printed.err.split())
    assert "no certificate of the CA CN=Brainpool CA can ever pass: its key is EC on brainpoolP256r1" in said
    assert sorted(data.trust.rglob("*")) == before
