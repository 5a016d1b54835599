"""A certificate with which the gateway would refuse every document is refused when it is entered, and by who signs."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from esad_gateway import resources
from esad_gateway.provision import create
from esad_gateway.signing.pem import load_certificate, load_key, write_certificate, write_key
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key, usage
from helpers.command_line import Ended, Esad

TRADER = "LT00000000101"
DRAFT = resources.fixtures() / "messages" / "ie815" / "valid" / "full.xml"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PRESENT = Period(not_before=NOW - DAY, not_after=NOW + DAY)
ENDED = Period(not_before=NOW - timedelta(minutes=50), not_after=NOW - timedelta(minutes=10))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory."""
    return create(tmp_path_factory.mktemp("unfit") / "lt", "LT", "Europe/Vilnius", NOW, KeyKind.P256).root


@pytest.fixture(scope="module")
def authority(data: Path) -> Identity:
    """Its CA, which it trusts."""
    key = load_key(data / "pki" / "ca.key")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Identity(certificate=load_certificate(data / "pki" / "ca.pem"), key=key)


def unfit(authority: Identity) -> dict[str, Identity]:
    """Certificates of which each is wrong in one thing, by what is said of it."""
    other, key = create_ca("Another CA", PRESENT, new_key(KeyKind.P256)), new_key(KeyKind.P256)
    return {
        "step 14": issue(authority, TRADER, PRESENT, ec.generate_private_key(ec.SECP384R1())),
        "step 15": issue(authority, TRADER, PRESENT, key, usage("key_encipherment")),
        "step 16": issue(other, TRADER, PRESENT, key),
        "step 17": issue(authority, TRADER, ENDED, key),
    }


def imported(esad: Esad, data: Path, folder: Path, identity: Identity, seed: str = TRADER) -> Ended:
    """What the import of a trader with this certificate says."""
    write_certificate(folder / "trader.pem", identity.certificate)
    operator = {
        "seed": seed,
        "name": "UAB Pavyzdys",
        "type": "certified_consignor",
        "office": f"{seed[:2]}001000",
        "valid_from": "2023-02-13",
        "certificates": ["trader.pem"],
    }
    (folder / "operators.json").write_text(json.dumps({"operators": [operator]}), encoding="utf-8")
    return esad("registry", "import", folder / "operators.json", "--data", data)


@pytest.mark.parametrize("step", ["step 14", "step 15", "step 16", "step 17"])
def test_import_refuses_what_the_gateway_would_refuse(
    esad: Esad, data: Path, authority: Identity, tmp_path: Path, step: str
) -> None:
    """Nothing of the file is entered, and the step is named at which every document would fail."""
    refused = imported(esad, data, tmp_path, unfit(authority)[step])

    assert refused.code == 2
    assert f"{TRADER}: {step}: " in refused.err
    assert TRADER not in esad("registry", "list", "--data", data).out


def test_import_takes_one_that_becomes_valid_later(esad: Esad, data: Path, authority: Identity, tmp_path: Path) -> None:
    """A trader's next certificate may be entered before its time; what it has already is not asked again."""
    later = Period(not_before=NOW + timedelta(hours=1), not_after=NOW + DAY)

    first = imported(esad, data, tmp_path, issue(authority, TRADER, later, new_key(KeyKind.P256)))
    again = esad("registry", "import", tmp_path / "operators.json", "--data", data)

    assert (first.code, again.code) == (0, 0)


@pytest.mark.parametrize("step", ["step 14", "step 15", "step 17"])
@pytest.mark.parametrize("detached", [(), ("--detached",)], ids=["document", "file"])
def test_sign_refuses_what_everybody_would_refuse(
    esad: Esad, authority: Identity, tmp_path: Path, step: str, detached: tuple[str, ...]
) -> None:
    """What the certificate itself says; who issued it only a gateway knows."""
    identity = unfit(authority)[step]
    write_certificate(tmp_path / "one.pem", identity.certificate)
    write_key(tmp_path / "one.key", identity.key)
    (tmp_path / "draft.xml").write_bytes(DRAFT.read_bytes())
    key = ("--key", tmp_path / "one.key", "--cert", tmp_path / "one.pem")

    refused = esad("sign", tmp_path / "draft.xml", *key, *detached)

    assert (refused.code, refused.out) == (2, "")
    assert ("a key for signing must be" if step == "step 14" else step) in refused.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draft.xml", "one.key", "one.pem"]


def test_import_remarks_on_what_may_be_a_mistake(esad: Esad, tmp_path: Path) -> None:
    """A certificate of another state's trader, and a trader who has none any more: taken, and said."""
    own = create(tmp_path / "lt", "LT", "Europe/Vilnius", NOW, KeyKind.P256).root
    key = load_key(own / "pki" / "ca.key")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    issuer = Identity(certificate=load_certificate(own / "pki" / "ca.pem"), key=key)
    foreign = imported(esad, own, tmp_path, issue(issuer, "P", PRESENT, new_key(KeyKind.P256)), "PL00000000201")
    usual = imported(esad, own, tmp_path, issue(issuer, TRADER, PRESENT, new_key(KeyKind.P256)))
    file = tmp_path / "operators.json"
    file.write_text(file.read_text(encoding="utf-8").replace('["trader.pem"]', "[]"), encoding="utf-8")
    bare = esad("registry", "import", file, "--data", own)

    assert (foreign.code, "of another state than LT: PL00000000201" in foreign.err) == (0, True)
    assert (usual.code, usual.err) == (0, "")
    assert (bare.code, f"{TRADER} has no certificate any more" in bare.err) == (0, True)
