"""Rooms 3 to 8: what becomes of a document, and what stands in the store afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode, OriginTypeCode
from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.messages import IE704, IE801, IE810, IE815, IE818, IE906, IE917, Message, ie810
from esad_gateway.emcs.messages.groups import MovementReference
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.registry import OperatorType, TemporaryAuthorisation
from esad_gateway.errors import EsadError, IdentifierReused, NotDecided, SignerNotAllowed
from esad_gateway.identities import header
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.simulator.drafts import read
from esad_gateway.xml.binding import Binder
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    NOW,
    SECOND_CONSIGNOR,
    Box,
    HandClock,
    Station,
    edited,
    new_draft,
    new_report,
)
from helpers.samples import evolve

DESTINATION_TYPE = "header_ead_esad.destination_type_code"
TO_TEMPORARY = DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE

NOWHERE = ARC.issue(2026, MemberState("LT"), "9" * 15).value
"""An ARC that nobody has issued."""


def accepted(answer: Receipt | EsadError) -> Receipt:
    """An answer that must be an acceptance."""
    assert isinstance(answer, Receipt), answer
    assert answer.outcome is Outcome.ACCEPTED, answer.faults
    return answer


def sent(box: Box, station: Station, consignor: str = CONSIGNOR, consignee: str = FOREIGN_CONSIGNEE) -> IE801:
    """The e-SAD of a draft that was accepted."""
    accepted(station.take(box.signed(consignor, new_draft(consignor, consignee))))
    e_sad = station.last(consignor)
    assert isinstance(e_sad, IE801)
    return e_sad


def arrived(box: Box, origin: Station, destination: Station) -> IE801:
    """An e-SAD from Poland that has arrived in Lithuania."""
    e_sad = sent(box, origin, FOREIGN_CONSIGNOR, CONSIGNEE)
    assert origin.deliver_to(destination) == [DeliveryOutcome.ACCEPTED]
    return e_sad


def of_administration(box: Box, state: str, message: Message, to: str = "NDEA.LT") -> bytes:
    """A message as the document of an administration, with a fresh header."""
    fresh = replace(header(state, NOW), message_recipient=to)
    return box.administration(state).sign(Binder("V3.23").write(replace(message, header=fresh)))


def codes(receipt: Receipt) -> list[tuple[str, str]]:
    """Rule and functional error code of every fault."""
    return [(fault.rule, fault.code) for fault in receipt.faults]


def test_draft_without_faults_becomes_an_e_sad(box: Box, lt: Station) -> None:
    """The consignor gets the IE801, the other administration will, and the movement is in state Accepted."""
    draft = new_draft()

    receipt = lt.take(box.signed(CONSIGNOR, draft))

    assert (receipt.outcome, receipt.mailbox, receipt.seq, receipt.faults) == (Outcome.ACCEPTED, CONSIGNOR, 1, ())
    assert [(reply.type, reply.seq) for reply in receipt.replies] == [("IE801", 2)]
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]
    assert lt.types("NDEA.PL") == [("out", "IE801")]
    e_sad = lt.last(CONSIGNOR)
    assert e_sad.excise_movement.administrative_reference_code == receipt.arc
    assert e_sad.ead_esad.local_reference_number == draft.ead_esad_draft.local_reference_number
    assert lt.due() == [("NDEA.PL", lt.document(CONSIGNOR, 2))]
    assert [(row["arc"], row["side"], row["state"]) for row in lt.rows("movement")] == [
        (receipt.arc, "dispatch", "X01")
    ]


def test_refused_draft_has_every_fault_in_one_message(box: Box, lt: Station) -> None:
    """Faults of the content and those that ask the register come together, in one IE704 with the LRN."""
    draft = evolve(
        new_draft(),
        {
            "body_ead_esad.0.gross_mass": Decimal(1),
            "ead_esad_draft.origin_type_code": OriginTypeCode.TAX_WAREHOUSE,
            "consignee_trader.traderid": "PL00000000299",
        },
    )

    receipt = lt.take(box.signed(CONSIGNOR, draft))

    assert receipt.outcome is Outcome.REFUSED
    assert sorted(codes(receipt)) == [("R045", "12"), ("R219", "12"), ("R260", "12")]
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE704")]
    assert [listed.outcome for listed in lt.mailbox(CONSIGNOR)] == ["refused", "accepted"]
    refusal = lt.last(CONSIGNOR)
    assert isinstance(refusal, IE704)
    assert refusal.header.correlation_identifier == draft.header.message_identifier
    assert refusal.attributes is not None
    assert refusal.attributes.local_reference_number == draft.ead_esad_draft.local_reference_number
    assert len(refusal.functional_error) == 3
    assert (lt.rows("movement"), lt.due()) == ([], [])


def test_document_that_the_schema_refuses_gets_an_ie917(box: Box, lt: Station) -> None:
    """The signer is known, so the document is kept with its verdict, and the IE917 lists every error with its line."""
    signer = box.traders[CONSIGNOR].signer
    document = edited(box.signed(CONSIGNOR, new_draft()), signer, (b">D05<", b">soon<"), (b">900<", b">many<"))

    receipt = lt.take(document)

    assert receipt.outcome is Outcome.REFUSED
    assert {fault.rule for fault in receipt.faults} == {"XSD"}
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE917")]
    assert lt.document(CONSIGNOR, 1) == document
    refusal = lt.last(CONSIGNOR)
    assert isinstance(refusal, IE917)
    assert refusal.header.correlation_identifier == receipt.identifier
    assert [error.original_attribute_value for error in refusal.xml_error] == ["soon", "many"]


def test_cancellation_is_refused_with_the_reason(box: Box, lt: Station) -> None:
    """An e-SAD cannot be cancelled: an IE810 gets code 15 and is told what to do instead."""
    e_sad = sent(box, lt)
    cancellation = IE810(
        header=header("LT", NOW),
        attributes=ie810.Attributes(),
        excise_movement_ead=MovementReference(
            administrative_reference_code=e_sad.excise_movement.administrative_reference_code
        ),
        cancellation=ie810.Cancellation(cancellation_reason_code="1"),
    )

    receipt = lt.take(box.signed(CONSIGNOR, cancellation))

    assert codes(receipt) == [("GW-007", "15")]
    assert [row["state"] for row in lt.rows("movement")] == ["X01"]


def test_message_that_traders_may_not_send_is_refused(box: Box, lt: Station) -> None:
    """An e-SAD from a trader gets an IE704 with code 15, and nothing comes of it."""
    e_sad = sent(box, lt)
    copied = replace(e_sad, header=header("LT", NOW))

    receipt = lt.take(box.signed(SECOND_CONSIGNOR, copied))

    assert codes(receipt) == [("GW-001", "15")]
    assert lt.types(SECOND_CONSIGNOR) == [("in", "IE801"), ("out", "IE704")]
    assert len(lt.rows("movement")) == 1


def test_message_that_administrations_do_not_send_is_refused(box: Box, lt: Station) -> None:
    """A draft from another administration gets an IE906 with code 15, in its mailbox and on its way."""
    receipt = lt.take(of_administration(box, "PL", new_draft()), Origin.ADMINISTRATION)

    assert codes(receipt) == [("GW-002", "15")]
    assert lt.types("NDEA.PL") == [("in", "IE815"), ("out", "IE906")]
    assert lt.due() == [("NDEA.PL", lt.document("NDEA.PL", 2))]


def test_same_bytes_again_get_the_same_receipt(box: Box, lt: Station, clock: HandClock) -> None:
    """A retry is answered as the first time, a day later too, and adds nothing."""
    document = box.signed(CONSIGNOR, new_draft())
    first = lt.take(document)
    before = [lt.rows(name) for name in ("message", "document", "movement", "outbox", "inbox_identity")]
    clock.move(days=1)

    again = lt.take(document)

    assert again == replace(first, repeated=True)
    assert [lt.rows(name) for name in ("message", "document", "movement", "outbox", "inbox_identity")] == before


def test_same_bytes_twice_in_one_group_are_taken_once(box: Box, lt: Station) -> None:
    """A group sees what it has decided itself."""
    document = box.signed(CONSIGNOR, new_draft())

    first, again = lt.commit(document, document)

    assert again == replace(accepted(first), repeated=True)
    assert len(lt.rows("movement")) == 1


def test_refusal_is_repeated_as_well(box: Box, lt: Station) -> None:
    """Sending a refused document again brings the same refusal, not a second IE704."""
    document = box.signed(CONSIGNOR, evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)}))

    first, again = lt.take(document), lt.take(document)

    assert again == replace(first, repeated=True)
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE704")]


@pytest.mark.parametrize("together", [True, False], ids=["one group", "two groups"])
def test_identifier_with_other_content_is_refused(box: Box, lt: Station, *, together: bool) -> None:
    """A message identifier stands for one content; nothing of the second document is kept."""
    first = new_draft()
    documents = [box.signed(CONSIGNOR, first), box.signed(CONSIGNOR, replace(new_draft(), header=first.header))]

    answers = lt.commit(*documents) if together else [*lt.commit(documents[0]), *lt.commit(documents[1])]

    accepted(answers[0])
    assert isinstance(answers[1], IdentifierReused)
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]


def test_identifier_belongs_to_its_sender(box: Box, lt: Station) -> None:
    """Two traders may use the same message identifier."""
    first, second = new_draft(), new_draft(SECOND_CONSIGNOR)

    answers = lt.commit(
        box.signed(CONSIGNOR, first), box.signed(SECOND_CONSIGNOR, replace(second, header=first.header))
    )

    assert [accepted(answer).mailbox for answer in answers] == [CONSIGNOR, SECOND_CONSIGNOR]


@pytest.mark.parametrize("together", [True, False], ids=["one group", "two groups"])
def test_local_reference_number_is_used_once(box: Box, lt: Station, *, together: bool) -> None:
    """A second draft under the same LRN is refused with code 91 (BR001), also when both arrive at once."""
    first = new_draft()
    second = replace(new_draft(), ead_esad_draft=first.ead_esad_draft)
    documents = [box.signed(CONSIGNOR, first), box.signed(CONSIGNOR, second)]

    answers = lt.commit(*documents) if together else [*lt.commit(documents[0]), *lt.commit(documents[1])]

    accepted(answers[0])
    assert isinstance(answers[1], Receipt)
    assert codes(answers[1]) == [("BR001", "91")]


def test_local_reference_number_of_a_refused_draft_is_free(box: Box, lt: Station) -> None:
    """A corrected draft may keep the LRN of the one that was refused."""
    wrong = evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)})
    right = replace(new_draft(), ead_esad_draft=wrong.ead_esad_draft)

    first, second = lt.commit(box.signed(CONSIGNOR, wrong), box.signed(CONSIGNOR, right))

    assert isinstance(first, Receipt)
    assert first.outcome is Outcome.REFUSED
    accepted(second)


def test_local_reference_number_belongs_to_its_consignor(box: Box, lt: Station) -> None:
    """Two consignors may use the same LRN."""
    first, second = new_draft(), new_draft(SECOND_CONSIGNOR)
    same = replace(second, ead_esad_draft=first.ead_esad_draft)

    for answer in lt.commit(box.signed(CONSIGNOR, first), box.signed(SECOND_CONSIGNOR, same)):
        accepted(answer)


def test_quantities_of_a_temporary_authorisation_are_used_up_within_one_group(box: Box, lt: Station) -> None:
    """Two drafts that come together use no more than is left: the second is refused (BR052), as if it came later."""
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    draft = new_draft()
    enough_for_one = {line.excise_product_code: line.quantity for line in draft.body_ead_esad}
    limits = TemporaryAuthorisation(counterparty=CONSIGNOR, reusable=True, quantities=enough_for_one)
    limited = replace(operator, operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, temporary=limits)
    lt.runtime.registry.add_operators([(limited, address, ())])
    both = [evolve(new_draft(), {DESTINATION_TYPE: TO_TEMPORARY}) for _ in range(2)]

    first, second = lt.commit(*(box.signed(CONSIGNOR, one) for one in both))

    assert accepted(first).arc
    assert isinstance(second, Receipt)
    assert {rule for rule, _ in codes(second)} == {"BR052"}
    assert len(lt.rows("movement")) == 1


def test_report_closes_the_movement_on_both_sides(box: Box, lt: Station, pl: Station) -> None:
    """The consignee's report reaches the consignor as the validated copy, and both sides are Delivered."""
    e_sad = arrived(box, pl, lt)
    assert lt.types(CONSIGNEE) == [("out", "IE801")]

    receipt = accepted(lt.take(box.signed(CONSIGNEE, new_report(e_sad))))

    assert receipt.arc == e_sad.excise_movement.administrative_reference_code
    assert lt.types(CONSIGNEE) == [("out", "IE801"), ("in", "IE818"), ("out", "IE818")]
    copy = lt.document(CONSIGNEE, 3)
    assert lt.deliver_to(pl) == [DeliveryOutcome.ACCEPTED]
    assert pl.document(FOREIGN_CONSIGNOR, 3) == copy
    assert pl.types("NDEA.LT") == [("out", "IE801"), ("in", "IE818")]
    assert [row["state"] for station in (lt, pl) for row in station.rows("movement")] == ["X03", "X03"]
    validated = read(copy)
    assert isinstance(validated, IE818)
    assert validated.header.message_recipient == "NDEA.PL"
    assert validated.attributes.date_and_time_of_validation_of_report_of_receipt_export == NOW.replace(tzinfo=None)


