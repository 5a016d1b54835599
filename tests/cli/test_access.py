"""A data directory is its owner's only: what is open to others is refused with the command that mends it."""

import os
import subprocess
from pathlib import Path

import pytest

from helpers.command_line import Esad
from helpers.gateway import copy_of_box


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory."""
    return copy_of_box(tmp_path / "with space").members["LT"].data.root


def mode(path: Path) -> int:
    """The mode of a file."""
    return path.stat().st_mode & 0o777


def test_init_makes_a_directory_for_its_owner(esad: Esad, tmp_path: Path) -> None:
    """Folders 700, store and keys 600, whatever the mask of the one who makes it."""
    before = os.umask(0o022)
    try:
        assert esad("init", tmp_path / "lt", "--state", "LT", "--key", "p256").code == 0
    finally:
        os.umask(before)

    folder = tmp_path / "lt"
    assert {mode(path) for path in (folder, *(one for one in folder.rglob("*") if one.is_dir()))} == {0o700}
    assert {mode(path) for path in (folder / "store.db", *folder.rglob("*.key"))} == {0o600}


def test_init_refuses_a_folder_that_is_open_to_others(esad: Esad, tmp_path: Path) -> None:
    """A folder that is there already stays as it is, and nothing is put into it."""
    (tmp_path / "lt").mkdir(mode=0o755)

    printed = esad("init", tmp_path / "lt", "--state", "LT", "--key", "p256")

    assert (printed.code, f"chmod 700 {tmp_path / 'lt'}" in printed.err) == (2, True)
    assert list((tmp_path / "lt").iterdir()) == []


@pytest.mark.parametrize(
    "place", [".", "store.db", "keys/administration.key", "pki/ca.key"], ids=["folder", "store", "key", "ca"]
)
@pytest.mark.parametrize(
    "command", [("token", "issue", "--seed", "LT00000000101"), ("serve", "--port", "0")], ids=" ".join
)
def test_what_others_may_read_is_refused(esad: Esad, data: Path, place: str, command: tuple[str, ...]) -> None:
    """By every command that opens the directory, before anything is done; the reason names place and mode."""
    (data / place).chmod(0o755 if place == "." else 0o640)

    printed = esad(*command, "--data", data)

    assert (printed.code, printed.out) == (2, "")
    assert f"{data / place} (mode {'755' if place == '.' else '640'})" in printed.err


def test_command_that_is_told_mends_everything(esad: Esad, data: Path) -> None:
    """All that is open is told at once, and the shell takes the command as it stands."""
    for place, wide in ((".", 0o750), ("store.db", 0o644), ("keys/administration.key", 0o604)):
        (data / place).chmod(wide)

    refused = esad("token", "issue", "--data", data, "--seed", "LT00000000101")
    subprocess.run(["sh", "-c", refused.err.rpartition("run: ")[2]], check=True)

    assert esad("token", "issue", "--data", data, "--seed", "LT00000000101").code == 0
