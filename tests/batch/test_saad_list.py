"""The SAAD list entered, corrected and withdrawn one record at a time; it is a national list, and no message leaves."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from esad_gateway.ais.saad.record import SaadEntry, Source, Status
from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.errors import NotFound
from esad_gateway.faults import Said
from esad_gateway.ports.batches import RowOutcome
from helpers.batches import Office
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Station
from helpers.saad import entry

TODAY = NOW.date()
TEMPORARY = "LT00000000309"


def recent(document: str = "GR-1", **values: object) -> SaadEntry:
    """An entry of yesterday's receipt."""
    days = {"dispatched": TODAY - timedelta(days=3), "received": TODAY - timedelta(days=1)}
    return entry(document, **{"source": Source.FALLBACK, **days, **values})


def test_entry_is_kept_and_entered_again_is_unchanged(office: Office) -> None:
    """The same document of the same consignor is one record."""
    first = office.saad.enter(CONSIGNEE, recent())
    again = office.saad.enter(CONSIGNEE, recent())

    assert (first.outcome, again.outcome) == (RowOutcome.TAKEN, RowOutcome.UNCHANGED)
    assert first.record is not None
    assert again.record == first.record
    assert office.records() == [first.record]


def test_correction_and_withdrawal_keep_every_version(office: Office) -> None:
    """The oldest first, each as it was."""
    kept = office.saad.enter(CONSIGNEE, recent()).record
    assert kept is not None
    corrected = office.saad.correct(CONSIGNEE, kept.id, recent(in_warehouse=True))
    withdrawn = office.saad.withdraw(CONSIGNEE, kept.id)
    again = office.saad.withdraw(CONSIGNEE, kept.id)

    outcomes = (corrected.outcome, withdrawn.outcome, again.outcome)
    assert outcomes == (RowOutcome.CORRECTED, RowOutcome.WITHDRAWN, RowOutcome.UNCHANGED)
    versions = office.saad.versions(CONSIGNEE, kept.id)
    assert [one.record.status for one in versions] == [Status.ENTERED, Status.CORRECTED, Status.WITHDRAWN]
    assert [one.record.entry.in_warehouse for one in versions] == [False, True, True]


def test_withdrawn_record_is_entered_again_and_said_so(office: Office) -> None:
    """By a correction of it, or as any document; not as another document, whose record it is not."""
    kept = office.saad.enter(CONSIGNEE, recent()).record
    assert kept is not None
    office.saad.withdraw(CONSIGNEE, kept.id)
    other = office.saad.correct(CONSIGNEE, kept.id, recent("GR-2"))
    corrected = office.saad.correct(CONSIGNEE, kept.id, recent(in_warehouse=True))
    office.saad.withdraw(CONSIGNEE, kept.id)
    entered = office.saad.enter(CONSIGNEE, recent())
    changed = office.saad.correct(CONSIGNEE, kept.id, recent(in_warehouse=True))

    assert (other.outcome, [fault.rule for fault in other.faults]) == (RowOutcome.REFUSED, ["SAAD-34"])
    again, told = RowOutcome.TAKEN, Said("saads.again")
    assert [(one.outcome, one.said) for one in (corrected, entered)] == [(again, told), (again, told)]
    assert (changed.outcome, changed.said) == (RowOutcome.CORRECTED, None)
    assert {one.id for one in office.records()} == {kept.id}


def test_correction_of_another_document_is_refused(office: Office) -> None:
    """A record is about one document; another one is entered by itself."""
    kept = office.saad.enter(CONSIGNEE, recent()).record
    assert kept is not None

    refused = office.saad.correct(CONSIGNEE, kept.id, recent("GR-2"))

    assert refused.outcome is RowOutcome.REFUSED
    assert [fault.rule for fault in refused.faults] == ["SAAD-34"]
    assert office.records() == [kept]


