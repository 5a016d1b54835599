"""Whether what has to be secured is secured, and until when a new security has to follow (RC-13 b, RC-14)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.guarantees.checking import GuaranteeStanding
from esad_gateway.ais.guarantees.guarantee import AmountAct, Guarantee
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.guarantees.ledger import NOTHING, Balance, balance, lines_until
from esad_gateway.ais.terms import TermEnd, due
from esad_gateway.emcs.moments import after_day
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class SecurityCover:
    """What secures the duty of ``seed`` when ``day`` is over.

    ``required`` (EUR) is what was decided, ``None`` where nothing was. ``lapse`` is the last guarantee that has ended
    by then without anything in its place, and ``renewal`` until when there has to be; ``None`` while there is cover.
    """

    seed: str
    day: date
    balance: Balance
    required: Decimal | None
    lapse: Guarantee | None = None
    renewal: TermEnd | None = None

    @property
    def missing(self) -> Decimal:
        """What is lacking of what is required."""
        return max(NOTHING, (self.required or NOTHING) - self.balance.left)

    @property
    def covered(self) -> bool:
        """Whether there is as much as is required."""
        return self.lapse is None and not self.missing


def cover_on(
    seed: str, day: date, standing: GuaranteeStanding, decision: AmountAct | None, law: GuaranteeLaw, calendar: Calendar
) -> SecurityCover:
    """What secures the duty of a number when a day is over, and until when what has ended is to be replaced.

    ``decision`` is the one about the amount that counts. Where an amount is required, cover has lapsed when less than
    that is left; otherwise when no guarantee is in force. Ends are not waited for: the day may be one to come.
    """
    held = balance(lines_until(standing.lines, after_day(day, calendar.zone)))
    required = decision.amount if decision else None
    ended = [one for one in standing.guarantees if one.until is not None and one.until <= day]
    last = max(ended, key=lambda one: (one.until, one.number), default=None)
    enough = required <= held.left if required is not None else _in_force(standing, day + timedelta(days=1))
    if enough or last is None or last.until is None:
        return SecurityCover(seed=seed, day=day, balance=held, required=required)
    renewal = due(last.until, law.cover, calendar)
    return SecurityCover(seed=seed, day=day, balance=held, required=required, lapse=last, renewal=renewal)


def due_securities(
    seed: str, day: date, standing: GuaranteeStanding, decision: AmountAct | None, law: GuaranteeLaw, calendar: Calendar
) -> Iterator[DueItem]:
    """The securities of a number that have ended, or end within the notice, with nothing in their place yet.

    Each by its reference, as its paper calls it, and as due when another one has to follow at last.
    """
    horizon = day + timedelta(days=int(law.notice.number))
    ends = {one.until for one in standing.guarantees if one.until is not None and day < one.until <= horizon}
    told = set[int]()
    for last in (day, *sorted(ends)):
        cover = cover_on(seed, last, standing, decision, law, calendar)
        lapse, end = cover.lapse, cover.renewal
        if lapse and lapse.until and end and lapse.number not in told:
            told.add(lapse.number)
            yield DueItem(kind=DueKind.SECURITY, seed=seed, about=lapse.reference, since=lapse.until, end=end)


def _in_force(standing: GuaranteeStanding, day: date) -> bool:
    return any(one.counts_on(day) for one in standing.guarantees)
