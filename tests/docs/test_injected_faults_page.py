"""The page of injected faults is the table's, and its example runs."""

import pkgutil
import re
from pathlib import Path

import pytest

from helpers import pages
from helpers.draw_injected_faults import PAGE, page

NAMES = sorted(set(re.findall(r"`(esad_gateway\.[\w.]+)`", PAGE.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", NAMES)
def test_page_names_what_exists(name: str) -> None:
    """Every dotted name of the package on the page can be found."""
    assert pkgutil.resolve_name(name) is not None


def test_page_is_made_from_the_table() -> None:
    """Whoever changes a fault writes the page anew (python tests/helpers/draw_injected_faults.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_example_finds_the_lost_report(tmp_path: Path) -> None:
    """It prints the seed, and the one strike."""
    first, line = pages.transcript(PAGE, tmp_path).splitlines()

    assert first.startswith("seed 7; again: pytest ")
    assert "PL  lost: IE818 from PL to LT" in line
