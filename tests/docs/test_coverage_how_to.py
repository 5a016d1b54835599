"""The page on coverage is run, and the suite of it meets what the page says."""

from pathlib import Path

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "coverage.md"


def test_page_leads_somewhere() -> None:
    """Every link of the page is there, and every command is run."""
    assert [link for link in pages.links(PAGE) if not link.exists()] == []
    assert pages.unmarked(PAGE) == []


def test_example_meets_what_the_page_says(tmp_path: Path) -> None:
    """The line of the summary is the one that is shown, the page is where it says, and the JSON is read."""
    printed = pages.transcript(PAGE, tmp_path)
    (shown,) = (line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("EMCS coverage"))

    assert shown in printed.splitlines()
    assert f"{tmp_path}/emcs-coverage/index.html" in printed.replace("\n", "")
    assert printed.splitlines()[-1] == "True ['BR048']"
    assert (tmp_path / "emcs-coverage" / "lt.html").is_file()
