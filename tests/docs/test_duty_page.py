"""Every command of the page on duty is run."""

import json

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "duty.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other, and then the file that they make."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    told = pages.transcript(PAGE, folder)
    return told + (folder / "duty.json").read_text(encoding="utf-8")


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for link in pages.links(PAGE))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """The worked values: wine, the minimum of cigarettes, beer twice, cigars, the liquid of electronic cigarettes."""
    assert "Duty on 2025-06-01: 2286.00 EUR" in transcript
    assert "Akcizas 2025-06-01: 1497,00 EUR" in transcript
    assert "Duty on 2025-06-01: 8219.75 EUR" in transcript
    assert len(json.loads(transcript.splitlines()[-1])["lines"]) == 2
