"""Every command of the page on the box is run, in its order: three states, an e-SAD and its report of receipt."""

import os
import subprocess
from pathlib import Path

import pytest

from helpers import pages
from helpers.ready import ready

PAGE = pages.ROOT / "docs" / "how-to" / "box.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other; the page's ports may be taken here."""
    folder: Path = tmp_path_factory.mktemp("page")
    first = pages.three_ports()
    told = {
        "<!-- run -->\n```bash\nesad box up\n": f"<!-- run -->\n```bash\nesad box up --port {first}\n",
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


def test_sample_of_today_is_received_on_the_same_day(transcript: str) -> None:
    """The draft and its report of receipt are taken by gateways with the real clock, and the movement is over."""
    assert "signed.xml: accepted" in transcript
    assert "report.xml: accepted" in transcript
    assert "X03" in transcript


def test_page_leaves_nothing_running(transcript: str) -> None:
    """The last command ends all three gateways."""
    assert transcript.count("  ended\n") == 3
    assert "nothing of box runs any more" in transcript
