"""``esad undecided``: what a defect kept from being decided, and deciding it when that is mended."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from esad_gateway.errors import NotDecided
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, HandClock, Station, copy_of_box, new_draft

DAMAGE = "UPDATE operator SET products = 'garbled' || products"
MENDED = "UPDATE operator SET products = substr(products, length('garbled') + 1)"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Station, str]:
    """A gateway that runs nowhere, whose register cannot be read, and the reference of a draft that met that."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT", HandClock(datetime.now(UTC))) as lt:
        draft = box.signed(CONSIGNOR, new_draft(at=lt.clock.at))
        lt.run_sql(DAMAGE)
        [answer] = lt.commit(draft)
        lt.run_sql(MENDED)
        lt.runtime.checkpoints.write()
    assert isinstance(answer, NotDecided)
    return lt, answer.reference


def test_list_shows_what_is_undecided(esad: Esad, kept: tuple[Station, str]) -> None:
    """Reference, since when, whose, what, why; exit code 1, so that whoever watches notices."""
    station, reference = kept
    data: Path = station.member.data.root

    shown, as_json = esad("undecided", "list", "--data", data), esad("undecided", "list", "--data", data, "--json")

    head, line = shown.out.splitlines()
    assert (shown.code, as_json.code) == (1, 1)
    assert head.split("\t") == ["reference", "since", "sender", "type", "identifier", "arc", "why"]
    assert line.split("\t")[::2] == [reference, CONSIGNOR, line.split("\t")[4], line.split("\t")[6]]
    [one] = as_json.objects[0]["undecided"]
    assert (one["reference"], one["type"], one["decided_at"]) == (reference, "IE815", None)
    checked = esad("store", "check", "--data", data)
    assert checked.code == 1
    assert f"esad undecided retry {reference} decides it" in checked.out
    assert "1 undecided" in checked.out


def test_retry_decides_it(esad: Esad, kept: tuple[Station, str]) -> None:
    """The draft gets its ARC, the list is empty, and who asked for that is kept; twice there is nothing to do."""
    station, reference = kept
    data = station.member.data.root

    retried, again = (esad("undecided", "retry", "--data", data, reference) for _ in range(2))

    assert retried.code == 0
    assert retried.out.startswith(f"{reference}: accepted, about 2")
    assert retried.out.endswith(f": message 1 of {CONSIGNOR}\n")
    assert again.code == 1
    assert "nothing is undecided under this reference" in again.out
    assert esad("undecided", "list", "--data", data).code == 0
    [one] = esad("undecided", "list", "--all", "--data", data, "--json").objects[0]["undecided"]
    assert one["decided_by"].startswith("account ")
    assert esad("undecided", "retry", "--data", data, "--all").out == "nothing is undecided\n"


def test_retry_says_which(esad: Esad, kept: tuple[Station, str]) -> None:
    """Neither everything nor nothing is taken for granted."""
    assert esad("undecided", "retry", "--data", kept[0].member.data.root).code == 2
