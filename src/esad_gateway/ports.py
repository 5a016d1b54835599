"""What the gateway needs of the world, as Protocols, and the values that cross them. Adapters satisfy these."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from lxml import etree

from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.seed import Change
from esad_gateway.faults import Faults


class Clock(Protocol):
    """The gateway's time: the machine's, or one that a simulation moves."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def elapsed(self) -> float:
        """Seconds since some moment in the past: it never jumps, so pauses are measured by it."""


class Signed(Protocol):
    """What a verification proved: this very tree, without its signature, was signed by this certificate's holder."""

    @property
    def payload(self) -> etree._Element:
        """The root of the tree that was digested."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate (DER), in hexadecimal."""

    @property
    def holders(self) -> frozenset[str]:
        """The SEED numbers or administrations (``NDEA.PL``) that the certificate is registered for; never empty."""


class Verifier(Protocol):
    """Checks a signature of the profile ESAD-SIG-1."""

    def verify(self, root: etree._Element, at: datetime) -> Signed:
        """Verify at a moment; raises SignatureRefused with the step. Only ``Signed.payload`` may be used afterwards."""


class Signer(Protocol):
    """Signs as our own administration."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate (DER), in hexadecimal."""

    def sign(self, payload: etree._Element) -> bytes:
        """The signed document, as the bytes that will ever be sent."""

    def sign_form(self, document: bytes) -> bytes:
        """The signed document of one in exclusive canonical form, as the bytes that will ever be sent."""


class DeliveryOutcome(StrEnum):
    """What a peer's technical acknowledgement says."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


class Verdict(StrEnum):
    """What a try at a delivery says: ``REFUSED`` is about the document, ``UNREACHABLE`` about the peer.

    ``FAILED``: it answered and failed, which is about the peer until it takes others and fails on this again.
    """

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Tried:
    """What one try came to; ``pause`` is how long the peer asked to be left alone, ``None`` when it did not ask."""

    verdict: Verdict
    reason: str = ""
    outcome: DeliveryOutcome | None = None
    pause: timedelta | None = None


class Transport(Protocol):
    """Carries signed documents to other administrations."""

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Hand over a document to ``NDEA.PL``; however the peer behaves is a value and no exception.

        It is acknowledged only when the answer says so of ``identifier``, its message identifier.
        """


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


Identity: TypeAlias = tuple[str, str]
"""Who sent it (SEED number or administration) and under which message identifier."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An identity that was used before: the digest of what was sent then, and its receipt."""

    sha256: bytes
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes exactly as received or sent, and the fingerprint of the certificate that signed them."""

    body: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a mailbox: what a list of messages shows.

    ``seq`` counts from 1 without a gap (0: not numbered yet); ``direction`` is ``in`` for what the mailbox's owner sent
    us and ``out`` for what we gave to it; ``document`` is the SHA-256 of the bytes it stands for.
    """

    mailbox: str
    seq: int = 0
    direction: str
    type: str
    identifier: str
    correlation: str | None
    arc: str | None
    sequence: int | None
    outcome: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A document to be delivered; ``arc`` is the movement whose documents it may not overtake, if any."""

    destination: str
    identifier: str
    document: bytes
    arc: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """A message held back until ``due``: then its entries get their numbers and its dispatch goes to the outbox."""

    due: datetime
    entries: tuple[Entry, ...]
    dispatch: Dispatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An administration's message that waits for another one, until ``until``; where it stands in the mailbox."""

    arc: str
    mailbox: str
    seq: int
    document: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked message as it is read again: its row, and its bytes."""

    parked: Parked
    body: Document


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A document that was exchanged with an administration about a movement."""

    direction: str
    type: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Records:
    """Everything one group of messages adds to the store, written at once or not at all."""

    at: datetime
    documents: dict[bytes, Document] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    dispatches: list[Dispatch] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    movements: dict[tuple[str, Side], Movement] = field(default_factory=dict)
    receipts: dict[Identity, Earlier] = field(default_factory=dict)
    last_seq: dict[str, int] = field(default_factory=dict)
    reports: set[tuple[str, str]] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)


