"""Whether the amount to be secured is to be another one: after a quarter, for other goods, or by other tariffs (RC-10).

What comes of it is a candidate with its reason. An official decides, also where the law acts of its own motion.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from re import compile as pattern
from typing import Final

from esad_gateway.ais.duty.assessing import cents
from esad_gateway.ais.guarantees.basis import EXACT, share_of
from esad_gateway.ais.guarantees.guarantee import AmountAct, AmountActKind
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.terms import months_after
from esad_gateway.frozen import frozen

_MONTHS: Final = 3
_WRITTEN: Final = pattern(r"(?P<year>[1-9]\d{3})-Q(?P<number>[1-4])")
_HUNDRED: Final = Decimal(100)


class RecalculationTrigger(StrEnum):
    """Why an amount is looked at again; the letters are those of the requirement."""

    ABOVE = "a"
    """The duty of a quarter was above the basis: raised ex officio."""
    BELOW = "b"
    """It was below, and the trader asks for a lower amount."""
    GOODS = "c"
    """The trader wants other goods, which change the expected duty."""
    TARIFFS = "d"
    """The tariffs of the goods have changed."""


@frozen(kw_only=True)
class CalendarQuarter:
    """A calendar quarter, by its year and its number from 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, _MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return months_after(self.first, _MONTHS) - timedelta(days=1)

    def __str__(self) -> str:
        """As it is written: ``2026-Q1``."""
        return f"{self.year}-Q{self.number}"


def quarter_written(text: str) -> CalendarQuarter | None:
    """The quarter that a text such as ``2026-Q1`` names; ``None`` where it names none."""
    found = _WRITTEN.fullmatch(text)
    return CalendarQuarter(year=int(found["year"]), number=int(found["number"])) if found else None


@frozen(kw_only=True)
class AmountCandidate:
    """An amount (EUR) that is proposed for ``seed`` instead of the one that was ``set``, because of a trigger.

    ``basis`` is the new one, unrounded, and ``percent`` by how many hundredths it differs from the old one. ``quarter``
    is that after which it was computed, ``None`` where there is none.
    """

    seed: str
    trigger: RecalculationTrigger
    set_before: AmountAct
    basis: Decimal
    amount: Decimal
    percent: Decimal | None
    quarter: CalendarQuarter | None = None

    @property
    def ex_officio(self) -> bool:
        """Whether the administration acts without being asked."""
        return self.trigger in {RecalculationTrigger.ABOVE, RecalculationTrigger.TARIFFS}


def standing_amount(acts: Iterable[AmountAct]) -> AmountAct | None:
    """The decision about the amount that counts: the last one; ``None`` before the first."""
    decided = [one for one in acts if one.kind is AmountActKind.SET]
    return max(decided, key=lambda one: (one.at, one.number), default=None)


def asked_since(acts: Iterable[AmountAct], kind: AmountActKind, decision: AmountAct) -> AmountAct | None:
    """What was asked for last, after a decision; ``None`` where nothing was."""
    asked = [one for one in acts if one.kind is kind and (one.at, one.number) > (decision.at, decision.number)]
    return max(asked, key=lambda one: (one.at, one.number), default=None)


def after_quarter(
    quarter: CalendarQuarter, duty: Decimal, decision: AmountAct, law: GuaranteeLaw, *, asked: bool
) -> AmountCandidate | None:
    """What follows from the exact ``duty`` (EUR) on the goods of a quarter: triggers a and b; ``None`` for nothing.

    Compared without rounding: at exactly the threshold nothing changes. Without a basis there is nothing to compare.
    Not checked: whether the quarter is over, and the decision older than its end.
    """
    if decision.basis is None:
        return None
    periods, allowed = law.periods.number, law.threshold.number
    with localcontext(EXACT):
        average = duty / periods
        # Multiplied instead of divided: an average may have digits without end.
        difference = duty * _HUNDRED - decision.basis * periods * _HUNDRED
        threshold = decision.basis * periods * allowed
    if difference > threshold:
        return _candidate(RecalculationTrigger.ABOVE, average, decision, law, quarter)
    if asked and difference.copy_negate() > threshold:
        return _candidate(RecalculationTrigger.BELOW, average, decision, law, quarter)
    return None


def by_forecast(
    trigger: RecalculationTrigger, basis: Decimal, decision: AmountAct, law: GuaranteeLaw
) -> AmountCandidate | None:
    """What follows where the forecast makes another ``basis`` (EUR, exact) than that of a decision: triggers c and d.

    ``None`` where it is the same, or the decision tells none.
    """
    return None if decision.basis in {None, basis} else _candidate(trigger, basis, decision, law, None)


def _candidate(
    trigger: RecalculationTrigger,
    basis: Decimal,
    decision: AmountAct,
    law: GuaranteeLaw,
    quarter: CalendarQuarter | None,
) -> AmountCandidate:
    return AmountCandidate(
        seed=decision.seed,
        trigger=trigger,
        set_before=decision,
        basis=basis,
        amount=cents(share_of(basis, law.shares[decision.share].number)),
        percent=(basis - decision.basis) * _HUNDRED / decision.basis if decision.basis else None,
        quarter=quarter,
    )
