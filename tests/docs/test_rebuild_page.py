"""Every command of the page on rebuilding movements is run, in its order, on a store with movements."""

import pytest

from helpers import pages
from helpers.tampering import used_store

PAGE = pages.ROOT / "docs" / "how-to" / "rebuild-movements.md"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "lt").symlink_to(used_store(folder / "box"))
    return pages.transcript(PAGE, folder)


def test_page_marks_every_command() -> None:
    """There is no block that is not run."""
    assert pages.unmarked(PAGE) == []


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """A store that nobody has touched is what its messages lead to, and it is whole."""
    assert transcript.count("equal: 3 movements, 0 differences") == len(["compared", "written"])
    assert "whole: " in transcript
