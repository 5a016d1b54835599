"""What tests call as ``esad`` without its start is as the program is: same output, same end, same signals."""

import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from esad_gateway import resources
from helpers.ready import ready

DRAFT = resources.fixtures() / "messages" / "ie815" / "valid" / "full.xml"
CALLS = {
    "fine": ("explain", "BR025", "--json"),
    "negative": ("validate", "-"),
    "wrong usage": ("validat",),
    "a file of the folder": ("validate", DRAFT.name, "--schema-only"),
}
CODES = {"fine": 0, "negative": 1, "wrong usage": 2, "a file of the folder": 0}


@pytest.mark.parametrize("call", CALLS)
def test_ready_command_ends_as_the_program_does(call: str) -> None:
    """Exit code, output and complaints are the same to the letter, whatever comes by standard input or by name."""
    programs: list[list[str | Path]] = [[ready()], [sys.executable, "-m", "esad_gateway"]]

    ended = [
        subprocess.run([*program, *CALLS[call]], input=b"<a>", capture_output=True, cwd=DRAFT.parent, check=False)
        for program in programs
    ]

    assert ended[0].returncode == ended[1].returncode == CODES[call]
    assert (ended[0].stdout, ended[0].stderr) == (ended[1].stdout, ended[1].stderr)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_ready_command_does_not_outlive_its_program(number: signal.Signals) -> None:
    """What ends the program ends the fork, which keeps standard output open for as long as it runs."""
    with subprocess.Popen([ready(), "validate", "-"], stdin=PIPE, stdout=PIPE) as process:
        process.send_signal(number)
        assert process.stdout is not None
        assert process.stdout.read() == b""
        assert process.wait() == -number
