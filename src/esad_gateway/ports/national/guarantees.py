"""How a number stands with its security, and what a recalculation has found of it: values for whoever shows them."""

from datetime import datetime

from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.guarantees.cover import SecurityCover
from esad_gateway.ais.guarantees.guarantee import AmountAct, Guarantee, GuaranteeEntry
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
