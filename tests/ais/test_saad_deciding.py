"""What an entry does to what stands: entered, corrected, unchanged, refused, withdrawn."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.saad.deciding import Corrected, Entered, Refused, Unchanged, Withdrawn, decide, withdraw
from esad_gateway.ais.saad.mechanism import SaadContext, SaadFacts
from esad_gateway.ais.saad.record import SaadEntry, SaadRecord, Status
from esad_gateway.ais.saad.rules import content_faults
from esad_gateway.texts import say
from helpers.saad_list import INVALID, VALID, entry_named, facts_of, judged, law, now, standing

WINE = entry_named("mvv-certified")
FACTS = facts_of(WINE)
LATER = now() + timedelta(days=3)

quantities = st.decimals(min_value="0.001", max_value="999999999999.999", places=3)
moments = st.datetimes(
    min_value=datetime(2026, 3, 6),  # noqa: DTZ001 - hypothesis wants the zone apart
    max_value=datetime(2026, 6, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
entries = st.builds(
    lambda quantity, day, document: replace(
        WINE, document=document, received=day, dispatched=day, lines=(replace(WINE.lines[0], quantity=quantity),)
    ),
    quantities,
    st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 6)),
    st.sampled_from([WINE.document, "VA-2026/0043"]),
)


def entered(entry: SaadEntry, moment: datetime | None = None) -> SaadRecord:
    """The first version of an entry."""
    decision = decide(entry, None, facts_of(entry), moment or now())
    assert isinstance(decision, Entered)
    return decision.record


def corrected(entry: SaadEntry, before: SaadRecord, moment: datetime | None = None) -> SaadRecord:
    """The version that an entry makes of a record that stands."""
    decision = decide(entry, before, facts_of(entry), moment or now())
    assert isinstance(decision, Corrected)
    return decision.record


def withdrawn(record: SaadRecord, moment: datetime | None = None) -> SaadRecord:
    """The version that says that a record stands no more."""
    decision = withdraw(record, facts_of(record.entry), moment or now())
    assert isinstance(decision, Withdrawn)
    return decision.record


def test_first_entry_is_the_first_version() -> None:
    """Received on Thursday and entered on Friday: in time, since Friday is the day on which it is due."""
    assert entered(WINE) == SaadRecord(
        entry=WINE,
        version=1,
        status=Status.ENTERED,
        late=False,
        due=date(2026, 3, 6),
        entered_at=now(),
        since=now(),
    )


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=lambda path: path.stem)
def test_faults_of_the_content_that_are_known_are_not_looked_for_again(path: Path) -> None:
    """Who has judged the content of an entry that day gets the same decision by handing over what was found."""
    case = judged(path)
    known = content_faults(case.entry, SaadContext(case.facts.law, case.facts.law.today(case.now)))
    again = decide(case.entry, case.standing, case.facts, case.now, content=known, made_from=case.made_from)
    assert again == case.decision()


def test_late_entry_is_taken_and_marked() -> None:
    """After the day on which it is due an entry is late, and taken."""
    record = entered(WINE, LATER)
    assert (record.status, record.late, record.due) == (Status.LATE, True, date(2026, 3, 6))


@pytest.mark.parametrize(
    ("moment", "late"),
    [(datetime(2026, 3, 6, 21, 59, 59, tzinfo=UTC), False), (datetime(2026, 3, 6, 22, tzinfo=UTC), True)],
)
def test_day_ends_at_midnight_in_vilnius(moment: datetime, *, late: bool) -> None:
    """It is Friday until 22:00 in UTC, in winter."""
    assert entered(WINE, moment).late is late


def test_correction_is_a_new_version() -> None:
    """A correction has no term: it is as late as the entry was that it goes back to."""
    first = entered(WINE)
    better = replace(WINE, lines=(replace(WINE.lines[0], shortage=Decimal(3)),))
    record = corrected(better, first, LATER)
    assert (record.entry, record.version, record.status) == (better, 2, Status.CORRECTED)
    assert (record.late, record.entered_at, record.since) == (False, LATER, now())
    assert first == entered(WINE)


def test_correction_of_the_day_moves_the_term() -> None:
    """With an earlier day of receipt the same entry was late, and a late one may turn out to have been in time."""
    first = entered(WINE)
    earlier = replace(WINE, received=date(2026, 3, 4))
    record = corrected(earlier, first, LATER)
    assert (record.status, record.late, record.due) == (Status.CORRECTED, True, date(2026, 3, 5))
    assert corrected(WINE, record, LATER).late is False


def test_document_written_otherwise_is_the_same_record() -> None:
    """Small letters and blanks make a correction, not a second record."""
    record = corrected(replace(WINE, document="va-2026/0042 "), entered(WINE))
    assert record.version == 2


def test_same_entry_again_changes_nothing() -> None:
    """What stands is not judged again, whatever became of the register since."""
    first = entered(WINE)
    gone = replace(FACTS, operators=())
    assert decide(WINE, first, gone, LATER) == Unchanged(first)
    same = replace(WINE, lines=(replace(WINE.lines[0], quantity=Decimal("900.000")),))
    assert decide(same, first, FACTS, LATER) == Unchanged(first)


def test_refusal_tells_every_fault() -> None:
    """Those of the register stand among those of the content, in the order of the entry; none of another's number."""
    wrong = replace(WINE, consignor="", lines=(replace(WINE.lines[0], product="S300", quantity=Decimal(0)),))
    own = decide(wrong, None, FACTS, now())
    others = decide(wrong, None, replace(FACTS, trader="LT00000000703"), now())
    assert isinstance(own, Refused)
    assert isinstance(others, Refused)
    assert [fault.rule for fault in own.faults] == ["SAAD-6", "SAAD-18", "SAAD-31", "SAAD-19", "SAAD-20"]
    assert [fault.rule for fault in others.faults] == ["SAAD-6", "SAAD-29", "SAAD-18", "SAAD-19", "SAAD-20"]


