"""The tutorial and the guide for tests of integrators are run as their readers would, from red to green."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from helpers import pages

TUTORIAL = pages.ROOT / "docs" / "tutorial" / "first-test.md"
GUIDE = pages.ROOT / "docs" / "how-to" / "test-your-system.md"
NAMED: Mapping[str, str] = MappingProxyType(
    {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "esad_gateway.pytest_plugin", "PYTEST_CURRENT_TEST": ""}
)
"""Whether the entry point of this checkout is installed says nothing of the page, nor does the test that runs it."""


@pytest.mark.parametrize("page", [TUTORIAL, GUIDE], ids=lambda page: page.stem)
def test_page_marks_every_command_and_links_to_what_exists(page: Path) -> None:
    """What is not run is no command of ours, and every link leads somewhere."""
    assert pages.unmarked(page) == []
    assert [link for link in pages.links(page) if not link.exists()] == []


def test_tutorial_goes_from_red_to_green(tmp_path: Path) -> None:
    """The first run fails and shows what the page shows; the others pass."""
    printed = pages.transcript(TUTORIAL, tmp_path, environment=NAMED)

    assert re.findall(r"\d (?:passed|failed)", printed) == ["1 failed", "1 passed", "1 passed"]
    (shown,) = re.findall(r"-+ EMCS -+\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
    (came,) = re.findall(r"-+ EMCS -+\n(.*?\nno fault was injected\n)", printed, re.DOTALL)
    assert _without_arcs(came) == _without_arcs(shown)


def test_guide_runs(tmp_path: Path) -> None:
    """Markers, a system over HTTP, a gateway that is served and follows the clock, and EMCS without pytest."""
    printed = pages.transcript(GUIDE, tmp_path, environment=NAMED, edits={"8460": pages.free_port()})

    assert re.findall(r"\d (?:passed|failed)", printed) == ["1 passed"] * 3
    assert re.search(r"^delivered http://127\.0\.0\.1:\d+/lt$", printed, re.MULTILINE)
    assert "seed 7; again: pytest --emcs-seed 7" in printed


def _without_arcs(text: str) -> str:
    return re.sub(r"26LT\w+", "ARC", text)
