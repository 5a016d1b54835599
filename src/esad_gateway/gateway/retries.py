"""When a delivery is tried again: pure decisions about documents that are refused and peers that do not answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self

LONGEST_ASKED: Final = timedelta(hours=1)
"""How long a peer is left alone at most because it asked for it: a slip in its front is not to cost a day."""

REPEATED: Final = 2
"""Failures in a row of one document after which another one is tried, to find out whom they are about."""

MOST_DOUBLINGS: Final = 8
"""How often the part of a line that is looked at doubles: behind some 4,000 documents a peer may fail on, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When to try, and when to try again.

    A document that is refused is tried again after ``first``, which doubles with every refusal up to ``longest``;
    after ``attempts`` refusals it is given up. The defaults keep trying for about two days, which is longer than a
    weekend's outage of one member state may last. A peer that cannot be reached is tried again after ``first``, which
    doubles up to ``probe`` only, and never given up. A document on which a peer failed more than ``aside`` times while
    it took others is refused. At most ``in_flight`` documents are on their way to one peer at once. Who delivers to a
    peer claims that for ``lease``, of which a try takes less than half.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=10)
    attempts: int = 300
    probe: timedelta = timedelta(seconds=4)
    aside: int = 3
    in_flight: int = 32
    lease: timedelta = timedelta(minutes=2)

    def next_due(self, at: datetime, refusals: int, asked: timedelta | None = None) -> datetime | None:
        """When to try a document again after its ``refusals``-th refusal at ``at`` (UTC); ``None``: it is given up."""
        return None if refusals >= self.attempts else at + self.pause(refusals, asked)

    def pause(self, refusals: int, asked: timedelta | None = None) -> timedelta:
        """Seconds that a document waits after its ``refusals``-th refusal; ``asked`` is what the peer asked for."""
        return _at_least(asked, self._pause(refusals, self.longest))

    def rest(self, failures: int, asked: timedelta | None) -> timedelta:
        """Seconds to leave a peer alone after so many failures in a row; ``asked`` is what it asked for, if it did."""
        return _at_least(asked, self._pause(failures, min(self.probe, self.longest)))

    def probing(self, least: timedelta) -> Self:
        """The same, with a peer that is down tried no sooner than that (nor later than a document, at the longest)."""
        return replace(self, probe=max(self.probe, least))

    def _pause(self, failures: int, longest: timedelta) -> timedelta:
        # Compared as a ratio: a pause that has doubled often enough is longer than a timedelta can be.
        doubled: int = 2 ** min(failures - 1, 64)
        return self.first * doubled if doubled < longest / self.first else longest


def _at_least(asked: timedelta | None, pause: timedelta) -> timedelta:
    return max(pause, min(asked, LONGEST_ASKED)) if asked else pause


@dataclass(slots=True)
class Suspicion:
    """How often a peer failed on one document in a row, and how many others it had taken when that began to count."""

    failures: int = 0
    taken: int = 0


@dataclass(slots=True)
class PeerState:
    """What this process knows of a peer. A new one is taken to work.

    ``rests_until`` is in seconds of the clock that never jumps. ``failures`` counts failures in a row, ``taken`` all
    acknowledgements. ``doublings`` says how far to look into its line: twice as far after every document that it fails
    on. ``at_once`` is how many documents may be on their way: one until it has answered, one more with every answer,
    one again after a failure. ``setbacks`` counts its failures: what was under way at one says nothing new about the
    peer.
    """

    reason: str = ""
    failures: int = 0
    rests_until: float = 0.0
    taken: int = 0
    doublings: int = 0
    at_once: int = 1
    setbacks: int = 0
    suspicions: dict[int, Suspicion] = field(default_factory=dict)

    def works(self) -> None:
        """Note that the peer has answered about a document."""
        self.reason, self.failures, self.rests_until = "", 0, 0.0
        self.at_once += 1

    def moved(self) -> None:
        """It listens elsewhere from now on: what its address before did, or still does, tells nothing."""
        self.reason, self.failures, self.rests_until = "", 0, 0.0
        self.at_once = 1
        self.setbacks += 1

    def took(self, dispatch: int) -> None:
        """Note that the peer has acknowledged a document."""
        self.taken += 1
        self.suspicions.pop(dispatch, None)

    def failed(self, now: float, reason: str, asked: timedelta | None, policy: RetryPolicy) -> None:
        """Note that the peer is out of reach, or failed without blaming the document: it is left alone for a while."""
        self.failures += 1
        self.setbacks += 1
        self.at_once = 1
        self.reason = reason
        self.rests_until = now + policy.rest(self.failures, asked).total_seconds()

    def blames(self, dispatch: int, aside: int) -> bool:
        """Note that the peer has failed on a document; returns whether that is the fault of the document.

        It is, when the peer failed on it more often than ``aside`` and has taken other documents since the first
        failure. What it had taken by the last time that a document was blamed does not count again.
        """
        self.doublings = min(self.doublings + 1, MOST_DOUBLINGS)
        seen = self.suspicions.setdefault(dispatch, Suspicion(taken=self.taken))
        seen.failures += 1
        if seen.failures <= aside or self.taken == seen.taken:
            return False
        seen.taken = self.taken
        return True

    def failures_of(self, dispatch: int) -> int:
        """How often the peer failed on a document in a row."""
        seen = self.suspicions.get(dispatch)
        return seen.failures if seen else 0

    def in_turn(self, line: Sequence[int]) -> Sequence[int]:
        """Choose what to send now of a line, the oldest document first; only one when the peer is being tried.

        The oldest goes first until the peer has failed on it twice. From then on, what the peer failed on goes after
        all others, and of the others the newest goes first. What came together is often bad together: so many bad
        documents at the head of the line do not hold up what comes now.
        """
        if not any(self.failures_of(one) for one in line):
            self.doublings = 0
            return line[:1] if self.failures else line
        if self.failures and self.failures_of(line[0]) < REPEATED:
            return line[:1]
        turns = sorted(line, key=lambda one: (self.failures_of(one), -one))
        return turns[:1] if self.failures else turns