def test_refused_correction_leaves_what_stands() -> None:
    """A correction that is one of another document is told so, beside all else that is wrong with it."""
    wrong = replace(WINE, consignor="", lines=(replace(WINE.lines[0], product="E430", quantity=Decimal(0)),))
    decision = decide(wrong, entered(WINE), FACTS, now())
    assert isinstance(decision, Refused)
    told = [(fault.rule, fault.path) for fault in decision.faults]
    assert told == [
        ("SAAD-34", "document"),
        ("SAAD-6", "consignor"),
        ("SAAD-18", "lines[1].product"),
        ("SAAD-19", "lines[1].cn_code"),
        ("SAAD-20", "lines[1].quantity"),
        ("SAAD-21", "lines[1].strength"),
    ]


@pytest.mark.parametrize("made_from", [1, 3])
def test_correction_of_another_version_than_stands_is_refused(made_from: int) -> None:
    """It says which one stands and since when, by the clocks of the state; what says the same is unchanged."""
    second = corrected(replace(WINE, in_warehouse=True), entered(WINE), datetime(2026, 3, 6, 22, tzinfo=UTC))
    decision = decide(WINE, second, FACTS, LATER, made_from=made_from)

    assert isinstance(decision, Refused)
    (fault,) = decision.faults
    assert (fault.rule, fault.code, fault.path, fault.value) == ("SAAD-36", "92", "version", str(made_from))
    assert say(fault.hint).startswith("Version 2 (corrected) stands since 2026-03-07 00:00:00.")
    assert decide(second.entry, second, FACTS, LATER, made_from=made_from) == Unchanged(second)
    assert isinstance(decide(WINE, second, FACTS, LATER, made_from=2), Corrected)


def test_record_that_was_withdrawn_meanwhile_is_not_entered_again() -> None:
    """An entry that was made from the version before does not undo the withdrawal; a new document has no version."""
    gone = withdrawn(entered(WINE))
    decision = decide(WINE, gone, FACTS, LATER, made_from=1)

    assert isinstance(decision, Refused)
    assert [fault.rule for fault in decision.faults] == ["SAAD-36"]
    assert isinstance(decide(WINE, gone, FACTS, LATER, made_from=2), Entered)
    assert isinstance(decide(WINE, None, FACTS, LATER, made_from=1), Entered)


