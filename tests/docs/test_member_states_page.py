"""The page of member states is what the profiles say."""

from helpers import draw_states


def test_page_is_drawn_from_the_profiles() -> None:
    """``python tests/helpers/draw_states.py`` writes it anew."""
    assert draw_states.PAGE.read_text(encoding="utf-8") == draw_states.page()
