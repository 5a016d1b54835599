"""The pace-maker: the one place of the gateway where time passes, and that knows what is due next.

By the machine's clock everything happens by itself, as in ``esad serve``. Somebody who moves the clock by hand asks
``Duties`` what is due next, moves it there, and lets them act: so all of it happens in order, in several gateways too.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

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


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything that a gateway has to do at moments of its own."""

    store: Store
    committer: Committer
    delivery: Delivery
    clock: Clock

    def next_due(self) -> Due | None:
        """Return what is due first: a clock, a parked or held message, or the outbox; ``None`` for nothing.

        What is overdue comes before what will be due. Raises StoreUnavailable.
        """
        found = [*self.store.upcoming(What.CLOCK, What.PARKED, What.HELD, What.REFUSED), self.delivery.next_try()]
        return min((one for one in found if one is not None), default=None)

    async def act(self) -> bool:
        """Do what is due now: fire clocks, then deliver. Returns whether any of it could be done.

        What fails is logged. Raises StoreUnavailable.
        """
        ended = await asyncio.to_thread(self.committer.tick, self.clock.now())
        return await self.delivery.round() or ended > 0
