"""``esad pki``: a test authority in a folder."""

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from helpers.command_line import Esad

SEED = "LT00000000101"


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_authority_issues_to_a_trader(esad: Esad, tmp_path: Path) -> None:
    """Key and certificate of a trader are the authority's work, and only the owner may read the keys."""
    assert esad("pki", "ca", "--p256", "--dir", tmp_path, "--name", "Trial CA").code == 0
    issued = esad("pki", "trader", SEED, "--p256", "--dir", tmp_path, "--file", "alice", "--json")

    alice = _certificate(tmp_path / "alice.pem")
    assert (issued.code, issued.objects) == (
        0,
        [{"certificate": str(tmp_path / "alice.pem"), "key": str(tmp_path / "alice.key")}],
    )
    alice.verify_directly_issued_by(_certificate(tmp_path / "ca.pem"))
    assert alice.subject.rfc4514_string() == f"CN={SEED}"
    assert alice.issuer.rfc4514_string() == "CN=Trial CA"
    assert isinstance(alice.public_key(), ec.EllipticCurvePublicKey)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.key")} == {0o600}


def test_administration_is_named_by_its_address(esad: Esad, tmp_path: Path) -> None:
    """An administration's certificate carries its address; keys are RSA unless told otherwise."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    printed = esad("pki", "administration", "PL", "--dir", tmp_path)

    certificate = _certificate(tmp_path / "NDEA.PL.pem")
    assert printed.out.splitlines() == [str(tmp_path / "NDEA.PL.pem"), str(tmp_path / "NDEA.PL.key")]
    assert certificate.subject.rfc4514_string() == "CN=NDEA.PL"
    assert isinstance(certificate.public_key(), rsa.RSAPublicKey)


def test_office_is_named_by_its_reference(esad: Esad, tmp_path: Path) -> None:
    """An excise office's certificate carries its reference; what is no reference is wrong usage."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    printed = esad("pki", "office", "LT001000", "--p256", "--dir", tmp_path)

    assert printed.out.splitlines() == [str(tmp_path / "LT001000.pem"), str(tmp_path / "LT001000.key")]
    assert _certificate(tmp_path / "LT001000.pem").subject.rfc4514_string() == "CN=LT001000"
    assert esad("pki", "office", "LT1", "--dir", tmp_path).code == 2


@pytest.mark.parametrize(("kind", "holder"), [("trader", SEED), ("administration", "PL"), ("office", "LT001000")])
def test_second_certificate_of_a_holder_has_files_of_its_own(
    esad: Esad, tmp_path: Path, kind: str, holder: str
) -> None:
    """A key is replaced by one of the same name, so each kind of holder may name the files; the first pair stays."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    first, _key = esad("pki", kind, holder, "--p256", "--dir", tmp_path).out.splitlines()
    before = Path(first).read_bytes()
    again = esad("pki", kind, holder, "--p256", "--dir", tmp_path, "--file", "renewed")

    assert again.out.splitlines() == [str(tmp_path / "renewed.pem"), str(tmp_path / "renewed.key")]
    assert Path(first).read_bytes() == before
    assert _certificate(tmp_path / "renewed.pem").subject == _certificate(Path(first)).subject


def test_revocation_list_keeps_what_was_revoked(esad: Esad, tmp_path: Path) -> None:
    """A second revocation makes a new list with a higher number, which names the first certificate too."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    for name in ("alice", "bob", "carol"):
        esad("pki", "trader", SEED, "--p256", "--dir", tmp_path, "--file", name)

    first = esad("pki", "revoke", tmp_path / "alice.pem", "--dir", tmp_path)
    second = esad("pki", "revoke", tmp_path / "bob.pem", "--dir", tmp_path, "--json")

    revoked = x509.load_pem_x509_crl((tmp_path / "crl.pem").read_bytes())
    serials = {name: _certificate(tmp_path / f"{name}.pem").serial_number for name in ("alice", "bob", "carol")}
    assert (first.code, first.out) == (0, f"{tmp_path / 'crl.pem'}: 1 revoked\n")
    assert second.objects[0]["number"] == 2
    assert {entry.serial_number for entry in revoked} == {serials["alice"], serials["bob"]}


def test_lost_certificate_is_not_forgotten(esad: Esad, tmp_path: Path) -> None:
    """Nobody is taken off the list because a file is gone: the revocation is refused."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    for name in ("alice", "bob"):
        esad("pki", "trader", SEED, "--p256", "--dir", tmp_path, "--file", name)
    esad("pki", "revoke", tmp_path / "alice.pem", "--dir", tmp_path)
    (tmp_path / "alice.pem").unlink()

    printed = esad("pki", "revoke", tmp_path / "bob.pem", "--dir", tmp_path)

    assert printed.code == 2
    assert "missing serial" in printed.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        pytest.param(["trader", "LT1"], "expected 13 characters", id="no SEED number"),
        pytest.param(["administration", "GR"], "expected one of AT, BE", id="no administration"),
        pytest.param(["trader", SEED, "--days", "0"], "equal to 1", id="no time"),
    ],
)
def test_wrong_names_are_refused(esad: Esad, tmp_path: Path, arguments: list[str], part: str) -> None:
    """What is no SEED number, no administration or no period gets no certificate."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    printed = esad("pki", *arguments, "--dir", tmp_path)

    assert printed.code == 2
    assert part in " ".join(printed.err.split())


def test_key_is_never_overwritten(esad: Esad, tmp_path: Path) -> None:
    """A second authority in the same folder is refused, and the first one stays."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)
    before = (tmp_path / "ca.pem").read_bytes()

    printed = esad("pki", "ca", "--p256", "--dir", tmp_path)

    assert printed.code == 2
    assert (tmp_path / "ca.pem").read_bytes() == before


def test_folder_that_is_a_file_is_refused(esad: Esad, tmp_path: Path) -> None:
    """An authority cannot be made where there is no folder."""
    (tmp_path / "file").write_text("")

    assert esad("pki", "ca", "--p256", "--dir", tmp_path / "file").code == 2
