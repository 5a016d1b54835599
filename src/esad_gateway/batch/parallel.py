"""The same work on many items: on all processors when there are enough of them, in their order either way."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

WORTH_PROCESSES: Final = 500
"""Items from which on processes pay: starting and ending them takes as long as checking some hundred documents."""

_MOST_AT_ONCE: Final = 64
"""Items that a process is handed at once, at most: what has been done is to be seen while the rest is worked on."""


def in_order(work: Callable[[T], R], items: Sequence[T], processes: int | None = None) -> Iterable[R]:
    """What ``work`` makes of each item, in the order of the items, as it becomes ready.

    ``processes`` is how many work beside each other: as many as there are processors for us, where nobody says; few
    items are worked on in this one. ``work`` may hold anything, because processes are copies of this one; what it makes
    and raises has to be picklable. It must neither read standard input nor count what it did. Raises what ``work``
    raises, for the first item in order; BrokenProcessPool when a process is killed.
    """
    several = processes or len(os.sched_getaffinity(0))
    if several == 1 or len(items) < WORTH_PROCESSES:
        return map(work, items)
    return _spread(work, items, several)


def _spread(work: Callable[[T], R], items: Sequence[T], several: int) -> Iterator[R]:
    # Few commands are given many files, and importing this takes as long as checking fifty.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    # What the first item makes us load is in every copy then.
    yield work(items[0])
    at_once = max(1, min(_MOST_AT_ONCE, len(items) // (4 * several)))
    pool = ProcessPoolExecutor(several, get_context("fork"), _begin, (work,))
    try:
        yield from pool.map(_do, items[1:], chunksize=at_once)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """What a process of the pool works with: it came with the copy, and was never pickled."""

    work: Callable[[Any], Any]


def _begin(work: Callable[[Any], Any]) -> None:
    import signal  # noqa: PLC0415

    # Ctrl-C reaches every process of the terminal; this one ends because the first one says so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Worker.work = work


def _do(item: Any) -> Any:
    return _Worker.work(item)
