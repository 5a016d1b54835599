"""Every command of the page on replacing keys is run, in its order, on two administrations that know each other."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import provision, register
from esad_gateway.simulator.exchange import OPERATORS, ZONES

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "replace-keys.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- run -->\n```bash\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all blocks print when they are run one after the other."""
    folder, now = tmp_path_factory.mktemp("page"), datetime.now(UTC)
    members = provision(folder, ZONES, now, KeyKind.P256)
    register(members, OPERATORS, now, KeyKind.P256)
    for state in ("LT", "PL"):
        (folder / state.lower()).symlink_to(folder / state)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", "\n".join(["set -euo pipefail", *BLOCKS])],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_page_marks_every_command() -> None:
    """There is no block that is not run."""
    assert len(BLOCKS) == PAGE.count("```bash") == 5


def test_page_links_lead_somewhere() -> None:
    """Every relative link is a file of the project."""
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert links
    assert [link for link in links if not (Path(__file__).parents[2] / "docs" / "how-to" / link).exists()] == []


def test_commands_do_what_the_page_says(transcript: str) -> None:
    """Peers are told what to load, the overlap is stated, and every renewal that is taken back is said to be."""
    assert "to be done at NDEA.PL" in transcript
    assert "esad peer renew --data DIR --state LT --certificate administration-" in transcript
    assert "esad peer restore --data DIR --state LT --overlap 7d" in transcript
    assert len(re.findall(r"NDEA\.LT is believed with [0-9a-f]{64} until", transcript)) == 4
    assert re.search(r"LT00000000101 signs with [0-9a-f]{64} from", transcript)
    assert re.search(r"LT001000 signs with [0-9a-f]{64} from", transcript)
