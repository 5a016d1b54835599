"""The pages on tables: the reference is drawn from the layouts, and every command of the guide is run."""

from pathlib import Path

from helpers import pages
from helpers.draw_batch import PAGE, page

GUIDE = pages.ROOT / "docs" / "how-to" / "batch.md"


def test_reference_is_drawn_from_the_layouts() -> None:
    """Whoever changes a column or a code draws the page anew (python tests/helpers/draw_batch.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_guide_marks_every_command() -> None:
    """There is no block that is not run, and every link of both pages leads somewhere."""
    assert pages.unmarked(GUIDE) == []
    assert [link for one in (GUIDE, PAGE) for link in pages.links(one) if not link.exists()] == []


def test_guide_leads_from_a_template_to_a_mended_table(tmp_path: Path) -> None:
    """The one mistake is told, the corrections pass when they are mended, and the proposal is good as it stands."""
    printed = pages.transcript(GUIDE, tmp_path)

    assert "\t1.234\tCELL-AMBIGUOUS\t" in printed
    assert '"KN kodai" = "cn_code"' in printed
    assert 'ignored = ["Sandėlio eilė"]' in printed
    assert len((tmp_path / "mend.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
