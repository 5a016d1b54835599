"""What the gateway looks up and writes for a group of messages, in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from esad_gateway.emcs.authorisations import Ledger
from esad_gateway.emcs.delegation import Delegation
from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.movement import Act, Movement, Side
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.seed import Change
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.ports.clock import Due, What
from esad_gateway.ports.reading import Entry, Noted, Outcome, Receipt

Identity: TypeAlias = tuple[str, str]
"""Who sent it (SEED number or administration) and under which message identifier."""


Delegations: TypeAlias = Mapping[int, Delegation]
"""What traders let agents do, by the numbers of the delegations."""


@frozen
class Earlier:
    """An identity that was used before: the digest of what was sent then, and its receipt."""

    sha256: bytes
    receipt: Receipt


@frozen
class Document:
    """Bytes exactly as received or sent, and the fingerprint of the certificate that signed them."""

    body: bytes
    fingerprint: str


REGISTER_LINE: Final = "SEED"
"""What stands for the movement where our own register changes: one such document may not overtake another."""


@frozen
class Dispatch:
    """A document to be delivered; ``arc`` is the movement whose documents it may not overtake, if any.

    A change of our own register is of no movement: for it that is :data:`REGISTER_LINE`.
    """

    destination: str
    identifier: str
    document: bytes
    arc: str | None


@frozen
class Held:
    """A message held back until ``due``: then its entries get their numbers and its dispatch goes to the outbox."""

    due: datetime
    entries: tuple[Entry, ...]
    dispatch: Dispatch


@frozen(kw_only=True)
class Parked:
    """An administration's message that waits for another one, until ``until``; where it stands in the mailbox."""

    arc: str
    mailbox: str
    seq: int
    document: bytes
    until: datetime


@frozen
class Waiting:
    """A parked message as it is read again: its row, and its bytes."""

    parked: Parked
    body: Document


@frozen
class Exchanged:
    """A document that was exchanged with an administration about a movement."""

    direction: str
    type: str
    body: bytes


@frozen
class RegistryFacts:
    """What the registry and the movements say about a group of messages.

    A number may have several records over time. ``ledger`` has all that was taken up of the temporary authorisations
    among the operators, by e-SADs and by the SAAD list; what it says of other numbers is not all.
    """

    operators: Mapping[str, tuple[Operator, ...]]
    used_lrns: Mapping[tuple[str, str], str]
    ledger: Ledger


@frozen
class Acted:
    """A line of a movement's log, beside the mailbox entry of the message that acted, or of what a clock has sent."""

    mailbox: str
    seq: int
    act: Act


@frozen(kw_only=True)
class Undecided:
    """A message that could not be decided by a defect of ours: its bytes, why, when, and who sent it.

    ``reference`` is the name under which it is found, ``door`` where it came in, ``signer`` the first of those for whom
    it is signed.
    """

    reference: str
    at: datetime
    door: str
    signer: str
    sender: str
    identifier: str
    type: str
    arc: str | None
    sha256: bytes
    document: Document
    reason: str


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
    acts: list[Acted] = field(default_factory=list)
    signed_for: dict[tuple[str, int], int] = field(default_factory=dict)
    """The delegations under which agents have signed, by mailbox and number of what they signed."""
    receipts: dict[Identity, Earlier] = field(default_factory=dict)
    reports: set[tuple[str, str]] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    effects: list[Noted] = field(default_factory=list)
    undecided: dict[str, Undecided] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    """What was undecided, by reference, and who has asked for it to be decided."""
    reasons: dict[str, str] = field(default_factory=dict)
    """What stays undecided for another reason than it was, by reference."""
    stopped: dict["Ended", str] = field(default_factory=dict)
    """Clocks and parked messages that ran into a defect of ours, each with why."""
    resumed: dict["Ended", str] = field(default_factory=dict)
    """Those of them that were tried again without one, each with who asked for that."""


