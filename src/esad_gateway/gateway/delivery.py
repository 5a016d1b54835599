"""Room 10 of the walk: what the outbox holds is delivered, the same bytes on every try, in order for each peer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from esad_gateway.errors import OwnError, PeerError, PeerRefused
from esad_gateway.ports import Attempt, Clock, DueDispatch, Store, Transport

BATCH = 200
"""How many rows of the outbox one round looks at."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When to try again: ``first`` doubles with every failure up to ``longest``; after ``attempts`` it is given up.

    The defaults keep trying for about two days, which is longer than a weekend's outage of one member state may last.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=10)
    attempts: int = 300

    def next_due(self, at: datetime, failures: int) -> datetime | None:
        """When to try again after the ``failures``-th failure in a row at ``at``; ``None`` when it is given up."""
        if failures >= self.attempts:
            return None
        # Beyond 2**32 the shortest first delay is longer than any longest one; the cap keeps the number small.
        doubled: int = 2 ** min(failures - 1, 32)
        return at + min(self.first * doubled, self.longest)


class Delivery:
    """Empties the outbox. ``wake`` it after a commit; by itself it looks every ``pause`` seconds."""

    def __init__(self, store: Store, transport: Transport, clock: Clock, policy: RetryPolicy, pause: float) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self._policy = policy
        self._pause = pause
        self._woken = asyncio.Event()
        self._resting: dict[str, datetime] = {}

    def wake(self) -> None:
        """Look at the outbox now; call it in the event loop's thread."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled. A store that cannot be used is tried again like everything else."""
        while True:
            self._woken.clear()
            try:
                busy = await self.round()
            except OwnError as error:
                log.warning("delivery waits for the store", reason=str(error))
                busy = False
            if not busy:
                await self._rest()

    async def round(self) -> bool:
        """Let go of what was held and try what is due once; whether anything was delivered."""
        now = self._clock.now()
        await asyncio.to_thread(self._store.release_held, now)
        resting = {peer for peer, until in self._resting.items() if until > now}
        due = await asyncio.to_thread(self._store.due, now, BATCH, resting)
        queues = groupby(sorted(due, key=attrgetter("destination", "id")), key=attrgetter("destination"))
        tries = await asyncio.gather(*(self._deliver(list(queue)) for _, queue in queues))
        attempts = [attempt for queue in tries for attempt in queue]
        await asyncio.to_thread(self._store.record, attempts)
        return any(attempt.error is None for attempt in attempts)

    async def _deliver(self, queue: Sequence[DueDispatch]) -> list[Attempt]:
        """Deliver one peer's documents in order.

        A document that the peer refuses waits alone. When the peer cannot be reached, all of its documents wait until
        the first of them is due again: the order is kept, and a peer that is down is asked once, not once a document.
        """
        attempts: list[Attempt] = []
        for dispatch in queue:
            try:
                await self._transport.deliver(dispatch.destination, dispatch.body)
                attempts.append(self._attempt(dispatch, None))
            except PeerRefused as refusal:
                attempts.append(self._attempt(dispatch, refusal))
            except PeerError as failure:
                attempts.append(self._attempt(dispatch, failure))
                self._resting[dispatch.destination] = attempts[-1].next_due or attempts[-1].at
                break
        return attempts

    def _attempt(self, dispatch: DueDispatch, error: PeerError | None) -> Attempt:
        at, tries = self._clock.now(), dispatch.attempts + 1
        if error is None:
            return Attempt(dispatch=dispatch.id, at=at, error=None, next_due=None)
        log.warning("delivery failed", destination=dispatch.destination, reason=str(error), tries=tries)
        return Attempt(dispatch=dispatch.id, at=at, error=str(error), next_due=self._policy.next_due(at, tries))

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._pause):
                await self._woken.wait()
        except TimeoutError:
            return
