"""What waits for other administrations, how it is carried there, and what became of each try."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.ports.clock import Due, What
from esad_gateway.texts import say


class DeliveryOutcome(StrEnum):
    """What a peer's technical acknowledgement says."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


class Reception(StrEnum):
    """What a try at a delivery says: ``REFUSED`` is about the document, ``UNREACHABLE`` about the peer.

    ``FAILED``: it answered and failed, which is about the peer until it takes others and fails on this again.
    """

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


@frozen
class Tried:
    """What one try came to, and the ``reason`` where it was not taken.

    ``pause`` is how long the peer asked to be left alone, ``None`` when it did not ask.
    """

    reception: Reception
    reason: Said | None = None
    outcome: DeliveryOutcome | None = None
    pause: timedelta | None = None

    @property
    def why(self) -> str:
        """The reason in one line of English, as the log says it and the store keeps it."""
        return say(self.reason) if self.reason else ""


class Transport(Protocol):
    """Carries signed documents to other administrations."""

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Hand over a document to ``NDEA.PL``; however the peer behaves is a value and no exception.

        It is acknowledged only when the answer says so of ``identifier``, its message identifier.
        """


@frozen(kw_only=True)
class DueDispatch:
    """A row of the outbox to try now.

    ``attempts`` counts the tries before this one, ``refusals`` those that were about it; ``last_error`` is the last.
    """

    id: int
    destination: str
    identifier: str
    arc: str | None
    attempts: int
    refusals: int
    last_error: str | None
    body: bytes


@frozen(kw_only=True)
class Attempt:
    """One try: delivered when ``error`` is ``None``, else due again at ``next_due`` or given up.

    ``error`` is English. ``refusals`` is what the document has now; ``noted``: the try gets a line of its own in the
    history.
    """

    dispatch: int
    at: datetime
    error: str | None
    next_due: datetime | None
    refusals: int
    noted: bool


class Claimed(Protocol):
    """What only one process at a time does."""

    def claim(self, peer: str, holder: str, now: Callable[[], datetime], lease: timedelta) -> bool:
        """Claim for a process to deliver to a peer alone until ``lease`` from ``now()`` on; whether it is the one now.

        The clock is asked when nobody else can claim any more. Raises StoreUnavailable.
        """

    def give_back(self, holder: str) -> None:
        """End all claims of a process; raises StoreUnavailable."""


class Outbox(Claimed, Protocol):
    """What waits for other administrations, and what became of each try."""

    def begin_delivery(self, now: datetime, latest: datetime) -> None:
        """Note that a delivery begins, and let nothing be due later than ``latest``; raises StoreUnavailable."""

    def peers(self) -> Collection[str]:
        """The administrations for which something waits in line, none of it refused."""

    def refusing_peers(self, now: datetime) -> Collection[str]:
        """The administrations that have refused something which is due again."""

    def line(self, peer: str, limit: int) -> Sequence[int]:
        """The numbers of what may be sent to a peer, oldest first: of each movement the oldest, none behind trouble.

        Looked at are the first ``limit`` that wait in its line.
        """

    def dispatches(self, numbers: Sequence[int], room: int) -> Sequence[DueDispatch]:
        """What has these numbers, in this order, until there are ``room`` bytes of documents or more.

        A number that there is not is passed over.
        """

    def refused(self, peer: str, now: datetime, limit: int) -> Sequence[int]:
        """The numbers of what a peer has refused and is due again, oldest first, at most ``limit``."""

    def record(self, attempts: Sequence[Attempt]) -> None:
        """Write down tries at delivery; raises StoreUnavailable, and then nothing was written.

        Of a document that was delivered meanwhile, by a process that took over, nothing is written any more.
        """

    def upcoming(self, *kinds: What) -> Sequence[Due]:
        """What is due next of each of these kinds, the earliest first; only reads."""

    def release_held(self, now: datetime) -> int:
        """Let go of every held message whose time has come; returns how many there were."""
