"""The ledger adds up at any moment, whatever stands in it and in whichever order it is handed in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.guarantees.guarantee import EntryKind, GuaranteeEntry
from esad_gateway.ais.guarantees.ledger import (
    Balance,
    balance,
    balance_at,
    ends,
    least_left,
    ledger,
    lines_until,
    open_reservations,
)
from helpers.guarantees import ARC, ZONE, at, deposit, entry, money

CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
MOMENTS = st.integers(0, 40).map(lambda hours: at(1) + timedelta(hours=hours))
SUBJECTS = st.sampled_from(["A", "B", "C"])
OF_MOVEMENTS = st.builds(
    GuaranteeEntry,
    kind=st.sampled_from([EntryKind.RESERVED, EntryKind.RELEASED]),
    amount=CENTS,
    at=MOMENTS,
    subject=SUBJECTS,
)
BY_HAND = st.builds(
    GuaranteeEntry,
    kind=st.sampled_from([EntryKind.RAISED, EntryKind.LOWERED, EntryKind.USED, EntryKind.SET_OFF, EntryKind.RETURNED]),
    amount=CENTS,
    at=MOMENTS,
    guarantee=st.just(1),
)
ENTRIES = st.lists(st.one_of(OF_MOVEMENTS, BY_HAND), max_size=12).map(
    lambda found: [replace(one, number=number) for number, one in enumerate(found, start=1)]
)


def test_story_of_a_deposit() -> None:
    """Given, reserved, released, partly used and ended: each moment has its own balance, also afterwards."""
    entries = [
        entry(EntryKind.RESERVED, "300.00", at(2)),
        entry(EntryKind.RELEASED, None, at(5)),
        entry(EntryKind.USED, "100.00", at(7)),
        entry(EntryKind.RAISED, "50.00", at(9)),
    ]
    held = [deposit()]

    told = [balance_at(held, entries, ZONE, moment) for moment in (at(1), at(3), at(6), at(8), at(10))]

    assert [(one.secured, one.reserved, one.used, one.available) for one in told] == [
        (money(1000), 0, 0, money(1000)),
        (money(1000), money(300), 0, money(700)),
        (money(1000), 0, 0, money(1000)),
        (money(1000), 0, money(100), money(900)),
        (money(1050), 0, money(100), money(950)),
    ]


def test_guarantee_ends_by_itself_with_what_is_left_of_it() -> None:
    """Its last day is over in the zone of the administration, and what was used stays used."""
    held, entries = [deposit(until=date(2026, 3, 31))], [entry(EntryKind.USED, "100.00", at(7))]
    over = datetime(2026, 3, 31, 21, tzinfo=UTC)

    assert balance_at(held, entries, ZONE, over - timedelta(seconds=1)).available == money(900)
    assert balance_at(held, entries, ZONE, over) == Balance(secured=money(100), used=money(100))
    assert ledger(held, entries, ZONE)[-1].amount == money(900)


def test_guarantee_without_an_end_never_ends() -> None:
    """It counts at the last moment that there is."""
    endless = deposit(until=None)

    assert ends(endless, ZONE) == datetime.max.replace(tzinfo=UTC)
    assert balance_at([endless], [], ZONE, ends(endless, ZONE)).available == money(1000)


def test_more_on_its_way_than_is_secured_is_shown_so() -> None:
    """What is available goes below zero."""
    assert balance_at([deposit()], [entry(EntryKind.RESERVED, "1500.00")], ZONE, at(21)).available == money(-500)


def test_reservation_that_is_made_anew_replaces_the_one_before() -> None:
    """As after a change of destination: the ledger shows that the first was released."""
    lines = ledger([], [entry(EntryKind.RESERVED, "300.00", at(2)), entry(EntryKind.RESERVED, "200.00", at(3))], ZONE)

    assert [(one.kind, one.amount) for one in lines] == [
        (EntryKind.RESERVED, money(300)),
        (EntryKind.RELEASED, money(300)),
        (EntryKind.RESERVED, money(200)),
    ]
    assert open_reservations(lines) == {ARC: money(200)}


def test_reservation_without_an_amount_is_as_large_as_the_last_one() -> None:
    """Goods that were refused come after all; of goods that nobody has assessed nothing is reserved."""
    again = entry(EntryKind.RESERVED, None, at(4))
    entries = [entry(EntryKind.RESERVED, "300.00", at(2)), entry(EntryKind.RELEASED, None, at(3)), again]

    assert open_reservations(ledger([], entries, ZONE)) == {ARC: money(300)}
    assert open_reservations(ledger([], [entry(EntryKind.UNASSESSED, None), again], ZONE)) == {}


def test_least_that_is_left_looks_ahead() -> None:
    """A later entry bounds what can be taken before it; the end of the guarantee does not."""
    entries = [entry(EntryKind.RAISED, "100.00", at(3)), entry(EntryKind.LOWERED, "700.00", at(10))]
    lines = ledger([deposit()], entries, ZONE)

    assert least_left(lines, 1, at(2)) == money(400)
    assert least_left(lines, 1, at(1, month=12)) == money(400)
    assert least_left(lines_until(lines, at(4)), 1, at(2)) == money(1000)


@given(ENTRIES, st.randoms(use_true_random=False), MOMENTS)
def test_order_in_which_entries_are_handed_in_does_not_matter(
    entries: list[GuaranteeEntry], chance: object, moment: datetime
) -> None:
    """Also of those at the same moment."""
    shuffled = sorted(entries, key=lambda _: chance.random())  # type: ignore[attr-defined]

    assert balance_at([deposit()], shuffled, ZONE, moment) == balance_at([deposit()], entries, ZONE, moment)


@given(ENTRIES, MOMENTS)
def test_balance_is_the_sum_of_the_lines_and_no_release_exceeds_its_reservation(
    entries: list[GuaranteeEntry], moment: datetime
) -> None:
    """At any moment, for every movement; the past does not change by what is written later."""
    lines = lines_until(ledger([deposit()], entries, ZONE), moment)
    known_then = [one for one in entries if one.at <= moment]
    now, reserved = balance(lines), open_reservations(lines)

    assert now == balance_at([deposit()], known_then, ZONE, moment)
    assert now.available == now.secured - now.reserved - now.used
    assert sum(reserved.values()) == now.reserved
    assert all(amount > 0 for amount in reserved.values())
