"""Every command of the page on registrations is run: from the request to the number, and to its end."""

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "registration.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    return pages.transcript(PAGE, tmp_path_factory.mktemp("page"))


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert all(link.exists() for link in pages.links(PAGE))


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """The number is given once the deposit is proven, the register knows it, and it ends."""
    assert "LT00000000001" in transcript
    assert "certified consignee" in transcript
    assert "registered" in transcript
    assert "išregistruota" in transcript