def test_second_report_is_out_of_sequence(box: Box, lt: Station, pl: Station) -> None:
    """A movement that was delivered takes no other report: code 92."""
    e_sad = arrived(box, pl, lt)

    first, second = lt.commit(*(box.signed(CONSIGNEE, new_report(e_sad)) for _ in range(2)))

    accepted(first)
    assert isinstance(second, Receipt)
    assert codes(second) == [("GW-004", "92")]


def test_report_on_another_traders_movement_tells_nothing(box: Box, lt: Station, pl: Station) -> None:
    """For a trader without a part in it a movement does not exist: the answer is that for an ARC nobody has."""
    e_sad = arrived(box, pl, lt)
    stranger = evolve(e_sad, {"consignee_trader.traderid": SECOND_CONSIGNOR})
    missing = evolve(new_report(stranger), {"excise_movement.administrative_reference_code": NOWHERE})

    foreign, absent = lt.commit(
        box.signed(SECOND_CONSIGNOR, new_report(stranger)), box.signed(SECOND_CONSIGNOR, missing)
    )

    assert isinstance(foreign, Receipt)
    assert isinstance(absent, Receipt)
    assert codes(foreign) == [("BR020", "90")]
    arc = e_sad.excise_movement.administrative_reference_code
    assert [replace(fault, value=NOWHERE) for fault in foreign.faults] == list(absent.faults)
    assert {fault.value for fault in foreign.faults} == {arc}
    told = lt.document(SECOND_CONSIGNOR, 2)
    assert CONSIGNEE.encode() not in told
    assert FOREIGN_CONSIGNOR.encode() not in told
    assert lt.types(CONSIGNEE) == [("out", "IE801")]


