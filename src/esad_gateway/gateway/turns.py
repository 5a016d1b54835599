"""Who works when: the CPU work of requests, in fair turns.

What a document costs grows with its size, so there are two lanes: ordinary documents never wait behind large ones, of
which one is worked on at a time. Within a lane clients take turns, so that one who sends much waits for itself.

A thread works for a bounded number of bytes and then hands over to a new one: libxml2 keeps every name that a thread
has ever read until that thread ends, so names that somebody makes up would fill the memory.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

LARGE: Final = 64 * 1024
"""Bytes from which on a document is large; an e-SAD of ten lines has a sixth of that."""

WORKERS: Final = 3
"""Threads for ordinary documents: while one waits for the interpreter, the C libraries of another work."""

BYTES_OF_A_THREAD: Final = 16 * 1024 * 1024
"""How much a thread reads before it hands over."""

_T = TypeVar("_T")


class Queue(Generic[_T]):
    """Work that waits, by client. Clients take turns, however much each of them has. Not safe between threads."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[_T]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, client: str, job: _T) -> None:
        """Add what a client wants."""
        self._waiting.setdefault(client, deque()).append(job)

    def next(self) -> _T:
        """The first of the client whose turn it is, who is the last one from now on. There must be something."""
        client = next(iter(self._waiting))
        jobs = self._waiting.pop(client)
        job = jobs.popleft()
        if jobs:
            self._waiting[client] = jobs
        return job


@dataclass(frozen=True, slots=True)
class _Job:
    """A piece of work with the bytes that it reads, and where its result goes."""

    work: Callable[[], Any]
    size: int
    result: "Future[Any]"

    def do(self) -> None:
        if not self.result.set_running_or_notify_cancel():
            return
        try:
            self.result.set_result(self.work())
        except BaseException as error:  # noqa: BLE001 - the waiting request gets it
            self.result.set_exception(error)


@dataclass(slots=True)
class _Lane:
    """Work that waits for one of at most ``most`` threads, in fair turns."""

    most: int
    name: str
    waiting: Queue[_Job] = field(default_factory=Queue)
    threads: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def put(self, client: str, job: _Job) -> None:
        with self.changed:
            self.waiting.put(client, job)
            if self.threads < self.most:
                self.threads += 1
                self._start()
            self.changed.notify()

    def end(self) -> None:
        with self.changed:
            self.most = 0
            self.changed.notify_all()

    def _start(self) -> None:
        threading.Thread(target=self._run, name=self.name, daemon=True).start()

    def _run(self) -> None:
        read = 0
        while read < BYTES_OF_A_THREAD:
            job = self._next()
            if job is None:
                return
            job.do()
            read += job.size
            # What it read must not live on while this thread waits.
            del job
        self._start()

    def _next(self) -> _Job | None:
        """The first job of the client whose turn it is; ``None`` when there is none and no more is to come."""
        with self.changed:
            while not self.waiting:
                if not self.most:
                    return None
                self.changed.wait()
            return self.waiting.next()


class Turns:
    """Runs work in threads of its own; threads start when there is work.

    With ``in_order`` there is one thread, so that what one client wants is done in the order in which it was asked for.
    """

    def __init__(self, *, in_order: bool = False) -> None:
        self._ordinary = _Lane(1 if in_order else WORKERS, "documents")
        self._large = self._ordinary if in_order else _Lane(1, "large documents")

    async def run(self, work: Callable[[], _T], *, size: int, client: str) -> _T:
        """Run ``work`` when it is the client's turn, and return or raise what it does; it reads ``size`` bytes."""
        result: Future[_T] = Future()
        lane = self._large if size > LARGE else self._ordinary
        lane.put(client, _Job(work, size, result))
        return await asyncio.wrap_future(result)

    def stop(self) -> None:
        """Let the threads end when there is nothing to do any more."""
        for lane in (self._ordinary, self._large):
            lane.end()
