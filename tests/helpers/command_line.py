"""What the fixture ``esad`` (tests/cli/conftest.py) answers, and how a command is run in the process of the tests."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from esad_gateway.cli import main
from helpers.process import kept


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Esad: TypeAlias = Callable[..., Ended]
"""Runs ``esad`` in this process, with anything that has a text form as arguments."""


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ended:
    """Run ``esad`` in this process, which is as it was before when the command has ended."""
    with kept(), pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return Ended(ended.value.code, printed.out, printed.err)