def test_consignor_cannot_report_receipt(box: Box, lt: Station) -> None:
    """At the place of dispatch there is nothing to be received: only the consignee may report it."""
    e_sad = sent(box, lt)
    as_consignee = evolve(e_sad, {"consignee_trader.traderid": CONSIGNOR})

    receipt = lt.take(box.signed(CONSIGNOR, new_report(as_consignee)))

    assert codes(receipt) == [("GW-009", "15")]
    assert [row["state"] for row in lt.rows("movement")] == ["X01"]


def report_of(box: Box, state: str, e_sad: IE801, sequence: int = 1) -> bytes:
    """A validated report of receipt on ``e_sad``, as an administration sends it."""
    changed = evolve(new_report(e_sad), {"excise_movement.sequence_number": sequence})
    validated = evolve(
        changed, {"attributes.date_and_time_of_validation_of_report_of_receipt_export": NOW.replace(tzinfo=None)}
    )
    return of_administration(box, state, validated)


def test_administration_without_a_part_is_told_nothing(box: Box, lt: Station) -> None:
    """Germany cannot report on what goes to Poland: IE906 with code 90, and the movement stays as it is."""
    e_sad = sent(box, lt)

    receipt = lt.take(report_of(box, "DE", e_sad), Origin.ADMINISTRATION)

    assert codes(receipt) == [("BR020", "90")]
    refusal = lt.last("NDEA.DE")
    assert isinstance(refusal, IE906)
    assert (refusal.header.message_recipient, refusal.header.correlation_identifier) == ("NDEA.DE", receipt.identifier)
    assert [row["state"] for row in lt.rows("movement")] == ["X01"]
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]


