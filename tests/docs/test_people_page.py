"""Every command of the page on persons and roles is run: roles are granted, and a person is told what it is."""

import json

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "people-and-roles.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder, port = tmp_path_factory.mktemp("page"), pages.free_port()
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return pages.transcript(PAGE, folder, edits={"--port 8460": f"--port {port}", ":8460": f":{port}"})


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    explanation = pages.ROOT / "docs" / "explanation" / PAGE.name
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for page in (PAGE, explanation) for link in pages.links(page))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """Two grants, on their way; a person sees the number for which a role is missing; acts are kept."""
    assert "grant 1: it counts from " in transcript
    assert "grant 2: it counts from " in transcript
    me = next(json.loads(line) for line in transcript.splitlines() if line.startswith('{"person"'))
    assert (me["entity"], me["missing"]) == ("100000001", [{"seed": "LT00000000101", "role": "certified_consignor"}])
    acts = next(json.loads(line) for line in transcript.splitlines() if line.startswith('{"acts"'))["acts"]
    assert [one["what"] for one in acts if one["by"]["kind"] == "operator"] == [
        "entity.added",
        "person.added",
        "role.granted",
        "person.added",
        "role.granted",
        "token.issued",
    ]
