"""What the fixture ``esad`` (tests/cli/conftest.py) answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias


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
