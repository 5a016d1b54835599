"""The one thread that writes: what is waiting is committed together, and answered after the commit.

There is no delay to wait for company: whatever queued while the last commit ran makes the next group.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from queue import SimpleQueue

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
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._committed: Callable[[], object] = _nobody

    def start(self, committed: Callable[[], object] | None = None) -> None:
        """Start the thread; ``committed`` is called in it after each commit."""
        self._committed = committed or _nobody
        self._thread.start()

    def stop(self) -> None:
        """Commit what is waiting, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def submit(self, item: Accepted) -> "Future[Receipt]":
        """Queue a message; the future gives its receipt after the commit, or raises what ``commit`` answered."""
        future: Future[Receipt] = Future()
        self._queue.put((item, future))
        return future

    def _run(self) -> None:
        while group := self._next_group():
            self._commit(group)

    def _next_group(self) -> list[Waiting]:
        """Everything that waits, the first of it awaited; empty when the end was asked for."""
        first = self._queue.get()
        if first is None:
            return []
        group = [first]
        while len(group) < LARGEST_GROUP and not self._queue.empty():
            item = self._queue.get()
            if item is None:
                self._queue.put(None)
                break
            group.append(item)
        return group

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


def _resolve(future: "Future[Receipt]", answer: Answer) -> None:
    if not future.set_running_or_notify_cancel():
        # Whoever waited has gone (a connection that was closed). What was committed stays; the same bytes sent again
        # get their receipt.
        return
    if isinstance(answer, Receipt):
        future.set_result(answer)
    else:
        future.set_exception(answer)
