"""Cover that ends is told before, and has to be replaced within ten working days (RC-13 b, RC-14)."""

from datetime import date

from esad_gateway.ais.board.item import DueKind
from esad_gateway.ais.guarantees.checking import GuaranteeStanding
from esad_gateway.ais.guarantees.cover import SecurityCover, cover_on, due_securities
from esad_gateway.ais.guarantees.guarantee import AmountAct, Guarantee
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from helpers.guarantees import NOW, SEED, ZONE, decided, deposit, money

CALENDAR = Calendar(zone=ZONE)
FIRST = deposit(until=date(2026, 3, 31))
NEXT = deposit(number=2, reference="P-2", since=date(2026, 4, 1), until=None)
SMALL = deposit("400.00", number=2, reference="P-2", since=date(2026, 4, 1), until=None)
LAPSE = date(2026, 3, 31)
RENEWAL = date(2026, 4, 14)


def cover(day: date, *held: Guarantee, decision: AmountAct | None = None) -> SecurityCover:
    """The cover by some guarantees when a day is over."""
    return cover_on(SEED, day, _standing(*held), decision, GUARANTEES, CALENDAR)


def told(day: date, *held: Guarantee, decision: AmountAct | None = None) -> list[tuple[str, date, date]]:
    """What the board is told on a day: which security, when it ends, and until when another one is due."""
    items = list(due_securities(SEED, day, _standing(*held), decision, GUARANTEES, CALENDAR))
    assert {(one.kind, one.seed, one.end.term.rule) for one in items} <= {(DueKind.SECURITY, SEED, "RC-14")}
    return [(one.about, one.since, one.end.day) for one in items]


def test_cover_lapses_with_its_last_day_and_is_due_ten_working_days_later() -> None:
    """Until then it is all there."""
    before, after = cover(date(2026, 3, 30), FIRST), cover(LAPSE, FIRST)

    assert (before.covered, before.balance.left, before.lapse, before.renewal) == (True, money(1000), None, None)
    assert (after.covered, after.balance.left, after.lapse) == (False, money(0), FIRST)
    assert after.renewal
    assert after.renewal.day == RENEWAL


def test_cover_goes_on_where_another_guarantee_follows() -> None:
    """On the very next day."""
    assert cover(LAPSE, FIRST, NEXT).covered
    assert not cover(LAPSE, FIRST, deposit(number=2, reference="P-2", since=date(2026, 4, 2))).covered


def test_less_than_is_required_is_no_cover() -> None:
    """What is missing is said; where nothing has ended there is no lapse, and still too little."""
    short = cover(LAPSE, FIRST, SMALL, decision=decided("500.00", "500.00"))
    never = cover(date(2026, 4, 2), SMALL, decision=decided("500.00", "500.00"))

    assert (short.missing, short.lapse, short.covered) == (money(100), FIRST, False)
    assert (never.missing, never.lapse, never.covered) == (money(100), None, False)
    assert cover(LAPSE, FIRST, SMALL, decision=decided("400.00", "400.00")).covered


def test_who_is_exempt_needs_no_cover() -> None:
    """Nothing is required, so nothing lapses."""
    assert cover(LAPSE, FIRST, decision=decided("500.00", "0.00")).covered


def test_end_is_told_a_month_before_and_stays_until_it_is_replaced() -> None:
    """Also when the term is over: then an official may act (RC-13)."""
    item = ("P-1", LAPSE, RENEWAL)

    assert told(date(2026, 2, 28), FIRST) == []
    assert told(date(2026, 3, 1), FIRST) == [item]
    assert told(date(2026, 5, 1), FIRST) == [item]
    assert told(date(2026, 5, 1), FIRST, NEXT) == []


def test_each_end_within_the_notice_is_told_once() -> None:
    """Of two that follow each other, the one behind which there is nothing."""
    short = deposit(number=2, reference="P-2", since=date(2026, 4, 1), until=date(2026, 4, 10))

    assert told(date(2026, 3, 20), FIRST, short) == [("P-2", date(2026, 4, 10), date(2026, 4, 24))]
    assert told(date(2026, 3, 20), NEXT) == []


def _standing(*held: Guarantee) -> GuaranteeStanding:
    return GuaranteeStanding(guarantees=held, entries=(), zone=ZONE, now=NOW)
