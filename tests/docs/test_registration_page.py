"""The manual's picture of registration cases is the tables'."""

from helpers.draw_registration import PAGE, page


def test_page_is_drawn_from_the_tables() -> None:
    """Whoever changes a table draws the page anew (python tests/helpers/draw_registration.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()
