"""A clock that is moved, and that may also run by itself: as fast as the machine's, or so many times faster."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from esad_gateway.simulator.clock import HandClock


class TestClock(HandClock):
    """A clock that can be moved at any time, and shows ``rate`` seconds a second of the machine; 0: it stands."""

    __test__ = False
    """pytest collects no clocks."""

    def __init__(self, at: datetime, rate: float = 0) -> None:
        super().__init__(at)
        # Replaced as a whole: threads ask for the time at any moment.
        self._shown = at, time.monotonic(), rate
        self._held: datetime | None = None

    @property
    def rate(self) -> float:
        """How many times as fast as the machine's it runs; 0 while it stands."""
        return self._shown[2]

    def now(self) -> datetime:
        """The moment that it shows."""
        held = self._held
        return self._running() if held is None else held

    def elapsed(self) -> float:
        """How far it has gone, in seconds."""
        return (self.now() - self._began).total_seconds()

    def move_to(self, at: datetime) -> None:
        """Move to a moment, from which it goes on as before; who rests until then goes on."""
        if self._held is None:
            self._shown = at, time.monotonic(), self.rate
        else:
            self._held = at
        super().move_to(at)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Stand still until the end of the block, unless it is moved; then show what it would have come to otherwise.

        What is due now could never be done while now is a moment later whenever somebody looks.
        """
        self._held = self.now()
        try:
            yield
        finally:
            at, self._held = self._held, None
            if self._running() < at:
                self._shown = at, time.monotonic(), self.rate

    def _running(self) -> datetime:
        at, since, rate = self._shown
        return at + timedelta(seconds=(time.monotonic() - since) * rate) if rate else at

    def run(self, rate: float) -> None:
        """Run so many times as fast as the machine's clock from now on; 0 stops it. Who rests looks at it again."""
        self._shown = self.now(), time.monotonic(), rate
        self.wake()

    async def rest(self, until: float, woken: asyncio.Event) -> None:
        """Return when it has gone so far, when its rate was changed, or when ``woken`` is set."""
        seconds = (until - self.elapsed()) / self.rate if self.rate else None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await super().rest(until, woken)
