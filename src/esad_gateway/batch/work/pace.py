"""How much of a batch is done at once, so that messages do not wait: groups that hold the write lock for moments only.

Who writes to the store waits for whoever writes. So a group is as large as can be written within some milliseconds, and
after it everybody else has a turn, where there is anybody.
"""

from time import monotonic, sleep
from typing import Final

HOLD: Final = 0.004
"""Seconds for which a group may hold the write lock: less than the commit of a message takes."""

ALONE: Final = 4
"""How many times as long it may be held while nobody else writes: then whoever comes first waits once."""

REST: Final = 3.0
"""How much longer than the lock was held nobody takes it again, while others write as well."""

SMALLEST: Final = 16
LARGEST: Final = 400
FIRST: Final = 64
"""Documents of a group: at least, at most, and of the first, before anything was measured."""


class Pace:
    """The pace of one worker."""

    def __init__(self) -> None:
        self.size = FIRST
        """How many documents the next group may have."""
        self._seen: object = None

    @staticmethod
    def elapsed() -> float:
        """Seconds by the machine's clock: what others wait for is not moved by hand."""
        return monotonic()

    def committed(self, written: float, held: float, documents: int, seen: object) -> None:
        """Note that a group was ``written`` in so many seconds, and held the lock for so many, until it was on disk.

        It rests if others have written since the last group: ``seen`` is another value whenever somebody has committed.
        """
        others, self._seen = self._seen not in (None, seen), seen
        if documents:
            hold = HOLD if others else HOLD * ALONE
            wanted = int(documents * hold / max(written, HOLD / 20))
            self.size = min(LARGEST, max(SMALLEST, (self.size + wanted) // 2))
        if others:
            sleep(REST * held)
