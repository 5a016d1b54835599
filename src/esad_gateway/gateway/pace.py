"""The pace-maker: the one place of the gateway where time passes, and that knows what is due next.

By the machine's clock everything happens by itself, as in ``esad serve``. Somebody who moves the clock by hand asks
``Duties`` what is due next, moves it there, and lets them act: so all of it happens in order, in several gateways too.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.delivery import Delivery
from esad_gateway.ports.clock import Clock, Due, What
from esad_gateway.ports.writing import Store


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds by a clock that nobody sets."""
        return time.monotonic()

    async def rest(self, until: float, woken: asyncio.Event) -> None:
        """Return when so many seconds have ``elapsed``, or when ``woken`` is set, whichever comes first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(until - self.elapsed()):
                await woken.wait()


class Notifying(Protocol):
    """What tells traders that something came for them."""

    def next_try(self) -> Due | None:
        """When somebody is to be told next; ``None`` for nobody. Raises StoreUnavailable."""

    async def round(self) -> bool:
        """Tell everybody what is to be told now. Returns whether that changed anything."""


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything that a gateway has to do at moments of its own."""

    store: Store
    committer: Committer
    delivery: Delivery
    notifier: Notifying
    clock: Clock

    def next_due(self) -> Due | None:
        """Return what is due first: a clock, a parked or held message, the outbox, a webhook; ``None`` for nothing.

        What is overdue comes before what will be due. Raises StoreUnavailable.
        """
        found = [*self.store.upcoming(What.CLOCK, What.PARKED, What.HELD, What.REFUSED), self.delivery.next_try()]
        found.append(self.notifier.next_try())
        return min((one for one in found if one is not None), default=None)

    async def act(self) -> bool:
        """Do what is due now: fire clocks, deliver, then call webhooks. Returns whether any of it could be done.

        What fails is logged. Raises StoreUnavailable.
        """
        ended = await asyncio.to_thread(self.committer.tick, self.clock.now())
        delivered = await self.delivery.round()
        return await self.notifier.round() or delivered or ended > 0
