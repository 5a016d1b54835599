"""Every command of the README is run, in its order, as a reader would."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- run -->\n```(bash|python)\n(.*?)```", README, re.DOTALL)
PORT = "8460"


def test_readme_is_short() -> None:
    """A README is read, not searched: at most 180 lines."""
    assert len(README.splitlines()) <= 180


def test_readme_marks_every_command() -> None:
    """A block of commands is run here, or it is one of the two make targets."""
    unmarked = re.findall(r"(?<!<!-- run -->\n)```bash\n(.*?)```", README, re.DOTALL)
    assert unmarked == ["make demo\n", "make test\n"]


def test_readme_targets_are_in_the_makefile() -> None:
    """The two commands for newcomers do what the README says they do."""
    plan = subprocess.run(["make", "--dry-run", "demo", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "esad demo" in plan.stdout
    assert "-m pytest" in plan.stdout


def test_readme_links_lead_somewhere() -> None:
    """Every relative link of the README is a file of the project."""
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other in an empty folder beside the fixtures."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    port = _free_port()
    script = ["set -euo pipefail", 'trap "kill %1; wait" EXIT']
    for number, (language, text) in enumerate(BLOCKS):
        file = folder / f"{number}.{language}"
        file.write_text(text.replace(PORT, port), encoding="utf-8")
        # Sourced, so that the gateway that one block starts is there for the next, as in a reader's shell.
        script.append(f"{'python' if language == 'python' else '.'} ./{file.name}")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _free_port() -> str:
    """A port that was free a moment ago: tests run beside each other, and the README's own may be taken."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


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
