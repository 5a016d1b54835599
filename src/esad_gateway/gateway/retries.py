"""When a delivery is tried again: pure decisions about documents that are refused and peers that do not answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

LONGEST_ASKED: Final = timedelta(hours=1)
"""How long a peer is left alone at most because it asked for it: a slip in its front is not to cost a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When to try, and when to try again.

    A document that is refused is tried again after ``first``, which doubles with every refusal up to ``longest``;
    after ``attempts`` refusals it is given up. The defaults keep trying for about two days, which is longer than a
    weekend's outage of one member state may last. A peer that cannot be reached is tried again after ``first``, which
    doubles up to ``probe`` only, and never given up. After ``aside`` failures in a row of one document another one is
    tried, to find out whom it is about. ``in_flight`` documents are on their way to one peer at once.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=10)
    attempts: int = 300
    probe: timedelta = timedelta(seconds=4)
    aside: int = 3
    in_flight: int = 1

    def next_due(self, at: datetime, refusals: int) -> datetime | None:
        """When to try a document again after its ``refusals``-th refusal at ``at``; ``None`` when it is given up."""
        return None if refusals >= self.attempts else at + self.pause(refusals)

    def pause(self, refusals: int) -> timedelta:
        """How long a document waits after its ``refusals``-th refusal."""
        return self._pause(refusals, self.longest)

    def rest(self, failures: int, asked: timedelta | None) -> timedelta:
        """How long to leave a peer alone after so many failures in a row; ``asked`` is what it asked for, if it did."""
        pause = self._pause(failures, min(self.probe, self.longest))
        return max(pause, min(asked, LONGEST_ASKED)) if asked else pause

    def _pause(self, failures: int, longest: timedelta) -> timedelta:
        # Compared as a ratio: a pause that has doubled often enough is longer than a timedelta can be.
        doubled: int = 2 ** min(failures - 1, 64)
        return self.first * doubled if doubled < longest / self.first else longest


@dataclass(slots=True)
class Suspicion:
    """Failures in a row of one document, and how many others the peer had taken at the last of them."""

    failures: int = 0
    taken: int = 0


@dataclass(slots=True)
class PeerState:
    """What is known of a peer since the gateway started; one that is not known yet is taken to work.

    ``rests_until`` is by the clock that never jumps. ``failures`` are in a row, ``taken`` are all acknowledgements.
    """

    reason: str = ""
    failures: int = 0
    rests_until: float = 0.0
    taken: int = 0
    suspicions: dict[int, Suspicion] = field(default_factory=dict)

    def works(self) -> None:
        """It has answered about a document."""
        self.reason, self.failures, self.rests_until = "", 0, 0.0

    def took(self, dispatch: int) -> None:
        """It has acknowledged a document."""
        self.works()
        self.taken += 1
        self.suspicions.pop(dispatch, None)

    def failed(self, now: float, reason: str, asked: timedelta | None, policy: RetryPolicy) -> None:
        """It could not be reached, or failed without showing whose fault that is: it is left alone for a while."""
        self.failures += 1
        self.reason = reason
        self.rests_until = now + policy.rest(self.failures, asked).total_seconds()

    def blames(self, dispatch: int, patience: int) -> bool:
        """Note that it has failed on a document; whether that is shown to be about the document.

        It is when the document failed more often than ``patience`` allows, and others were taken since its last time.
        """
        seen = self.suspicions.setdefault(dispatch, Suspicion(taken=self.taken))
        others_taken, seen.taken = self.taken > seen.taken, self.taken
        seen.failures += 1
        return others_taken and seen.failures > patience

    def turn(self, dispatch: int, patience: int) -> int:
        """Whose turn it is to find out whether the peer is back: the lowest first, the oldest of them.

        A document that has failed too often lets others go first, so that none of them keeps all from being tried.
        """
        seen = self.suspicions.get(dispatch)
        return max(seen.failures - patience + 1, 0) if seen else 0
