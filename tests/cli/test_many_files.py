"""Many files at once: as many processes as there are processors say together what one would say."""

import subprocess
import sys
from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.batch.parallel import WORTH_PROCESSES

MESSAGES = resources.fixtures() / "messages" / "ie815"
NOW = ("--now", "2026-03-02T10:00:00Z")

PROGRAM = """
import os
import sys
from esad_gateway.batch.parallel import WORTH_PROCESSES, in_order

def work(number):
    if number in unwanted:
        raise ValueError(f"{number} is unwanted")
    return number, os.getpid()

unwanted = {int(number) for number in sys.argv[1:]}
try:
    made = list(in_order(work, range(WORTH_PROCESSES), processes=2))
    others = {process for _, process in made[1:]}
    in_order_of_items = [number for number, _ in made] == list(range(WORTH_PROCESSES))
    print(in_order_of_items, made[0][1] == os.getpid(), os.getpid() in others)
except ValueError as error:
    print(error)
"""
"""A program that works on many numbers with two processes; it refuses those that it is called with."""


def ran(*command: object) -> subprocess.CompletedProcess[str]:
    """A program of Python in a process of its own: what forks must have no threads."""
    arguments = [sys.executable, *map(str, command)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)


def test_work_is_shared_and_comes_back_in_order() -> None:
    """The first item is worked on here, and the others elsewhere: by the process that has time for them."""
    assert ran("-c", PROGRAM).stdout == "True True False\n"


def test_first_error_in_order_is_raised() -> None:
    """An error reaches the caller as it would without processes, also when a later item has failed before."""
    assert ran("-c", PROGRAM, WORTH_PROCESSES - 1, 120).stdout == "120 is unwanted\n"


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_many_files_are_told_in_their_order(options: tuple[str, ...], tmp_path: Path) -> None:
    """What is printed of many files is what is printed of each, refused and missing ones too; so is the exit code."""
    kinds = [
        MESSAGES / "valid" / "full.xml",
        next((MESSAGES / "invalid").glob("*.xml")),
        tmp_path / "missing.xml",
        MESSAGES / "valid" / "wine-and-beer.xml",
    ]
    files = kinds * (WORTH_PROCESSES // len(kinds))

    each = ran("-m", "esad_gateway", "validate", *kinds, *NOW, *options)
    many = ran("-m", "esad_gateway", "validate", *files, *NOW, *options)

    assert (many.stdout, many.stderr) == (each.stdout * (len(files) // len(kinds)), "")
    assert many.returncode == each.returncode == 2


def test_standard_input_is_one_of_many_files() -> None:
    """It can be read once and in one process: then that one reads all files."""
    draft = MESSAGES / "valid" / "full.xml"
    command = [sys.executable, "-m", "esad_gateway", "validate", *[str(draft)] * WORTH_PROCESSES, "-", *NOW]

    printed = subprocess.run(command, input=draft.read_bytes(), capture_output=True, check=True)

    assert printed.stdout.decode().splitlines()[-1] == "-: ok IE815 (release 3.23)"
