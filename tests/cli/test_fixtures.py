"""``esad fixtures make``: a folder of documents, the register of their traders, and what is expected of each."""

import json
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.rules import RULES
from helpers.command_line import Esad

MOMENT = "2026-03-02T10:00:00"


def index_of(folder: Path) -> Any:
    """The index of a folder."""
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


def test_every_type_is_made(esad: Esad, tmp_path: Path) -> None:
    """Without options a document of every type stands there, and validate has nothing against those of traders."""
    folder = tmp_path / "data"

    ended = esad("fixtures", "make", folder)

    assert (ended.code, ended.out.count("\n")) == (0, len(NAMES))
    assert "27 documents, operators.json with their traders, and index.json" in ended.err
    assert [one["message"] for one in index_of(folder)["documents"]] == list(NAMES)
    files = [folder / f"{name}-typical-LT-PL.xml" for name in ("ie815", "ie818", "ie819", "ie837", "ie871")]
    assert esad("validate", *files, "--now", MOMENT).code == 0
    assert esad("validate", "--schema-only", *sorted(folder.glob("*.xml"))).code == 0


def test_one_document_for_every_rule(esad: Esad, tmp_path: Path) -> None:
    """With --broken all there are documents for each rule of the type, and the index says what is to be found."""
    folder = tmp_path / "broken"

    assert esad("fixtures", "make", folder, "--message", "IE815", "--broken", "all", "--day", "2027-07-15").code == 0

    documents = index_of(folder)["documents"]
    found = [{fault["rule"] for fault in one["faults"]} for one in documents]
    assert set().union(*found) == {rule.number for rule in RULES if rule.message.__name__ == "IE815"}
    assert {len(rules) for rules in found} == {1}


def test_index_is_what_validate_finds(esad: Esad, tmp_path: Path) -> None:
    """A rule that needs no register is found by validate, at the place and with the value that the index has."""
    folder = tmp_path / "broken"
    esad("fixtures", "make", folder, "--message", "IE815", "--broken", "R219", "--own", "FR", "--other", "IT")
    (told,) = index_of(folder)["documents"]

    (judged,) = esad("validate", folder / told["file"], "--now", MOMENT, "--state", "FR", "--json").objects

    (fault,), (expected,) = judged["faults"], told["faults"]
    assert {name: fault[name] for name in ("code", "rule", "path", "value")} == {
        "code": "12",
        "rule": "R219",
        "path": expected["path"],
        "value": expected["value"],
    }


def test_same_seed_makes_the_same_bytes(esad: Esad, tmp_path: Path) -> None:
    """Two folders of one seed are alike, one of another seed is not."""
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        esad("fixtures", "make", tmp_path / name, "--message", "IE815", "--message", "IE801", "--seed", seed)

    one, same, other = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "same", "other")
    )
    assert one == same
    assert one["ie815-typical-LT-PL.xml"] != other["ie815-typical-LT-PL.xml"]


def test_register_can_be_imported(esad: Esad, tmp_path: Path) -> None:
    """A gateway that has imported the register knows the traders of the documents."""
    folder, data = tmp_path / "data", tmp_path / "de"
    esad("fixtures", "make", folder, "--message", "IE815", "--own", "DE", "--other", "AT", "--product", "S200")
    esad("init", data, "--state", "DE")

    assert esad("registry", "import", "--data", data, folder / "operators.json").code == 0

    shown = esad("registry", "show", "--data", data, "DE00000000101")
    assert (shown.code, "certified consignor" in shown.out) == (0, True)


def test_movement_of_a_message_is_told(esad: Esad, tmp_path: Path) -> None:
    """A report is about a movement: the index says which, and how it stands."""
    esad("fixtures", "make", tmp_path / "data", "--message", "IE818")
    (told,) = index_of(tmp_path / "data")["documents"]

    assert (told["movement"]["arc"], told["movement"]["side"]) == (told["arc"], "destination")
    assert told["movement"]["lines"][0]["product"] == "W200"


def test_json_names_what_was_written(esad: Esad, tmp_path: Path) -> None:
    """For scripts: the folder, the documents and the index."""
    (told,) = esad("fixtures", "make", tmp_path / "data", "--message", "IE802", "--json").objects

    assert told == {"folder": str(tmp_path / "data"), "files": ["ie802-typical-LT-PL.xml"], "index": "index.json"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--message", "IE999"), "'IE999' is no message"),
        (("--message", "ie815"), "'ie815' is no message"),
        (("--size", "huge"), "there is no size 'huge': smallest, typical, largest"),
        (("--day", "tomorrow"), "'tomorrow' is no day"),
        (("--other", "GR"), "there is no state 'GR'"),
        (("--message", "IE815", "--broken", "R255"), "no sample of the IE815 breaks 'R255'"),
        (("--message", "IE816", "--broken", "all"), "'IE816' is no message"),
        (("--message", "IE701", "--broken", "all"), "no sample breaks a rule between these states"),
    ],
)
def test_wrong_options_are_usage(esad: Esad, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """What there is not is said with what there is; nothing is left behind."""
    ended = esad("fixtures", "make", tmp_path / "data", *options)

    assert ended.code == 2
    assert said in ended.err
    assert not (tmp_path / "data").exists()


def test_folder_with_something_in_it_is_left_alone(esad: Esad, tmp_path: Path) -> None:
    """Nothing of somebody else's is written over, and the same in Lithuanian."""
    (tmp_path / "mine").write_text("mine", encoding="utf-8")

    assert "is not empty" in esad("fixtures", "make", tmp_path).err
    ended = esad("fixtures", "make", tmp_path, "--lang", "lt")
    assert (ended.code, "nėra tuščias" in ended.err) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_folder_that_cannot_be_made_is_said(esad: Esad, tmp_path: Path) -> None:
    """A file is in the way: the message names it."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    ended = esad("fixtures", "make", tmp_path / "file" / "data")

    assert (ended.code, str(tmp_path / "file" / "data") in ended.err) == (2, True)
