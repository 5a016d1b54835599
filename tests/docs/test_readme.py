"""Every command of the README is run, in its order, as a reader would."""

import re
import subprocess
from pathlib import Path

import pytest

from helpers import pages

README = pages.ROOT / "README.md"
PORT = "8460"


def test_readme_is_short() -> None:
    """A README is read, not searched: below 180 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) < 180


def test_readme_marks_every_command() -> None:
    """A block of commands is run here, or it is one of the two make targets."""
    assert pages.unmarked(README) == ["make demo\n", "make test\n"]


def test_readme_targets_are_in_the_makefile() -> None:
    """The two commands for newcomers do what the README says they do."""
    plan = subprocess.run(
        ["make", "--dry-run", "demo", "test"], cwd=pages.ROOT, capture_output=True, text=True, check=True
    )
    assert "esad demo" in plan.stdout
    assert "-m pytest" in plan.stdout


def test_demo_installs_what_runs_and_no_tools(tmp_path: Path) -> None:
    """From nothing: the locks of what runs and of what builds the package, and no other; tests need more."""
    plans = {
        target: subprocess.run(
            ["make", "--dry-run", f"VENV={tmp_path / 'venv'}", target],
            cwd=pages.ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for target in ("demo", "setup")
    }

    assert "--requirement requirements/runtime.txt" in plans["demo"]
    assert "--requirement requirements/build.txt" in plans["demo"]
    assert "--requirement requirements/dev.txt" not in plans["demo"]
    assert "--requirement requirements/dev.txt" in plans["setup"]
    assert "only the first time takes long" in plans["demo"]


def test_readme_links_lead_somewhere() -> None:
    """Every relative link of the README is a file of the project."""
    assert pages.links(README)
    assert [link for link in pages.links(README) if not link.exists()] == []


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other in an empty folder beside the fixtures."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "fixtures").symlink_to(pages.ROOT / "fixtures")
    return pages.transcript(README, folder, edits={PORT: pages.free_port()}, programs=pages.INSTALLED)


def test_readme_commands_do_what_it_says(transcript: str) -> None:
    """The draft is valid, the signature verifies, it is accepted with an ARC, and the mailbox shows the e-SAD."""
    assert "draft.xml: ok IE815" in transcript
    assert '"outcome":"accepted"' in transcript
    assert re.search(r'"arc":"\d\dLT[0-9A-Z]{15}P\d"', transcript)
    assert "IE801" in transcript
    assert "X01" in transcript
    assert "whole" in transcript


def test_readme_python_gets_the_same_receipt(transcript: str) -> None:
    """Submitting the same file again from Python answers with the ARC of the first time."""
    [arc] = set(re.findall(r"\d\dLT[0-9A-Z]{15}P\d", transcript))
    assert f"accepted {arc}" in transcript
