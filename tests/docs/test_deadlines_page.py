"""Every command of the page on deadlines is run."""

import json

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "deadlines.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder, port = tmp_path_factory.mktemp("page"), pages.free_port()
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return pages.transcript(PAGE, folder, edits={"--port 8460": f"--port {port}", ":8460": f":{port}"})


def test_links_of_the_page_lead_somewhere() -> None:
    """There is no link to nothing."""
    assert all(link.exists() for link in pages.links(PAGE))


def test_commands_of_the_page_do_what_it_says(transcript: str) -> None:
    """Nothing is due yet; an address shows the calendar until it is ended."""
    assert transcript.count("Nothing is due.") == 2
    assert "BEGIN:VCALENDAR" in transcript
    feeds = [json.loads(line) for line in transcript.splitlines() if line.startswith('{"number"')]
    assert [one["endedAt"] is None for one in feeds] == [True, False]
    (listed,) = (json.loads(line) for line in transcript.splitlines() if line.startswith('{"seed"'))
    assert listed["items"] == []
