"""``esad sign`` and ``esad verify``: what one writes the other proves, and nothing else passes."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from esad_gateway import resources
from esad_gateway.cli import main
from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import SIGNATURE
from esad_gateway.xml.plain import message_from_plain, with_header
from esad_gateway.xml.release import current
from esad_gateway.xml.write import document_bytes
from helpers.command_line import Esad
from helpers.pki import PKI
from helpers.releases import in_release, make_release
from helpers.signatures import SIGNATURES, index

CONSIGNOR = "LT00000000101"
OTHER = "LT00000000102"
DRAFT = resources.fixtures() / "messages" / "ie815" / "valid" / "full.xml"
LIBRARY = f"signxml {version('signxml')}"
VERDICT = {"file", "ok", "signer", "step", "reason", "expected", "fingerprint", "details"}

CHANGE = {
    "message": "IE813",
    "update_ead_esad": {"administrative_reference_code": "26LT00000000000000PP0"},
    "destination_changed": {"destination_type_code": "9"},
}
OFFICE = "LT001000"
REFUSAL = {"message": "IE704", "functional_error": [{"error_type": "12", "error_reason": "no"}]}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, two traders, an administration, an office, and a registry that knows the traders and the office."""
    folder = tmp_path_factory.mktemp("pki")
    for arguments in (
        ["ca"],
        ["trader", CONSIGNOR, "--file", "alice"],
        ["trader", OTHER, "--file", "bob"],
        ["trader", OTHER, "--file", "carol"],
        ["administration", "LT"],
        ["office", OFFICE],
    ):
        with pytest.raises(SystemExit):
            main(["pki", *arguments, "--p256", "--dir", str(folder)])
    operators = [_operator(CONSIGNOR, "alice.pem"), _operator(OTHER, "bob.pem")]
    offices = [{"reference": OFFICE, "certificates": [f"{OFFICE}.pem"]}]
    (folder / "registry.json").write_text(json.dumps({"operators": operators, "offices": offices}))
    return folder


def _operator(seed: str, certificate: str) -> dict[str, Any]:
    return {
        "seed": seed,
        "name": seed,
        "type": "certified_consignor",
        "office": "LT001000",
        "valid_from": "2023-02-13",
        "certificates": [certificate],
    }


def _document(folder: Path, data: dict[str, Any]) -> Path:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    complete = with_header(data, now=now, identifier="M", sender="NDEA.LT", recipient="NDEA.LT")
    path = folder / f"{data['message']}.xml"
    path.write_bytes(document_bytes(current().write(message_from_plain(complete))))
    return path


def _signed(esad: Esad, keys: Path, signer: str, folder: Path, document: Path = DRAFT) -> Path:
    printed = esad(
        "sign", document, "--key", keys / f"{signer}.key", "--cert", keys / f"{signer}.pem", "--output", folder / "out"
    )
    assert (printed.code, printed.err) == (0, "")
    return folder / "out" / document.name


def _verdict(esad: Esad, keys: Path, file: Path, *more: object) -> dict[str, Any]:
    (verdict,) = esad("verify", file, "--trust", keys / "ca.pem", "--json", *more).objects
    assert set(verdict) == VERDICT
    return verdict


