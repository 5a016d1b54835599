"""The page of metrics is the table's."""

from helpers.draw_metrics import PAGE, page


def test_page_is_drawn_from_the_table() -> None:
    """Whoever changes the table draws the page anew (python tests/helpers/draw_metrics.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()
