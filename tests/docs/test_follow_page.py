"""Every command of the page on following a mailbox is run, against a gateway with messages."""

from pathlib import Path

import pytest

from helpers import pages
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.served import served

PAGE = pages.ROOT / "docs" / "how-to" / "follow-a-mailbox.md"
PORT = "8460"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder = tmp_path_factory.mktemp("page")
    with served(copy_of_box(folder)) as gateway:
        for _ in range(2):
            assert gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).status == 201
        Path(folder / "token").write_text(gateway.box.traders[CONSIGNOR].token, encoding="utf-8")
        return pages.transcript(PAGE, folder, edits={PORT: str(gateway.port)})


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for link in pages.links(PAGE))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """What there is comes with the number to go on from; where nothing comes, the page is empty."""
    # Each e-SAD once in a page, and once as an event.
    assert transcript.count('"message":"IE801"') == 4
    assert transcript.count('"completeThrough":4') == 2
    assert '"messages":[]' in transcript
    assert [f"id: {number}" in transcript for number in range(1, 5)] == [True] * 4
    assert '{"changed":[2],"missing":[99],"complete":true}' in transcript
    assert "newly acknowledged: 0 messages" in transcript
    assert '{"changed":[4],"missing":[],"complete":true}' in transcript