def test_report_of_another_version_is_out_of_sequence(box: Box, lt: Station) -> None:
    """The report names the version of the e-SAD that is in force: otherwise code 92."""
    e_sad = sent(box, lt)

    receipt = lt.take(report_of(box, "PL", e_sad, sequence=2), Origin.ADMINISTRATION)

    assert codes(receipt) == [("R255", "92")]
    assert lt.types("NDEA.PL") == [("out", "IE801"), ("in", "IE818"), ("out", "IE906")]


def test_report_of_an_unknown_movement_is_refused(box: Box, lt: Station) -> None:
    """An ARC that was never issued gets code 90."""
    e_sad = evolve(sent(box, lt), {"excise_movement.administrative_reference_code": NOWHERE})

    assert codes(lt.take(report_of(box, "PL", e_sad), Origin.ADMINISTRATION)) == [("BR020", "90")]


def test_e_sad_that_came_before_is_a_duplicate(box: Box, lt: Station, pl: Station) -> None:
    """The same movement under another message identifier: IE906 with code 26, the consignee sees it once."""
    e_sad = arrived(box, pl, lt)

    receipt = lt.take(of_administration(box, "PL", e_sad), Origin.ADMINISTRATION)

    assert codes(receipt) == [("GW-003", "26")]
    assert lt.types(CONSIGNEE) == [("out", "IE801")]


