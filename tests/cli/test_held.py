"""``esad held``: what is held for formalities, and letting it go."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from esad_gateway.store.holds import Holds
from helpers.command_line import Esad
from helpers.gateway import FOREIGN_CONSIGNEE, Box, HandClock, copy_of_box, new_report
from helpers.scenario import Scenario, held_report
from helpers.served import served

UNKNOWN_ARC = "26LT000000000000001P2"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Box, str]:
    """Member states, and the ARC of a movement whose report Poland holds."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with held_report(box, HandClock()) as scenario:
        scenario.pl.runtime.checkpoints.write()
        return box, scenario.arc


@pytest.fixture
def arc(prepared: tuple[Box, str]) -> str:
    """The movement whose report is held."""
    return prepared[1]


@pytest.fixture
def box(prepared: tuple[Box, str], tmp_path: Path) -> Box:
    """A copy of those member states."""
    return prepared[0].copied(tmp_path)


@pytest.fixture
def data(box: Box) -> Path:
    """The data directory of Poland, no gateway runs on it."""
    return box.members["PL"].data.root


def test_list_shows_what_is_held(esad: Esad, data: Path, arc: str) -> None:
    """A line a report: ARC, message, for whom, since when, until when."""
    printed, as_json = esad("held", "list", "--data", data), esad("held", "list", "--data", data, "--json")

    head, line = printed.out.splitlines()
    assert (printed.code, as_json.code) == (0, 0)
    assert head.split("\t") == ["arc", "type", "to", "since", "until"]
    assert line.split("\t") == [
        arc,
        "IE818",
        f"{FOREIGN_CONSIGNEE}, NDEA.LT",
        "2026-03-02T10:00:00Z",
        "2026-04-01T10:00:00Z",
    ]
    (hold,) = as_json.objects[0]["held"]
    assert (hold["arc"], hold["to"]) == (arc, [FOREIGN_CONSIGNEE, "NDEA.LT"])
    assert (hold["released_at"], hold["released_by"]) == (None, None)


@pytest.mark.parametrize(("width", "drawn"), [(80, False), (160, True)], ids=["narrow", "wide"])
def test_terminal_shows_everything(data: Path, arc: str, width: int, *, drawn: bool) -> None:
    """However narrow it is, nothing is cut: what does not fit beside each other stands below each other."""
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "esad_gateway", "held", "list", "--data", str(data)]
    subprocess.run(command, stdout=terminal, env={**os.environ, "COLUMNS": str(width)}, check=True)
    os.close(terminal)
    shown = os.read(master, 10_000).decode()
    os.close(master)

    assert [
        value for value in (arc, f"{FOREIGN_CONSIGNEE}, NDEA.LT", "2026-04-01T10:00:00Z") if value not in shown
    ] == []
    assert ("│" in shown) is drawn
    assert max(map(len, re.sub("\x1b[^m]*m", "", shown).splitlines())) <= width


def test_list_without_anything_held_is_empty(esad: Esad, box: Box) -> None:
    """Nothing but the head."""
    printed = esad("held", "list", "--data", box.members["LT"].data.root, "--json")

    assert (printed.code, printed.objects) == (0, [{"held": []}])


def test_receipt_says_that_the_report_is_held_and_until_when(esad: Esad, tmp_path: Path) -> None:
    """In local time, in both languages, and the same when the document is sent again after its release."""
    box, clock = copy_of_box(tmp_path), HandClock()
    box.set("PL", formalities_days=30)
    report = tmp_path / "report.xml"
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
        report.write_bytes(box.signed(FOREIGN_CONSIGNEE, way.about(new_report(way.e_sad), "PL")))
    with served(box, "PL", clock) as poland:
        told = esad("submit", report, "--url", poland.url, "--json").objects[0]
        both = esad("submit", report, "--url", poland.url, "--lang", "both")
        assert Holds(poland.station.runtime.store).release(way.arc, clock.at, "account anna")
        again = esad("submit", report, "--url", poland.url, "--json").objects[0]

    until = "2026-04-01T12:00:00+02:00"
    assert (told["outcome"], told["replies"], told["heldUntil"]) == ("accepted", [], until)
    assert f"  en: held for formalities until {until} at most" in both.out
    assert f"  lt: laikomas dėl formalumų ne ilgiau kaip iki {until}" in both.out
    assert again == {**told, "status": 200, "repeated": True}


def test_release_lets_the_report_go(esad: Esad, box: Box, data: Path, arc: str) -> None:
    """Without a gateway that runs: the echo is there, the report waits in the outbox, and nothing is held."""
    released = esad("held", "release", "--data", data, arc)
    listed = esad("held", "list", "--data", data, "--json")
    every = esad("held", "list", "--data", data, "--all")
    checked = esad("store", "check", "--data", data, "--json")

    assert released.code == 0
    assert released.out == f"IE818 of {arc} released, to {FOREIGN_CONSIGNEE}, NDEA.LT\n"
    assert listed.objects == [{"held": []}]
    assert " by account " in every.out.splitlines()[1]
    assert (checked.code, checked.objects[0]["waiting"]) == (0, 1)
    with box.open("PL") as pl:
        assert pl.types(FOREIGN_CONSIGNEE)[-1] == ("out", "IE818")


def test_release_of_nothing_says_why(esad: Esad, data: Path, arc: str) -> None:
    """A movement that was released before, and one of which nothing was ever held: exit code 1, nothing is changed."""
    esad("held", "release", "--data", data, arc)
    again, unknown = (esad("held", "release", "--data", data, one) for one in (arc, UNKNOWN_ARC))
    as_json = esad("held", "release", "--data", data, arc, "--json")

    assert (again.code, unknown.code, as_json.code) == (1, 1, 1)
    assert f"nothing of {arc} is held: its IE818 was released " in again.out
    assert " by account " in again.out
    assert unknown.out == f"nothing of {UNKNOWN_ARC} is held; esad held list shows what is\n"
    assert (as_json.objects[0]["released"], len(as_json.objects[0]["held"])) == (0, 1)


def test_release_wants_an_arc(esad: Esad, data: Path) -> None:
    """What is no ARC is wrong usage, and the message says how one looks."""
    printed, missing = esad("held", "release", "--data", data, "26LT1"), esad("held", "release", "--data", data)

    assert (printed.code, missing.code) == (2, 2)
    assert "'26LT1' is no ARC; expected 21 characters" in printed.err


def test_history_tells_an_act_from_time(esad: Esad, data: Path, arc: str) -> None:
    """An auditor who asks about the ARC reads that it was held, until when, and how that ended."""
    held = esad("explain", arc, "--data", data)
    esad("held", "release", "--data", data, arc)
    act = esad("explain", arc, "--data", data)
    (hold,) = esad("explain", arc, "--data", data, "--json").objects[0]["history"]["holds"]

    said = "IE818 held for formalities from 2026-03-02T10:00:00Z until 2026-04-01T10:00:00Z at most: "
    assert f"{said}still held\n" in held.out
    assert f"{said}released " in act.out
    assert act.out.rstrip().endswith(hold["released_by"])


def test_history_says_when_time_had_come(esad: Esad, box: Box, data: Path, arc: str) -> None:
    """What went by itself has no author."""
    clock = HandClock()
    clock.move(days=31)
    with box.open("PL", clock) as pl:
        pl.runtime.store.release_held(clock.at)

    assert "released 2026-04-02T10:00:00Z because its time had come" in esad("explain", arc, "--data", data).out
