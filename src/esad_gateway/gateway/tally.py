"""What has happened in this process since it began, counted for whoever watches a gateway.

Counting is all that is done here: a message costs a few additions, and whoever asks reads the numbers as they stand.
Each number is added to in one thread alone. Names by which is counted are bounded, whatever is sent.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from esad_gateway.errors import EsadError, NotDecided, OwnError
from esad_gateway.ports.outbox import Reception
from esad_gateway.ports.reading import Outcome, Receipt

MOST_NAMES: Final = 200
"""By how many different names one thing is counted; what comes beyond them is counted as :data:`OTHER`."""

OTHER: Final = "other"

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Up to how many seconds something may have taken to be counted together."""

MESSAGES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
"""Up to how many messages a group may have had."""

Names = tuple[object, ...]


class Occurrences:
    """How often something happened, by names."""

    def __init__(self) -> None:
        self._found: dict[Names, int] = {}

    def add(self, *names: object) -> None:
        """Count one more."""
        found = self._found
        if names not in found and len(found) >= MOST_NAMES:
            names = (OTHER,) * len(names)
        found[names] = found.get(names, 0) + 1

    def __iter__(self) -> Iterator[tuple[Names, int]]:
        return iter(list(self._found.items()))


@dataclass(slots=True)
class Spread:
    """How values are spread: how many were up to each of ``bounds``, how many beyond them, and their sum."""

    bounds: tuple[float, ...] = SECONDS
    sum: float = 0.0
    counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


class Spreads:
    """Values by names."""

    def __init__(self, new: Callable[[], Spread] = Spread) -> None:
        self._new = new
        self._found: dict[Names, Spread] = {}

    def add(self, value: float, *names: object) -> None:
        """Count a value."""
        spread = self._found.get(names)
        if spread is None:
            if len(self._found) >= MOST_NAMES:
                names = (OTHER,) * len(names)
            spread = self._found.setdefault(names, self._new())
        spread.add(value)

    def __iter__(self) -> Iterator[tuple[Names, Spread]]:
        return iter(list(self._found.items()))


def _groups() -> Spread:
    return Spread(MESSAGES)


@dataclass(frozen=True, slots=True)
class Counters:
    """Everything that one process counts; what is counted by an exception's class names that class."""

    messages: Occurrences = field(default_factory=Occurrences)
    """By door and outcome."""
    refusals: Occurrences = field(default_factory=Occurrences)
    """Refused messages by door and code; one with several codes counts for each of them."""
    not_taken: Occurrences = field(default_factory=Occurrences)
    """By door and the class of what was raised: nothing of these stands in a mailbox."""
    message_seconds: Spreads = field(default_factory=Spreads)
    """From the whole document to its receipt, by door."""
    groups: Spread = field(default_factory=_groups)
    group_seconds: Spread = field(default_factory=Spread)
    tries: Occurrences = field(default_factory=Occurrences)
    """By destination and reception."""
    try_seconds: Spreads = field(default_factory=Spreads)
    """By destination."""
    requests: Occurrences = field(default_factory=Occurrences)
    """By route, method and status."""
    request_seconds: Spreads = field(default_factory=Spreads)
    """From the head of a request to the head of its answer, by route."""

    def answered(self, door: str, answer: Receipt | EsadError, seconds: float) -> None:
        """Count a message that was answered."""
        self.message_seconds.add(seconds, door)
        self.messages.add(door, _outcome(answer))
        if isinstance(answer, EsadError):
            self.not_taken.add(door, type(answer))
        elif answer.outcome is Outcome.REFUSED and not answer.repeated:
            for code in {fault.code for fault in answer.faults}:
                self.refusals.add(door, code)

    def committed(self, messages: int, seconds: float) -> None:
        """Count a group that was decided and written."""
        self.groups.add(messages)
        self.group_seconds.add(seconds)

    def tried(self, destination: str, reception: Reception, seconds: float) -> None:
        """Count a try at a delivery."""
        self.tries.add(destination, reception.value)
        self.try_seconds.add(seconds, destination)

    def served(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests.add(route, method, str(status))
        self.request_seconds.add(seconds, route)


def _outcome(answer: Receipt | EsadError) -> str:
    if isinstance(answer, NotDecided):
        return "undecided"
    if isinstance(answer, EsadError):
        return "failed" if isinstance(answer, OwnError) else "not_taken"
    return "repeated" if answer.repeated else answer.outcome.value
