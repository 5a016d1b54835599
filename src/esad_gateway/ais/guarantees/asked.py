"""What somebody asks for at a door, by its fields: every door reads these, and makes the same of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.guarantees.guarantee import (
    AmountActKind,
    EntryKind,
    Guarantee,
    GuaranteeEntry,
    GuaranteeKind,
    Guarantor,
    SecuredShare,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class GuaranteeAsked:
    """A guarantee to be added; amounts are in EUR, days in the calendar of the administration."""

    kind: GuaranteeKind
    amount: Decimal
    reference: str
    since: date
    until: date | None = None
    guarantors: tuple[Guarantor, ...] = ()
    currency: str = "EUR"

    def guarantee(self, seed: str) -> Guarantee:
        """The guarantee of a number."""
        return Guarantee(
            seed=seed,
            kind=self.kind,
            amount=self.amount,
            reference=self.reference.strip(),
            since=self.since,
            until=self.until,
            guarantors=frozenset(self.guarantors),
            currency=self.currency,
        )


@frozen(kw_only=True)
class EntryAsked:
    """An entry to be added: about a guarantee by its number, or about a movement by its ARC (``document``).

    ``at`` is from when on it counts (UTC), now where it is left out. ``amount`` may be left out where all is released.
    """

    kind: EntryKind
    amount: Decimal | None = None
    guarantee: int = 0
    document: str = ""
    at: datetime | None = None
    why: str = ""

    def entry(self, now: datetime) -> GuaranteeEntry:
        """The entry at a moment (aware); one without a zone is in UTC."""
        at = self.at or now
        return GuaranteeEntry(
            kind=self.kind,
            amount=self.amount,
            at=at if at.tzinfo else at.replace(tzinfo=UTC),
            guarantee=self.guarantee,
            subject=self.document.strip(),
            why=self.why,
        )


@frozen(kw_only=True)
class AmountAsked:
    """An amount to be set: what follows from goods of an average month, or what the administration says itself.

    ``instead_of`` is the number of the decision that was seen, so that nobody's is replaced unseen.
    """

    goods: tuple[ExciseGoods, ...] = ()
    amount: Decimal | None = None
    basis: Decimal | None = None
    share: SecuredShare = SecuredShare.WHOLE
    why: str = ""
    instead_of: int | None = None


class AmountWish(StrEnum):
    """What a trader may ask for (RC-6, RC-10)."""

    LOWER = "lower"
    TENTH = "tenth"
    EXEMPTION = "exemption"
    GOODS = "goods"

    @property
    def act(self) -> AmountActKind:
        """How it is kept."""
        return AmountActKind(f"asked_{self.value}")


@frozen(kw_only=True)
class WishAsked:
    """What a trader asks for; other goods are named with the quantities of an average month."""

    wish: AmountWish
    goods: tuple[ExciseGoods, ...] = ()
    why: str = ""


@frozen(kw_only=True)
class SimulationAsked:
    """Goods of an average month for which the amount is to be computed, at the tariffs of a day or of today."""

    goods: tuple[ExciseGoods, ...] = ()
    share: SecuredShare = SecuredShare.WHOLE
    on: date | None = None
