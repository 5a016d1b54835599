"""``.ci/run`` runs what the README tells readers to run, and nothing when the README does not say."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAID = "# Project\n\n<!-- test-command -->\n```bash\necho tested\n```\n"


def _run(folder: Path, readme: str) -> subprocess.CompletedProcess[str]:
    """The script in a checkout of its own, with a ``make`` that only says what it was asked for."""
    (folder / ".ci").mkdir()
    (folder / "bin").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / "README.md").write_text(readme)
    for program in ("make", "java", "javac", "node", "npm", "xmlsec1", "apt-get"):
        stand_in = folder / "bin" / program
        stand_in.write_text(f"#!/bin/sh\necho {program} $*\n")
        stand_in.chmod(stat.S_IRWXU)
    environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}
    return subprocess.run(
        [folder / ".ci" / "run"], cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def test_gates_run_before_the_command_of_the_readme(tmp_path: Path) -> None:
    """Foreign signers, lint, types and architecture come first, and the last line is the test command's."""
    done = _run(tmp_path, SAID)

    assert (done.returncode, done.stdout) == (0, "make javascript lint types architecture\ntested\n")


@pytest.mark.parametrize(
    "readme",
    [
        pytest.param("# Project\n\n```bash\necho tested\n```\n", id="no marker"),
        pytest.param("<!-- test-command -->\n\n```bash\necho tested\n```\n", id="marker not directly above"),
        pytest.param("<!-- test-command -->\n```\n```\n", id="empty block"),
        pytest.param("", id="empty file"),
    ],
)
def test_readme_without_a_command_is_refused(tmp_path: Path, readme: str) -> None:
    """A README that does not say how to test fails the run instead of testing something else."""
    done = _run(tmp_path, readme)

    assert done.returncode == 1
    assert "test-command" in done.stderr
    assert "tested" not in done.stdout


def test_failing_command_fails_the_run(tmp_path: Path) -> None:
    """The exit code is the test command's own."""
    assert _run(tmp_path, SAID.replace("echo tested", "exit 3")).returncode == 3


def test_readme_names_a_command() -> None:
    """The project's own README has the marker and the block, and make knows the target."""
    lines = (ROOT / "README.md").read_text().splitlines()
    marker = lines.index("<!-- test-command -->")

    assert lines[marker + 1].startswith("```")
    assert lines[marker + 2 : marker + 4] == ["make test", "```"]
    assert "\ntest: " in (ROOT / "Makefile").read_text()
