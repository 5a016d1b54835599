"""What a look at a gateway finds: by check, how bad it is, what it is, and the command that mends it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from esad_gateway.faults import Said
from esad_gateway.texts import in_every_language, say

CHECKS: Final = (
    *("settings", "law", "permissions", "store", "key", "certificates"),
    *("providers", "peers", "time", "disk", "versions", "waits"),
)
"""Every check, in the order in which they are made."""


class Level(StrEnum):
    """How bad something is: ``SOON`` needs somebody before long, ``WRONG`` now."""

    FINE = "fine"
    SOON = "soon"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something that was found; ``command`` is empty where no command alone mends it."""

    check: str
    level: Level
    what: Said
    command: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        told = {"what": say(self.what), "whats": in_every_language(self.what)}
        return {"check": self.check, "level": self.level.value, **told, "command": self.command or None}


def fine(check: str, what: Said) -> Symptom:
    """Nothing is to be done."""
    return Symptom(check, Level.FINE, what)


def wrong(check: str, what: Said, command: str = "") -> Symptom:
    """Something is to be done now."""
    return Symptom(check, Level.WRONG, what, command)
