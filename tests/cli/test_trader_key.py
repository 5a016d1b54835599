"""``esad trader-key``: keys that a gateway keeps for traders, and nobody else reads."""

import stat
from pathlib import Path

import pytest

from esad_gateway.access import check_access
from esad_gateway.errors import NotConfigured
from esad_gateway.signing.pem import write_certificate, write_key
from helpers.command_line import ran
from helpers.gateway import CONSIGNEE, CONSIGNOR, Box, copy_of_box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Fresh member states."""
    return copy_of_box(tmp_path / "box")


@pytest.fixture
def pair(box: Box, tmp_path: Path) -> tuple[str, Path, str, Path]:
    """The options that name the key of a trader and its certificate."""
    identity = box.traders[CONSIGNOR].identity
    key, certificate = tmp_path / "trader.key", tmp_path / "trader.pem"
    write_key(key, identity.key)
    write_certificate(certificate, identity.certificate)
    return "--key", key, "--cert", certificate


def test_key_is_kept_listed_and_removed(
    box: Box, pair: tuple[str, Path, str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """For its owner only, and gone when it is removed."""
    data = box.members["LT"].data
    added = ran(capsys, "trader-key", "add", "--data", data.root, "--seed", CONSIGNOR, *pair)
    kept = data.trader_keys / f"{CONSIGNOR}.key"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (kept, kept.parent)]
    listed = ran(capsys, "trader-key", "list", "--data", data.root, "--json")
    removed = ran(capsys, "trader-key", "remove", "--data", data.root, "--seed", CONSIGNOR)
    after = ran(capsys, "trader-key", "list", "--data", data.root, "--json")

    assert (added.code, listed.code, removed.code) == (0, 0, 0), added.err
    assert modes == [0o600, 0o700]
    assert [one["seed"] for one in listed.objects] == [CONSIGNOR]
    assert listed.objects[0]["fingerprint"] == box.traders[CONSIGNOR].signer.fingerprint
    assert "PRIVATE" not in added.out + listed.out
    assert after.objects == []
    assert list(data.trader_keys.iterdir()) == []


def test_key_of_another_trader_is_refused(
    box: Box, pair: tuple[str, Path, str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Its certificate is registered for somebody else: what it signs would be refused."""
    root = box.members["LT"].data.root
    refused = ran(capsys, "trader-key", "add", "--data", root, "--seed", CONSIGNEE, *pair)

    assert refused.code == 2
    assert f"not registered for {CONSIGNEE}" in refused.err.replace("\n", " ")
    assert not (root / "trader-keys").exists()


def test_second_key_is_refused_and_none_cannot_be_removed(
    box: Box, pair: tuple[str, Path, str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is overwritten."""
    root = box.members["LT"].data.root
    missing = ran(capsys, "trader-key", "remove", "--data", root, "--seed", CONSIGNOR)
    ran(capsys, "trader-key", "add", "--data", root, "--seed", CONSIGNOR, *pair)
    second = ran(capsys, "trader-key", "add", "--data", root, "--seed", CONSIGNOR, *pair)

    assert missing.code == second.code == 2
    assert "no key of" in missing.err
    assert "kept already" in second.err.replace("\n", " ")


def test_key_that_others_can_read_lets_no_gateway_start(
    box: Box, pair: tuple[str, Path, str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """As the administration's own keys."""
    data = box.members["LT"].data
    ran(capsys, "trader-key", "add", "--data", data.root, "--seed", CONSIGNOR, *pair)
    kept = data.trader_keys / f"{CONSIGNOR}.key"
    kept.chmod(0o644)

    with pytest.raises(NotConfigured, match=f"{CONSIGNOR}.key"):
        check_access(data.root)
