"""docs/reference/languages.md: which commands have a language, and which are for administrators alone."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from esad_gateway import cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "languages.md"


def with_a_language() -> set[str]:
    """The commands that take ``--lang``."""
    modules = [import_module(f"{cli.__name__}.{module.name}") for module in iter_modules(cli.__path__)]
    commands = [command for module in modules for command in getattr(module, "COMMANDS", ())]
    return {command.__name__ for command in commands if "lang" in inspect.signature(command).parameters}


def test_page_names_the_commands_that_have_a_language() -> None:
    """Those of the table, and no others."""
    (row,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "a trader at a terminal" in line]
    place = row.split("|")[2]

    assert set(re.findall(r"`(?:esad )?(\w+)`", place)) == with_a_language()
