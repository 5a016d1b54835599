"""Who delivers to whom: of several processes on one store, one at a time to each administration."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeAlias

from esad_gateway.ports.clock import Clock
from esad_gateway.ports.outbox import Outbox

Write: TypeAlias = Callable[..., Awaitable[Any]]
"""Does ``write(work, *arguments)`` somewhere else than in the event loop, and gives what the work returns or raises."""


class Claims:
    """What ``holder`` claims in the store: to deliver to a peer alone, for so long as ``lease``.

    A claim is renewed in its second half, before anything is sent: so it outlasts a try as long as a try takes less
    than half of it. It ends by itself, so nothing has to be done for a process that was killed.
    """

    def __init__(self, outbox: Outbox, clock: Clock, write: Write, holder: str, lease: timedelta) -> None:
        self._outbox = outbox
        self._clock = clock
        self._write = write
        self._holder = holder
        self._lease = lease
        self._ends: dict[str, float] = {}

    async def has(self, peer: str) -> bool:
        """Whether we may send to a peer now. Most of the time that needs no look; raises StoreUnavailable."""
        now, lease = self._clock.elapsed(), self._lease.total_seconds()
        if self._ends.get(peer, now) - now > lease / 2:
            return True
        ours: bool = await self._write(self._outbox.claim, peer, self._holder, self._clock.now(), self._lease)
        self._ends[peer] = now + lease if ours else now
        return ours

    async def give_back(self) -> None:
        """Let others deliver at once. Raises StoreUnavailable."""
        if self._ends:
            self._ends.clear()
            await self._write(self._outbox.give_back, self._holder)
