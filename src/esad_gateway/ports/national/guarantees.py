"""How a number stands with its security, and what a recalculation has found of it: values for whoever shows them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.asked import AmountAsked, EntryAsked, WishAsked
from esad_gateway.ais.guarantees.basis import SecuredBasis
from esad_gateway.ais.guarantees.cover import SecurityCover
from esad_gateway.ais.guarantees.guarantee import AmountAct, Guarantee, GuaranteeEntry, SecuredShare
from esad_gateway.ais.guarantees.ledger import Balance
from esad_gateway.ais.guarantees.recalculation import AmountCandidate
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class GuaranteeStatement:
    """How a number stands at a moment ``at`` (aware): the lines of its ledger until then, and what they add up to."""

    seed: str
    at: datetime
    guarantees: tuple[Guarantee, ...]
    lines: tuple[GuaranteeEntry, ...]
    balance: Balance
    decision: AmountAct | None
    acts: tuple[AmountAct, ...]
    cover: SecurityCover


@frozen(kw_only=True)
class Recalculated:
    """What the recalculation of one number has found: candidates, and why goods of it could not be assessed."""

    seed: str
    candidates: tuple[AmountCandidate, ...] = ()
    faults: Faults = ()


@frozen
class GoodsForecast:
    """Goods of an average month, as they are written down."""

    goods: tuple[ExciseGoods, ...] = ()


class GuaranteeKeeper(Protocol):
    """The desk of guarantees, as doors know it. Each of them raises NotFound for a number that nobody has."""

    @property
    def duty(self) -> DutyLaw:
        """The tariffs in force."""

    def statement(self, seed: str, at: datetime | None = None) -> GuaranteeStatement:
        """How a number stands at a moment (aware), now by default."""

    def add(self, new: Guarantee, by: DoneBy) -> Guarantee:
        """Add a guarantee. Raises NationalRefused with every fault."""

    def enter(self, seed: str, asked: EntryAsked, by: DoneBy) -> GuaranteeEntry:
        """Add an entry. Raises NationalRefused with every fault."""

    def decide(self, seed: str, asked: AmountAsked, by: DoneBy) -> AmountAct:
        """Set an amount. Raises NationalRefused with every fault."""

    def wish(self, seed: str, asked: WishAsked, by: DoneBy) -> AmountAct:
        """Write down what a trader asks for. Raises NationalRefused with every fault."""

    def simulate(self, goods: Sequence[ExciseGoods], share: SecuredShare, day: date | None = None) -> SecuredBasis:
        """What would have to be secured, with every step."""
