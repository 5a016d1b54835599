"""Claims to deliver: when several processes share a store, only one of them at a time sends to an administration."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeAlias

from esad_gateway.ports.clock import Clock
from esad_gateway.ports.outbox import Claimed

Write: TypeAlias = Callable[..., Awaitable[Any]]
"""Does ``write(work, *arguments)`` somewhere else than in the event loop, and gives what the work returns or raises."""


class Claims:
    """The claims of one process, ``holder``: for the time of ``lease`` it alone sends to a peer.

    The process renews a claim in its second half, before it sends. So the claim outlasts every try that takes less than
    half of ``lease``. A claim ends by itself: after a process was killed, nobody has to clean up.
    """

    def __init__(self, store: Claimed, clock: Clock, write: Write, holder: str, lease: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._write = write
        self._holder = holder
        self._lease = lease
        self._ends: dict[str, float] = {}

    async def has(self, peer: str) -> bool:
        """Return whether this process may send to a peer now, and claim the peer if it may. Raises StoreUnavailable.

        In the first half of a claim the store is not asked.
        """
        now, lease = self._clock.elapsed(), self._lease.total_seconds()
        if self._ends.get(peer, now) - now > lease / 2:
            return True
        ours: bool = await self._write(self._store.claim, peer, self._holder, self._clock.now, self._lease)
        self._ends[peer] = now + lease if ours else now
        return ours

    async def give_back(self) -> None:
        """End all claims, so that other processes may deliver at once. Raises StoreUnavailable."""
        if self._ends:
            self._ends.clear()
            await self._write(self._store.give_back, self._holder)
