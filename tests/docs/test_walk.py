"""The explanations of the walk and of the national domain name things that exist."""

import re
from importlib import import_module
from pathlib import Path

import pytest

EXPLANATION = Path(__file__).parents[2] / "docs" / "explanation"
WALK, DOMAIN = EXPLANATION / "walk.md", EXPLANATION / "national-domain.md"
NAMES = sorted(
    {
        name
        for page in (WALK, DOMAIN)
        for name in re.findall(r"`(esad_gateway[\w.]+)`", page.read_text(encoding="utf-8"))
    }
)


def test_walk_has_ten_rooms() -> None:
    """The table numbers its rooms from 1 to 10."""
    assert re.findall(r"^\| (\d+) \|", WALK.read_text(encoding="utf-8"), re.MULTILINE) == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("name", NAMES)
def test_walk_names_what_exists(name: str) -> None:
    """Every dotted name on the pages can be imported."""
    parts = name.split(".")
    depth = next(n for n in range(len(parts), 0, -1) if _is_module(".".join(parts[:n])))
    found = import_module(".".join(parts[:depth]))
    for part in parts[depth:]:
        found = getattr(found, part)
    assert found is not None


def _is_module(name: str) -> bool:
    try:
        import_module(name)
    except ModuleNotFoundError:
        return False
    return True
