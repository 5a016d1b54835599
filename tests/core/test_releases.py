"""Releases of the messages in their order."""

from esad_gateway.emcs.releases import rank


def test_releases_are_ordered_by_their_numbers_and_not_as_text() -> None:
    """3.9 comes before 3.13, and 3.13 (phase 4.1) before 3.23 (phase 4.2)."""
    assert sorted(["3.23", "3.9", "3.13", "4.0"], key=rank) == ["3.9", "3.13", "3.23", "4.0"]
