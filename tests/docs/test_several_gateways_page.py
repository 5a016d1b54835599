"""The page on several gateways in one process is run, and its six days are as they say."""

import pkgutil
import re

import pytest

from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "several-gateways.md"
NAMES = sorted(set(re.findall(r"`(esad_gateway\.[\w.]+)`", PAGE.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines that the example prints."""
    return pages.transcript(PAGE, tmp_path_factory.mktemp("page")).splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_page_names_what_exists(name: str) -> None:
    """Every dotted name of the package on the page can be found."""
    assert pkgutil.resolve_name(name) is not None


def test_example_lets_six_days_pass(printed: list[str]) -> None:
    """The e-SAD is there within its minute; when the journey is over both traders are reminded, at that moment."""
    assert printed[0].startswith("accepted 26LT")
    days = [(who, kind, at[:10]) for who, kind, at in (line.split() for line in printed[1:])]
    assert days == [
        ("LT00000000101", "IE815", "2026-03-02"),
        ("LT00000000101", "IE801", "2026-03-02"),
        ("LT00000000101", "IE802", "2026-03-07"),
        ("PL00000000201", "IE801", "2026-03-02"),
        ("PL00000000201", "IE802", "2026-03-07"),
    ]