def test_temporary_authorisation_that_has_had_nothing() -> None:
    """Facts that say nothing of earlier receipts mean that there were none, and the whole quantity is left."""
    first = entry_named("fallback-temporary")
    facts = facts_of(first)
    assert isinstance(
        decide(first, None, SaadFacts(law=law(), trader=facts.trader, operators=facts.operators), now()), Entered
    )


def test_withdrawal_is_a_new_version() -> None:
    """What was entered stays to be read; the record stands no more."""
    first = entered(WINE, LATER)
    record = withdrawn(first, LATER)
    assert record == replace(first, version=2, status=Status.WITHDRAWN)
    assert withdraw(record, FACTS, LATER) == Unchanged(record)


def test_withdrawal_of_another_version_than_stands_is_refused() -> None:
    """Who has seen the first one does not take back the second."""
    second = corrected(replace(WINE, in_warehouse=True), entered(WINE), LATER)
    decision = withdraw(second, FACTS, LATER, made_from=1)

    assert isinstance(decision, Refused)
    assert [(fault.rule, fault.value) for fault in decision.faults] == [("SAAD-36", "1")]
    assert isinstance(withdraw(second, FACTS, LATER, made_from=2), Withdrawn)


@pytest.mark.parametrize("record", [None, standing(WINE)])
def test_withdrawal_of_what_is_not_there(record: SaadRecord | None) -> None:
    """What was never entered, or by somebody else, cannot be withdrawn."""
    decision = withdraw(record, replace(FACTS, trader="LT00000000703"), now())
    assert isinstance(decision, Refused)
    assert [(fault.rule, fault.code, fault.path) for fault in decision.faults] == [("SAAD-35", "92", "document")]


def test_withdrawn_record_is_entered_again() -> None:
    """It is a version more, and counts from the day on which it is entered again."""
    gone = withdrawn(entered(WINE))
    decision = decide(WINE, gone, FACTS, LATER)
    assert isinstance(decision, Entered)
    record = decision.record
    assert (record.version, record.status, record.late, record.since) == (3, Status.LATE, True, LATER)


@given(entries, moments)
def test_deciding_twice_is_deciding_once(entry: SaadEntry, moment: datetime) -> None:
    """What was taken stands: the same entry changes nothing any more, at whatever moment it comes again."""
    record = entered(entry, moment)
    assert decide(entry, record, facts_of(entry), moment + timedelta(days=40)) == Unchanged(record)


@given(entries, moments)
def test_lateness_is_a_matter_of_days(entry: SaadEntry, moment: datetime) -> None:
    """A receipt is due on a working day after it, and late when the day there is a later one."""
    record = entered(entry, moment)
    assert record.due > entry.received
    assert law().calendar.works_on(record.due)
    between = range(1, (record.due - entry.received).days)
    assert not any(law().calendar.works_on(entry.received + timedelta(days=day)) for day in between)
    assert record.late is (law().today(moment) > record.due)
    assert record.status is (Status.LATE if record.late else Status.ENTERED)


@given(st.lists(st.tuples(st.booleans(), entries), max_size=6), moments)
def test_versions_count_on(steps: list[tuple[bool, SaadEntry]], moment: datetime) -> None:
    """However a record is entered, corrected and withdrawn, its versions count on, one document a record."""
    versions = [entered(WINE, moment)]
    for taken_back, entry in steps:
        last = versions[-1]
        facts = facts_of(entry)
        decision = withdraw(last, facts, moment) if taken_back else decide(entry, last, facts, moment)
        if isinstance(decision, Refused):
            assert entry.key != last.entry.key
        elif decision.record is not last:
            versions.append(decision.record)
    assert [record.version for record in versions] == list(range(1, len(versions) + 1))
    gone = [record.status is Status.WITHDRAWN for record in versions]
    assert not any(one and other for one, other in pairwise(gone))
