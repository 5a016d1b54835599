"""Modules of the core are loaded by need: checking one draft takes one message and the rules on it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.emcs import messages, movement, procedure, rules, seed
from esad_gateway.emcs.by_need import by_need
from esad_gateway.emcs.messages import MESSAGES, NAMES, message_named
from esad_gateway.resources import fixtures

LOADED = """
import sys
from esad_gateway.cli import main
try:
    main(["validate", "--now", "2026-03-02T10:00", sys.argv[1]])
except SystemExit as ended:
    assert ended.code == 0
print(*sorted(name for name in sys.modules if name.startswith("esad_gateway.emcs.")))
"""
"""A program that checks a document and says which modules of the core that took."""


def loaded_for(document: Path) -> set[str]:
    """The modules of the core that checking a document takes, in a process of its own."""
    ran = subprocess.run([sys.executable, "-c", LOADED, document], capture_output=True, text=True, check=True)
    return {name.removeprefix("esad_gateway.emcs.") for name in ran.stdout.split()}


def test_draft_loads_its_message_and_its_rules_and_no_others() -> None:
    """What a draft does not use costs nothing when a draft is checked: other messages, their rules, the verdict."""
    loaded = loaded_for(fixtures() / "messages" / "ie815" / "valid" / "wine-and-beer.xml")

    assert {name for name in loaded if name.startswith("messages.ie")} == {"messages.ie815"}
    assert "rules.ie815" in loaded
    assert not loaded & {"rules.ie813", "rules.ie818", "rules.explanations", "rules.closures", "movement.deciding"}
    assert not loaded & {"procedure.verdict", "seed.deciding", "documents"}


def test_every_message_is_found_by_its_name() -> None:
    """The names are those of the classes, in order; a name that no message has is none."""
    assert tuple(message.__name__ for message in MESSAGES) == NAMES
    assert [message_named(name) for name in NAMES] == list(MESSAGES)
    assert message_named("IE999") is None
    assert message_named("MESSAGES") is None


@pytest.mark.parametrize("package", [messages, movement, procedure, rules, seed], ids=lambda package: package.__name__)
def test_package_has_what_it_offers_and_nothing_else(package: object) -> None:
    """Each name that a package offers is there, and a name that nobody offers is said to be missing."""
    assert [name for name in vars(package)["__all__"] if not hasattr(package, name)] == []
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        getattr(package, "nothing")  # noqa: B009 - mypy knows that there is no such name


@pytest.mark.parametrize("package", [movement, procedure, seed], ids=lambda package: package.__name__)
def test_name_that_is_loaded_by_need_is_that_of_no_module(package: object) -> None:
    """Importing a module of that name would put the module in the name's place."""
    (folder,) = vars(package)["__path__"]

    assert not {path.stem for path in Path(folder).glob("*.py")} & {*vars(package)["__all__"]}


def test_name_is_looked_up_once() -> None:
    """After that it stands in the package, where nobody asks for it again."""
    namespace: dict[str, Any] = {"__name__": "esad_gateway.emcs.movement"}

    found = by_need(namespace, {"values": "Movement"})("Movement")

    assert found is movement.Movement
    assert namespace["Movement"] is found
