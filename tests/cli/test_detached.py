"""``esad sign --detached`` and ``esad verify --detached``: files that people hand out, signed beside themselves."""

import json
from pathlib import Path

import pytest

from helpers.command_line import Esad
from helpers.pki import PKI, certificate_path, key_path

TRADER = "LT00000000101"
KEYS = ("--key", key_path("trader-rsa"), "--cert", certificate_path("trader-rsa"))
TRUST = ("--trust", PKI / "ca.cert.pem", "--at", "2026-03-02")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A file that is no XML."""
    file = tmp_path / "report.csv"
    file.write_bytes(b"arc;state\n")
    return file


def test_file_is_signed_beside_itself_and_verified(esad: Esad, report: Path) -> None:
    """The file stays as it is; its signature is found by its name, and tells the signer and the time."""
    signed = esad("sign", "--detached", report, *KEYS)
    verified = esad("verify", "--detached", report, *TRUST)

    assert (signed.code, signed.out) == (0, f"{report}: signed {report}.xades.xml\n")
    assert report.read_bytes() == b"arc;state\n"
    assert verified.code == 0
    assert f"{report}: ok signed by CN=" in verified.out
    assert ", by its own word 20" in verified.out


def test_signature_may_lie_elsewhere(esad: Esad, report: Path, tmp_path: Path) -> None:
    """Signatures are written to a folder and found in it; JSON has the name that was signed."""
    folder = tmp_path / "signatures"
    (written,) = esad("sign", "--detached", report, *KEYS, "--output", folder, "--json").objects
    (found,) = esad("verify", "--detached", report, *TRUST, "--signatures", folder, "--json").objects

    assert written["output"] == str(folder / "report.csv.xades.xml")
    assert (found["ok"], found["name"], found["step"]) == (True, "report.csv", None)


def test_changed_file_is_refused(esad: Esad, report: Path) -> None:
    """One character more: the step is that of the document's digest."""
    esad("sign", "--detached", report, *KEYS)
    report.write_bytes(b"arc;State\n")

    ended = esad("verify", "--detached", report, *TRUST, "--json")

    assert (ended.code, ended.objects[0]["ok"], ended.objects[0]["step"]) == (1, False, 20)


def test_registry_says_for_whom_the_certificate_is_registered(esad: Esad, report: Path, tmp_path: Path) -> None:
    """With a registry file the signer is its trader, and a certificate that it does not have is refused."""
    operator = {
        "seed": TRADER,
        "name": "UAB Pavyzdys",
        "type": "certified_consignor",
        "office": "LT001000",
        "valid_from": "2023-02-13",
        "certificates": [str(certificate_path("trader-rsa"))],
    }
    known, empty = tmp_path / "known.json", tmp_path / "empty.json"
    known.write_text(json.dumps({"operators": [operator]}))
    empty.write_text(json.dumps({"operators": []}))
    esad("sign", "--detached", report, *KEYS)

    (registered,) = esad("verify", "--detached", report, *TRUST, "--registry", known, "--json").objects
    (stranger,) = esad("verify", "--detached", report, *TRUST, "--registry", empty, "--json").objects

    assert (registered["ok"], registered["signer"]) == (True, TRADER)
    assert (stranger["ok"], stranger["step"]) == (False, 12)


def test_what_is_missing_is_named(esad: Esad, report: Path) -> None:
    """A signature or a file that is not there: exit code 2, and its name."""
    unsigned = esad("verify", "--detached", report, *TRUST)
    nothing = esad("sign", "--detached", PKI / "nothing.csv", *KEYS)

    assert (unsigned.code, f"{report}.xades.xml" in unsigned.out) == (2, True)
    assert (nothing.code, "nothing.csv" in nothing.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("sign", "--detached", "-", *KEYS),
        ("sign", "--detached", "--in-place", "a", *KEYS),
        ("verify", "--detached", "--second", "a", *TRUST),
    ],
    ids=["standard input", "in place", "second opinion"],
)
def test_what_does_not_go_together_is_said(esad: Esad, arguments: tuple[object, ...]) -> None:
    """Wrong usage ends with 2 and says which option does not fit."""
    ended = esad(*arguments)

    assert ended.code == 2
    assert "--detached" in ended.err


def test_file_that_was_renamed_is_told_with_the_name_that_was_signed(esad: Esad, report: Path) -> None:
    """The name may matter as much as the bytes: of last year's list, say."""
    esad("sign", "--detached", report, *KEYS)
    renamed = report.rename(report.with_name("other.csv"))
    Path(f"{report}.xades.xml").rename(f"{renamed}.xades.xml")

    assert " as 'report.csv', by its own word 20" in esad("verify", "--detached", renamed, *TRUST).out


@pytest.mark.parametrize("name", ["bell\x07.csv", "latin-\udce9.csv"], ids=["a control character", "not UTF-8"])
def test_name_that_no_signature_can_hold_is_refused(esad: Esad, report: Path, name: str) -> None:
    """It is told by name, nothing is written for it, and the others are signed."""
    odd = report.with_name(name)
    odd.write_bytes(b"x")

    ended = esad("sign", "--detached", odd, report, *KEYS)

    assert ended.code == 2
    assert "cannot stand in a signature" in ended.err
    assert [found.name for found in report.parent.glob("*.xades.xml")] == ["report.csv.xades.xml"]


def test_what_is_no_signature_is_not_written_over(esad: Esad, report: Path) -> None:
    """A file that has the name of the signature stays; an earlier signature is replaced."""
    beside = report.with_name(f"{report.name}.xades.xml")
    beside.write_bytes(b"precious")
    refused = esad("sign", "--detached", report, *KEYS)
    kept = beside.read_bytes()
    beside.unlink()
    twice = [esad("sign", "--detached", report, *KEYS).code for _ in range(2)]

    assert refused.code == 2
    assert f"{beside} is there already, and is no signature" in refused.out + refused.err
    assert kept == b"precious"
    assert twice == [0, 0]


@pytest.mark.parametrize("text", [b"", b"hello"])
def test_signature_that_cannot_be_read_is_the_one_that_is_blamed(esad: Esad, report: Path, text: bytes) -> None:
    """The file is named as what was to be verified, and its signature as what cannot be read."""
    beside = report.with_name(f"{report.name}.xades.xml")
    beside.write_bytes(text)

    (found,) = esad("verify", "--detached", report, *TRUST, "--json").objects

    assert found["reason"].startswith(f"its signature {beside} cannot be read: the document ")


def test_detached_takes_no_standard_input(esad: Esad) -> None:
    """Nothing tells where its signature would be."""
    refused = esad("verify", "--detached", "-", *TRUST)

    assert (refused.code, "standard input" in refused.err) == (2, True)


def test_folder_of_signatures_is_for_files_that_have_one_beside_them(esad: Esad, tmp_path: Path) -> None:
    """Without --detached it would mean nothing, and is refused."""
    refused = esad("verify", "signed.xml", *TRUST, "--signatures", tmp_path)

    assert (refused.code, "is for --detached" in refused.err) == (2, True)