def test_e_sad_for_another_administration_is_refused(box: Box, lt: Station, pl: Station) -> None:
    """What is addressed to somebody else is not taken."""
    e_sad = sent(box, pl, FOREIGN_CONSIGNOR, CONSIGNEE)

    document = of_administration(box, "PL", e_sad)
    wrong = edited(document, box.administration("PL"), (b">NDEA.LT<", b">NDEA.DE<"))
    receipt = lt.take(wrong, Origin.ADMINISTRATION)

    assert codes(receipt) == [("GW-005", "12")]
    assert lt.rows("movement") == []


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("header_ead_esad.destination_type_code", DestinationTypeCode.TAX_WAREHOUSE, ("R258", "12")),
        ("excise_movement.administrative_reference_code", "26PL00000000000000138", ("BR020", "90")),
        ("excise_movement.administrative_reference_code", "26PL000000000000001P8", ("R030", "93")),
    ],
)
def test_e_sad_that_is_none_of_duty_paid_is_refused(
    box: Box, lt: Station, pl: Station, place: str, value: str, expected: tuple[str, str]
) -> None:
    """The state of dispatch answers for the content, but what comes here is an e-SAD, by destination and by ARC."""
    e_sad = sent(box, pl, FOREIGN_CONSIGNOR, CONSIGNEE)

    receipt = lt.take(of_administration(box, "PL", evolve(e_sad, {place: value})), Origin.ADMINISTRATION)

    assert codes(receipt) == [expected]
    assert isinstance(lt.last("NDEA.PL"), IE906)
    assert (lt.rows("movement"), lt.mailbox(CONSIGNEE)) == ([], ())


def test_e_sad_for_a_consignee_elsewhere_is_refused(box: Box, lt: Station) -> None:
    """The consignee of an e-SAD that comes here is registered here; nobody else's mailbox is opened."""
    with box.open("DE") as de:
        e_sad = sent(box, lt)
        stray = of_administration(box, "LT", e_sad, to="NDEA.DE")

        receipt = de.take(stray, Origin.ADMINISTRATION)

        assert codes(receipt) == [("GW-005", "12")]
        assert de.mailbox(FOREIGN_CONSIGNEE) == ()