def test_record_of_another_trader_does_not_exist(office: Office) -> None:
    """Whatever is asked of it."""
    kept = office.saad.enter(CONSIGNEE, recent()).record
    assert kept is not None

    for ask in (
        office.saad.versions,
        office.saad.withdraw,
        lambda trader, id_: office.saad.correct(trader, id_, recent()),
    ):
        with pytest.raises(NotFound, match="no record"):
            ask(CONSIGNOR, kept.id)
    assert office.records(CONSIGNOR) == []


def test_no_message_leaves(office: Office, lt: Station) -> None:
    """The administrations exchange these data by other means (FBK-3)."""
    office.saad.enter(CONSIGNEE, recent())

    assert [lt.rows(name) for name in ("outbox", "message", "document", "movement")] == [[], [], [], []]


def test_temporary_authorisation_is_used_up_by_what_was_entered(office: Office) -> None:
    """What one record has taken is not there for the next; a withdrawn one gives it back (BR052, CCE-6)."""
    office.runtime.registry.add_operators([(limited(Decimal(200)), {}, ())])
    own = {"consignee": TEMPORARY, "capacity": OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}

    first = office.saad.enter(TEMPORARY, recent("GR-1", **own))
    second = office.saad.enter(TEMPORARY, recent("GR-2", **own))
    assert first.record is not None
    office.saad.withdraw(TEMPORARY, first.record.id)
    third = office.saad.enter(TEMPORARY, recent("GR-2", **own))

    assert (first.outcome, second.outcome, third.outcome) == (RowOutcome.TAKEN, RowOutcome.REFUSED, RowOutcome.TAKEN)
    assert [fault.rule for fault in second.faults] == ["SAAD-33"]


def test_what_others_are_authorised_for_is_not_told(office: Office) -> None:
    """Who enters goods for another number learns that it is not its own, and nothing of what that one may receive."""
    office.runtime.registry.add_operators([(limited(Decimal(200)), {}, ())])
    own = {"consignee": TEMPORARY, "capacity": OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}
    office.saad.enter(TEMPORARY, recent("GR-1", **own))

    refused = office.saad.enter(CONSIGNEE, recent("GR-2", **own))

    assert [fault.rule for fault in refused.faults] == ["SAAD-29"]


def test_rules_of_messages_count_what_was_entered(office: Office) -> None:
    """A receipt in the list takes up a temporary authorisation as an e-SAD does, once, until it is withdrawn."""
    office.runtime.registry.add_operators([(limited(Decimal(500)), {}, ())])
    own = {"consignee": TEMPORARY, "capacity": OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}
    answers = [office.saad.enter(TEMPORARY, recent(number, **own)) for number in ("GR-1", "GR-2")]
    record = answers[0].record
    assert record is not None
    more = replace(record.record.entry.lines[0], quantity=Decimal(150))
    office.saad.correct(TEMPORARY, record.id, recent("GR-1", **own, lines=(more,)))
    both = taken_up(office)
    office.saad.withdraw(TEMPORARY, record.id)

    one = record.record.entry.lines[0].quantity
    assert both == (2, one + 150)
    assert taken_up(office) == (1, one)


def taken_up(office: Office) -> tuple[int, Decimal]:
    """How many receipts, and of how much wine, the register counts for the temporary consignee."""
    with office.batches.work() as work:
        ledger = work.facts({TEMPORARY}).ledger
    return ledger.movements_under[TEMPORARY], ledger.used[TEMPORARY, "W200"]


def limited(quantity: Decimal) -> Operator:
    """A temporary certified consignee that may receive so much wine."""
    return Operator(
        seed=TEMPORARY,
        name="Laikinasis",
        operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        office="LT001000",
        valid_from=date(2026, 1, 1),
        products=frozenset({"W200"}),
        temporary=TemporaryAuthorisation(reusable=True, quantities={"W200": quantity}),
    )


def test_list_is_told_page_by_page(office: Office) -> None:
    """All of it, however many are read at once."""
    for number in range(5):
        office.saad.enter(CONSIGNEE, recent(f"GR-{number}"))

    assert [one.record.entry.document for one in office.records(limit=2)] == [f"GR-{number}" for number in range(5)]
