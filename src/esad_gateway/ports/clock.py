"""What the gateway needs of time, and what it has to do at moments of its own."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Clock(Protocol):
    """The gateway's time: the machine's, or one that a simulation moves. All waiting is done by it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def elapsed(self) -> float:
        """Seconds since some moment in the past: it never jumps, so pauses are measured by it."""

    async def rest(self, until: float, woken: asyncio.Event) -> None:
        """Return when so many seconds have ``elapsed``, or when ``woken`` is set, whichever comes first."""


class What(StrEnum):
    """What can be due."""

    CLOCK = "a clock of a movement"
    PARKED = "the end of the wait of a message that came too early"
    HELD = "the end of the formalities of a report of receipt"
    REFUSED = "another try of a document that was refused"
    WAITING = "another try of what waits for an administration"
    NOTIFIED = "a call of a webhook"
    ACT = "what a simulated trader means to do"


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that is to happen at a moment (aware, UTC), or should have happened then."""

    at: datetime
    what: What
