"""What was answered to a submission, and where the answer is found again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from esad_gateway.faults import Faults


class Outcome(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A message that was put into a mailbox because of a submission."""

    mailbox: str
    seq: int
    type: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a submission, after its commit; the same bytes get the same receipt ever after."""

    outcome: Outcome
    type: str
    identifier: str
    mailbox: str
    seq: int
    arc: str | None = None
    faults: Faults = ()
    replies: tuple[Reply, ...] = ()
    repeated: bool = False


class Receipts(Protocol):
    """What was answered to documents that were committed."""

    def receipt_for(self, sha256: bytes) -> Receipt | None:
        """The receipt of the received document with that digest; ``None`` when none was committed."""
