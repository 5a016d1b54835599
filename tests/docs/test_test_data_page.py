"""The page on test data is run, and makes what it says."""

from pathlib import Path

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "test-data.md"


def test_page_leads_somewhere() -> None:
    """Every link of the page is there, and every command is run."""
    assert [link for link in pages.links(PAGE) if not link.exists()] == []
    assert pages.unmarked(PAGE) == []


def test_examples_make_what_the_page_says(tmp_path: Path) -> None:
    """A draft by sea, 999 lines, one rule broken in a sample and in messages of one's own, files, and strategies."""
    printed = pages.transcript(PAGE, tmp_path).splitlines()

    assert printed[:5] == [
        "ie815-typical-S200-LT-DE-1 S200 1",
        "ie818-largest-LT-PL 999 lines",
        "65 rules of an IE815 can be broken",
        "ie815-R219-gross-below-net-FR-IT ['R219'] /IE815/Body/SubmittedDraftOfEADESAD/BodyEadEsad[1]/GrossMass",
        "ie815-typical-B000-LT-PL-R054 ['R054']",
    ]
    assert printed[-5:] == [
        "refused ['R219']",
        "accepted",
        "delivered True",
        "['BR052']",
        "['E430', 'W200']",
    ]
    assert (tmp_path / "report.xml").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "broken" / "ie815-R219-gross-below-net-DE-AT.xml").is_file()
