"""How much of the processor a worker gets beside the gateway: little, but for the moments when others wait for it."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Final, Self

LOWER: Final = 10
"""By how much the priority of a worker is lower than that of the gateway beside it."""


class Promptly:
    """Does what holds the lock of the store with the priority that there was, whatever it is by now.

    A thread that keeps the priority with which it began (on Linux each has its own): whoever holds the lock and has to
    wait for the processor lets all wait who write. A context, to be entered before the priority is lowered.
    """

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(1, "prompt")
        with deaf_threads():
            self._thread.submit(os.getpid).result()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def __call__(self, what: Callable[[], None]) -> None:
        """Do it, and come back when it is done, even if we are asked to end meanwhile. Raises what it raises."""
        done = self._thread.submit(what)
        try:
            done.result()
        finally:
            wait((done,))


@contextmanager
def deaf_threads() -> Iterator[None]:
    """Threads that begin in the block, and those that they begin, get no SIGTERM: it comes to this one.

    Python looks at it in the first thread only, which a signal to another one does not wake from where it waits.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def lower(processes: tuple[int, ...]) -> None:
    """Lower the priority of this thread, and of all threads that it will begin, and that of some processes."""
    mine = os.nice(LOWER)
    for process in processes:
        os.setpriority(os.PRIO_PROCESS, process, mine)
