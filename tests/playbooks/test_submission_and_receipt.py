"""Scenarios S1, S5, S6 and S7 of the e-SAD procedure, as sequence diagrams of the pure core."""

from datetime import UTC, date, datetime, timedelta

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.emcs.movement import Origin, Send, Side
from esad_gateway.emcs.working_days import ReportOfReceipt
from helpers.playbook import ARC, NOW, Administration
from helpers.samples import ACCEPTED, draft, report

CONSIGNOR, CONSIGNEE = "LT00000000101", "PL00000000201"
CONCLUSION = "report_of_receipt_export.global_conclusion_of_receipt"
ARRIVAL = "report_of_receipt_export.date_of_arrival_of_excise_products"
OWN = {"excise_movement.administrative_reference_code": ARC, "consignee_trader.traderid": CONSIGNEE}


def on_the_way(formalities: timedelta = timedelta(0)) -> tuple[Administration, Administration]:
    """Dispatch and destination after S1."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION, formalities)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    return lithuania, poland


def test_s1_draft_accepted() -> None:
    """S1: a draft becomes an e-SAD with ARC and sequence number 1, for both traders and the destination."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)

    decision = lithuania.takes(draft())

    [sent] = decision.sends
    assert isinstance(sent.message, IE801)
    assert sent.message.excise_movement.administrative_reference_code == ARC
    assert sent.message.header_ead_esad.sequence_number == 1
    assert (sent.to, sent.mailboxes, sent.not_before) == ("NDEA.PL", (CONSIGNOR,), None)
    lithuania.is_now(StatusType.ACCEPTED)

    received = poland.hears(sent.message)

    assert (received.sends, received.forward_to) == ((), (CONSIGNEE,))
    poland.is_now(StatusType.ACCEPTED)


def test_s1_e_sad_says_what_the_draft_said() -> None:
    """The e-SAD has all of the draft but the submission's own attributes (C149); its times agree (BR057)."""
    [sent] = Administration("LT", Side.DISPATCH).takes(draft()).sends
    e_sad, made_from = sent.message, draft()
    assert isinstance(e_sad, IE801)
    assert e_sad.body_ead_esad == made_from.body_ead_esad
    assert e_sad.consignee_trader == made_from.consignee_trader
    assert e_sad.ead_esad.local_reference_number == made_from.ead_esad_draft.local_reference_number
    assert e_sad.header_ead_esad.journey_time == made_from.header_ead_esad.journey_time
    validated = e_sad.excise_movement.date_and_time_of_validation_of_ead_esad
    assert validated == e_sad.header_ead_esad.date_and_time_of_update_validation == NOW.replace(tzinfo=None)
    assert e_sad.header.correlation_identifier is None


def test_s1_limit_is_dispatch_plus_journey_time() -> None:
    """The limit is the end of the fifth day after dispatch, as the calendar of each state shows it."""
    lithuania, poland = on_the_way()
    assert lithuania.movement is not None
    assert poland.movement is not None
    assert lithuania.movement.limit == datetime(2026, 3, 8, 21, 59, 59, tzinfo=UTC)
    assert poland.movement.limit == datetime(2026, 3, 8, 22, 59, 59, tzinfo=UTC)


def test_s1_the_same_document_again_is_refused() -> None:
    """A second IE801 for an ARC that is known is out of sequence."""
    lithuania, poland = on_the_way()
    assert lithuania.movement is not None
    poland.refuses(Administration("LT", Side.DISPATCH).takes(draft()).sends[0].message, Origin.ADMINISTRATION)


@pytest.mark.parametrize(
    "conclusion",
    [
        GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
        GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY,
    ],
    ids=["satisfactory", "unsatisfactory"],
)
def test_s5_receipt_accepted(conclusion: GlobalConclusionOfReceipt) -> None:
    """S5: the report is echoed to the consignee, reaches dispatch and its consignor; both sides are Delivered."""
    lithuania, poland = on_the_way()

    sent = _sent(poland, report({**ACCEPTED, **OWN, CONCLUSION: conclusion}))

    assert (sent.to, sent.mailboxes, sent.not_before) == ("NDEA.LT", (CONSIGNEE,), None)
    poland.is_now(StatusType.DELIVERED)
    received = lithuania.hears(sent.message)
    assert received.forward_to == (CONSIGNOR,)
    lithuania.is_now(StatusType.DELIVERED)


def test_s5_validated_copy_carries_its_time_and_a_new_identity() -> None:
    """The echo is a message of the administration: identifier, sender, and the validation time (C149)."""
    _, poland = on_the_way()
    message = report({**ACCEPTED, **OWN})
    validated = _sent(poland, message).message
    assert isinstance(validated, IE818)
    assert validated.attributes.date_and_time_of_validation_of_report_of_receipt_export == NOW.replace(tzinfo=None)
    assert validated.header.message_sender == "NDEA.PL"
    assert validated.header.message_identifier != message.header.message_identifier


@pytest.mark.parametrize(("day", "late"), [(12, False), (13, True)])
def test_s5_late_report_is_accepted_and_marked(day: int, *, late: bool) -> None:
    """Goods came on Wednesday 4 November; the eleventh is a holiday in Poland, so the report is due on the twelfth."""
    lithuania, poland = on_the_way()
    arrived = date(2026, 11, 4)

    sent = _sent(poland.at(datetime(2026, 11, day, 22, 59, tzinfo=UTC)), report({**ACCEPTED, **OWN, ARRIVAL: arrived}))
    lithuania.at(datetime(2026, 12, 24, tzinfo=UTC)).hears(sent.message)

    expected = ReportOfReceipt(arrived=arrived, due=date(2026, 11, 12), made=date(2026, 11, day))
    for side in (poland, lithuania):
        side.is_now(StatusType.DELIVERED)
        assert side.movement is not None
        assert side.movement.report == expected
    assert expected.late is late


def test_s5_report_is_held_for_formalities() -> None:
    """Where formalities take time, destination is Delivered at once and the report follows when they are over."""
    _, poland = on_the_way(formalities=timedelta(days=3))
    sent = _sent(poland, report({**ACCEPTED, **OWN}))
    poland.is_now(StatusType.DELIVERED)
    assert sent.not_before == NOW + timedelta(days=3)


def test_s6_refusal_is_never_held() -> None:
    """S6: a refused receipt goes through at once, whatever the formalities; both sides are Refused."""
    lithuania, poland = on_the_way(formalities=timedelta(days=3))
    sent = _sent(poland, report({**OWN, CONCLUSION: GlobalConclusionOfReceipt.REFUSED}))
    assert sent.not_before is None
    poland.is_now(StatusType.REFUSED)
    lithuania.hears(sent.message)
    lithuania.is_now(StatusType.REFUSED)


def test_s7_partial_refusal_is_held_like_an_acceptance() -> None:
    """S7: a part was accepted, so the formalities apply; both sides are Partially refused."""
    lithuania, poland = on_the_way(formalities=timedelta(days=1))
    sent = _sent(poland, report(OWN))
    assert sent.not_before == NOW + timedelta(days=1)
    poland.is_now(StatusType.PARTIALLY_REFUSED)
    lithuania.hears(sent.message)
    lithuania.is_now(StatusType.PARTIALLY_REFUSED)


def test_second_report_is_out_of_sequence() -> None:
    """Once a movement is Delivered, another report of receipt is refused."""
    _, poland = on_the_way()
    _sent(poland, report({**ACCEPTED, **OWN}))
    poland.refuses(report({**ACCEPTED, **OWN}))


def _sent(administration: Administration, message: IE818) -> Send:
    [sent] = administration.takes(message).sends
    return sent
