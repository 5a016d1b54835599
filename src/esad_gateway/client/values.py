"""What a gateway answers, as frozen values: names as in the JSON of the REST door, in the way of Python."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from esad_gateway.errors import SenderError
from esad_gateway.frozen import frozen

Words = Mapping[str, str]
"""A sentence by language (``en``, ``lt``)."""


@frozen(kw_only=True)
class ToldFault:
    """One fault of a document, as the gateway tells it.

    ``code`` is the official error code, ``rule`` the number of the rule, ``path`` leads to the place, ``value`` is what
    stands there. ``text`` says what is wrong and ``hints`` what to do about it, by language.
    """

    code: str
    rule: str
    path: str
    value: str | None
    text: Words
    hints: Words
    line: int | None = None
    column: int | None = None
    arc: str | None = None

    def say(self, language: str = "en") -> str:
        """The fault in one line: rule, place and value, what is wrong and what to do."""
        where = self.path if self.value is None else f"{self.path} {self.value!r}"
        return f"{self.rule} {where}: {self.text[language]} {self.hints[language]}"


@frozen(kw_only=True)
class ReplyEntry:
    """A message that answers a submission, by its number in the mailbox."""

    seq: int
    message: str
    message_identifier: str


@frozen(kw_only=True)
class Receipt:
    """What became of a submitted document. The same bytes have the same receipt, then with ``repeated``.

    ``outcome`` is ``accepted`` or ``refused``; ``seq`` is where the document stands in the sender's ``mailbox``.
    """

    outcome: str
    repeated: bool
    message: str
    message_identifier: str
    mailbox: str
    seq: int
    arc: str | None
    held_until: datetime | None
    faults: tuple[ToldFault, ...]
    replies: tuple[ReplyEntry, ...]

    @property
    def accepted(self) -> bool:
        """Whether the document was accepted."""
        return self.outcome == "accepted"

    def expect_accepted(self) -> "Receipt":
        """Return the receipt itself. Raises DocumentRefused, with every fault, unless the document was accepted."""
        if not self.accepted:
            raise DocumentRefused(self)
        return self


class DocumentRefused(SenderError):
    """A document was judged and refused; ``receipt`` has every fault, and the IE704 or IE917 in its replies."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("; ".join(fault.say() for fault in receipt.faults) or receipt.outcome)
        self.receipt = receipt
        self.faults = receipt.faults


@frozen(kw_only=True)
class Verdict:
    """What was found in a document that was only judged."""

    ok: bool
    message: str
    release: str | None
    faults: tuple[ToldFault, ...]


@frozen(kw_only=True)
class MailboxEntry:
    """One line of a mailbox: ``direction`` is ``in`` for what the trader sent, ``out`` for what it was sent.

    ``signed_by`` is the agent that has signed it for the trader, under the ``delegation`` of that number.
    """

    seq: int
    direction: str
    message: str
    message_identifier: str
    correlation_identifier: str | None
    arc: str | None
    sequence_number: int | None
    outcome: str
    recorded_at: datetime
    acknowledged_at: datetime | None
    signed_by: str | None = None
    delegation: int | None = None


@frozen(kw_only=True)
class MailboxPage:
    """A page of a mailbox; what comes next is after ``complete_through``."""

    messages: tuple[MailboxEntry, ...]
    complete_through: int


@frozen(kw_only=True)
class AcknowledgedMessages:
    """Which messages were acknowledged just now (``changed``), and which there are not (``missing``), by their numbers.

    One answer of a gateway is not ``complete`` when there were more than it acknowledges at once.
    """

    changed: tuple[int, ...]
    missing: tuple[int, ...]
    complete: bool = True


@frozen(kw_only=True)
class Due:
    """What a trader owes to a movement, and until when."""

    what: str
    until: datetime


@frozen(kw_only=True)
class MadeReport:
    """When a report of receipt was due and made."""

    arrived: date
    due: date
    made: date
    late: bool


@frozen(kw_only=True)
class GoodsLine:
    """One line of goods."""

    reference: int
    excise_product_code: str
    quantity: Decimal
    refused: Decimal | None


@frozen(kw_only=True)
class MovementView:
    """A movement as the trader's side knows it: ``state`` is its code (``X01``), ``state_name`` the same in English.

    ``other_sides`` has it once more for a trader who is on both sides; ``notes`` are those of national law, as told,
    ``signed_by_agents`` is what agents have signed about it.
    """

    arc: str
    side: str
    state: str
    state_name: str
    sequence_number: int
    local_reference_number: str
    consignor: str
    consignee: str | None
    destination_type: str
    date_of_dispatch: date
    limit: datetime
    due: Due | None
    report: MadeReport | None
    lines: tuple[GoodsLine, ...]
    other_sides: tuple["MovementView", ...] = ()
    notes: tuple[Mapping[str, Any], ...] = ()
    signed_by_agents: tuple[MailboxEntry, ...] = ()


@frozen(kw_only=True)
class OperatorView:
    """What the register says of a SEED number on a day."""

    seed: str
    on: date
    registered: bool
    type: str
    office: str
    valid_from: date
    valid_to: date | None
    products: tuple[str, ...]
    product_categories: tuple[str, ...]
    temporary: Mapping[str, Any] | None


@frozen(kw_only=True)
class Batch:
    """A file of rows: how far it has come (``state``), and how many of its documents had which outcome (``counts``).

    ``faults`` are those of the file itself, and ``reasons`` say why it stopped, by language.
    """

    id: str
    kind: str
    mode: str
    state: str
    name: str
    documents: int
    counts: Mapping[str, int]
    progress: Mapping[str, Any]
    faults: tuple[ToldFault, ...]
    reasons: Words | None
    repeated: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in {"waiting", "checking", "working", "withdrawing"}


@frozen(kw_only=True)
class BatchDocument:
    """A document of a batch with the numbers of its rows: what became of it, or every fault."""

    number: int
    rows: tuple[int, ...]
    document: str | None
    outcome: str
    record: str | None
    version: int | None
    arc: str | None
    message_identifier: str | None
    faults: tuple[ToldFault, ...]
    said: Words | None
