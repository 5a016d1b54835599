"""The one thread that writes: what is waiting is taken in and committed together, and answered after the commit.

There is no delay to wait for company: whatever queued while the last commit ran makes the next group. Between two
groups, what else has to be written has its turn: however many messages wait, it waits for one group only.

Ordinary documents are taken in here as well, one after the other: threads beside each other wait for the interpreter
more than they work. Clients take turns, and a group ends when its intake has lasted for long.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from esad_gateway.errors import OwnError, SenderError
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.turns import BYTES_OF_A_THREAD, Queue
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import Receipt

LARGEST_GROUP = 256
"""How many messages one transaction may hold: bounds how long the first of them waits for the last."""

LONGEST_INTAKE = 0.2
"""Seconds after which a group takes in no more: bounds what documents that are dear cost the others in it."""

Answer = Receipt | SenderError | OwnError
Answered = tuple[Accepted, "Future[Receipt]"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Message:
    """One that waits: what takes it in, how many bytes that reads, and where its receipt goes."""

    take_in: Callable[[], Accepted]
    size: int
    receipt: "Future[Receipt]"

    def taken_in(self) -> Accepted | None:
        """The message; ``None`` when it is none, and the waiting request was told why."""
        try:
            return self.take_in()
        except Exception as error:  # noqa: BLE001 - the waiting request gets it
            _resolve(self.receipt, error)
            return None


class Writer:
    """Takes in and commits groups in a thread of its own."""

    def __init__(self, committer: Committer, clock: Clock) -> None:
        self.committer = committer
        self._clock = clock
        self._changed = threading.Condition()
        self._messages: Queue[_Message] = Queue()
        self._others: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._stopping = False
        self._thread = self._new_thread()
        self._committed: Callable[[], object] = _nobody

    def start(self, committed: Callable[[], object] | None = None) -> None:
        """Start the thread, also again after a stop; ``committed`` is called in it after each commit."""
        self._committed = committed or _nobody
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
        return self.take(lambda: item, size=0, client="")

    def take(self, take_in: Callable[[], Accepted], *, size: int, client: str) -> "Future[Receipt]":
        """Queue a message; ``take_in`` is called in the writer's thread, in fair turns, and reads ``size`` bytes.

        The future gives its receipt after the commit, or raises what ``take_in`` raised or ``commit`` answered.
        """
        receipt: Future[Receipt] = Future()
        with self._changed:
            self._messages.put(client, _Message(take_in, size, receipt))
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
        while (message := self._next()) is not None:
            size += message.size
            item = message.taken_in()
            if item is not None:
                group.append((item, message.receipt))
            if len(group) == LARGEST_GROUP or self._clock.elapsed() > end:
                break
        return group, size

    def _next(self) -> _Message | None:
        with self._changed:
            return self._messages.next() if self._messages else None

    def _commit(self, group: Sequence[Answered]) -> None:
        try:
            answers: Sequence[Answer] = self.committer.commit([item for item, _ in group], self._now())
        except OwnError as error:
            log.warning("nothing was committed", reason=str(error), messages=len(group))
            answers = [error] * len(group)
        except Exception as error:
            log.exception("a group failed", messages=len(group))
            answers = [OwnError(f"internal error: {type(error).__name__}")] * len(group)
        for (_, future), answer in zip(group, answers, strict=True):
            _resolve(future, answer)
        self._committed()

    def _now(self) -> datetime:
        return self._clock.now()


def _nobody() -> None:
    """Nobody waits for commits."""


def _do(work: Callable[[], Any], future: "Future[Any]") -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the waiting request gets it
        future.set_exception(error)


def _resolve(future: "Future[Receipt]", answer: Receipt | Exception) -> None:
    if not future.set_running_or_notify_cancel():
        # The waiting request has gone (its connection was closed). What was committed stays; the same bytes sent again
        # get their receipt.
        return
    if isinstance(answer, Receipt):
        future.set_result(answer)
    else:
        future.set_exception(answer)
