"""The tutorial of the first exchange is run from its first command to its last, as a reader would."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from helpers import pages
from helpers.papers import text_of
from helpers.ready import ready

PAGE = pages.ROOT / "docs" / "tutorial" / "first-exchange.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page is worked through."""
    return tmp_path_factory.mktemp("exchange")


@pytest.fixture(scope="module")
def transcript(folder: Path) -> str:
    """What all blocks print when they are run one after the other; the page's ports may be taken here."""
    first = pages.three_ports()
    told = {
        "```bash\nesad box up\n": f"```bash\nesad box up --port {first}\n",
        ":8470": f":{first}",
        ":8471": f":{first + 1}",
    }
    try:
        return pages.transcript(PAGE, folder, edits=told)
    finally:
        # A page that fails on the way leaves nothing running.
        path = os.pathsep.join((str(ready().parent), os.environ["PATH"]))
        subprocess.run(
            [ready(), "box", "down"], cwd=folder, env={**os.environ, "PATH": path}, check=False, capture_output=True
        )


def test_page_marks_every_command() -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_mistake_is_told_before_it_is_signed(transcript: str) -> None:
    """By the command and by the gateway, with the rule that the page names."""
    assert re.search(r"wrong\.xml:.*R054", transcript)
    assert "as expected: exit code 1" in transcript
    assert re.search(r"^R054 .*[ąčęėįšųūž]", transcript, re.MULTILINE)


def test_goods_travel_and_the_movement_is_closed(transcript: str) -> None:
    """An ARC, one movement for two submissions, an e-SAD that verifies, and a report that closes it."""
    assert re.search(r"accepted as \d\dLT\w{17}", transcript)
    assert '"repeated":true' in transcript
    assert "e-sad.xml: ok" in transcript
    assert '"message":"IE801"' in transcript
    assert "report.xml: accepted" in transcript
    assert "X03" in transcript
    assert transcript.count("  ended\n") == 3


@pytest.mark.usefixtures("transcript")
def test_e_sad_is_on_paper(folder: Path) -> None:
    """The file of the page is that of its movement."""
    (arc,) = re.findall(r'"arc":"(\w{21})"', (folder / "receipt.json").read_text("utf-8"))
    assert arc in text_of((folder / "e-sad.pdf").read_bytes())
