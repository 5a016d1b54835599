"""Files that are made of many rows while who asks waits: few at a time, since each takes a processor for seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from esad_gateway.errors import Busy
from esad_gateway.faults import Said

MOST_MADE: Final = 2
"""Files that are made at a time, one of a trader: more of them would keep everybody else waiting for an answer."""


class FileTurns:
    """Who has a file made now."""

    def __init__(self) -> None:
        self._traders: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def turn(self, trader: str) -> Iterator[None]:
        """Make a file of a trader until the end of the block. Raises Busy where that is one too many."""
        with self._lock:
            if trader in self._traders or len(self._traders) >= MOST_MADE:
                raise Busy(Said("detail.making"))
            self._traders.add(trader)
        try:
            yield
        finally:
            with self._lock:
                self._traders.remove(trader)