def test_signed_document_is_verified(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """Without a registry the signer is whom the authority named."""
    file = _signed(esad, keys, "alice", tmp_path)

    printed = esad("verify", file, "--trust", keys / "ca.pem")

    assert printed.code == 0
    assert printed.out.startswith(f"{file}: ok signed by CN={CONSIGNOR} (certificate ")


def test_second_library_agrees_on_a_signature(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """Both opinions are told, with the library whose the second one is."""
    file = _signed(esad, keys, "alice", tmp_path)

    printed = esad("verify", file, "--trust", keys / "ca.pem", "--second")
    read = esad("verify", file, "--trust", keys / "ca.pem", "--second", "--json").objects[0]

    assert printed.code == 0
    first, second = printed.out.splitlines()
    assert first.startswith(f"{file}: ok signed by CN={CONSIGNOR} ")
    assert second == f"{file}: second opinion ({LIBRARY}): holds"
    assert (read["ok"], read["second"]) == (True, {"library": LIBRARY, "holds": True, "reason": None})


def test_second_library_refuses_changed_content_too(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """What was changed after signing has no digest that fits, whoever asks."""
    file = _signed(esad, keys, "alice", tmp_path)
    file.write_bytes(file.read_bytes().replace(b"GrossMass>", b"GrossMass>1", 1))

    printed = esad("verify", file, "--trust", keys / "ca.pem", "--second")

    assert printed.code == 1
    first, second = printed.out.splitlines()
    assert "refused step 20" in first
    assert second.startswith(f"{file}: second opinion ({LIBRARY}): refused InvalidDigest")


def test_second_library_tells_trust_from_content(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A signature that holds, of a certificate that nobody registered: only the first opinion knows of that."""
    file = _signed(esad, keys, "carol", tmp_path)

    verdict = esad(
        "verify", file, "--trust", keys / "ca.pem", "--registry", keys / "registry.json", "--second", "--json"
    ).objects[0]

    assert (verdict["ok"], verdict["step"], verdict["second"]["holds"]) == (False, 12, True)


def test_signature_that_holds_for_one_library_only_is_none(esad: Esad) -> None:
    """The command line names both opinions, and says no."""
    file = SIGNATURES / "tolerated" / "signxml-xades-p256.xml"

    printed = esad("verify", file, "--trust", PKI / "ca.cert.pem", "--at", index().at.isoformat(), "--second")

    assert printed.code == 1
    first, second = printed.out.splitlines()
    assert first.startswith(f"{file}: ok signed by ")
    assert "refused InvalidDigest" in second


def test_registered_signer_is_named_by_the_registry(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """With a registry the signer is the trader that the message names."""
    file = _signed(esad, keys, "alice", tmp_path)

    verdict = _verdict(esad, keys, file, "--registry", keys / "registry.json")

    assert (verdict["ok"], verdict["signer"], verdict["step"], verdict["reason"]) == (True, CONSIGNOR, None, None)


def test_signer_of_a_document_of_another_release_is_looked_up(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """The author that it names is read by its own release, which must be known."""
    make_release(tmp_path / "more", "3.30")
    draft = tmp_path / "draft.xml"
    draft.write_bytes(in_release(DRAFT.read_bytes(), "3.30"))
    file = _signed(esad, keys, "alice", tmp_path, draft)
    registry = ("--registry", keys / "registry.json")

    unknown = _verdict(esad, keys, file, *registry)
    known = _verdict(esad, keys, file, *registry, "--schemas", tmp_path / "more")

    assert (unknown["ok"], known["ok"], known["signer"], known["reason"]) == (False, True, CONSIGNOR, None)
    assert "no author: see esad validate" in unknown["reason"]


def test_other_trader_may_not_sign(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """The signature holds, but the certificate is another trader's: no step failed, and the trader is named."""
    file = _signed(esad, keys, "bob", tmp_path)

    verdict = _verdict(esad, keys, file, "--registry", keys / "registry.json")

    assert (verdict["ok"], verdict["step"], verdict["signer"]) == (False, None, None)
    assert CONSIGNOR in verdict["reason"]


def test_unregistered_certificate_fails_step_12(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A certificate that the registry does not know is refused as the gateway refuses it."""
    file = _signed(esad, keys, "carol", tmp_path)

    assert _verdict(esad, keys, file)["ok"]
    assert _verdict(esad, keys, file, "--registry", keys / "registry.json")["step"] == 12


def test_author_whom_the_message_does_not_name_must_be_registered(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A change of destination names no consignor: any registered trader will do offline, others will not."""
    document = _document(tmp_path, CHANGE)
    registry = ("--registry", keys / "registry.json")

    assert _verdict(esad, keys, _signed(esad, keys, "bob", tmp_path, document), *registry)["signer"] == OTHER
    assert _verdict(esad, keys, _signed(esad, keys, "carol", tmp_path, document), *registry)["step"] == 12


def test_administration_signs_its_messages(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A refusal is an administration's message: a trusted certificate that is no trader's will do, a trader's not."""
    document = _document(tmp_path, REFUSAL)
    registry = ("--registry", keys / "registry.json")

    by_administration = _verdict(esad, keys, _signed(esad, keys, "NDEA.LT", tmp_path, document), *registry)
    by_trader = _verdict(esad, keys, _signed(esad, keys, "alice", tmp_path, document), *registry)

    assert (by_administration["ok"], by_administration["signer"]) == (True, "CN=NDEA.LT")
    assert (by_trader["ok"], by_trader["step"]) == (False, None)
    assert "NDEA.LT" in by_trader["reason"]


@pytest.mark.parametrize(("sender", "ok"), [("NDEA.LT", True), ("NDEA.PL", False)])
def test_office_signs_for_its_own_administration(
    esad: Esad, keys: Path, tmp_path: Path, sender: str, *, ok: bool
) -> None:
    """An office in the registry signs for the administration of its own state, and for no other."""
    question = {
        "message": "IE904",
        "header": {"message_sender": sender},
        "attributes": {
            "administrative_reference_code": ARC.issue(2026, MemberState("PL"), "000000000000001").value,
            "sequence_number": 1,
            "status": "X01",
            "last_received_message_type": "IE801",
            "national_movement_information_requested_flag": False,
        },
    }

    file = _signed(esad, keys, OFFICE, tmp_path, _document(tmp_path, question))
    verdict = _verdict(esad, keys, file, "--registry", keys / "registry.json")

    assert (verdict["ok"], verdict["step"]) == (ok, None)
    assert sender in (verdict["signer"] if ok else verdict["reason"])


def test_message_that_the_schema_refuses_names_nobody(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A good signature on a broken message does not say whose message it is."""
    broken = tmp_path / "broken.xml"
    broken.write_bytes(DRAFT.read_bytes().replace(b"<JourneyTime>D", b"<JourneyTime>X"))
    file = _signed(esad, keys, "alice", tmp_path, broken)

    assert _verdict(esad, keys, file)["ok"]
    verdict = _verdict(esad, keys, file, "--registry", keys / "registry.json")
    assert (verdict["ok"], verdict["step"]) == (False, None)
    assert "schema" in verdict["reason"]


def test_altered_document_fails_with_its_step(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """One changed character is told by step, reason and what was expected."""
    file = _signed(esad, keys, "alice", tmp_path)
    file.write_bytes(file.read_bytes().replace(b"UAB Pavyzdys", b"UAB Pavyzdyz"))

    printed = esad("verify", file, "--trust", keys / "ca.pem")

    assert printed.code == 1
    assert printed.out.startswith(f"{file}: refused step 20: ")
    assert "; expected " in printed.out


def test_unsigned_document_is_refused(esad: Esad, keys: Path) -> None:
    """A document without a signature fails the step that looks for one."""
    assert _verdict(esad, keys, DRAFT)["step"] == 2


def test_time_is_judged(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A certificate is good for its time only."""
    file = _signed(esad, keys, "alice", tmp_path)

    assert _verdict(esad, keys, file, "--at", "2020-01-01T00:00:00")["step"] == 17


def test_revocation_is_judged(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A certificate on a revocation list is refused, the others are not."""
    files = {name: _signed(esad, keys, name, tmp_path / name) for name in ("alice", "carol")}
    assert esad("pki", "revoke", keys / "carol.pem", "--dir", keys).code == 0

    verdicts = {name: _verdict(esad, keys, file, "--crl", keys / "crl.pem") for name, file in files.items()}

    assert verdicts["alice"]["ok"]
    assert verdicts["carol"]["step"] == 18


def test_malformed_document_is_refused(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """What cannot be parsed has no signature to speak of."""
    file = tmp_path / "malformed.xml"
    file.write_text("<x")

    verdict = _verdict(esad, keys, file)

    assert (verdict["ok"], verdict["step"]) == (False, None)
    assert "line 1" in verdict["reason"]


@pytest.mark.parametrize("command", ["validate", "verify"])
def test_blank_line_before_the_declaration_is_told(esad: Esad, keys: Path, tmp_path: Path, command: str) -> None:
    """A template's empty line is named as the cause, by every command that reads documents."""
    file = tmp_path / "template.xml"
    file.write_bytes(b"\n" + DRAFT.read_bytes())

    trust = ("--trust", keys / "ca.pem") if command == "verify" else ()
    printed = esad(command, file, *trust)

    assert printed.code == 1
    assert "must be the very first thing in the document, what stands before it (1 line break) has to go" in printed.out


def test_several_files_have_a_verdict_each(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """A missing file does not hold up the others; the worst decides the exit code."""
    file = _signed(esad, keys, "alice", tmp_path)

    printed = esad("verify", tmp_path / "missing.xml", DRAFT, file, "--trust", keys / "ca.pem", "--json")

    assert printed.code == 2
    assert [verdict["ok"] for verdict in printed.objects] == [False, False, True]


def test_document_is_signed_to_standard_output(keys: Path) -> None:
    """A single document is printed, signed, and nothing else is."""
    command = [sys.executable, "-m", "esad_gateway"]
    signing = [*command, "sign", "-", "--key", str(keys / "alice.key"), "--cert", str(keys / "alice.pem")]
    verifying = [*command, "verify", "-", "--trust", str(keys / "ca.pem")]

    signed = subprocess.run(signing, input=DRAFT.read_bytes(), capture_output=True, check=True)
    verified = subprocess.run(verifying, input=signed.stdout, capture_output=True, check=True)

    assert parse(signed.stdout)[-1].tag == SIGNATURE
    assert verified.stdout.startswith(b"-: ok ")


def test_document_is_signed_in_place(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """With --in-place the document itself is signed; doing it again is refused and leaves it as it is."""
    file = tmp_path / "draft.xml"
    file.write_bytes(DRAFT.read_bytes())
    signing = ("sign", file, "--key", keys / "alice.key", "--cert", keys / "alice.pem", "--in-place", "--json")

    first = esad(*signing)
    signed = file.read_bytes()
    second = esad(*signing)

    assert first.objects == [{"file": str(file), "ok": True, "output": str(file), "reason": None}]
    assert (second.code, second.objects[0]["ok"]) == (1, False)
    assert "signed already" in second.objects[0]["reason"]
    assert file.read_bytes() == signed


def test_document_that_cannot_be_signed_is_said(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """People read the reason on standard error, and there is no document on standard output."""
    file = tmp_path / "malformed.xml"
    file.write_text("<x")

    printed = esad("sign", file, "--key", keys / "alice.key", "--cert", keys / "alice.pem")

    assert (printed.code, printed.out) == (1, "")
    assert printed.err.startswith(f"esad: {file}: not signed: ")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        pytest.param(["sign", DRAFT, DRAFT], "need --output", id="several documents and nowhere to go"),
        pytest.param(["sign", DRAFT, DRAFT, "--output", "out"], "several files would become", id="one place for two"),
        pytest.param(["sign", DRAFT, "--json"], "need --output", id="verdict and document in one stream"),
        pytest.param(["sign", "-", "--in-place"], "--in-place", id="standard input in place"),
    ],
)
def test_wrong_usage_of_sign_is_2(esad: Esad, keys: Path, tmp_path: Path, arguments: list[str], part: str) -> None:
    """Options that contradict each other are refused before anything is written."""
    placed = [tmp_path / "out" if word == "out" else word for word in arguments]

    printed = esad(*placed, "--key", keys / "alice.key", "--cert", keys / "alice.pem")

    assert printed.code == 2
    assert part in " ".join(printed.err.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "options", "part"),
    [
        pytest.param("sign", ["--key", "bob.key", "--cert", "alice.pem"], "another key", id="other key"),
        pytest.param("sign", ["--key", "missing", "--cert", "alice.pem"], "cannot be read", id="missing key"),
        pytest.param("verify", ["--trust", "missing"], "cannot be read", id="missing authority"),
        pytest.param("verify", ["--trust", "alice.pem"], "is not one", id="authority that is none"),
        pytest.param("verify", ["--trust", "ca.pem", "--registry", "ca.pem"], "not JSON", id="registry that is none"),
        pytest.param("verify", ["--trust", "ca.pem", "--at", "now"], "is no moment", id="moment that is none"),
    ],
)
def test_wrong_configuration_is_2(esad: Esad, keys: Path, command: str, options: list[str], part: str) -> None:
    """Keys, authorities and registries that cannot be used end the command with a word on standard error."""
    placed = [word if word.startswith("--") or word == "now" else keys / word for word in options]

    printed = esad(command, DRAFT, *placed)

    assert (printed.code, printed.out) == (2, "")
    assert part in printed.err


CHANGED = {
    b'CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"': (
        b'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"'
    ),
    b"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": b"http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    b"http://www.w3.org/2001/04/xmlenc#sha256": b"http://www.w3.org/2000/09/xmldsig#sha1",
}
"""What a signer with other settings writes: the canonical form, the algorithm of the signature, that of the digests."""


def test_all_faults_of_the_form_are_told_at_once(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """Whoever sets up a signing tool mends all of its settings in one go."""
    file = _signed(esad, keys, "alice", tmp_path)
    content = file.read_bytes()
    for usual, other in CHANGED.items():
        assert usual in content
        content = content.replace(usual, other)
    file.write_bytes(content)

    first, *others = esad("verify", file, "--trust", keys / "ca.pem").out.splitlines()
    (read,) = esad("verify", file, "--trust", keys / "ca.pem", "--json").objects

    assert first.startswith(f"{file}: refused step 5: ")
    assert {line.partition(": ")[2].split(":")[0] for line in others} == {"also step 6", "also step 8"}
    assert (read["step"], {one["step"] for one in read["besides"]}) == (5, {6, 8})


def test_one_fault_of_the_form_has_nothing_beside_it(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """Nothing is told twice."""
    file = _signed(esad, keys, "alice", tmp_path)
    usual, other = next(iter(CHANGED.items()))
    file.write_bytes(file.read_bytes().replace(usual, other))

    assert _verdict(esad, keys, file)["step"] == 5


def test_changed_document_is_told_with_the_usual_causes(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """Beside two digests, which nobody can read, stands what mostly happens to documents on their way."""
    file = _signed(esad, keys, "alice", tmp_path)
    file.write_bytes(file.read_bytes().replace(b"GrossMass>", b"GrossMass>1", 1))

    reason = _verdict(esad, keys, file)["reason"]

    assert all(cause in reason for cause in ("line ends", "pretty-printing", "encoding", "text"))


def test_changed_part_is_told_beside_the_original(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """With the document as it was, the element that was changed is named, in both languages."""
    file = _signed(esad, keys, "alice", tmp_path)
    file.write_bytes(file.read_bytes().replace(b"GrossMass>", b"GrossMass>1", 1))
    command = ("verify", file, "--trust", keys / "ca.pem", "--explain", DRAFT)

    printed, (read,) = esad(*command), esad(*command, "--json").objects

    assert printed.code == 1
    assert any("/GrossMass: the text was " in line for line in printed.out.splitlines()[1:])
    assert any("/GrossMass: tekstas buvo " in one["lt"] for one in read["altered"])


def test_original_that_was_not_signed_is_told(esad: Esad, keys: Path, tmp_path: Path) -> None:
    """What does not differ from what was given was not what was signed."""
    file = _signed(esad, keys, "alice", tmp_path)
    file.write_bytes(file.read_bytes().replace(b"GrossMass>", b"GrossMass>1", 1))

    printed = esad("verify", file, "--trust", keys / "ca.pem", "--explain", file)

    assert printed.out.splitlines()[1].startswith(f"{file}: nothing differs")


def test_original_means_nothing_for_detached_signatures(esad: Esad, keys: Path) -> None:
    """Options that mean nothing beside each other are refused."""
    printed = esad("verify", DRAFT, "--trust", keys / "ca.pem", "--detached", "--explain", DRAFT)

    assert (printed.code, "--explain" in printed.err) == (2, True)
