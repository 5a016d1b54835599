"""``.ci/run`` runs what the README tells readers to run, and nothing when the README does not say."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAID = "# Project\n\n<!-- test-command -->\n```bash\necho tested\n```\n"


PROGRAMS = (
    *("make", "java", "javac", "node", "npm", "xmlsec1", "chromium", "chromedriver", "zbarimg"),
    *("phpunit", "mcs", "nunit-console", "dpkg", "g++", "curl", "promtool", "systemd-analyze"),
)
STAND_IN = "#!/bin/sh\necho {program} $*\n"
WITHOUT_A_NETWORK = """#!/bin/sh
echo {program} $*
echo >> "$HOME/tries"
test "$(wc -l < "$HOME/tries")" -gt %d
"""
"""A program that fails so many times, and then does its work."""


def _run(folder: Path, readme: str, make: str = STAND_IN) -> subprocess.CompletedProcess[str]:
    """The script in a checkout of its own, with a ``make`` that only says what it was asked for."""
    (folder / ".ci").mkdir()
    (folder / "bin").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / "README.md").write_text(readme)
    for program in (*PROGRAMS, "apt-get", "sleep"):
        stand_in = folder / "bin" / program
        stand_in.write_text((make if program == "make" else STAND_IN).format(program=program))
        stand_in.chmod(stat.S_IRWXU)
    environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}
    return subprocess.run(
        [folder / ".ci" / "run"], cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def test_gates_run_before_the_command_of_the_readme(tmp_path: Path) -> None:
    """Foreign signers, lint, types and architecture come first, and the last line is the test command's."""
    done = _run(tmp_path, SAID)

    assert done.returncode == 0
    assert done.stdout == "make javascript setup .venv/.manual\nmake lint types architecture docs\ntested\n"


def test_what_comes_over_a_network_is_asked_for_again(tmp_path: Path) -> None:
    """Twice nothing comes, less and less often asked for; then everything goes on as if nothing had been."""
    done = _run(tmp_path, SAID, WITHOUT_A_NETWORK % 2)

    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "make javascript setup .venv/.manual",
        "sleep 5",
        "make javascript setup .venv/.manual",
        "sleep 20",
        "make javascript setup .venv/.manual",
        "make lint types architecture docs",
        "tested",
    ]


def test_network_that_stays_away_fails_the_run(tmp_path: Path) -> None:
    """After the fourth time, with the exit code of what failed; nothing is tested."""
    done = _run(tmp_path, SAID, WITHOUT_A_NETWORK % 9)

    assert done.returncode == 1
    assert done.stdout.count("make javascript setup .venv/.manual") == 4
    assert "tested" not in done.stdout


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
