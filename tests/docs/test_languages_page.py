"""docs/reference/languages.md: every command has a language, and what has none is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.cli.common.language import VARIABLE
from esad_gateway.cli.group import SUMMARIES, load

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "languages.md"


def commands(found: Any, name: str) -> Iterator[tuple[str, Any]]:
    """A command, or all that are below it, by what is typed."""
    below = getattr(found, "commands", None)
    if below is None:
        yield name, found
        return
    for one, command in below.items():
        yield from commands(command, f"{name} {one}")


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_command_takes_the_language(name: str) -> None:
    """As an option, and from the environment: also the subcommands, and commands that are written tomorrow."""
    found = dict(commands(load(name), name))

    assert found
    for one, command in found.items():
        (option,) = [parameter for parameter in command.params if parameter.name == "lang"]
        assert (option.opts, option.envvar) == (["--lang"], VARIABLE), one


def test_page_says_so() -> None:
    """The row about a terminal names no single command, since it is about all."""
    (row,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "at a terminal" in line]

    assert [cell.strip() for cell in row.split("|")][2] == "every command"
