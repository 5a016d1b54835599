"""The one thread that writes: what is waiting is taken in and committed together, and answered after the commit.

There is no delay to wait for company: whatever queued while the last commit ran makes the next group. Between two
groups, what else has to be written has its turn: however many messages wait, it waits for one group only.

Ordinary documents are taken in here as well: threads beside each other wait for the interpreter more than they work.
So many as are not much to read go through the rooms abreast. Clients take turns, and a group ends when its intake has
lasted for long.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from esad_gateway.errors import OwnError, SenderError
from esad_gateway.faults import said
from esad_gateway.gateway.abreast import Walk, abreast
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.tally import Counters
from esad_gateway.gateway.turns import BYTES_OF_A_THREAD, Queue
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import Receipt

LARGEST_GROUP = 256
"""How many messages one transaction may hold: bounds how long the first of them waits for the last."""

LONGEST_INTAKE = 0.2
"""Seconds after which a group takes in no more: bounds what documents that are dear cost the others in it."""

READ_ABREAST = 512 * 1024
"""Bytes from which on no more documents go through the rooms abreast: some 80 of two lines each."""

Answer = Receipt | SenderError | OwnError
Answered = tuple[Accepted, "Future[Receipt]"]
Tell = Callable[[Callable[[], None]], object]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Message:
    """One that waits: its way through the rooms, how many bytes are read on it, and where its receipt goes."""

    walk: Walk[Accepted]
    size: int
    receipt: "Future[Receipt]"


class Writer:
    """Takes in and commits groups in a thread of its own."""

    def __init__(self, committer: Committer, clock: Clock, tally: Counters | None = None) -> None:
        self.committer = committer
        self._clock = clock
        self._tally = tally or Counters()
        self._changed = threading.Condition()
        self._messages: Queue[_Message] = Queue()
        self._others: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._stopping = False
        self._thread = self._new_thread()
        self._tell: Tell = _here

    def start(self, tell: Tell | None = None) -> None:
        """Start the thread, also again after a stop.

        ``tell`` is called in it once after each commit, with what answers everybody in the group: it is to call that
        where those who wait are, so that they are woken together. Without it everybody is answered in this thread.

        Raises RuntimeError while the thread runs: of two that write, a stop would end one, and wait for the other
        without end.
        """
        if self._thread.is_alive():
            raise RuntimeError("the writer is running already: a gateway is opened once")
        self._tell = tell or _here
        self._stopping = False
        self._thread = self._new_thread()
        self._thread.start()

    def stop(self) -> None:
        """Commit what is waiting, then end the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        ended = None
        while ended is not self._thread:
            ended = self._thread
            ended.join()

    def submit(self, item: Accepted) -> "Future[Receipt]":
        """Queue a message that was taken in; see :meth:`take`."""
        return self.take(_arrived(item), size=0, client="")

    def take(self, walk: Walk[Accepted], *, size: int, client: str) -> "Future[Receipt]":
        """Queue a message; it walks in the writer's thread, in fair turns, and ``size`` bytes are read.

        The future gives its receipt after the commit, or raises what ``walk`` raised or ``commit`` answered.
        """
        receipt: Future[Receipt] = Future()
        with self._changed:
            self._messages.put(client, _Message(walk, size, receipt))
            self._changed.notify()
        return receipt

    async def write(self, work: Callable[..., Any], *arguments: object) -> Any:
        """Do work that writes by itself, before the next group; gives what it returns, raises what it raises."""
        future: Future[Any] = Future()
        with self._changed:
            self._others.append((partial(work, *arguments), future))
            self._changed.notify()
        return await asyncio.wrap_future(future)

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="writer", daemon=True)

    def _run(self) -> None:
        read = 0
        while self._has_more():
            for _ in range(len(self._others)):
                _do(*self._others.popleft())
            group, size = self._next_group()
            if group:
                self._commit(group)
            read += size
            if read > BYTES_OF_A_THREAD:
                # As in gateway.turns: what libxml2 keeps for a thread ends with it.
                successor = self._new_thread()
                successor.start()
                self._thread = successor
                return

    def _has_more(self) -> bool:
        """Whether something waits, awaited; not when the end was asked for and all is done."""
        with self._changed:
            while not (self._messages or self._others or self._stopping):
                self._changed.wait()
            return bool(self._messages or self._others)

    def _next_group(self) -> tuple[list[Answered], int]:
        """What waits, taken in, and how many bytes that has read."""
        group: list[Answered] = []
        size, end = 0, self._clock.elapsed() + LONGEST_INTAKE
        while len(group) < LARGEST_GROUP and self._clock.elapsed() <= end:
            messages: list[_Message] = []
            walked = abreast(self._begun(messages, LARGEST_GROUP - len(group), end))
            if not messages:
                break
            size += sum(message.size for message in messages)
            for message, taken in zip(messages, walked, strict=True):
                if isinstance(taken, Accepted):
                    group.append((taken, message.receipt))
                else:
                    _resolve(message.receipt, taken)
        return group, size

    def _begun(self, messages: list[_Message], most: int, end: float) -> Iterator[Walk[Accepted]]:
        """The next messages, noted in ``messages`` as they begin to walk, up to some ``end``."""
        size = 0
        while len(messages) < most and size < READ_ABREAST and self._clock.elapsed() <= end:
            message = self._next()
            if message is None:
                return
            size += message.size
            messages.append(message)
            yield message.walk

    def _next(self) -> _Message | None:
        with self._changed:
            return self._messages.next() if self._messages else None

    def _commit(self, group: Sequence[Answered]) -> None:
        began = self._clock.elapsed()
        try:
            answers: Sequence[Answer] = self.committer.commit([item for item, _ in group], self._now())
        except OwnError as error:
            log.warning("nothing was committed", reason=str(error), messages=len(group))
            answers = [error] * len(group)
        except Exception as error:
            log.exception("a group failed", messages=len(group))
            answers = [OwnError(said("detail.internal", name=type(error).__name__))] * len(group)
        self._tally.committed(len(group), self._clock.elapsed() - began)
        self._tell(partial(_resolve_all, [future for _, future in group], answers))

    def _now(self) -> datetime:
        return self._clock.now()


def _arrived(item: Accepted) -> Walk[Accepted]:
    """The way of a message that has been taken in already."""
    yield
    return item


def _here(answer: Callable[[], None]) -> None:
    answer()


def _do(work: Callable[[], Any], future: "Future[Any]") -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the waiting request gets it
        future.set_exception(error)


def _resolve_all(futures: Sequence["Future[Receipt]"], answers: Sequence[Answer]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        _resolve(future, answer)


def _resolve(future: "Future[Receipt]", answer: Receipt | Exception) -> None:
    if not future.set_running_or_notify_cancel():
        # The waiting request has gone (its connection was closed). What was committed stays; the same bytes sent again
        # get their receipt.
        return
    if isinstance(answer, Receipt):
        future.set_result(answer)
    else:
        future.set_exception(answer)
