"""Room 10 of the walk: what the outbox holds is delivered, the same bytes on every try, in order for each movement."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import uuid4

import structlog

from esad_gateway.errors import OwnError
from esad_gateway.faults import said
from esad_gateway.gateway.claims import Claims, Write
from esad_gateway.gateway.retries import PeerState, RetryPolicy
from esad_gateway.gateway.tally import Counters
from esad_gateway.ports.clock import Clock, Due, What
from esad_gateway.ports.outbox import Attempt, DueDispatch, Outbox, Reception, Transport, Tried
from esad_gateway.texts import say

BATCH = 16
"""How far a look at the line of a peer goes beyond what is on its way to it."""

BYTES_AT_ONCE = 8 * 1024 * 1024
"""From how many bytes of documents on their way to a peer on no more is read for it: a document may have 6 MiB."""

_MICROSECOND: Final = 1e-6

log = structlog.get_logger(__name__)

_told = logging.getLogger(__name__)
"""Says whether anybody wants to read of what went well: a delivery costs no line unless somebody does."""


class Delivery:
    """Sends what is in the outbox. Call ``wake`` after a commit; without that it looks every ``pause`` seconds.

    Each peer has a line of its own, and the lines are served side by side. So a silent peer delays no other peer. What
    a peer has refused waits beside the line, and delays only later documents of the same movement. Several documents of
    a line are on their way at once, each of another movement.

    The outcome of a try is written down before the next try begins. While it cannot be written, nothing is sent: after
    a restart the same document would be sent again. Pauses are measured by a clock that does not jump. ``write`` runs
    work that writes to the store, in its turn between two commits.

    Several processes may deliver from one store: the process that has claimed a peer serves it. ``holder`` is the name
    under which this process claims, by default a new one. A process that takes the name of one that has ended goes on
    with its claims; that the other one has ended is not checked here.

    ``where`` tells where each peer listens now: one that listens elsewhere than before is tried at once.

    With ``alone`` a :meth:`round` comes to the same whenever it is played again: its lines are served one after the
    other; and while ``alone()`` one document is on its way at a time, since what follows from a failure hangs on what
    else was on its way.
    """

    def __init__(
        self,
        outbox: Outbox,
        transport: Transport,
        clock: Clock,
        policy: RetryPolicy,
        pause: float,
        write: Write = asyncio.to_thread,
        *,
        holder: str = "",
        where: Callable[[], Mapping[str, str]] = dict,
        alone: Callable[[], bool] | None = None,
        tally: Counters | None = None,
    ) -> None:
        self._outbox = outbox
        self._write = write
        self._transport = transport
        self._clock = clock
        self._policy = policy
        self._pause = pause
        self._begun = False
        self._began = clock.now() - timedelta(seconds=clock.elapsed())
        self._woken = asyncio.Event()
        self._this_write: asyncio.Task[bool] | None = None
        self._next_write: asyncio.Task[bool] | None = None
        self._unwritten: list[Attempt] = []
        self._claims = Claims(outbox, clock, write, holder or uuid4().hex, policy.lease)
        self._served: set[tuple[str, bool]] = set()
        self._ahead: list[float] = []
        self._peers: defaultdict[str, PeerState] = defaultdict(PeerState)
        self._where = where
        self._alone = alone
        self._tally = tally or Counters()
        self._listening: Mapping[str, str] = {}

    def wake(self) -> None:
        """Look at the outbox now. To be called in the thread of the event loop."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled. What fails is logged and tried again, also when the store cannot be used."""
        async with asyncio.TaskGroup() as services:
            while True:
                self._woken.clear()
                for line in await self._lines():
                    services.create_task(self._serve(*line))
                await self._rest()

    async def leave(self) -> None:
        """End the claims of this process, so that other processes may deliver at once."""
        with _logged():
            await self._claims.give_back()

    async def round(self) -> bool:
        """Release held reports whose time has come, and try what is due. Returns whether anything was delivered."""
        taken, lines = self._taken(), await self._lines()
        if self._alone is None:
            await asyncio.gather(*(self._serve(*line) for line in lines))
        else:
            await self._one_by_one(lines)
        return self._taken() > taken

    async def _one_by_one(self, lines: Sequence[tuple[str, bool]]) -> None:
        try:
            for line in lines:
                await self._serve(*line)
        finally:
            self._served.difference_update(lines)

    def next_try(self) -> Due | None:
        """When what waits in line is to be tried next; ``None`` when nothing waits. Raises StoreUnavailable."""
        now = self._clock.elapsed()
        rests = [max(0.0, self._peers[peer].rests_until - now) for peer in self._outbox.peers()]
        if not rests:
            return None
        # A moment has no more than microseconds: rounded down, it would come before the rest is over.
        return Due(self._clock.now() + timedelta(microseconds=ceil(min(rests) * 1_000_000)), What.WAITING)

    def _taken(self) -> int:
        return sum(peer.taken for peer in self._peers.values())

    async def _lines(self) -> Sequence[tuple[str, bool]]:
        """Begin to serve each line in which something can be tried; returns what :meth:`_serve` is told of each."""
        found: list[tuple[str, bool]] = []
        with _logged():
            self._follow(self._where())
            due = await self._due()
            if What.HELD in due:
                await self._write(self._outbox.release_held, self._clock.now())
            if await self._written():
                found += [(peer, False) for peer in await asyncio.to_thread(self._outbox.peers)]
                if What.REFUSED in due:
                    again = await asyncio.to_thread(self._outbox.refusing_peers, self._steady())
                    found += [(peer, True) for peer in again]
        waiting = [line for line in found if line not in self._served and not self._rests(line[0])]
        lines: list[tuple[str, bool]] = []
        with _logged():
            lines = [line for line in waiting if await self._claims.has(line[0])]
        self._served.update(lines)
        return lines

    def _follow(self, where: Mapping[str, str]) -> None:
        """Try peers at once that listen elsewhere than before."""
        for peer in [one for one, url in self._listening.items() if where.get(one) != url]:
            self._peers[peer].moved()
        self._listening = where

    async def _due(self) -> Collection[What]:
        """Return which kinds of held and refused documents are due now, and note when the others will be."""
        times = {What.HELD: self._clock.now(), What.REFUSED: self._steady()}
        upcoming = await asyncio.to_thread(self._outbox.upcoming, *times)
        self._ahead = [(one.at - times[one.what]).total_seconds() + self._clock.elapsed() for one in upcoming]
        return {one.what for one in upcoming if one.at <= times[one.what]}

    def _rests(self, peer: str) -> bool:
        # Less than a microsecond is none: no moment is told more exactly.
        return self._peers[peer].rests_until - self._clock.elapsed() >= _MICROSECOND

    async def _serve(self, peer: str, refused: bool) -> None:  # noqa: FBT001 - the two lines of a peer
        """Send what is in a line until it is empty or has to wait."""
        tried = False
        try:
            async with asyncio.TaskGroup() as tries:
                sent: dict[asyncio.Task[bool], DueDispatch] = {}
                while await self._send(tries, sent, peer, refused):
                    tried = True
                    done, _ = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        del sent[task]
                    if not all(task.result() for task in done):
                        break
        finally:
            self._served.discard((peer, refused))
        if tried:
            self.wake()

    async def _send(
        self,
        tries: asyncio.TaskGroup,
        sent: dict[asyncio.Task[bool], DueDispatch],
        peer: str,
        refused: bool,  # noqa: FBT001 - as above
    ) -> bool:
        """Send as many documents as may be on their way at once; returns whether any is."""
        with _logged():
            ours = await self._claims.has(peer)
            for dispatch in await asyncio.to_thread(self._next, peer, refused, list(sent.values())) if ours else ():
                sent[tries.create_task(self._deliver(dispatch))] = dispatch
        return bool(sent)

    def _next(self, peer: str, refused: bool, sent: Sequence[DueDispatch]) -> Sequence[DueDispatch]:  # noqa: FBT001
        """What to send now beside what is on its way: of other movements, or one to find out whether it is back."""
        state, busy = self._peers[peer], {dispatch.id for dispatch in sent}
        most = 1 if self._alone is not None and self._alone() else self._policy.in_flight
        free = min(state.at_once, most) - len(busy)
        room = BYTES_AT_ONCE - sum(len(dispatch.body) for dispatch in sent)
        if free <= 0 or room <= 0:
            return ()
        look = self._refused if refused else self._line
        return self._outbox.dispatches(look(peer, state, busy)[:free], room)

    def _line(self, peer: str, state: PeerState, busy: Collection[int]) -> Sequence[int]:
        line = self._outbox.line(peer, len(busy) + (BATCH << state.doublings))
        return state.in_turn([number for number in line if number not in busy])

    def _refused(self, peer: str, _: PeerState, busy: Collection[int]) -> Sequence[int]:
        refused = self._outbox.refused(peer, self._steady(), len(busy) + BATCH)
        return [number for number in refused if number not in busy]

    async def _deliver(self, dispatch: DueDispatch) -> bool:
        """Try a document once and write down the outcome; returns whether to go on with this peer."""
        setbacks, began = self._peers[dispatch.destination].setbacks, self._clock.elapsed()
        tried = await self._try(dispatch)
        self._tally.tried(dispatch.destination, tried.reception, self._clock.elapsed() - began)
        self._unwritten.append(self._judged(dispatch, tried, setbacks))
        return await self._written() and not self._rests(dispatch.destination)

    async def _try(self, dispatch: DueDispatch) -> Tried:
        """Try once; whatever goes wrong, others are to be delivered."""
        try:
            return await self._transport.deliver(dispatch.destination, dispatch.body, dispatch.identifier)
        except Exception as defect:
            log.exception("a delivery failed by a defect", destination=dispatch.destination)
            return Tried(Reception.FAILED, said("detail.internal", name=type(defect).__name__))

    def _judged(self, dispatch: DueDispatch, tried: Tried, setbacks: int) -> Attempt:
        """Decide what the outcome of a try means for the peer and for the document.

        When a setback came while a try was under way, its outcome says nothing new: neither that the peer is back, nor
        that it has failed again.
        """
        peer = self._peers[dispatch.destination]
        fresh = setbacks == peer.setbacks
        if tried.reception is Reception.ACKNOWLEDGED:
            return self._acknowledged(dispatch, peer, fresh=fresh)
        if tried.reception is Reception.REFUSED:
            if fresh:
                peer.works()
            return self._refusal(dispatch, tried.why, tried.pause)
        if not fresh:
            return self._not_taken(dispatch, tried)
        if tried.reception is Reception.FAILED and peer.blames(dispatch.id, self._policy.aside):
            why = say(said("tried.alone_refused", why=tried.why))
            return self._refusal(dispatch, why, tried.pause)
        return self._unanswered(dispatch, peer, tried)

    def _acknowledged(self, dispatch: DueDispatch, peer: PeerState, *, fresh: bool) -> Attempt:
        peer.took(dispatch.id)
        if fresh and peer.failures:
            log.warning("peer is back", destination=dispatch.destination, tries=peer.failures)
        if fresh:
            peer.works()
        if _told.isEnabledFor(logging.INFO):
            log.info("delivered", **_named(dispatch), tries=dispatch.attempts + 1)
        now = self._clock.now()
        return Attempt(dispatch=dispatch.id, at=now, error=None, next_due=None, refusals=dispatch.refusals, noted=True)

    def _refusal(self, dispatch: DueDispatch, reason: str, asked: timedelta | None) -> Attempt:
        """The peer blames the document, which waits alone, with pauses of its own, until it is taken or given up."""
        refusals = dispatch.refusals + 1
        due = self._policy.next_due(self._steady(), refusals, asked)
        told = {**_named(dispatch), "dispatch": dispatch.id, "reason": reason, "refusals": refusals}
        if due is None:
            log.error("dead letter: a document is given up; esad outbox retry tries it again", **told)
        else:
            log.warning("a document is refused and waits alone", **told)
        return Attempt(
            dispatch=dispatch.id, at=self._clock.now(), error=reason, next_due=due, refusals=refusals, noted=True
        )

    def _unanswered(self, dispatch: DueDispatch, peer: PeerState, tried: Tried) -> Attempt:
        """The peer does not answer, so its whole line rests, and single tries find out when it is back.

        When the peer answers and fails on a document that it has refused before, only that document rests.
        """
        if not dispatch.refusals or tried.reception is Reception.UNREACHABLE:
            if tried.why != peer.reason:
                log.warning("peer cannot be delivered to", destination=dispatch.destination, reason=tried.why)
            peer.failed(self._clock.elapsed(), tried.why, tried.pause, self._policy)
        return self._not_taken(dispatch, tried)

    def _not_taken(self, dispatch: DueDispatch, tried: Tried) -> Attempt:
        """The document keeps its place in the line; if it was refused before, it waits for its own next try."""
        pause = self._policy.pause(dispatch.refusals, tried.pause) if dispatch.refusals else self._policy.first
        return Attempt(
            dispatch=dispatch.id,
            at=self._clock.now(),
            error=tried.why,
            next_due=self._steady() + pause,
            refusals=dispatch.refusals,
            noted=tried.why != dispatch.last_error,
        )

    async def _written(self) -> bool:
        """Write down outcomes that are not written yet; returns whether that worked. Later ones wait for the next."""
        if self._begun and not self._unwritten:
            return True
        if self._next_write is None or self._next_write.done():
            self._next_write = asyncio.create_task(self._write_down(self._this_write))
        return await asyncio.shield(self._next_write)

    async def _write_down(self, before: asyncio.Task[bool] | None) -> bool:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self._this_write, self._next_write = self._next_write, None
        written = False
        with _logged():
            if not self._begun:
                now = self._steady()
                await self._write(self._outbox.begin_delivery, now, now + self._policy.longest)
                self._begun = True
            attempts = tuple(self._unwritten)
            if attempts:
                await self._write(self._outbox.record, attempts)
                del self._unwritten[: len(attempts)]
            written = True
        return written  # noqa: RET504 - it is not true after a failure, which was logged

    def _steady(self) -> datetime:
        """The present moment, counted from the start of the delivery by a clock that nobody sets."""
        return self._began + timedelta(seconds=self._clock.elapsed())

    async def _rest(self) -> None:
        """Wait until there is news, a peer may be tried again, something is due, or the pause is over."""
        now, rests = self._clock.elapsed(), [peer.rests_until for peer in self._peers.values()]
        soonest = min([now + self._pause, *(one for one in (*rests, *self._ahead) if one > now)])
        await self._clock.rest(soonest, self._woken)


def _named(dispatch: DueDispatch) -> Mapping[str, str | None]:
    """A document as the log names it; nothing of what it says."""
    return {"destination": dispatch.destination, "identifier": dispatch.identifier, "arc": dispatch.arc}


@contextmanager
def _logged() -> Iterator[None]:
    """Log a failure and go on: if the delivery ended, nobody would start it again."""
    try:
        yield
    except OwnError as error:
        log.warning("delivery has to wait", reason=str(error))
    except Exception:
        log.exception("delivery has to wait")
