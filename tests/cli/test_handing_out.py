"""What an administration hands out is signed on the way: the register, the check of its store, a movement's history."""

import json
import subprocess
from pathlib import Path

import pytest

from esad_gateway.data_directory import DataDirectory
from helpers import xmlsec1
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.programs import require

HANDED_OUT = {
    "register.json": ("registry", "export", "{file}", "--data", "{data}"),
    "register.xml": ("registry", "export", "{file}", "--data", "{data}", "--format", "ie713"),
    "check.json": ("store", "check", "--data", "{data}", "--report", "{file}"),
    "history.json": ("explain", "{arc}", "--data", "{data}", "--report", "{file}"),
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataDirectory, str]:
    """A gateway with one movement, and its ARC."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as station:
        arc = station.take(box.signed(CONSIGNOR, new_draft())).arc
        station.runtime.checkpoints.write()
    return box.members["LT"].data, arc or ""


def command(name: str, used: tuple[DataDirectory, str], file: Path) -> list[str]:
    """The command that writes a file which is handed out."""
    data, arc = used
    return [part.format(file=file, data=data.root, arc=arc) for part in HANDED_OUT[name]]


@pytest.mark.parametrize("name", HANDED_OUT)
def test_file_is_signed_by_the_administration(
    esad: Esad, used: tuple[DataDirectory, str], tmp_path: Path, name: str
) -> None:
    """It holds for us and for xmlsec1, and not any more when a byte of the file is another one."""
    require(xmlsec1.PROGRAM)
    data, file = used[0], tmp_path / name

    assert esad(*command(name, used, file), "--sign").code == 0

    verify = ("verify", "--detached", file, "--trust", data.authority_certificate)
    assert f"{file}: ok signed by CN=" in esad(*verify).out
    assert _holds_elsewhere(file, data)
    file.write_bytes(file.read_bytes() + b" ")
    assert esad(*verify).code == 1
    assert not _holds_elsewhere(file, data)


def _holds_elsewhere(file: Path, data: DataDirectory) -> bool:
    trusted = ["--trusted-pem", str(data.authority_certificate)]
    signature = f"{file.name}.xades.xml"
    asked = [xmlsec1.PROGRAM, "--verify", *trusted, *xmlsec1.PROPERTIES, signature]
    return subprocess.run(asked, cwd=file.parent, capture_output=True, check=False).returncode == 0


def test_report_says_of_whom_it_is_and_when(esad: Esad, used: tuple[DataDirectory, str], tmp_path: Path) -> None:
    """Beside what --json prints; without --sign there is no signature, and what is printed stays as it is."""
    file = tmp_path / "check.json"

    (printed,) = esad(*command("check.json", used, file), "--json").objects

    report = json.loads(file.read_text(encoding="utf-8"))
    assert report.pop("administration") == "NDEA.LT"
    assert report.pop("madeAt").endswith("+00:00")
    assert report == printed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["check.json"]


def test_history_has_the_messages(esad: Esad, used: tuple[DataDirectory, str], tmp_path: Path) -> None:
    """What the administration knows of the movement stands in the file."""
    file = tmp_path / "history.json"
    esad(*command("history.json", used, file))

    report = json.loads(file.read_text(encoding="utf-8"))

    assert report["arc"] == used[1]
    assert [one["type"] for one in report["history"]["sides"][0]["messages"]] == ["IE815", "IE801", "IE801"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("store", "check", "--data", "{data}", "--sign"),
        ("explain", "R054", "--report", "x.json"),
        ("explain", "R054", "--sign"),
    ],
    ids=["a check without a file", "an explanation without an administration", "nothing to sign"],
)
def test_what_does_not_go_together_is_said(
    esad: Esad, used: tuple[DataDirectory, str], arguments: tuple[str, ...]
) -> None:
    """Wrong usage ends with 2, and says what goes with what."""
    ended = esad(*(part.format(data=used[0].root) for part in arguments))

    assert (ended.code, ended.out) == (2, "")
    assert "--sign goes with --report FILE, and --report with --data DIR" in " ".join(ended.err.split())


def test_nothing_else_is_written_over(esad: Esad, used: tuple[DataDirectory, str], tmp_path: Path) -> None:
    """A file that is no signature stays, and the one that is to be signed is there without one."""
    file, other = tmp_path / "register.json", tmp_path / "register.json.xades.xml"
    other.write_text("mine")

    ended = esad(*command("register.json", used, file), "--sign")

    assert (ended.code, other.read_text()) == (2, "mine")
    assert "is no signature: nothing is written over it" in ended.err