class Transaction(Protocol):
    """One write transaction: look up for a whole group, then write once."""

    def earlier(self, identities: Collection[Identity]) -> Mapping[Identity, Earlier]:
        """Those of the identities that were used before."""

    def movements(self, keys: Collection[tuple[str, Side]]) -> Mapping[tuple[str, Side], Movement]:
        """The movements of these ARCs and sides that exist, locked until the end."""

    def facts(self, seeds: Collection[str], lrns: Collection[tuple[str, str]]) -> "RegistryFacts":
        """Operators of these SEED numbers, and the ARCs of those (consignor, LRN) pairs that are taken."""

    def reports(self, keys: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Those of the event and control reports (number, ARC) that were kept."""

    def document(self, sha256: bytes) -> bytes | None:
        """The bytes with that digest, exactly as received or sent; ``None`` when they were not."""

    def last_seq(self, mailboxes: Collection[str]) -> Mapping[str, int]:
        """The last sequence number given out in each mailbox, 0 where there is none; locked until the end."""

    def parked(self, arcs: Collection[str]) -> Sequence[Waiting]:
        """What waits for news of these movements, in the order in which it came."""

    def parked_of(self, mailbox: str) -> int:
        """How many messages of a sender wait."""

    def nth_refused(self, mailbox: str, count: int) -> datetime | None:
        """When the ``count``-th last of the refused messages of a sender came; ``None`` when there are fewer."""

    def exchanged(self, arc: str, address: str) -> Sequence[Exchanged]:
        """What was exchanged with an administration about a movement, but for what was sent again, oldest first."""

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a number in the register, empty for one that is not registered."""

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name ``seed`` as their counterparty."""

    def held_until(self, arc: str) -> datetime | None:
        """Until when something of a movement is held at most, ``None`` when nothing is."""

    def write(self, records: Records) -> None:
        """Add the records; visible when the transaction ends without an exception."""


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """What the registry and the movements say about a group of messages.

    A number may have several records over time. ``used`` and ``movements_under`` are the ledger of the temporary
    authorisations among the operators: quantity per reference and excise product code, and number of e-SADs.
    """

    operators: Mapping[str, tuple[Operator, ...]]
    used_lrns: Mapping[tuple[str, str], str]
    used: Mapping[tuple[str, str], Decimal]
    movements_under: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDispatch:
    """A row of the outbox to try now; ``refusals`` counts the tries that were about it, ``last_error`` is the last."""

    id: int
    destination: str
    identifier: str
    arc: str | None
    refusals: int
    last_error: str | None
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: delivered when ``error`` is ``None``, else due again at ``next_due`` or given up.

    ``refusals`` is what the document has now; ``noted``: the try gets a line of its own in the history.
    """

    dispatch: int
    at: datetime
    error: str | None
    next_due: datetime | None
    refusals: int
    noted: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that ended at a moment: the clock of a movement, or the patience with a message parked for it."""

    at: datetime
    arc: str


class Store(Protocol):
    """Keeps messages, movements and what is still to be sent."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A write transaction; raises StoreUnavailable when it cannot be begun or committed."""

    def ended(self, now: datetime, limit: int, after: Ended | None) -> Sequence[Ended]:
        """What has ended by now, by moment and ARC, at most ``limit``, from the one after ``after`` on; only reads."""

    def begin_delivery(self, now: datetime, latest: datetime) -> None:
        """Note that a delivery begins, and let nothing be due later than ``latest``; raises StoreUnavailable."""

    def peers(self) -> Collection[str]:
        """The administrations for which something waits in line, none of it refused."""

    def refusing_peers(self, now: datetime) -> Collection[str]:
        """The administrations that have refused something which is due again."""

    def line(self, peer: str, limit: int) -> Sequence[DueDispatch]:
        """What may be sent to a peer, oldest first: of each movement the oldest, none behind what is in trouble."""

    def refused(self, peer: str, now: datetime, limit: int) -> Sequence[DueDispatch]:
        """What a peer has refused and is due again, oldest first, at most ``limit``."""

    def record(self, attempts: Sequence[Attempt]) -> None:
        """Write down tries at delivery; raises StoreUnavailable, and then nothing was written."""

    def release_held(self, now: datetime) -> int:
        """Let go of every held message whose time has come; returns how many there were."""


class Receipts(Protocol):
    """What was answered to documents that were committed."""

    def receipt_for(self, sha256: bytes) -> Receipt | None:
        """The receipt of the received document with that digest; ``None`` when none was committed."""


class SecurityLog(Protocol):
    """Notes what could not be attributed to anybody."""

    def refuse(self, refusal: "Refusal") -> None:
        """Add to the security log, which keeps a bounded number of the newest entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A submission that could not be attributed: it touches no mailbox and goes to the security log.

    ``client`` is the address that it came from; empty when it came over no network.
    """

    at: datetime
    channel: str
    client: str
    reason: str
    sha256: bytes
    size: int
