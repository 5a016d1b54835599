"""Files that arrive, at whatever door: how many at a time, and how many may wait before another one comes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from esad_gateway.errors import Busy
from esad_gateway.faults import said
from esad_gateway.ports.batches import BatchDesk
from esad_gateway.web.problems import Problem

MOST_ARRIVING: Final = 4
"""Files of one trader that may arrive at a time."""


@dataclass(frozen=True, slots=True)
class MayWait:
    """How many batches of one trader may wait to be worked on, and how many megabytes, before another one comes."""

    batches: int
    megabytes: int

    def check(self, files: int, size: int) -> None:
        """Raise Problem for a trader of whom so many wait, with files of ``size`` bytes."""
        if files >= self.batches:
            told = said("detail.batches_wait", batches=said("count.batches", count=files))
            raise Problem(429, "over-quota", told, limit=self.batches, setting="batches_waiting")
        if size >= self.megabytes << 20:
            told = said("detail.batch_bytes_wait", megabytes=size >> 20, room=self.megabytes)
            raise Problem(429, "over-quota", told, limit=self.megabytes, setting="batch_megabytes_waiting")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrives at all doors of a gateway."""

    may_wait: MayWait
    counted: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def arriving(self, desk: BatchDesk, seed: str) -> Iterator[None]:
        """Count a file of a trader that arrives. Raises Busy or Problem for one of whom enough arrives or waits."""
        self._count(seed)
        try:
            self.may_wait.check(*desk.waiting(seed))
            yield
        finally:
            with self.lock:
                self.counted.subtract((seed,))
                if not self.counted[seed]:
                    del self.counted[seed]

    def _count(self, seed: str) -> None:
        with self.lock:
            if self.counted[seed] >= MOST_ARRIVING:
                raise Busy(said("detail.arriving", number=MOST_ARRIVING))
            self.counted[seed] += 1
