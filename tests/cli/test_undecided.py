"""``esad undecided``: what a defect kept from being decided, and deciding it when that is mended."""

from datetime import UTC, datetime, timedelta
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
    assert head.split("\t") == ["reference", "what", "since", "sender", "type", "identifier", "arc", "why"]
    assert line.split("\t")[:2] + line.split("\t")[3:5] == [reference, "message", CONSIGNOR, "IE815"]
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


@pytest.fixture
def stopped(tmp_path: Path) -> tuple[Path, str, str]:
    """A gateway that runs nowhere: a draft and a clock have met a damaged row, which is mended; their references."""
    box = copy_of_box(tmp_path / "box")
    clock = HandClock(datetime.now(UTC) - timedelta(days=30))
    with box.open("LT", clock) as lt:
        lt.take(box.signed(CONSIGNOR, new_draft(at=clock.at)))
        clock.move(days=30)
        draft = box.signed(CONSIGNOR, new_draft(at=clock.at))
        lt.run_sql(DAMAGE, "UPDATE movement SET lines = 'garbled' || lines")
        [answer] = lt.commit(draft)
        lt.runtime.committer.tick(clock.at)
        lt.run_sql(MENDED, "UPDATE movement SET lines = substr(lines, length('garbled') + 1)")
        lt.runtime.checkpoints.write()
        [arc] = (row["arc"] for row in lt.rows("movement"))
    assert isinstance(answer, NotDecided)
    return lt.member.data.root, answer.reference, arc


def test_clock_is_listed_and_fires_by_retry(esad: Esad, stopped: tuple[Path, str, str]) -> None:
    """It is named as what it is, it is no message that could be dropped, and who had it tried is kept."""
    data, _, arc = stopped
    reference = f"clock-{arc}"

    listed = esad("undecided", "list", "--data", data)
    checked = esad("store", "check", "--data", data)
    dropped = esad("undecided", "drop", "--data", data, reference, "--reason", "no")
    retried, again = (esad("undecided", "retry", "--data", data, reference) for _ in range(2))

    assert f"{reference}\tclock of movement {arc}\t" in listed.out
    assert f"the clock of movement {arc} ran into a defect" in checked.out
    assert (dropped.code, retried.code, again.code) == (1, 0, 1)
    assert retried.out == f"{reference}: the clock of movement {arc} is no longer stopped\n"
    every = esad("undecided", "list", "--all", "--data", data, "--json").objects[0]["undecided"]
    assert [one["decided_by"] is not None for one in every if one["reference"] == reference] == [True]


def test_message_is_dropped_with_a_reason(esad: Esad, stopped: tuple[Path, str, str]) -> None:
    """The list shows it no more, all of it shows who gave it up and why, and nothing is dropped twice."""
    data, reference, _ = stopped

    first, second = (
        esad("undecided", "drop", "--data", data, reference, "--reason", "sent anew as M-2", "--json") for _ in range(2)
    )

    assert (first.code, first.objects[0]) == (0, {"dropped": [reference], "not_undecided": []})
    assert (second.code, second.objects[0]) == (1, {"dropped": [], "not_undecided": [reference]})
    assert reference not in esad("undecided", "list", "--data", data).out
    every = esad("undecided", "list", "--all", "--data", data).out
    assert ": sent anew as M-2" in every
    assert " dropped " in every.replace("\t", " ")
    spoken = esad("undecided", "drop", "--data", data, "x", "--reason", "y")
    assert "no message is undecided under this reference" in spoken.out
