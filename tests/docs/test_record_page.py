"""The pages on recordings: every command is run, and the format is what the reader of recordings takes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.simulator.recording import files
from esad_gateway.simulator.recording.model import Recording
from esad_gateway.simulator.recording.schema import NAME, recording_schema
from helpers import draw_recordings, pages
from helpers.gateway import PATIENCE

PAGE = pages.ROOT / "docs" / "how-to" / "record.md"
FORMAT = draw_recordings.PAGE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands were run; the page's ports may be taken here."""
    found = tmp_path_factory.mktemp("page")
    ports = {port: pages.free_port() for port in ("8470", "8471", "8480")}
    told = {f"--port {port}": f"--port {free}" for port, free in ports.items()}
    told |= {f":{port}": f":{free}" for port, free in ports.items()}
    (found / "printed.txt").write_text(pages.transcript(PAGE, found, edits=told), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def recording(folder: Path) -> Recording:
    """What the commands of the page have recorded."""
    return files.read(folder / "winter")


def test_pages_lead_somewhere() -> None:
    """Every link is there, and every command is run."""
    assert [link for page in (PAGE, FORMAT) for link in pages.links(page) if not link.exists()] == []
    assert pages.unmarked(PAGE) == []


def test_page_of_the_format_is_drawn_from_the_model() -> None:
    """``python tests/helpers/draw_recordings.py`` writes it anew, and the schema that ships."""
    assert FORMAT.read_text(encoding="utf-8") == draw_recordings.page()
    assert draw_recordings.SCHEMA.read_text(encoding="utf-8") == draw_recordings.schema()
    shipped = resources.schemas() / "gateway" / NAME
    assert json.loads(shipped.read_text(encoding="utf-8")) == recording_schema()


def test_example_of_the_format_is_a_recording(tmp_path: Path) -> None:
    """As it stands on the page."""
    (example,) = re.findall(r"```json\n(.*?)```", FORMAT.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "example.jsonl").write_text(example, encoding="utf-8")

    assert [one.request.method for one in files.read(tmp_path / "example.jsonl").exchanges] == ["GET"]


def test_commands_are_recorded(folder: Path, recording: Recording) -> None:
    """What the page sends through the recorder, in its order, and what was answered; what is told at the end."""
    asked = [(one.request.method, one.request.target.partition("?")[0]) for one in recording.exchanges]
    posted = asked.index(("POST", "/v1/messages"))
    answer = recording.exchanges[posted].answer

    assert set(asked[:posted]) == {("GET", "/health")}
    assert asked[posted + 1][1].endswith("/messages")
    assert answer is not None
    assert (answer.status, answer.body.value["outcome"]) == (201, "accepted")
    assert recording.head.state == "LT"
    assert f"{len(asked)} requests with their answers, 0 without one" in (folder / "record.txt").read_text("utf-8")


def test_recording_is_played_again(folder: Path, recording: Recording) -> None:
    """By a gateway of the process and by one elsewhere: the same answers."""
    printed = (folder / "printed.txt").read_text(encoding="utf-8")

    assert printed.count(f"{len(recording.exchanges)} requests were answered as recorded; 0 others") == 2


def test_example_of_a_test_runs(folder: Path) -> None:
    """It is a test of pytest, with the plugin."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_winter.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert "2 passed" in ended.stdout, ended.stdout


def test_nobody_of_the_page_is_in_the_recording(folder: Path) -> None:
    """Neither trader, nor the ARC, which was printed, nor the token."""
    lines = (folder / "winter" / files.NAME).read_text(encoding="utf-8")
    printed = (folder / "printed.txt").read_text(encoding="utf-8")
    arc = re.findall(r"26LT[A-Z0-9]{15}P[0-9]|\d\dLT[A-Z0-9]{15}P[0-9]", printed)[0]

    for name in ("vilnius.seed", "warsaw.seed", "vilnius.token"):
        assert (folder / name).read_text(encoding="utf-8") not in lines
    assert arc not in lines
