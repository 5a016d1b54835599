"""Guarantees: what secures the duty of a capacity, and what is written down about each of them (chapters 1.11 and 2.4).

An entry is never changed. What was wrong is put right by one more entry, so that the past stays as it was told.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from esad_gateway.frozen import frozen


class GuaranteeKind(StrEnum):
    """What secures the duty (DOC-6)."""

    DEPOSIT = "deposit"
    """Money on the deposit account of the administration (RC-8)."""
    SURETY = "surety"
    """Somebody who answers for it by contract (RC-7)."""
    DOCUMENT = "document"
    """A guarantee document, as of a bank or an insurer (RC-7)."""


class Guarantor(StrEnum):
    """Who may secure a movement by agreement, alone or together with others (2.1)."""

    CONSIGNOR = "consignor"
    TRANSPORTER = "transporter"
    OWNER = "owner"
    CONSIGNEE = "consignee"


class EntryKind(StrEnum):
    """What an entry of the ledger says."""

    SECURED = "secured"
    """A guarantee begins; from the guarantee itself."""
    RAISED = "raised"
    RESERVED = "reserved"
    """For the duty of an announced movement."""
    UNASSESSED = "to_be_assessed"
    """A movement was announced whose duty nobody could compute: nothing is reserved for it until somebody does."""
    RELEASED = "released"
    """What was reserved for a movement is free again."""
    USED = "used"
    """For duty that was not paid, or not properly (RC-9)."""
    SET_OFF = "set_off"
    """Duty that a temporary consignee owes is taken from the deposit (DEC-5)."""
    LOWERED = "lowered"
    RETURNED = "returned"
    EXPIRED = "expired"
    """A guarantee has ended with what was left of it; from the guarantee itself."""


@frozen(kw_only=True)
class Guarantee:
    """That so much ``amount`` (EUR) secures the duty of the number ``seed``.

    It counts from the day ``since`` to the day ``until``, both included; ``None`` is no end. ``reference`` is what its
    paper or payment is called, ``guarantors`` who secures a movement by agreement, where they do. ``number`` names it;
    0 before it has one.
    """

    seed: str
    kind: GuaranteeKind
    amount: Decimal
    reference: str
    since: date
    until: date | None = None
    guarantors: frozenset[Guarantor] = frozenset()
    currency: str = "EUR"
    number: int = 0

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, whatever its number is."""
        return (
            *(self.seed, self.kind, self.amount, self.reference),
            *(self.since, self.until, self.guarantors, self.currency),
        )

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def same_paper(self, other: "Guarantee") -> bool:
        """Whether both are the same paper or payment, for days of which at least one is the same."""
        named = (self.seed, self.kind, self.reference) == (other.seed, other.kind, other.reference)
        first, second = sorted((self, other), key=lambda one: one.since)
        return named and (first.until is None or second.since <= first.until)


@frozen(kw_only=True)
class GuaranteeEntry:
    """One line of the ledger of a number: from the moment ``at`` (aware) on, ``amount`` (EUR) more or less.

    ``guarantee`` is the number of the guarantee that it is about, 0 where it is about none: a reservation. ``subject``
    is the movement of a reservation, or the document that an entry answers to. Without an amount (``None``) a release
    frees whatever is reserved for its subject then, and a reservation is as large as the last one was.
    """

    kind: EntryKind
    amount: Decimal | None
    at: datetime
    guarantee: int = 0
    subject: str = ""
    why: str = ""
    number: int = 0


class AmountActKind(StrEnum):
    """What somebody does about the amount that has to be secured."""

    SET = "set"
    """The administration has set it (RC-5, RC-10)."""
    ASKED_LOWER = "asked_lower"
    """The trader asks for a lower one after a quarter (RC-10, trigger b)."""
    ASKED_TENTH = "asked_tenth"
    """The trader asks for a tenth (RC-6)."""
    ASKED_EXEMPTION = "asked_exemption"
    """The trader asks to be exempt (RC-6)."""
    ASKED_GOODS = "asked_goods"
    """The trader wants goods that were not thought of when it was set (RC-10, trigger c)."""


class SecuredShare(StrEnum):
    """How much of the basis has to be secured (RC-5, RC-6); who may have less, an official decides."""

    WHOLE = "whole"
    TENTH = "tenth"
    EXEMPT = "exempt"


@frozen(kw_only=True)
class AmountAct:
    """What was asked or decided at a moment (aware) about the amount that ``seed`` has to secure.

    A decision has the ``basis`` and the ``amount`` (EUR), the ``share`` of the one that the other is, and the
    ``forecast``: the goods of an average month, as JSON, from which the basis was computed; empty where the
    administration has set an amount without telling them.
    """

    seed: str
    kind: AmountActKind
    at: datetime
    basis: Decimal | None = None
    amount: Decimal | None = None
    share: SecuredShare = SecuredShare.WHOLE
    forecast: str = ""
    why: str = ""
    number: int = 0
