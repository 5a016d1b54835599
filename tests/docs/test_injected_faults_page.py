"""The page of injected faults is the table's, and its example runs."""

from pathlib import Path

from helpers import pages
from helpers.draw_injected_faults import PAGE, page


def test_page_is_made_from_the_table() -> None:
    """Whoever changes a fault writes the page anew (python tests/helpers/draw_injected_faults.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_example_finds_the_lost_report(tmp_path: Path) -> None:
    """It prints the seed, and the one strike."""
    first, line = pages.transcript(PAGE, tmp_path).splitlines()

    assert first.startswith("seed 7; again: pytest ")
    assert "PL  lost: IE818 from PL to LT" in line
