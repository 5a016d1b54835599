"""Every command of the page on guarantees is run, and says what the page says."""

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "guarantees.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return pages.transcript(PAGE, folder)


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for link in pages.links(PAGE))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """The worked values, the ledger that adds up, and the past as it was."""
    assert "548.50 EUR have to be secured: 100 % of 548.50 EUR" in transcript
    assert "54.85 EUR have to be secured: 10 % of 548.50 EUR" in transcript
    assert "Decision 1: LT00000000101 has to secure" in transcript
    assert "Secured 1050.00, reserved 0.00, used 100.00, available 950.00 EUR" in transcript
    assert "LT00000000101\t1000.00\t0.00\t0.00\t1000.00" in transcript
    assert "Request 2 of LT00000000101 is written down" in transcript
