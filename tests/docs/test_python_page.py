"""The public surface: what the page promises can be imported, is documented, and runs; nothing else is promised."""

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import esad_gateway
from esad_gateway import errors
from helpers import draw_client, pages

PAGE = pages.ROOT / "docs" / "reference" / "python.md"
PROMISED = {
    module: re.findall(r"`(\w+)`", names)
    for module, names in re.findall(r"^\| `(esad_gateway[\w.]+)` \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
}
FACADES = {
    f"esad_gateway.{room}"
    for room in ("emcs.movement", "emcs.procedure", "emcs.rules", "emcs.seed", "papers", "profiles")
}
"""Packages that offer names to the other rooms of the house, and to nobody else."""


def _modules() -> list[ModuleType]:
    """All modules but migrations, which Alembic loads."""
    found = pkgutil.walk_packages(esad_gateway.__path__, "esad_gateway.")
    skipped = ("esad_gateway.__main__", "esad_gateway.store.migrations.")
    return [import_module(one.name) for one in found if not one.name.startswith(skipped)]


@pytest.mark.parametrize("name", PROMISED)
def test_public_module_exports_what_the_page_lists(name: str) -> None:
    """The names of a module on the page are those of its ``__all__``, in both directions."""
    assert sorted(import_module(name).__all__) == sorted(PROMISED[name])


@pytest.mark.parametrize("name", PROMISED)
def test_public_names_exist_and_say_what_they_are(name: str) -> None:
    """Every promised name can be imported; classes, their methods and functions have docstrings."""
    module = import_module(name)
    values = {one: getattr(module, one) for one in PROMISED[name]}
    callables = {one: value for one, value in values.items() if inspect.isclass(value) or inspect.isfunction(value)}
    methods = {
        f"{one}.{method}": function
        for one, value in callables.items()
        if inspect.isclass(value)
        for method, function in inspect.getmembers(value, inspect.isfunction)
        if not method.startswith("_")
    }

    assert [one for one, value in {**callables, **methods}.items() if not inspect.getdoc(value)] == []


def test_every_error_is_public() -> None:
    """What functions raise can be caught by name."""
    classes = inspect.getmembers(errors, inspect.isclass)
    assert sorted(name for name, one in classes if one.__module__ == errors.__name__) == sorted(errors.__all__)


def test_nothing_else_is_promised() -> None:
    """A module outside the page has no ``__all__``, but for packages that are the doors of rooms."""
    promising = {module.__name__ for module in _modules() if hasattr(module, "__all__")}

    assert promising == {*PROMISED, *FACADES}


def test_page_marks_every_command() -> None:
    """There is no block of commands that is not run."""
    assert pages.unmarked(PAGE) == []


def test_examples_of_the_page_run(tmp_path: Path) -> None:
    """What is composed, judged, signed and verified from Python is accepted by a gateway."""
    (tmp_path / "fixtures").symlink_to(pages.ROOT / "fixtures")

    printed = pages.transcript(PAGE, tmp_path, edits={"8460": pages.free_port()})

    assert "signed by CN=LT00000000101" in printed
    assert re.search(r"accepted \d\dLT[0-9A-Z]{15}P\d", printed)
    assert "'IE801'" in printed


def test_page_lists_the_client_as_it_is() -> None:
    """Whoever changes the client draws the list anew (python tests/helpers/draw_client.py)."""
    text = PAGE.read_text(encoding="utf-8")
    assert text == draw_client.page(text), "run: python tests/helpers/draw_client.py"
