"""Guarantees in the world: reserved by an e-SAD that arrives, recalculated after the quarter, every act kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.guarantees.asked import AmountAsked, AmountWish, EntryAsked, GuaranteeAsked, WishAsked
from esad_gateway.ais.guarantees.guarantee import AmountAct, AmountActKind, EntryKind, GuaranteeKind, SecuredShare
from esad_gateway.ais.guarantees.recalculation import CalendarQuarter, RecalculationTrigger
from esad_gateway.ais.saad.record import Source
from esad_gateway.audit.check import check
from esad_gateway.errors import NationalRefused, NotFound
from esad_gateway.national.guarantees import GuaranteeDesk, forecast_of, goods_of_forecast, guarantee_desk
from esad_gateway.store.batches import Batches
from esad_gateway.store.database import looking, writing
from esad_gateway.store.national.acts import acts_of
from esad_gateway.store.national.guarantees import settle
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, Box, Station, new_draft, new_report
from helpers.guarantees import beer, money
from helpers.saad import entered, entry, version

OFFICER = DoneBy(kind=ActorKind.OPERATOR, name="officer")
QUARTER = CalendarQuarter(year=2026, number=1)
DEPOSIT = GuaranteeAsked(
    kind=GuaranteeKind.DEPOSIT, amount=Decimal(5000), reference="P-1", since=date(2026, 1, 1), until=date(2026, 12, 31)
)


@dataclass(frozen=True)
class Secured:
    """A certified consignee in Lithuania whose goods come from Poland, and the desk of its guarantees."""

    box: Box
    lt: Station
    pl: Station
    desk: GuaranteeDesk

    def announce(self) -> str:
        """An e-SAD arrives; returns its ARC."""
        draft = new_draft(FOREIGN_CONSIGNOR, CONSIGNEE, self.pl.clock.at)
        assert not self.pl.take(self.box.signed(FOREIGN_CONSIGNOR, draft)).faults
        self.pl.deliver_to(self.lt)
        esad = self.lt.last(CONSIGNEE, "IE801")
        return str(esad.excise_movement.administrative_reference_code)

    def report(self) -> None:
        """The goods arrived."""
        report = new_report(self.lt.last(CONSIGNEE, "IE801"), self.lt.clock.at)
        assert self.lt.take(self.box.signed(CONSIGNEE, report)).faults == ()

    def decided(self, litres: int, **more: object) -> AmountAct:
        """The administration sets what a forecast of beer leads to."""
        asked = AmountAsked(goods=(beer(litres),), why="forecast", **more)  # type: ignore[arg-type]
        return self.desk.decide(CONSIGNEE, asked, OFFICER)

    def acts(self) -> list[str]:
        """What was done, in its order."""
        with looking(self.lt.runtime.store.reader) as driver:
            return [one.what for one in acts_of(driver) if one.by == OFFICER]


@pytest.fixture
def secured(box: Box, lt: Station, pl: Station) -> Secured:
    """One that has secured nothing yet."""
    runtime = lt.runtime
    desk = guarantee_desk(runtime.store, runtime.settings, lt.member.data.root, lambda: lt.clock.at)
    assert desk is not None
    return Secured(box, lt, pl, desk)


def test_esad_reserves_and_its_declaration_releases(secured: Secured) -> None:
    """The report of receipt does not; the ledger tells each moment, and the check of the store finds nothing."""
    secured.desk.add(DEPOSIT.guarantee(CONSIGNEE), OFFICER)
    before = secured.lt.clock.at
    secured.lt.clock.at += timedelta(minutes=1)
    arc = secured.announce()
    announced = secured.desk.statement(CONSIGNEE)
    secured.report()
    with writing(secured.lt.runtime.store.writer) as connection:
        at = secured.lt.clock.at + timedelta(minutes=1)
        assert settle(connection, CONSIGNEE, [arc], at, "2026-03") == [arc]

    (reserved,) = (one for one in announced.lines if one.subject == arc)
    assert (reserved.kind, announced.balance.reserved) == (EntryKind.RESERVED, reserved.amount)
    assert announced.balance.available == money(5000) - (reserved.amount or 0)
    assert secured.desk.statement(CONSIGNEE, before).balance.reserved == 0
    assert secured.desk.statement(CONSIGNEE).balance.reserved == reserved.amount
    assert secured.desk.statement(CONSIGNEE, at).balance.reserved == 0
    secured.lt.runtime.checkpoints.write()
    assert check(secured.lt.member.data).problems == ()


def test_every_act_is_kept_once_with_who_did_it(secured: Secured) -> None:
    """The same once more is the same, and leaves no trace of its own."""
    used = EntryAsked(kind=EntryKind.USED, amount=Decimal(100), guarantee=1, document="C-1")
    for _ in range(2):
        added = secured.desk.add(DEPOSIT.guarantee(CONSIGNEE), OFFICER)
        entry = secured.desk.change(CONSIGNEE, used.entry(secured.lt.clock.at), OFFICER)
        decision = secured.decided(1000)

    assert (added.number, entry.number, decision.number) == (1, 1, 1)
    assert secured.acts() == ["guarantee.added", "guarantee.changed", "amount.set"]
    assert secured.desk.holders() == [CONSIGNEE]
    assert secured.desk.statement(CONSIGNEE).decision == decision


def test_two_officials_at_once_and_the_second_is_told_what_stands(secured: Secured) -> None:
    """Whoever decides on what is not there any more has to look again."""
    secured.decided(1000, instead_of=0)
    with pytest.raises(NationalRefused) as refused:
        secured.decided(2000, instead_of=0)

    assert [fault.text.key for fault in refused.value.faults] == ["guarantee.fault.decided.text"]
    assert secured.decided(2000, instead_of=1).number == 2


def test_quarter_is_compared_with_what_was_received(secured: Secured) -> None:
    """Above the basis it is a candidate until an official decides; asked again it is the same."""
    decision = secured.decided(1)
    secured.announce()
    secured.report()
    secured.lt.clock.at = datetime(2026, 4, 10, 8, tzinfo=UTC)

    (first,), (again,) = (list(secured.desk.recalculated([CONSIGNEE], QUARTER, {})) for _ in range(2))
    (candidate,) = first.candidates
    assert first == again
    assert (candidate.trigger, candidate.set_before, candidate.ex_officio) == (
        RecalculationTrigger.ABOVE,
        decision,
        True,
    )

    asked = AmountAsked(amount=candidate.amount, basis=candidate.basis, instead_of=decision.number)
    secured.desk.decide(CONSIGNEE, asked, OFFICER)
    assert [one.candidates for one in secured.desk.recalculated([CONSIGNEE], QUARTER, {})] == [()]


def test_quarter_counts_what_was_entered_in_the_saad_list(secured: Secured) -> None:
    """RC-10 is about all that was received: papers and a wine document of the quarter, and none of the next one."""
    decision = secured.decided(1)
    days = (date(2026, 1, 5), date(2026, 3, 31), date(2026, 4, 1))
    papers = [entry(f"GR-{day}", received=day, dispatched=day) for day in days]
    wine = entry("MVV-1", source=Source.WINE, received=days[0], dispatched=days[0], in_warehouse=True)
    with Batches(secured.lt.runtime.store).work() as work:
        assert work.lock()
        work.saad.write(CONSIGNEE, [entered(version(one)) for one in (*papers, wine)])
    secured.lt.clock.at = datetime(2026, 4, 10, 8, tzinfo=UTC)

    (found,) = secured.desk.recalculated([CONSIGNEE], QUARTER, {})

    (candidate,) = found.candidates
    assert (candidate.trigger, candidate.set_before) == (RecalculationTrigger.ABOVE, decision)
    goods = ExciseGoods(product="W200", cn_code="22042109", quantity=Decimal(119), strength=Decimal("12.5"))
    assert candidate.basis == secured.desk.simulate([goods], SecuredShare.WHOLE, days[0]).basis


def test_quarter_below_is_a_candidate_when_the_trader_asks(secured: Secured) -> None:
    """Goods that this gateway does not know are told by whoever does."""
    secured.decided(1000)
    moved = {CONSIGNEE: [beer(2849)]}
    secured.lt.clock.at = datetime(2026, 4, 10, 8, tzinfo=UTC)

    assert [one.candidates for one in secured.desk.recalculated([CONSIGNEE], QUARTER, moved)] == [()]
    secured.desk.wish(CONSIGNEE, WishAsked(wish=AmountWish.LOWER), OFFICER)
    (found,) = secured.desk.recalculated([CONSIGNEE], QUARTER, moved)
    assert [one.trigger for one in found.candidates] == [RecalculationTrigger.BELOW]
    assert [one.candidates for one in secured.desk.recalculated([CONSIGNEE], QUARTER, {CONSIGNEE: [beer(2850)]})] == [
        ()
    ]


def test_other_goods_and_new_tariffs_are_looked_at_as_well(secured: Secured) -> None:
    """A forecast of last year has other duty this year; what is asked for has another one."""
    old = forecast_of([beer(1000)])
    of_2025 = AmountAct(
        seed=CONSIGNEE,
        kind=AmountActKind.SET,
        at=secured.lt.clock.at,
        basis=money("548.50"),
        amount=money("548.50"),
        forecast=old,
    )
    secured.desk.ask(of_2025, OFFICER)
    secured.desk.wish(CONSIGNEE, WishAsked(wish=AmountWish.GOODS, goods=(beer(3000),)), OFFICER)
    secured.lt.clock.at = datetime(2026, 4, 10, 8, tzinfo=UTC)

    (found,) = secured.desk.recalculated([CONSIGNEE], QUARTER, {CONSIGNEE: [beer(2500)]})
    assert [one.trigger for one in found.candidates] == [RecalculationTrigger.GOODS, RecalculationTrigger.TARIFFS]
    assert goods_of_forecast(old) == (beer(1000),)


def test_what_cannot_be_is_refused_and_nothing_is_written(secured: Secured) -> None:
    """A quarter that runs, goods without duty, numbers that nobody has."""
    with pytest.raises(NationalRefused, match="2026-03-31"):
        list(secured.desk.recalculated([CONSIGNEE], QUARTER, {}))
    with pytest.raises(NationalRefused):
        secured.desk.decide(CONSIGNEE, AmountAsked(goods=(beer("-1"),)), OFFICER)
    for ask in (
        lambda: secured.desk.statement("LT00000000999"),
        lambda: secured.desk.add(DEPOSIT.guarantee("LT00000000999"), OFFICER),
    ):
        with pytest.raises(NotFound):
            ask()

    assert secured.acts() == []


def test_simulation_keeps_nothing(secured: Secured) -> None:
    """The worked value of 2.5, a tenth of it."""
    found = secured.desk.simulate([beer(1000)], SecuredShare.TENTH, date(2025, 6, 1))

    assert (found.amount, secured.desk.holders()) == (money("54.85"), [])


def test_state_without_such_law_has_no_desk(pl: Station) -> None:
    """Poland has decided nothing."""
    runtime = pl.runtime
    assert guarantee_desk(runtime.store, runtime.settings, pl.member.data.root, lambda: pl.clock.at) is None


def test_decision_counts_though_the_clock_has_stepped_back(secured: Secured) -> None:
    """It is entered no earlier than the one that was seen, which would stand in front of it otherwise."""
    first = secured.decided(1000)
    secured.lt.clock.at -= timedelta(hours=1)
    second = secured.decided(2000, instead_of=first.number)

    for moved in (timedelta(0), timedelta(hours=3)):
        secured.lt.clock.at += moved
        standing = secured.desk.statement(CONSIGNEE).decision
        assert standing is not None
        assert standing.number == second.number
    assert second.at == first.at
