"""The pages on adding things are followed word by word: a rule and a message on a copy of the checkout."""

import pkgutil
import re
import shutil
from pathlib import Path

import pytest

from helpers import pages

HOW_TO = pages.ROOT / "docs" / "how-to"
PAGES = sorted(page.name for page in HOW_TO.glob("add-*.md"))
COPIED = ("src", "schemas", "fixtures", "tests/core", "tests/xml", "tests/helpers", "tests/data", "docs/reference")


def followed(name: str, folder: Path) -> str:
    """What the commands of a page print in a copy of what they need; the copy's own package is used."""
    for part in COPIED:
        # With what Python has compiled: it knows by time and size what is still true.
        # What is being compiled just now, for a test that runs beside this one, has another name in a moment.
        shutil.copytree(pages.ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.pyc.*"))
    for file in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(pages.ROOT / file, folder / file)
    own = {"PYTHONPATH": str(folder / "src")}
    return pages.transcript(HOW_TO / name, folder, environment=own, programs=pages.INSTALLED)


@pytest.mark.parametrize("name", PAGES)
def test_page_names_what_exists(name: str) -> None:
    """Every dotted name of the package on the page can be found."""
    for dotted in re.findall(r"`(esad_gateway\.[\w.]+)`", (HOW_TO / name).read_text(encoding="utf-8")):
        assert pkgutil.resolve_name(dotted) is not None


@pytest.mark.parametrize("name", PAGES)
def test_page_marks_every_command(name: str) -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(HOW_TO / name) == []
    assert [link for link in pages.links(HOW_TO / name) if not link.exists()] == []


def test_rule_is_added_as_the_page_says(tmp_path: Path) -> None:
    """The new rule finds its fixture, alone, and the house's own tests are content with it."""
    printed = followed("add-a-rule.md", tmp_path)

    assert '"rule": "LT001"' in printed
    assert "LT001" in printed.split("faults.json", maxsplit=1)[-1]
    assert "failed" not in printed
    assert "LT001" in (tmp_path / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")


def test_message_is_added_as_the_page_says(tmp_path: Path) -> None:
    """Schema, module and row fit each other, and a document of the new type is in order."""
    printed = followed("add-a-message.md", tmp_path)

    assert "failed" not in printed
    assert "no tests ran" not in printed
    assert "remark.xml" in printed


def test_state_is_added_as_the_page_says(tmp_path: Path) -> None:
    """Both administrations know each other's address and certificate."""
    printed = pages.transcript(HOW_TO / "add-a-state.md", tmp_path)

    assert "NDEA.EE at http://127.0.0.1:8461/ndea" in printed
    assert "NDEA.LT at http://127.0.0.1:8460/ndea" in printed
    assert "formalities_days = 5" in (tmp_path / "ee" / "settings.toml").read_text(encoding="utf-8").splitlines()
    outcomes = re.findall(r"^(accepted|refused) .*?(\[.*\])$", printed, re.MULTILINE)
    assert outcomes == [("accepted", "[]")] * 3 + [("refused", "['LT-1']")]
    assert re.search(r"^national law: dispatch, LT00000000101 2026 quarter 1 \(lrn ", printed, re.MULTILINE)
    assert "equal: 3 movements, 0 differences" in printed
