"""Every command that the manual names is one of ours, with options that it has; tests of the pages run them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.cli.group import SUMMARIES, load
from helpers.pages import ROOT, unmarked

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_CODE = re.compile(r"`(esad [^`]+)`")
_SHELL = re.compile(r"^```(?:bash|text|sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CALL = re.compile(r"(?:^|[|;(&]\s*|\$ |sudo )esad ([^|;&)\n]+)", re.MULTILINE)
EVERYWHERE = {"--help", "--lang", "--version", "--install-completion", "--show-completion"}


def calls(page: Path) -> Iterator[str]:
    """What stands behind ``esad`` in a page: within sentences, and in blocks for a shell."""
    text = page.read_text("utf-8")
    yield from (found.removeprefix("esad ") for found in _CODE.findall(text))
    for block in _SHELL.findall(text):
        yield from _CALL.findall(block.replace("\\\n", " "))


@cache
def command(name: str) -> Any:
    """A command of ours."""
    return load(name)


def wrong(call: str) -> str:
    """What is not true of a call; empty for one that could be made."""
    words = [word for word in re.split(r"\s+", call.strip()) if word]
    first = words[0].strip("'\"")
    if first.startswith("-") or first in {"…", "..."}:
        return "" if first in {*EVERYWHERE, "…", "..."} else f"esad has no {first}"
    if first not in SUMMARIES:
        return f"no command {first}"
    found, rest = command(first), words[1:]
    below = getattr(found, "commands", {})
    if below and rest and not rest[0].startswith("-"):
        names = rest[0].split("|")
        if unknown := [name for name in names if name not in below]:
            return f"esad {first} has no {', '.join(unknown)}"
        found, rest = below[names[0]], rest[1:]
    known = {name for one in found.params for name in (*one.opts, *one.secondary_opts)} | EVERYWHERE
    group = hasattr(found, "commands")
    given = [re.match(r"--?[A-Za-z][\w-]*", word) for word in rest]
    return ", ".join(f"esad {first} takes no {one[0]}" for one in given if one and not group and one[0] not in known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_a_page_are_true(page: Path) -> None:
    """Each is there, with every option that it is given."""
    assert [(call, told) for call in calls(page) if (told := wrong(call))] == []


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.stem)
def test_page_shows_no_command_that_is_not_run(page: Path) -> None:
    """Blocks for a shell are marked; the tests of the pages run what is marked."""
    assert unmarked(page) == []


def test_commands_are_found() -> None:
    """There are hundreds; one that is not there, and an option that is not, would be told."""
    assert sum(1 for page in PAGES for _ in calls(page)) > 300
    assert wrong("nothing") == "no command nothing"
    assert wrong("outbox nothing --data lt") == "esad outbox has no nothing"
    assert wrong("outbox list --nothing lt") == "esad outbox takes no --nothing"