class Transaction(Protocol):
    """One transaction: look up for a whole group, take the write lock, then write once."""

    def prepare(self, documents: Iterable[tuple[bytes, Document]]) -> None:
        """Make documents ready that may be written, by digest: what can be done before the lock is."""

    def lock(self) -> bool:
        """Take the write lock; whether everything that was looked up until now is still so.

        If it is not, what was decided on it counts no more: what is looked up from now on stays true until the end.
        """

    def earlier(self, identities: Collection[Identity]) -> Mapping[Identity, Earlier]:
        """Those of the identities that were used before."""

    def undecided(self, signed_as: Collection[Identity]) -> Sequence[Undecided]:
        """What is undecided of these signers, under these message identifiers."""

    def delegations(self, numbers: Collection[int]) -> Delegations:
        """Those of the delegations that there are, as they stand now."""

    def movements(self, arcs: Collection[str]) -> Mapping[tuple[str, Side], Movement]:
        """The movements of these ARCs that exist, by ARC and side."""

    def facts(self, seeds: Collection[str], lrns: Collection[tuple[str, str]]) -> RegistryFacts:
        """Operators of these SEED numbers, and the ARCs of those (consignor, LRN) pairs that are taken."""

    def reports(self, keys: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Those of the event and control reports (number, ARC) that were kept."""

    def notes(self, keys: Collection[NoteKey]) -> Sequence[Note]:
        """What national law has noted of these kinds about these subjects, oldest first."""

    def document(self, sha256: bytes) -> bytes | None:
        """The bytes with that digest, exactly as received or sent; ``None`` when they were not."""

    def look_up_numbers(self, mailboxes: Collection[str]) -> None:
        """Look up in one question the last numbers of mailboxes that :meth:`next_number` will be asked for.

        Takes the write lock; raises StoreUnavailable when what was looked up before has changed.
        """

    def next_number(self, mailbox: str) -> int:
        """The next number of a mailbox, counted from 1 without a gap; takes the lock, so nobody else gets it.

        Every number has to be that of an entry which is written, or there is a gap.
        """

    def parked(self, arcs: Collection[str], *, stopped: bool = False) -> Sequence[Waiting]:
        """What waits for news of these movements, in the order in which it came.

        What a defect of this build has stopped is among it only with ``stopped``.
        """

    def parked_of(self, mailbox: str) -> int:
        """How many messages of a sender wait."""

    def nth_refused(self, mailbox: str, count: int) -> datetime | None:
        """When the ``count``-th last of the refused messages of a sender came; ``None`` when there are fewer."""

    def exchanged(self, arc: str, address: str) -> Sequence[Exchanged]:
        """What we and an administration exchanged about a movement, oldest first, without repeated copies."""

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a number in the register, empty for one that is not registered."""

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name ``seed`` as their counterparty."""

    def held_until(self, arc: str) -> datetime | None:
        """Until when something of a movement is held at most, ``None`` when nothing is."""

    def write(self, records: Records) -> None:
        """Add the records, under the write lock; visible when the transaction ends without an exception."""


@frozen
class Ended:
    """Something that ended at a moment: the clock of a movement, or the time for which a message may wait for it.

    ``mailbox`` and ``seq`` say where that message stands; a clock has none of them.
    """

    at: datetime
    arc: str
    mailbox: str = ""
    seq: int = 0

    @property
    def reference(self) -> str:
        """The name under which an operator finds it when a defect has stopped it."""
        return f"parked-{self.mailbox}-{self.seq}" if self.mailbox else f"clock-{self.arc}"

    @property
    def called(self) -> Said:
        """What it is, for people; its text is the English of it."""
        if self.mailbox:
            return said("undecided.parked", number=self.seq, mailbox=self.mailbox)
        return said("undecided.clock", arc=self.arc)

    def __str__(self) -> str:
        return f"parked message {self.seq} of {self.mailbox}" if self.mailbox else f"clock of movement {self.arc}"


class Store(Protocol):
    """Keeps messages and movements."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction; raises StoreUnavailable when it cannot be begun, locked or committed."""

    def ended(self, now: datetime, limit: int, after: Ended | None) -> Sequence[Ended]:
        """What has ended by now, by moment and ARC, at most ``limit``, from the one after ``after`` on; only reads.

        What a defect of this build has stopped is left out.
        """

    def upcoming(self, *kinds: What) -> Sequence[Due]:
        """What is due next of each of these kinds, the earliest first, but for what a defect stopped; only reads."""


@frozen(kw_only=True)
class Unattributed:
    """A submission that could not be attributed: it touches no mailbox and goes to the security log.

    ``client`` is the address that it came from; empty when it came over no network.
    """

    at: datetime
    channel: str
    client: str
    reason: str
    sha256: bytes
    size: int


class SecurityLog(Protocol):
    """Notes what could not be attributed to anybody."""

    def refuse(self, refusal: Unattributed) -> None:
        """Add to the security log, which keeps a bounded number of the newest entries."""
