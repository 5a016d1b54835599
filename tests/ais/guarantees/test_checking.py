"""What is wrong with guarantees and entries is told at once, each with its requirement; every case breaks one thing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from esad_gateway.ais.guarantees.checking import (
    NAMES,
    GuaranteeStanding,
    conflict,
    faults_of_amount,
    faults_of_entry,
    faults_of_guarantee,
    quarter_runs,
    written_before,
)
from esad_gateway.ais.guarantees.guarantee import (
    AmountAct,
    AmountActKind,
    EntryKind,
    Guarantee,
    GuaranteeEntry,
    GuaranteeKind,
    SecuredShare,
)
from esad_gateway.faults import Fault
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from esad_gateway.texts import in_every_language
from helpers.guarantees import NOW, ZONE, at, decided, deposit, entry, money

LAW = GUARANTEES
SURETY = deposit(kind=GuaranteeKind.SURETY, reference="S-1", number=2)

NEW: dict[str, tuple[str, Guarantee]] = {
    "amount": ("RC-8", deposit("0", number=0, reference="P-2")),
    "decimals": ("RC-8", deposit("10.001", number=0, reference="P-2")),
    "currency": ("RC-8", deposit(number=0, reference="P-2", currency="PLN")),
    "reference": ("RC-7", deposit(number=0, reference="", kind=GuaranteeKind.DOCUMENT)),
    "until": ("RC-8", deposit(number=0, reference="P-2", until=date(2025, 12, 31))),
    "long": ("RC-8", deposit(number=0, reference="P" * 141)),
    "overlap": ("RC-8", deposit("2000.00", number=0, since=date(2026, 12, 31), until=None)),
}
ENTRIES: dict[str, tuple[str, GuaranteeEntry]] = {
    "kind": ("RC-9", entry(EntryKind.EXPIRED, "1.00")),
    "future": ("RC-9", entry(EntryKind.USED, "1.00", at(21))),
    "not_reserved": ("RC-9", entry(EntryKind.RELEASED, None, subject="another")),
    "release": ("RC-9", entry(EntryKind.RELEASED, "300.01")),
    "unknown": ("RC-10", entry(EntryKind.RAISED, "1.00", guarantee=7)),
    "before": ("RC-10", entry(EntryKind.RAISED, "1.00", at(31, month=12).replace(year=2025))),
    "after": ("RC-10", entry(EntryKind.RAISED, "1.00", guarantee=3)),
    "no_deposit": ("DEC-5", entry(EntryKind.SET_OFF, "1.00", guarantee=2)),
    "left": ("RC-9", entry(EntryKind.USED, "1000.01")),
    "subject": ("RC-10", entry(EntryKind.LOWERED, "1.00", subject="")),
}
AMOUNTS: dict[str, tuple[str, AmountAct, int | None]] = {
    "required": ("RC-5", decided("-0.001"), None),
    "decimals": ("RC-6", decided("1.001", "1.001", share=SecuredShare.TENTH), None),
    "forecast": ("RC-10", decided(None, kind=AmountActKind.ASKED_GOODS), None),
    "decided": ("RC-10", decided("1.00"), 3),
}
STANDING = GuaranteeStanding(
    guarantees=(deposit(), SURETY, deposit(number=3, reference="P-3", until=date(2026, 2, 1))),
    entries=(entry(EntryKind.RESERVED, "300.00", at(2)),),
    zone=ZONE,
    now=NOW,
)


@pytest.mark.parametrize("name", NEW)
def test_guarantee_that_breaks_one_thing(name: str) -> None:
    """One fault, of its requirement, at its field, with a sentence in every language."""
    rule, broken = NEW[name]

    _only(faults_of_guarantee(broken, [deposit()], LAW), rule, name)


@pytest.mark.parametrize("name", ENTRIES)
def test_entry_that_breaks_one_thing(name: str) -> None:
    """The same of entries by hand."""
    rule, broken = ENTRIES[name]

    _only(faults_of_entry(broken, STANDING, LAW), rule, name)


@pytest.mark.parametrize("name", AMOUNTS)
def test_decision_that_breaks_one_thing(name: str) -> None:
    """The same of what is asked and decided about the amount."""
    rule, broken, instead_of = AMOUNTS[name]

    _only(faults_of_amount(broken, decided("900.00", number=4), instead_of, LAW), rule, name)


def test_first_decision_stands_instead_of_none() -> None:
    """Whoever saw none says 0; a decision has an amount."""
    assert faults_of_amount(decided("1.00", "0.00"), None, 0, LAW) == ()
    assert faults_of_amount(decided("1.00"), decided("2.00", number=4), 4, LAW) == ()
    _only(faults_of_amount(decided("1.00"), None, 4, LAW), "RC-10", "decided")
    _only(faults_of_amount(replace(decided("1.00"), amount=None), None, None, LAW), "RC-5", "required")


def test_quarter_that_runs_is_told_with_its_last_day() -> None:
    """And the present day."""
    _only(quarter_runs("2026-Q1", date(2026, 3, 31), date(2026, 3, 31)), "RC-10", "quarter")


def test_every_fault_there_is_has_a_case() -> None:
    """Besides the one of an entry that contradicts another, and of a quarter."""
    assert {*NEW, *ENTRIES, *AMOUNTS, "again", "quarter"} == set(NAMES)


def test_all_faults_are_told_at_once() -> None:
    """Amount, currency and end."""
    broken = deposit("-1", currency="USD", until=date(2025, 1, 1), reference="")

    assert [fault.path for fault in faults_of_guarantee(broken, [], LAW)] == [
        "amount",
        "currency",
        "reference",
        "until",
    ]


def test_texts_have_a_bound_everywhere() -> None:
    """What a document is called, and why something is done; what is told of it is short as well."""
    long = replace(entry(EntryKind.USED, "1.00", subject="D" * 141), why="w" * 1001)
    asked = replace(decided("1.00"), why="w" * 1001)

    found = (*faults_of_entry(long, STANDING, LAW), *faults_of_amount(asked, None, None, LAW))
    assert [(one.path, len(one.value or "")) for one in found] == [("subject", 141), ("why", 1001), ("why", 1001)]
    exact = replace(entry(EntryKind.USED, "1.00", subject="D" * 140), why="w" * 1000)
    assert faults_of_entry(exact, STANDING, LAW) == ()


def test_nothing_below_zero_is_not_zero() -> None:
    """It would be kept as it is written, and two decisions of nothing would not look the same."""
    _only(faults_of_amount(decided("-0"), None, None, LAW), "RC-5", "required")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "1E+13"])
def test_amount_that_is_none(amount: str) -> None:
    """What no account holds."""
    assert [one.path for one in faults_of_guarantee(deposit(amount, reference="P-2"), [], LAW)] == ["amount"]


def test_change_without_an_amount_is_told_so() -> None:
    """Only a release may leave it out; a reservation names its movement as well."""
    _only(faults_of_entry(entry(EntryKind.USED, None), STANDING, LAW), "RC-9", "amount")

    found = faults_of_entry(entry(EntryKind.RESERVED, None, subject=""), STANDING, LAW)
    assert [(one.rule, one.path) for one in found] == [("RC-5", "amount"), ("RC-5", "subject")]


@pytest.mark.parametrize(
    "good",
    [
        entry(EntryKind.USED, "1000.00"),
        entry(EntryKind.RAISED, "1.00"),
        entry(EntryKind.RESERVED, "1.00"),
        entry(EntryKind.SET_OFF, "0.01", at(1)),
        entry(EntryKind.RELEASED, None),
        entry(EntryKind.RELEASED, "300.00"),
        entry(EntryKind.RETURNED, "1000.00", guarantee=2),
    ],
)
def test_entry_in_which_nothing_is_wrong(good: GuaranteeEntry) -> None:
    """The whole of what is left may be taken."""
    assert faults_of_entry(good, STANDING, LAW) == ()


def test_release_comes_once() -> None:
    """The second finds nothing reserved."""
    once = replace(STANDING, entries=(*STANDING.entries, entry(EntryKind.RELEASED, None, at(3))))

    _only(faults_of_entry(entry(EntryKind.RELEASED, None), once, LAW), "RC-9", "not_reserved")


def test_guarantee_without_an_end_takes_entries_at_any_time() -> None:
    """Nothing is after it; the next paper of another name stands beside it."""
    endless = deposit(until=None)

    assert faults_of_entry(entry(EntryKind.USED, "1.00"), replace(STANDING, guarantees=(endless,)), LAW) == ()
    assert faults_of_guarantee(deposit(reference="P-9"), [endless], LAW) == ()
    assert faults_of_guarantee(deposit(since=date(2027, 1, 1), until=None), [deposit()], LAW) == ()


def test_same_document_again_is_the_same_entry_or_a_conflict() -> None:
    """Two officials at once: the second is told what stands."""
    known = entry(EntryKind.USED, "10.00", number=4)
    standing = replace(STANDING, entries=(*STANDING.entries, known))

    assert written_before(entry(EntryKind.USED, "20.00"), standing) == known
    assert written_before(entry(EntryKind.USED, "20.00", subject="D-2"), standing) is None
    assert written_before(entry(EntryKind.RELEASED, None), standing) is None
    _only(conflict(entry(EntryKind.USED, "20.00"), known), "RC-9", "again")


def test_amounts_of_the_largest_size_are_kept_exactly() -> None:
    """To the cent."""
    assert faults_of_guarantee(deposit("9999999999999.99", reference="P-2"), [], LAW) == ()
    assert money("9999999999999.99") == Decimal(999999999999999) / 100


def test_days_on_which_a_guarantee_counts() -> None:
    """Both ends are included."""
    held = deposit()

    assert [held.counts_on(date(2026, 1, 1)), held.counts_on(date(2026, 12, 31))] == [True, True]
    assert [held.counts_on(date(2025, 12, 31)), held.counts_on(date(2027, 1, 1))] == [False, False]
    assert deposit(until=None).counts_on(date.max)


def _only(found: tuple[Fault, ...], rule: str, name: str) -> None:
    (fault,) = found
    assert (fault.rule, fault.text.key, fault.hint.key) == (
        rule,
        f"guarantee.fault.{name}.text",
        f"guarantee.fault.{name}.hint",
    )
    english, lithuanian = in_every_language(fault.text).values()
    assert english != lithuanian
