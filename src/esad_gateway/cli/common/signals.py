"""Commands that go on until they are told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial


@contextmanager
def signals_kept() -> Iterator[Callable[[], object]]:
    """Keep SIGTERM and SIGINT until somebody asks for them: what is handed out waits for the next one.

    All threads that begin meanwhile keep them as well. A handler would not do: Python runs it when the first thread
    goes on, which a signal that comes to another thread does not wake.
    """
    wanted = {signal.SIGTERM, signal.SIGINT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    try:
        yield partial(signal.sigwait, wanted)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
