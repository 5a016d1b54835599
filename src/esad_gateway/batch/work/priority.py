"""How much of the processor a worker gets beside the gateway: little, but for the moments when others wait for it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
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


def lower(processes: tuple[int, ...]) -> None:
    """Lower the priority of this thread, and of all threads that it will begin, and that of some processes."""
    mine = os.nice(LOWER)
    for process in processes:
        os.setpriority(os.PRIO_PROCESS, process, mine)
