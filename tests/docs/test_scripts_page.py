"""The page of scripts is what the reader of scripts takes, and its examples run; its schema is the one that ships."""

import json
import pkgutil
import re
from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.simulator.scripts.schema import NAME, script_schema
from helpers import draw_scripts, pages

PAGE = draw_scripts.PAGE
NAMES = sorted(set(re.findall(r"`(esad_gateway\.[\w.]+)`", PAGE.read_text(encoding="utf-8"))))


def test_page_is_drawn_from_the_keys_and_the_deeds() -> None:
    """``python tests/helpers/draw_scripts.py`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == draw_scripts.page()


def test_schema_that_ships_is_that_of_the_keys() -> None:
    """In the folder of schemas, in a checkout and in a wheel."""
    shipped = resources.schemas() / "gateway" / NAME
    assert json.loads(shipped.read_text(encoding="utf-8")) == script_schema()
    assert draw_scripts.SCHEMA.read_text(encoding="utf-8") == draw_scripts.schema()


@pytest.mark.parametrize("name", NAMES)
def test_page_names_what_exists(name: str) -> None:
    """Every dotted name of the package on the page can be found."""
    assert pkgutil.resolve_name(name) is not None


def test_page_marks_every_command() -> None:
    """There is no block of commands that is not run."""
    assert pages.unmarked(PAGE) == []


def test_examples_of_the_page_run(tmp_path: Path) -> None:
    """The script of the page is played; what happens is what the page says, and Python says the same as TOML."""
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "winter.toml").write_text(example, encoding="utf-8")

    states, traffic, *python = pages.transcript(PAGE, tmp_path).splitlines()

    assert states == "delivered delivered stopped"
    assert traffic == "20 movements from Poland"
    assert 'then = { do = "accept", after = "3 working days", shortages = { 1 = 20 } }' in python
