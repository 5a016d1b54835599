"""Every command of the page on agents is run: a broker signs and reads for a trader until that is taken back."""

import json

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "agents.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder, port = tmp_path_factory.mktemp("page"), pages.free_port()
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return pages.transcript(PAGE, folder, edits={"--port 8460": f"--port {port}", ":8460": f":{port}"})


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for link in pages.links(PAGE))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """The broker's draft is accepted for the trader; the broker reads the e-SAD, and not what it was not given."""
    assert "delegation 1: AG.LT302123456 acts for LT00000000101" in transcript
    listed = next(json.loads(line) for line in transcript.splitlines() if line.startswith('{"messages"'))
    assert [one["message"] for one in listed["messages"]] == ["IE801"]
    assert listed["completeThrough"] == 2
    seen = [json.loads(line)["agents"] for line in transcript.splitlines() if line.startswith('{"agents"')]
    assert [[one["agent"] for one in shown] for shown in seen] == [["AG.LT302123456"]] * 2
    assert '"revokedAt": "20' in transcript or '"revokedAt":"20' in transcript
    assert "is revoked: AG.LT302123456 signs nothing more for LT00000000101" in transcript
