"""The one thread that writes: what is waiting is committed together, and answered after the commit.

There is no delay to wait for company: whatever queued while the last commit ran makes the next group. Between two
groups, what else has to be written has its turn: however many messages wait, it waits for one group only.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from esad_gateway.errors import OwnError, SenderError
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import Receipt

LARGEST_GROUP = 256
"""How many messages one transaction may hold: bounds how long the first of them waits for the last."""

Answer = Receipt | SenderError | OwnError
Waiting = tuple[Accepted, "Future[Receipt]"]

log = structlog.get_logger(__name__)


class Writer:
    """Commits groups in a thread of its own."""

    def __init__(self, committer: Committer, clock: Clock) -> None:
        self.committer = committer
        self._clock = clock
        self._changed = threading.Condition()
        self._messages: deque[Waiting] = deque()
        self._others: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._committed: Callable[[], object] = _nobody

    def start(self, committed: Callable[[], object] | None = None) -> None:
        """Start the thread; ``committed`` is called in it after each commit."""
        self._committed = committed or _nobody
        self._thread.start()

    def stop(self) -> None:
        """Commit what is waiting, then end the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def submit(self, item: Accepted) -> "Future[Receipt]":
        """Queue a message; the future gives its receipt after the commit, or raises what ``commit`` answered."""
        future: Future[Receipt] = Future()
        with self._changed:
            self._messages.append((item, future))
            self._changed.notify()
        return future

    async def write(self, work: Callable[..., Any], *arguments: object) -> Any:
        """Do work that writes by itself, before the next group; gives what it returns, raises what it raises."""
        future: Future[Any] = Future()
        with self._changed:
            self._others.append((partial(work, *arguments), future))
            self._changed.notify()
        return await asyncio.wrap_future(future)

    def _run(self) -> None:
        while self._has_more():
            for _ in range(len(self._others)):
                _do(*self._others.popleft())
            group = [self._messages.popleft() for _ in range(min(len(self._messages), LARGEST_GROUP))]
            if group:
                self._commit(group)

    def _has_more(self) -> bool:
        """Whether something waits, awaited; not when the end was asked for and all is done."""
        with self._changed:
            while not (self._messages or self._others or self._stopping):
                self._changed.wait()
            return bool(self._messages or self._others)

    def _commit(self, group: Sequence[Waiting]) -> None:
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
    except BaseException as error:  # noqa: BLE001 - whoever waits for it gets it
        future.set_exception(error)


def _resolve(future: "Future[Receipt]", answer: Answer) -> None:
    if not future.set_running_or_notify_cancel():
        # Whoever waited has gone (a connection that was closed). What was committed stays; the same bytes sent again
        # get their receipt.
        return
    if isinstance(answer, Receipt):
        future.set_result(answer)
    else:
        future.set_exception(answer)
