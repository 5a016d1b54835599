"""The page of problems is drawn from what the gateway answers."""

from helpers import draw_problems


def test_page_is_as_drawn() -> None:
    """Every kind, with cause, what to do, both languages and its example."""
    page = draw_problems.PAGE.read_text(encoding="utf-8")

    assert page == draw_problems.page(), "write it anew: cd tests && python helpers/draw_problems.py"