def test_e_sad_of_another_state_is_refused(box: Box, lt: Station, pl: Station) -> None:
    """Germany may not send an e-SAD that Poland has issued."""
    e_sad = sent(box, pl, FOREIGN_CONSIGNOR, CONSIGNEE)

    receipt = lt.take(of_administration(box, "DE", e_sad), Origin.ADMINISTRATION)

    assert codes(receipt) == [("GW-006", "12")]
    assert lt.mailbox(CONSIGNEE) == ()


def test_e_sad_that_the_schema_refuses_is_answered_about_its_movement(box: Box, lt: Station, pl: Station) -> None:
    """The IE917 to another administration names the ARC and version that could still be read (TR0104)."""
    e_sad = sent(box, pl, FOREIGN_CONSIGNOR, CONSIGNEE)
    ((_, document),) = pl.due()
    broken = edited(document, box.administration("PL"), (b">D05<", b">soon<"))

    assert lt.take(broken, Origin.ADMINISTRATION).outcome is Outcome.REFUSED

    refusal = lt.last("NDEA.PL")
    assert isinstance(refusal, IE917)
    assert refusal.attributes is not None
    assert refusal.attributes.administrative_reference_code == e_sad.excise_movement.administrative_reference_code
    assert refusal.attributes.sequence_number == 1
    assert refusal.header.correlation_identifier == e_sad.header.message_identifier
    assert lt.rows("movement") == []


def test_refusals_of_others_are_filed_and_never_answered(box: Box, lt: Station, pl: Station) -> None:
    """An IE906 and an IE917 stand in the administration's mailbox; nothing goes back, so two cannot quarrel."""
    e_sad = sent(box, lt)
    lt.take(report_of(box, "DE", e_sad), Origin.ADMINISTRATION)
    broken = edited(of_administration(box, "LT", e_sad, to="NDEA.DE"), box.administration("LT"), (b"D05", b"soon"))
    with box.open("DE") as de:
        de.take(broken, Origin.ADMINISTRATION)
        for _, body in de.due():
            assert accepted(lt.take(body, Origin.ADMINISTRATION)).replies == ()
        lt.deliver_to(pl, de)
        assert de.types("NDEA.LT") == [("in", "IE801"), ("out", "IE917"), ("in", "IE906")]
    assert lt.types("NDEA.DE") == [("in", "IE818"), ("out", "IE906"), ("in", "IE917")]
    assert lt.due() == []


def test_held_report_is_released_once(box: Box, clock: HandClock, pl: Station) -> None:
    """While fiscal formalities run nobody sees the validated report; afterwards everybody does, once (scenario S5)."""
    box.set("LT", formalities_days=3)
    with box.open("LT", clock) as lt:
        e_sad = arrived(box, pl, lt)
        receipt = accepted(lt.take(box.signed(CONSIGNEE, new_report(e_sad))))
        seen = lt.types(CONSIGNEE)

        assert receipt.replies == ()
        assert seen == [("out", "IE801"), ("in", "IE818")]
        clock.move(days=2, hours=23)
        assert lt.runtime.store.release_held(clock.at) == 0
        assert lt.due() == []

        clock.move(hours=1)
        assert lt.runtime.store.release_held(clock.at) == 1
        assert lt.runtime.store.release_held(clock.at) == 0
        assert lt.types(CONSIGNEE) == [*seen, ("out", "IE818")]
        assert lt.types("NDEA.PL") == [("in", "IE801"), ("out", "IE818")]
        assert lt.deliver_to(pl) == [DeliveryOutcome.ACCEPTED]
        assert lt.deliver_to(pl) == []
    assert pl.types(FOREIGN_CONSIGNOR)[-1] == ("out", "IE818")


def test_trader_is_no_administration(box: Box, lt: Station) -> None:
    """What a trader signs is not attributed at the administrations' door, not even when the schema refuses it."""
    broken = edited(box.signed(CONSIGNOR, new_draft()), box.traders[CONSIGNOR].signer, (b">D05<", b">soon<"))

    for document in (broken, box.signed(CONSIGNOR, new_draft())):
        with pytest.raises(SignerNotAllowed):
            lt.intake(document, Origin.ADMINISTRATION)


