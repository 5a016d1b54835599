"""What was answered to a submission, and what is read of mailboxes, movements and the register."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from esad_gateway.emcs.delegation import Delegation
from esad_gateway.emcs.effects import LegalEffect
from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.emcs.registry import Operator
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen

LARGEST_NUMBER: Final = 2**63 - 1
"""Of a message in a mailbox, or of a document in the outbox: what a database can hold."""

LARGEST_PAGE: Final = 500
"""How many messages or movements one page shows at most."""

LONGEST_WAIT: Final = 60
"""Seconds that a request may wait for a message; many a proxy gives up an answer that takes longer."""


class Outcome(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PARKED = "parked"


@frozen(kw_only=True)
class Reply:
    """A message that was put into a mailbox because of a submission."""

    mailbox: str
    seq: int
    type: str
    identifier: str


@frozen(kw_only=True)
class Receipt:
    """The answer to a submission, after its commit; the same bytes get the same receipt ever after.

    ``held_until`` is when at the latest what follows from the message is passed on (aware), ``None`` for at once:
    a report of receipt waits for the end of fiscal formalities.
    """

    outcome: Outcome
    type: str
    identifier: str
    mailbox: str
    seq: int
    arc: str | None = None
    faults: Faults = ()
    replies: tuple[Reply, ...] = ()
    held_until: datetime | None = None
    repeated: bool = False


class Receipts(Protocol):
    """What was answered to documents that were committed."""

    def receipt_for(self, sha256: bytes) -> Receipt | None:
        """The receipt of the received document with that digest; ``None`` when none was committed."""


@frozen(kw_only=True)
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


@frozen(kw_only=True)
class Listed(Entry):
    """One line of a page, with when it was recorded, and when its owner said that it was read; as stored.

    ``signed_by`` is the agent that has signed it for the mailbox's owner, under ``delegation``.
    """

    recorded_at: str
    acknowledged_at: str | None
    signed_by: str | None = None
    delegation: int | None = None


@frozen(kw_only=True)
class MailboxQuery:
    """Which messages a page shows: those after a number, of a type, of a movement, unread ones; oldest first.

    ``direction`` is that of :class:`Entry`, ``since`` (aware) when they were recorded at the earliest.
    ``kinds`` are the types of messages that may be shown at all, ``None`` for every one.
    """

    after: int = 0
    type: str | None = None
    arc: str | None = None
    direction: str | None = None
    since: datetime | None = None
    unread: bool = False
    limit: int = 50
    kinds: frozenset[str] | None = None


@frozen(kw_only=True)
class Reads:
    """What an owner has read of a mailbox: those of these ``numbers``, or all that was sent to it up to one."""

    numbers: tuple[int, ...] = ()
    through: int = 0


@frozen(kw_only=True)
class Acknowledged:
    """Which messages were acknowledged just now, by their numbers, and which there are not.

    When they are not ``complete`` there were more than are acknowledged at once: ask the same again.
    """

    changed: tuple[int, ...]
    missing: tuple[int, ...] = ()
    complete: bool = True


@frozen
class Page:
    """Messages, and up to which number this page is complete: ``after`` that number nothing was left out."""

    messages: tuple[Listed, ...]
    complete_through: int


@frozen(kw_only=True)
class MovementQuery:
    """Which movements of a trader to show, after an ARC, and how many; one more where the last has two sides.

    As consignor or consignee, in a state, due before a moment, with a local reference number, dispatched ``since`` one.
    """

    role: str | None = None
    state: str | None = None
    due_before: datetime | None = None
    lrn: str | None = None
    since: datetime | None = None
    after: str | None = None
    limit: int = 200


@frozen
class Noted:
    """What national law keeps of a message, since ``at`` (aware, UTC).

    The message acted on ``side`` of the movement, and stands in ``mailbox`` under the number ``seq``.
    """

    effect: LegalEffect
    at: datetime
    side: Side
    mailbox: str
    seq: int


@frozen
class MovementPage:
    """Movements by ARC, as the sides know them on which a trader takes part; ``complete`` when none was left out.

    ``notes`` are those of national law about a movement that was asked for alone, oldest first, and ``signed_for``
    what agents have signed about it for the trader who asks.
    """

    movements: tuple[Movement, ...]
    complete: bool = True
    notes: tuple[Noted, ...] = ()
    signed_for: tuple[Listed, ...] = ()


@frozen
class RegisteredOperator:
    """The record of a SEED number that counts ``on`` a day; ``in_full`` for whom it may be told without leaving out."""

    operator: Operator
    on: date
    in_full: bool


OF_PERSON: Final = "person."
"""How the tokens of persons begin, so that nobody looks for others among them."""


class MailboxReader(Protocol):
    """What stands in mailboxes and movements, one SEED number at a time; who may read it is asked before."""

    def page(self, mailbox: str, query: MailboxQuery) -> Page:
        """The messages of a mailbox after a number. A mailbox that does not exist is empty."""

    def entry(self, mailbox: str, seq: int) -> Listed | None:
        """One line of a mailbox."""

    def body(self, mailbox: str, seq: int) -> bytes | None:
        """The exact bytes of a message, as received or sent."""

    def signed_about(self, mailbox: str, arc: str) -> tuple[Listed, ...]:
        """What agents have signed for the owner of a mailbox about a movement, oldest first."""

    def acknowledge(self, mailbox: str, seq: int, at: datetime) -> Listed | None:
        """Note that the owner has read a message; the first time counts. Returns the line, if there is one."""

    def acknowledge_all(self, mailbox: str, reads: Reads, at: datetime) -> Acknowledged:
        """Note that the owner has read many messages, all of them or none; the first time of each counts."""

    def movements(self, seed: str, query: MovementQuery) -> tuple[Movement, ...]:
        """The movements that a trader takes part in, by ARC."""

    def movement(self, seed: str, arc: str) -> tuple[Movement, ...]:
        """The views of one movement that a trader may see: both when both parties are ours, else one or none."""

    def notes(self, arc: str, sides: Collection[Side]) -> tuple[Noted, ...]:
        """What national law has noted about one movement, of messages that acted on these sides, oldest first."""


class RegisterReader(Protocol):
    """What is registered."""

    def operator(self, seed: str, on: date) -> tuple[Operator, Mapping[str, str]] | None:
        """The record of a SEED number that counts on a day, and its address."""


class AgentRows(Protocol):
    """What traders let others do, and what they take back of it."""

    def of(self, name: str) -> Sequence[Delegation]:
        """What a trader lets others do, and what others let it do, ended ones too, by number."""

    def revoke(self, trader: str, number: int, now: Callable[[], datetime]) -> bool:
        """Take back a delegation of a trader, from now on; whether there is one that was not taken back before."""

    def readable(self, agent: str, at: datetime) -> Mapping[str, frozenset[str] | None]:
        """The mailboxes that an agent may read at a moment, each with the kinds of messages; ``None`` for all."""


class TokenHolders(Protocol):
    """To whom tokens were issued."""

    def holder_of_token(self, token: str) -> str | None:
        """Whose mailbox a token opens; ``None`` for a token that was never issued or is revoked."""
