"""The desk of guarantees: it looks up, asks the law, and writes what follows, each act with whoever did it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.declarations.period import periods_between
from esad_gateway.ais.declarations.receipt import GoodsReceipt
from esad_gateway.ais.duty.assessing import Assessment, assess
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.asked import AmountAsked, EntryAsked, WishAsked
from esad_gateway.ais.guarantees.basis import SecuredBasis, basis_of
from esad_gateway.ais.guarantees.checking import faults_of_amount, quarter_runs
from esad_gateway.ais.guarantees.cover import cover_on
from esad_gateway.ais.guarantees.guarantee import AmountAct, AmountActKind, Guarantee, GuaranteeEntry, SecuredShare
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.guarantees.ledger import balance, lines_until
from esad_gateway.ais.guarantees.recalculation import (
    AmountCandidate,
    CalendarQuarter,
    RecalculationTrigger,
    after_quarter,
    asked_since,
    by_forecast,
    standing_amount,
)
from esad_gateway.emcs.moments import after_day, day_of
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.errors import NationalRefused, NotFound
from esad_gateway.faults import Faults, said
from esad_gateway.national.tariffs import duty_law
from esad_gateway.ports.national.guarantees import GoodsForecast, GuaranteeStatement, Recalculated
from esad_gateway.settings import Settings
from esad_gateway.store.database import Driver, looking, writing
from esad_gateway.store.national.acts import note_act
from esad_gateway.store.national.declarations import receipts_of
from esad_gateway.store.national.guarantees import (
    add_amount_act,
    add_entry,
    add_guarantee,
    amount_acts_of,
    guarantees_of,
    holders,
    standing_of,
)
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.plain import group_from_plain, group_to_plain


def forecast_of(goods: Sequence[ExciseGoods]) -> str:
    """Goods of an average month, as they are kept with a decision."""
    return json.dumps(group_to_plain(GoodsForecast(tuple(goods))), sort_keys=True)


def goods_of_forecast(text: str) -> tuple[ExciseGoods, ...]:
    """The goods that :func:`forecast_of` has written down. Raises ComposeRefused for another text of JSON."""
    return group_from_plain(json.loads(text), GoodsForecast).goods


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeDesk:
    """Guarantees of one administration's traders; ``now`` tells the moment (aware)."""

    store: SqlStore
    law: GuaranteeLaw
    duty: DutyLaw
    calendar: Calendar
    now: Callable[[], datetime]

    def holders(self) -> Sequence[str]:
        """The numbers that have a guarantee, or for which an amount was asked or set."""
        with looking(self.store.reader) as driver:
            return holders(driver)

    def statement(self, seed: str, at: datetime | None = None) -> GuaranteeStatement:
        """How a number stands at a moment (aware), now by default. Raises NotFound for one that is not registered."""
        self._check(seed)
        moment = at or self.now()
        with looking(self.store.reader) as driver:
            standing = standing_of(driver, seed, self.calendar.zone, self.now)
            acts = amount_acts_of(driver, seed)
        lines = lines_until(standing.lines, moment)
        decision = standing_amount(one for one in acts if at is None or one.at <= at)
        yesterday = day_of(moment, self.calendar.zone) - timedelta(days=1)
        return GuaranteeStatement(
            seed=seed,
            at=moment,
            guarantees=standing.guarantees,
            lines=lines,
            balance=balance(lines),
            decision=decision,
            acts=acts,
            cover=cover_on(seed, yesterday, standing, decision, self.law, self.calendar),
        )

    def add(self, new: Guarantee, by: DoneBy) -> Guarantee:
        """Add a guarantee; the same one again is the same. Raises NotFound, and NationalRefused with every fault."""
        self._check(new.seed)
        with writing(self.store.writer) as connection:
            at, before = self.now(), guarantees_of(Driver(connection), new.seed)
            added = add_guarantee(connection, new, self.law, at)
            if added not in before:
                note_act(connection, by, at, "guarantee.added", _about(new.seed, added.number), {"amount": new.amount})
        return added

    def change(self, seed: str, new: GuaranteeEntry, by: DoneBy) -> GuaranteeEntry:
        """Add an entry; one that answers to the same document is the same, or in conflict with it.

        It is judged under the write lock, by the ledger as it stands then. Raises as :meth:`add` does.
        """
        self._check(seed)
        with writing(self.store.writer) as connection:
            standing = standing_of(Driver(connection), seed, self.calendar.zone, self.now)
            added = add_entry(connection, seed, new, standing, self.law)
            if added not in standing.entries:
                detail = {"kind": new.kind.value, "amount": new.amount, "subject": new.subject}
                note_act(connection, by, standing.now, "guarantee.changed", _about(seed, added.number), detail)
        return added

    def enter(self, seed: str, asked: EntryAsked, by: DoneBy) -> GuaranteeEntry:
        """Add the entry that is asked for, from now on where it names no moment. Raises as :meth:`add` does."""
        return self.change(seed, asked.entry(self.now()), by)

    def ask(self, act: AmountAct, by: DoneBy, instead_of: int | None = None) -> AmountAct:
        """Write down what a trader asks for, or what the administration has set; the same once more is the same.

        With ``instead_of``, the number of the decision that was seen, it is refused when another one stands. Raises as
        :meth:`add` does.
        """
        self._check(act.seed)
        with writing(self.store.writer) as connection:
            acts = amount_acts_of(Driver(connection), act.seed)
            if acts and replace(acts[-1], at=act.at, number=act.number) == act:
                return acts[-1]
            if faults := faults_of_amount(act, standing_amount(acts), instead_of, self.law):
                raise NationalRefused(faults)
            # A clock that has stepped back is not believed: what was decided before would stand in front of this.
            at = max((self.now(), *(one.at for one in acts)))
            added = add_amount_act(connection, replace(act, at=at))
            detail = {"amount": act.amount, "basis": act.basis, "share": act.share.value, "why": act.why}
            note_act(connection, by, added.at, f"amount.{act.kind.value}", _about(act.seed, added.number), detail)
        return added

    def simulate(self, goods: Sequence[ExciseGoods], share: SecuredShare, day: date | None = None) -> SecuredBasis:
        """What would have to be secured for goods of an average month, with every step; nothing is kept."""
        return basis_of(goods, day or self._today(), share, self.duty, self.law)

    def decide(self, seed: str, asked: AmountAsked, by: DoneBy) -> AmountAct:
        """Set the amount that follows from goods, or the one that the administration says.

        Raises as :meth:`add` does, for goods without duty as well.
        """
        amount, basis = asked.amount, asked.basis
        if asked.goods:
            found = self.simulate(asked.goods, asked.share)
            if found.assessment.faults:
                raise NationalRefused(found.assessment.faults)
            amount, basis = (found.amount if amount is None else amount), found.basis
        act = AmountAct(
            seed=seed,
            kind=AmountActKind.SET,
            at=self.now(),
            basis=basis,
            amount=amount,
            share=asked.share,
            forecast=forecast_of(asked.goods) if asked.goods else "",
            why=asked.why,
        )
        return self.ask(act, by, asked.instead_of)

    def wish(self, seed: str, asked: WishAsked, by: DoneBy) -> AmountAct:
        """Write down what a trader asks for. Raises as :meth:`add` does, for goods without duty as well."""
        if asked.goods and (faults := self.simulate(asked.goods, SecuredShare.WHOLE).assessment.faults):
            raise NationalRefused(faults)
        forecast = forecast_of(asked.goods) if asked.goods else ""
        act = AmountAct(seed=seed, kind=asked.wish.act, at=self.now(), forecast=forecast, why=asked.why)
        return self.ask(act, by)

    def recalculated(
        self, seeds: Iterable[str], quarter: CalendarQuarter, moved: Mapping[str, Sequence[ExciseGoods]]
    ) -> Iterator[Recalculated]:
        """What follows for numbers after a quarter that is over; asked again, the same, until an official decides.

        ``moved`` tells the goods of the quarter by number where this gateway does not know them, as of goods sent under
        suspension; of all others it is what they have received. Raises NationalRefused for a quarter that runs.
        """
        today = self._today()
        if today <= quarter.last:
            raise NationalRefused(quarter_runs(str(quarter), quarter.last, today))
        return (self._recalculated(seed, quarter, moved.get(seed)) for seed in seeds)

    def _recalculated(self, seed: str, quarter: CalendarQuarter, moved: Sequence[ExciseGoods] | None) -> Recalculated:
        with looking(self.store.reader) as driver:
            acts = amount_acts_of(driver, seed)
            months = periods_between(quarter.first, quarter.last)
            receipts = tuple(receipts_of(driver, seed, months)) if moved is None else ()
        decision = standing_amount(acts)
        if decision is None:
            return Recalculated(seed=seed)
        made = self._assessed(receipts) if moved is None else [assess(moved, quarter.last, self.duty)]
        faults = tuple(fault for one in made for fault in one.faults)
        total = sum((one.exact for one in made), Decimal(0))
        return self._found(quarter, total, decision, acts, faults)

    def _found(
        self, quarter: CalendarQuarter, total: Decimal, decision: AmountAct, acts: Sequence[AmountAct], faults: Faults
    ) -> Recalculated:
        found: list[AmountCandidate | None] = []
        asked = asked_since(acts, AmountActKind.ASKED_LOWER, decision)
        newer = decision.at >= after_day(quarter.last, self.calendar.zone)
        if not newer and not faults:
            found.append(after_quarter(quarter, total, decision, self.law, asked=asked is not None))
        wished = asked_since(acts, AmountActKind.ASKED_GOODS, decision)
        for trigger, text in (
            (RecalculationTrigger.GOODS, wished.forecast if wished else ""),
            (RecalculationTrigger.TARIFFS, decision.forecast),
        ):
            if text:
                made = assess(goods_of_forecast(text), self._today(), self.duty)
                faults += made.faults
                found.append(None if made.faults else by_forecast(trigger, made.exact, decision, self.law))
        return Recalculated(seed=decision.seed, candidates=tuple(filter(None, found)), faults=faults)

    def _assessed(self, receipts: Iterable[GoodsReceipt]) -> list[Assessment]:
        return [assess(tuple(_goods_in(one)), one.day, self.duty) for one in receipts]

    def _today(self) -> date:
        return day_of(self.now(), self.calendar.zone)

    def _check(self, seed: str) -> None:
        if Registry(self.store).operator(seed) is None:
            raise NotFound(said("guarantee.nobody", seed=seed))


def guarantee_desk(
    store: SqlStore, settings: Settings, data: Path, now: Callable[[], datetime]
) -> GuaranteeDesk | None:
    """The desk of the administration with these ``settings`` and data directory; ``None`` where nothing is decided."""
    domain = settings.national_domain()
    duty = duty_law(domain, data)
    if domain is None or domain.guarantees is None or duty is None:
        return None
    calendar = settings.profile().calendar_of(settings.state)
    return GuaranteeDesk(store=store, law=domain.guarantees, duty=duty, calendar=calendar, now=now)


def _goods_in(receipt: GoodsReceipt) -> Iterator[ExciseGoods]:
    for line in receipt.lines:
        yield ExciseGoods(
            product=line.product,
            cn_code=line.cn_code,
            quantity=line.quantity,
            strength=line.strength,
            net_mass=line.net_mass,
        )


def _about(seed: str, number: int) -> str:
    return f"{seed} {number}"
