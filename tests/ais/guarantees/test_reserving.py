"""Reservations: what national law notes of an e-SAD for one of our consignees, and of what becomes of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from esad_gateway.ais.guarantees.guarantee import EntryKind, GuaranteeEntry
from esad_gateway.ais.guarantees.ledger import ledger, open_reservations
from esad_gateway.ais.guarantees.noted import RESERVATION, entry_of_note
from esad_gateway.ais.guarantees.reserving import DutyReservations
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt as Conclusion
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.law import LegalCase
from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.procedure import Answer
from esad_gateway.emcs.rules.mechanism import Context
from esad_gateway.profiles.lithuania.tariffs import DUTY
from helpers.guarantees import ZONE
from helpers.playbook import ARC, NOW
from helpers.protocol import CONSIGNEE, receipt, way_back
from helpers.samples import draft
from helpers.state import State

LAW = DutyReservations(DUTY)
BINDING = {StatusType.ACCEPTED, StatusType.DELIVERED, StatusType.PARTIALLY_REFUSED}


def states() -> tuple[State, State, IE801]:
    """A consignor's state, that of the consignee, which reserves, and the e-SAD on its way between them."""
    lt, pl = State("LT"), State("PL")
    pl.known.profile = replace(pl.known.profile, law=LAW)
    sent = lt.trader(draft({"ead_esad_draft.date_of_dispatch": NOW.date()}))
    return lt, pl, next(issue.message for issue in sent.issues if isinstance(issue.message, IE801))


def told(*answers: Answer) -> list[GuaranteeEntry]:
    """The entries that follow from answers, all of them about the consignee's security."""
    notes = [note for answer in answers for note in answer.effects]
    assert {(note.kind, note.subject, note.arc) for note in notes} <= {(RESERVATION, CONSIGNEE, ARC)}
    return [entry_of_note(note.arc, note.values, NOW, number) for number, note in enumerate(notes)]


def test_esad_reserves_the_duty_on_its_goods() -> None:
    """At the tariffs of the day, in cents, once: the same e-SAD again, and the consignor's side, reserve nothing."""
    lt, pl, esad = states()
    beer = replace(
        esad.body_ead_esad[0],
        excise_product_code="B000",
        cn_code="22030001",
        quantity=Decimal(1000),
        alcoholic_strength_by_volume_in_percentage=Decimal("5.0"),
        degree_plato=None,
    )
    alone = replace(esad, body_ead_esad=(beer,))
    first, again = pl.peer(alone), pl.peer(replace(alone, header=replace(esad.header, message_identifier="OTHER")))
    lt.known.profile = replace(lt.known.profile, law=LAW)

    (entry,) = told(first)
    day = NOW.date().isoformat()
    (rate,) = (
        one for one in DUTY.rates if one.tariff == "beer" and one.use is None and str(one.first) <= day <= str(one.last)
    )
    assert (entry.kind, entry.amount, entry.why) == (EntryKind.RESERVED, rate.parts[0].figure * 50, day)
    assert told(again) == []
    assert lt.peer(replace(receipt(), header=esad.header)).effects == ()


def test_goods_that_cannot_be_assessed_leave_a_mark_and_the_message_is_taken() -> None:
    """The tariff of that day was not found: nothing is reserved, and it is said why."""
    _, pl, esad = states()
    cigarettes = replace(esad.body_ead_esad[0], excise_product_code="T200", cn_code="24022090")
    answer = pl.peer(replace(esad, body_ead_esad=(cigarettes,)))

    (entry,) = told(answer)
    assert answer.faults == ()
    assert (entry.kind, entry.amount) == (EntryKind.UNASSESSED, None)
    assert entry.why == "goods[1].product: duty.day.text"
    assert open_reservations(ledger((), [entry], ZONE)) == {}


def test_refusal_releases_at_once_and_a_receipt_does_not() -> None:
    """What was received is secured until its duty is declared."""
    whole = receipt(Conclusion.REFUSED)
    lines = (replace(one, refused_quantity=None) for one in whole.body_report_of_receipt_export)
    refusal = replace(whole, body_report_of_receipt_export=tuple(lines))
    for report, kinds in ((refusal, [EntryKind.RELEASED]), (receipt(Conclusion.ACCEPTED_AND_SATISFACTORY), [])):
        _, pl, esad = states()
        pl.peer(esad)
        answer = pl.trader(report)
        assert answer.faults == ()
        assert [one.kind for one in told(answer)] == kinds


def test_goods_that_go_back_are_released_once() -> None:
    """The consignor's report about them changes nothing for the consignee."""
    lt, pl, esad = states()
    pl.peer(esad)
    change = next(issue.message for issue in lt.trader(way_back()).issues)
    (entry,) = told(pl.peer(change))

    assert (entry.kind, entry.amount) == (EntryKind.RELEASED, None)


@pytest.mark.parametrize("state", sorted(set(StatusType) - BINDING))
def test_every_other_end_releases_and_a_way_back_to_it_reserves_again(state: StatusType) -> None:
    """As after an interruption, or a refusal that is followed by another place of the same consignee."""
    movement, esad = _movement()
    ended, back = (
        _effects(esad, movement, replace(movement, state=state)),
        _effects(esad, replace(movement, state=state), movement),
    )

    assert [(one.kind, one.amount) for one in ended] == [(EntryKind.RELEASED, None)]
    assert [(one.kind, one.amount, one.why) for one in back] == [(EntryKind.RESERVED, None, "IE801")]
    delivered = replace(movement, state=StatusType.DELIVERED)
    assert _effects(esad, replace(movement, state=state), delivered) == []


def test_other_consignee_is_released_and_the_new_one_is_to_be_assessed() -> None:
    """Should a state let a change of destination name one: the security of neither is bound for the other."""
    movement, esad = _movement()
    moved = replace(movement, consignee="PL00000000301")

    assert [one.kind for one in _effects(esad, movement, moved)] == [EntryKind.RELEASED, EntryKind.UNASSESSED]


def test_law_asks_for_nothing_and_refuses_nothing() -> None:
    """So it costs a message no look-up."""
    movement, esad = _movement()

    assert (list(LAW.asks(esad)), list(LAW.faults(esad, _case(movement)))) == ([], [])


def test_message_about_a_movement_that_never_came_reserves_nothing() -> None:
    """A status request may make one that is known by its number alone."""
    movement, _ = _movement()

    assert list(LAW.effects(receipt(), movement, _case(None))) == []


def _movement() -> tuple[Movement, IE801]:
    _, pl, esad = states()
    pl.peer(esad)
    return pl.movement, esad


def _case(before: Movement | None) -> LegalCase:
    return LegalCase(context=Context(now=NOW, profile=State("PL").known.profile), movement=before)


def _effects(message: IE801, before: Movement, after: Movement) -> list[GuaranteeEntry]:
    notes = LAW.effects(message, after, _case(before))
    return [entry_of_note(note.arc, note.values, NOW, number) for number, note in enumerate(notes)]
