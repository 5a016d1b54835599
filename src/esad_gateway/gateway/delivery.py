"""Room 10 of the walk: what the outbox holds is delivered, the same bytes on every try, in order for each peer."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from esad_gateway.errors import OwnError, PeerError, PeerRefused
from esad_gateway.ports import Attempt, Clock, DueDispatch, Store, Transport

BATCH = 50
"""How many rows of the outbox are looked at together; bounds the documents in memory (6 MiB each at most)."""

_WHENEVER = datetime.max.replace(tzinfo=UTC)

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
        # Compared as a ratio: a pause that has doubled often enough is longer than a timedelta can be.
        doubled: int = 2 ** min(failures - 1, 64)
        return at + (self.first * doubled if doubled < self.longest / self.first else self.longest)


class Delivery:
    """Empties the outbox. ``wake`` it after a commit; by itself it looks every ``pause`` seconds.

    Each peer has a queue of its own that is worked off beside the others: a peer that is silent delays nobody else.
    """

    def __init__(self, store: Store, transport: Transport, clock: Clock, policy: RetryPolicy, pause: float) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self._policy = policy
        self._pause = pause
        self._woken = asyncio.Event()
        self._served: set[str] = set()
        self._resting: dict[str, datetime] = {}

    def wake(self) -> None:
        """Look at the outbox now; call it in the event loop's thread."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled. Whatever fails is logged and tried again, a store that cannot be used as well.

        A start tries once whatever waits, due or not: which peer had to rest is not written down, its order would
        be lost.
        """
        begun: set[str] = set()
        async with asyncio.TaskGroup() as services:
            while queues := await self._queues(_WHENEVER, begun):
                begun |= {queue[0].destination for queue in queues}
                self._start(queues, services)
            while True:
                self._woken.clear()
                queues = await self._queues(self._clock.now())
                self._start(queues, services)
                if not queues:
                    await self._rest()

    async def round(self) -> bool:
        """Let go of what was held and try what is due once; whether anything was delivered."""
        return any(await asyncio.gather(*(self._serve(queue) for queue in await self._queues(self._clock.now()))))

    def _start(self, queues: Sequence[Sequence[DueDispatch]], services: asyncio.TaskGroup) -> None:
        for queue in queues:
            services.create_task(self._serve(queue))

    async def _queues(self, due_by: datetime, but: Collection[str] = ()) -> list[list[DueDispatch]]:
        """What can be tried, in order, one queue a peer; from now on these peers are being served."""
        due: Sequence[DueDispatch] = ()
        with _logged():
            now = self._clock.now()
            await asyncio.to_thread(self._store.release_held, now)
            resting = {peer for peer, until in self._resting.items() if until > now}
            due = await asyncio.to_thread(self._store.due, due_by, BATCH, resting.union(self._served, but))
        ordered = sorted(due, key=attrgetter("destination", "id"))
        queues = {peer: list(queue) for peer, queue in groupby(ordered, key=attrgetter("destination"))}
        self._served |= queues.keys()
        return list(queues.values())

    async def _serve(self, queue: Sequence[DueDispatch]) -> bool:
        """Work off a peer's queue; whether anything was delivered, and then there may be more to deliver."""
        delivered = False
        try:
            with _logged():
                attempts = await self._deliver(queue)
                await asyncio.to_thread(self._store.record, attempts)
                delivered = any(attempt.error is None for attempt in attempts)
        finally:
            self._served.discard(queue[0].destination)
        if delivered:
            self.wake()
        return delivered

    async def _deliver(self, queue: Sequence[DueDispatch]) -> list[Attempt]:
        """Deliver one peer's documents in order.

        A document that the peer refuses waits alone. When the peer cannot be reached, all of its documents wait until
        the first of them is due again: the order is kept, and a peer that is down is asked once, not once a document.
        """
        attempts: list[Attempt] = []
        for dispatch in queue:
            error = await self._error_of(dispatch)
            attempts.append(self._attempt(dispatch, error))
            if error is not None and not isinstance(error, PeerRefused):
                self._resting[dispatch.destination] = attempts[-1].next_due or attempts[-1].at
                break
        return attempts

    async def _error_of(self, dispatch: DueDispatch) -> PeerError | None:
        """Try once; whatever goes wrong, others are to be delivered."""
        try:
            await self._transport.deliver(dispatch.destination, dispatch.body)
        except PeerError as error:
            return error
        except Exception as defect:
            log.exception("a delivery failed by a defect", destination=dispatch.destination)
            return PeerError(f"internal error: {type(defect).__name__}")
        return None

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


@contextmanager
def _logged() -> Iterator[None]:
    """Delivery outlives whatever goes wrong: nobody would start it again."""
    try:
        yield
    except OwnError as error:
        log.warning("delivery has to wait", reason=str(error))
    except Exception:
        log.exception("delivery has to wait")
