"""A gateway whose libraries are not all installed does not start, and names what is missing."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from esad_gateway.cli.common.installed import LIBRARIES
from helpers import pages
from helpers.command_line import Ended, Esad

WITHOUT = """
import sys
sys.modules["python_multipart"] = sys.modules["xlsxwriter"] = None  # as Python marks what cannot be imported
from esad_gateway.cli import main
main(sys.argv[1:])
"""


def _without(*arguments: object) -> Ended:
    command = [sys.executable, "-c", WITHOUT, *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_gateway_without_its_libraries_does_not_start(esad: Esad, tmp_path: Path) -> None:
    """All that is missing in one sentence, with the way out, in both languages; nothing listens."""
    data = tmp_path / "lt"
    assert esad("init", data, "--state", "LT").code == 0
    told = _without("serve", "--data", data, "--port", 0, "--lang", "both")

    assert (told.code, told.out) == (2, ""), told.err
    assert "needs what is not installed: python_multipart, xlsxwriter; nothing was started. make setup" in told.err
    assert "trūksta neįdiegtų bibliotekų: python_multipart, xlsxwriter" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("library", ["uvicorn", "structlog", "sqlalchemy", "cryptography"])
def test_library_that_the_command_itself_imports_is_named(tmp_path: Path, library: str) -> None:
    """It is missing before there is a command, and is told as the others are, in the language that was asked for."""
    without = WITHOUT.replace("python_multipart", library)
    command = [sys.executable, "-c", without, "serve", "--data", str(tmp_path), "--lang=lt"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    assert (told.returncode, told.stdout) == (2, ""), told.stderr
    assert f"trūksta neįdiegtų bibliotekų: {library}, xlsxwriter; niekas nepaleista" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_every_library_is_looked_for() -> None:
    """What the package says it needs."""
    project = tomllib.loads((pages.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split("[>=<]", needed)[0].replace("-", "_") for needed in project["dependencies"]]

    assert names == [*LIBRARIES]
