"""When a delivery is tried again: pure decisions about documents that are refused and peers that do not answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

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
        """When to try a document again after its ``refusals``-th refusal at ``at``; ``None`` when it is given up."""
        return None if refusals >= self.attempts else at + self.pause(refusals, asked)

    def pause(self, refusals: int, asked: timedelta | None = None) -> timedelta:
        """How long a document waits after its ``refusals``-th refusal; ``asked`` is what the peer asked for."""
        return _at_least(asked, self._pause(refusals, self.longest))

    def rest(self, failures: int, asked: timedelta | None) -> timedelta:
        """How long to leave a peer alone after so many failures in a row; ``asked`` is what it asked for, if it did."""
        return _at_least(asked, self._pause(failures, min(self.probe, self.longest)))

    def _pause(self, failures: int, longest: timedelta) -> timedelta:
        # Compared as a ratio: a pause that has doubled often enough is longer than a timedelta can be.
        doubled: int = 2 ** min(failures - 1, 64)
        return self.first * doubled if doubled < longest / self.first else longest


def _at_least(asked: timedelta | None, pause: timedelta) -> timedelta:
    return max(pause, min(asked, LONGEST_ASKED)) if asked else pause


@dataclass(slots=True)
class Suspicion:
    """Failures in a row of one document; how many others were taken when they began, or were last held against it."""

    failures: int = 0
    taken: int = 0


@dataclass(slots=True)
class PeerState:
    """What is known of a peer since the gateway started; one that is not known yet is taken to work.

    ``rests_until`` is by the clock that never jumps. ``failures`` are in a row, ``taken`` are all acknowledgements.
    ``doublings`` tells how much of its line to look at: twice as much after every document that it fails on.
    ``at_once`` is how many documents it may be sent at once: one until it has answered, one more with every answer, one
    again when it fails. ``setbacks`` counts how often it did: what was under way then says nothing new about it.
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
        """It has answered about a document."""
        self.reason, self.failures, self.rests_until = "", 0, 0.0
        self.at_once += 1

    def moved(self) -> None:
        """It listens elsewhere from now on: what its address before did, or still does, tells nothing."""
        self.reason, self.failures, self.rests_until = "", 0, 0.0
        self.at_once = 1
        self.setbacks += 1

    def took(self, dispatch: int) -> None:
        """It has acknowledged a document."""
        self.taken += 1
        self.suspicions.pop(dispatch, None)

    def failed(self, now: float, reason: str, asked: timedelta | None, policy: RetryPolicy) -> None:
        """It could not be reached, or failed without showing whose fault that is: it is left alone for a while."""
        self.failures += 1
        self.setbacks += 1
        self.at_once = 1
        self.reason = reason
        self.rests_until = now + policy.rest(self.failures, asked).total_seconds()

    def blames(self, dispatch: int, patience: int) -> bool:
        """Note that it has failed on a document; whether that is shown to be about the document.

        It is when the document failed more often than ``patience`` allows, and others were taken since its first time,
        or since that was shown last: what shows it counts once.
        """
        self.doublings = min(self.doublings + 1, MOST_DOUBLINGS)
        seen = self.suspicions.setdefault(dispatch, Suspicion(taken=self.taken))
        seen.failures += 1
        if seen.failures <= patience or self.taken == seen.taken:
            return False
        seen.taken = self.taken
        return True

    def failures_of(self, dispatch: int) -> int:
        """How often it failed on a document in a row."""
        seen = self.suspicions.get(dispatch)
        return seen.failures if seen else 0

    def in_turn(self, line: Sequence[int]) -> Sequence[int]:
        """What to send now of a line of documents, the oldest first in it; one only, to find out whether it is back.

        The oldest first, also to find out, until it has failed on that twice. As long as there is something in the line
        on which it failed, that goes after all others, and of those the newest goes first: what came together is often
        bad together, so many bad ones at the head keep nobody long, and what comes now goes at once.
        """
        if not any(self.failures_of(one) for one in line):
            self.doublings = 0
            return line[:1] if self.failures else line
        if self.failures and self.failures_of(line[0]) < REPEATED:
            return line[:1]
        turns = sorted(line, key=lambda one: (self.failures_of(one), -one))
        return turns[:1] if self.failures else turns
