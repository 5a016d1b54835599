"""What the gateway needs of time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The gateway's time: the machine's, or one that a simulation moves."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def elapsed(self) -> float:
        """Seconds since some moment in the past: it never jumps, so pauses are measured by it."""
