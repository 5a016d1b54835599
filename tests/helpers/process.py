"""What belongs to a whole process, and so to every test after the one that changes it."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def settled() -> dict[str, Any]:
    """Where logs go, and what is done with the signals that end a program."""
    root = logging.getLogger()
    return {
        "logs": structlog.get_config(),
        # pytest hangs up handlers of its own, for as long as a test is run.
        "handlers": [one for one in root.handlers if not type(one).__module__.startswith("_pytest.")],
        "level": root.level,
        "signals": [signal.getsignal(one) for one in _SIGNALS],
        "held back": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
    }


@contextmanager
def kept() -> Iterator[None]:
    """A block that may change all of that: afterwards it is as before."""
    before = settled()
    try:
        yield
    finally:
        root = logging.getLogger()
        for one in settled()["handlers"]:
            if one not in before["handlers"]:
                root.removeHandler(one)
        root.setLevel(before["level"])
        structlog.configure(**before["logs"])
        for number, handler in zip(_SIGNALS, before["signals"], strict=True):
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before["held back"])
