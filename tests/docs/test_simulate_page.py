"""Every command of the page on simulated states is run: a gateway in one process, and all others in another."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from esad_gateway import profiles
from helpers import draw_page, pages

PAGE = pages.ROOT / "docs" / "how-to" / "simulate.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands are run."""
    found = tmp_path_factory.mktemp("page")
    (found / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return found


@pytest.fixture(scope="module")
def answers(folder: Path) -> list[Mapping[str, Any]]:
    """What is answered at last, one after the other; the page's ports may be taken here."""
    under_test, simulated = pages.free_port(), pages.free_port()
    told = {"--port 8460": f"--port {under_test}", "--port 8470": f"--port {simulated}"}
    told |= {":8460": f":{under_test}", ":8470": f":{simulated}"}
    lines = pages.transcript(PAGE, folder, edits=told).splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_page_marks_every_command() -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_refused_goods_are_known_on_both_sides(answers: list[Mapping[str, Any]]) -> None:
    """Three days later the consignee has refused, and the system under test knows it: one order moved both clocks."""
    clock, movements = answers
    assert clock["rate"] == 1
    (movement,) = movements["movements"]
    assert movement["states"] == {"destination": "refused"}
    assert [one["message"] for one in movement["timeline"]] == ["IE801", "IE818", "IE818"]


def test_all_states_but_that_under_test_are_simulated(answers: list[Mapping[str, Any]], folder: Path) -> None:
    """Each has its address; whoever starts them reads where they are, and that the clock is followed."""
    assert answers
    sim = json.loads((folder / "sim.json").read_text(encoding="utf-8"))
    assert set(sim["states"]) == set(profiles.STATES) - {"LT"}
    assert list(sim["outside"]) == ["NDEA.LT"]
    assert sim["seed"] == 7
    told = (folder / "simulate.txt").read_text(encoding="utf-8")
    assert all(one["url"] in told for one in sim["states"].values())
    assert "follows the one here" in told


def test_page_in_a_browser_shows_the_movement(answers: list[Mapping[str, Any]], folder: Path) -> None:
    """It leads to the movement of this page, and to the gateway under test, whose side is not simulated."""
    movement = answers[1]["movements"][0]
    shown = (folder / "sim.html").read_text(encoding="utf-8")
    assert f"/sim/movements/{movement['arc']}" in shown
    assert "NDEA.LT" in shown


def test_picture_is_what_the_page_shows() -> None:
    """It is drawn anew, by the same hands: ``python tests/helpers/draw_page.py`` writes it."""
    assert draw_page.PICTURE.read_text(encoding="utf-8") == draw_page.picture()
