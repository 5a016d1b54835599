"""Timing: the contenders of a path take turns in short rounds, so that what else the machine does hits all alike."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

Contender: TypeAlias = Callable[[Sequence[bytes]], None]
"""Does the work of a path for some documents, all of it before it returns; raises when it could not."""


@dataclass(frozen=True, slots=True)
class Race:
    """One path: contenders by name, and the microseconds a document that each took in every round so far."""

    contenders: Mapping[str, Contender]
    samples: dict[str, list[float]] = field(default_factory=dict)

    def play(self, documents: Mapping[str, Sequence[bytes]]) -> None:
        """Time one round: each contender works on the documents under its name; who begins changes every round."""
        names = list(self.contenders)
        first = len(self.samples.get(names[0], ())) % len(names)
        for name in names[first:] + names[:first]:
            took = _microseconds(self.contenders[name], documents[name])
            self.samples.setdefault(name, []).append(took / len(documents[name]))

    def quiet(self, name: str) -> float:
        """A contender's microseconds a document when the machine is quiet: the first quartile of its rounds.

        Whatever else runs can only add to a round, never take away, and it adds to one contender more than to another
        by chance: the median of a busy machine is that of its neighbours. All contenders are read in the same way.
        """
        return self._quartiles(name)[0]

    def spread(self, name: str) -> float:
        """How far the middle half of a contender's rounds lies apart, as a part of their median."""
        lower, middle, upper = self._quartiles(name)
        return (upper - lower) / middle

    def _quartiles(self, name: str) -> list[float]:
        """Without the first round: it compiles and fills caches."""
        return statistics.quantiles(self.samples[name][1:], n=4, method="inclusive")


@contextmanager
def own_garbage() -> Iterator[None]:
    """What exists now is nobody's garbage: collections that a contender causes look at its own objects only."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _microseconds(contend: Contender, documents: Sequence[bytes]) -> float:
    gc.collect()  # what the contender before left behind
    begin = time.perf_counter_ns()
    contend(documents)
    return (time.perf_counter_ns() - begin) / 1_000
