"""The tutorial of an importer's first month is run from its first command to its last, as a reader would."""

import os
import re
import subprocess

import pytest

from helpers import pages
from helpers.ready import ready

PAGE = pages.ROOT / "docs" / "tutorial" / "first-month.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other; the page's ports may be taken here."""
    folder, first = tmp_path_factory.mktemp("month"), pages.three_ports()
    told = {
        "```bash\nesad box up\n": f"```bash\nesad box up --port {first}\n",
        ":8470": f":{first}",
        ":8472": f":{first + 2}",
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


def test_importer_is_registered_once_its_deposit_is_proved(transcript: str) -> None:
    """The official is stopped before that; then there is a number, which Germany learns of."""
    assert "as expected: the proof is missing" in transcript
    assert transcript.count("LT00000000001") > 2


def test_duty_of_the_goods_is_reserved_and_declared(transcript: str) -> None:
    """The same amount when it is reckoned, reserved and declared: 52 degrees of a hectolitre at 12.74 EUR."""
    assert re.search(r"662\.48 EUR have to be secured", transcript)
    assert re.search(r"\treserved\t662\.48\t", transcript)
    assert "662.48" in transcript.partition("reserved 662.48")[2]
