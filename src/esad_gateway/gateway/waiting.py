"""Who waits for news of a mailbox: it costs no thread and no question, until something is committed.

What this process commits is told by the store at once. Other processes write to the same store (workers of batches,
commands), so while somebody waits it is looked, a few times in a second, whether anything was committed, and only then
what. Whoever waits does so by the machine's clock, since it is a client, or another process, that has no other one.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import structlog

from esad_gateway.errors import OwnError, TooMany
from esad_gateway.faults import said
from esad_gateway.gateway.pace import SystemClock

LOOK_AGAIN: Final = 0.25
"""Seconds between two looks at what other processes have committed."""

MOST_OF_A_MAILBOX: Final = 16
"""How many may wait for news of one mailbox, unless a setting says otherwise."""

SETTING: Final = "waits_at_once"
PAUSE: Final = 5
"""Seconds after which one more may try again to wait."""

Numbers = Mapping[str, int]
"""The number of the last message in each mailbox."""

log = structlog.get_logger(__name__)

_MACHINE: Final = SystemClock()


def in_seconds(seconds: float) -> float:
    """Until when somebody waits who has so many seconds, which may be 0."""
    return _MACHINE.elapsed() + seconds


class Waiter:
    """Somebody who waits for news of a mailbox, or does something else meanwhile; used in one event loop only.

    ``heard`` is the number of the last message that was told of since it is there, 0 for none.
    """

    def __init__(self) -> None:
        self.heard = 0
        self.ended = False
        self._number = 0
        self._woken = asyncio.Event()

    def hear(self, number: int) -> None:
        """The mailbox has a message with this number."""
        self.heard = max(self.heard, number)
        if self.heard > self._number:
            self._woken.set()

    def end(self) -> None:
        """Wait no more: whoever would be answered has gone, or the gateway stops."""
        self.ended = True
        self._woken.set()

    async def beyond(self, number: int, until: float) -> bool:
        """Wait until the mailbox has a message beyond ``number``; whether it has, and nobody has ended this.

        ``False`` when it is time: see :func:`in_seconds`.
        """
        self._number = number
        while self.heard <= number and not self.ended and _MACHINE.elapsed() < until:
            self._woken.clear()
            await _MACHINE.rest(until, self._woken)
        return self.heard > number and not self.ended


class Waiting:
    """Everybody who waits for news of a mailbox of one store.

    ``news`` tells, for mailboxes by name, the numbers of their last messages if anything was committed since it was
    asked before, else nothing; it is asked in a thread. ``most`` may wait for news of one mailbox.
    """

    def __init__(self, news: Callable[[Collection[str]], Numbers], most: int = MOST_OF_A_MAILBOX) -> None:
        self._news = news
        self._most = most
        self._waiting: dict[str, list[Waiter]] = {}
        self._somebody = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def number(self, mailbox: str) -> int:
        """How many wait for news of a mailbox."""
        return len(self._waiting.get(mailbox, ()))

    @contextmanager
    def at(self, mailbox: str) -> Iterator[Waiter]:
        """Hear of a mailbox from now on: whoever looks into it in the block, and then waits, misses nothing.

        Raises TooMany when as many do as may.
        """
        waiters = self._waiting.setdefault(mailbox, [])
        if len(waiters) >= self._most:
            requests = said("count.requests", count=self._most)
            raise TooMany(said("detail.waits", requests=requests, setting=SETTING), SETTING, self._most, PAUSE)
        waiter = Waiter()
        waiters.append(waiter)
        self._somebody.set()
        try:
            yield waiter
        finally:
            waiters.remove(waiter)
            if not waiters:
                del self._waiting[mailbox]
            if not self._waiting:
                self._somebody.clear()

    def tell(self, numbers: Numbers) -> None:
        """Something was committed; ``numbers`` are those of mailboxes that may have changed. From any thread."""
        awaited = {name: number for name, number in numbers.items() if name in self._waiting}
        if awaited and self._loop is not None:
            self._loop.call_soon_threadsafe(self._hear, awaited)

    async def run(self) -> None:
        """Tell those who wait in this event loop, until cancelled. What fails is logged, and looked at again."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                await self._somebody.wait()
                await self._look()
                await _MACHINE.rest(_MACHINE.elapsed() + LOOK_AGAIN, asyncio.Event())
        finally:
            self._loop = None

    async def _look(self) -> None:
        try:
            self._hear(await asyncio.to_thread(self._news, list(self._waiting)))
        except OwnError as error:
            log.warning("news of other processes have to wait", reason=str(error))
        except Exception:
            log.exception("news of other processes have to wait")

    def _hear(self, numbers: Numbers) -> None:
        for name, number in numbers.items():
            for waiter in self._waiting.get(name, ()):
                waiter.hear(number)