def test_administration_is_no_trader(box: Box, lt: Station) -> None:
    """What another administration signs is not attributed at the traders' door, whatever it is."""
    e_sad = sent(box, lt)
    broken = edited(of_administration(box, "PL", e_sad), box.administration("PL"), (b">D05<", b">soon<"))

    for document in (broken, of_administration(box, "PL", e_sad)):
        with pytest.raises(SignerNotAllowed):
            lt.intake(document, Origin.TRADER)


def test_defect_hurts_one_message(box: Box, lt: Station) -> None:
    """A message that cannot be decided is answered as such; its neighbours in the group are committed, without gaps."""
    committer = lt.runtime.committer
    arcs = iter([committer.new_arc(NOW), None, committer.new_arc(NOW)])

    def failing(_: datetime) -> str:
        arc = next(arcs)
        if arc is None:
            raise ZeroDivisionError
        return arc

    group = [lt.intake(box.signed(CONSIGNOR, new_draft())) for _ in range(3)]
    first, failed, third = replace(committer, new_arc=failing).commit(group, NOW)

    assert isinstance(failed, NotDecided)
    assert isinstance(first, Receipt)
    assert isinstance(third, Receipt)
    assert [listed.seq for listed in lt.mailbox(CONSIGNOR)] == [1, 2, 3, 4]
    assert [row["reason"] for row in lt.rows("undecided")] == ["ZeroDivisionError: "]


LONG = b"x" * 40_000


@pytest.mark.parametrize("case", ["long", "missing", "blank", "long value", "long name", "long root", "2000 faults"])
def test_refusals_are_valid_whatever_is_refused(box: Box, lt: Station, case: str) -> None:
    """What the gateway answers follows its schema and verifies, and rows stay small, however odd the document."""
    signer = box.traders[CONSIGNOR].signer
    document = box.signed(CONSIGNOR, new_draft())
    identifier = read(document).header.message_identifier.encode()
    edits: dict[str, tuple[bytes, bytes]] = {
        "long": (identifier, b"y" * 60_000),
        "missing": (b">" + identifier + b"<", b"><"),
        "blank": (identifier, b" \n "),
        "long value": (b">D05<", b">" + LONG + b"<"),
        "long name": (b"TransportMode>", LONG + b">"),
        "long root": (b"IE815", LONG),
        "2000 faults": (b"<ie:TransportMode>", b"<ie:A/>" * 2000 + b"<ie:TransportMode>"),
    }

    receipt = lt.take(edited(document, signer, edits[case]))

    assert receipt.outcome is Outcome.REFUSED
    assert lt.problems_of_documents(box) == []
    assert max(len(str(row)) for row in lt.rows("message")) < 1000
    assert max(len(row["receipt"]) for row in lt.rows("inbox_identity")) < 2_000_000


def test_everything_that_is_sent_is_valid_and_signed(box: Box, lt: Station, pl: Station) -> None:
    """e-SADs, reports and refusals of a whole exchange follow their schemas and verify."""
    e_sad = arrived(box, pl, lt)
    lt.take(box.signed(CONSIGNEE, new_report(e_sad)))
    lt.take(box.signed(CONSIGNEE, new_report(e_sad)))
    lt.take(box.signed(CONSIGNOR, evolve(new_draft(), {"ead_esad_draft.date_of_dispatch": NOW.date() + timedelta(30)})))
    lt.deliver_to(pl)
    pl.take(report_of(box, "DE", e_sad), Origin.ADMINISTRATION)

    assert lt.problems_of_documents(box) == []
    assert pl.problems_of_documents(box) == []


def test_draft_is_read_as_what_it_is(box: Box, lt: Station) -> None:
    """The message that was judged is the one that was signed."""
    draft = new_draft()

    assert lt.intake(box.signed(CONSIGNOR, draft)).incoming.message == draft
    assert isinstance(lt.intake(box.signed(CONSIGNOR, draft)).incoming.message, IE815)
