"""Scenarios S14 to S21: late reports, explanations, interruption, manual closure, events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from esad_gateway.emcs.codes import (
    GlobalConclusionOfReceipt,
    IndicatorOfShortageOrExcess,
    ReminderMessageType,
    ReportMessageType,
    StatusRequestMessageType,
    StatusType,
    SubmitterType,
)
from esad_gateway.emcs.messages import IE802, IE837, IE840, IE871, IE904
from esad_gateway.emcs.movement import Side, Stage, Timer, Trigger, due_at
from helpers.playbook import NOW, Administration
from helpers.protocol import (
    CONSIGNEE,
    CONSIGNOR,
    closure,
    closure_request,
    delay,
    event,
    interruption,
    receipt,
    shortage,
    status_answer,
    status_question,
)
from helpers.samples import draft

SATISFACTORY = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
UNSATISFACTORY = GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY


def on_the_way() -> tuple[Administration, Administration]:
    """Dispatch and destination after S1."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    return lithuania, poland


def test_s14_no_report_at_expiry() -> None:
    """S14: the limit passes, destination is asked, it is still Accepted, and everybody is reminded once."""
    lithuania, poland = on_the_way()
    assert lithuania.movement is not None
    assert due_at(lithuania.movement) == (lithuania.movement.limit, Trigger.JOURNEY_OVER)
    assert lithuania.clock() is None

    asked = lithuania.at(NOW + timedelta(days=30)).clock()

    assert asked is not None
    [question] = asked.sends
    assert isinstance(question.message, IE904)
    assert (question.to, question.mailboxes) == ("NDEA.PL", ())
    [answer] = poland.hears(question.message).sends
    [reminder] = lithuania.hears(answer.message).sends
    assert isinstance(reminder.message, IE802)
    assert reminder.message.attributes.reminder_message_type is ReminderMessageType.REPORT_OF_RECEIPT
    assert (reminder.to, reminder.mailboxes) == ("NDEA.PL", (CONSIGNOR,))
    assert poland.hears(reminder.message).forward_to == (CONSIGNEE,)
    lithuania.is_now(StatusType.ACCEPTED)
    poland.is_now(StatusType.ACCEPTED)
    assert lithuania.clock() is None
    assert lithuania.hears(answer.message).sends == ()
    for reminded in (lithuania, poland):
        assert reminded.movement is not None
        assert reminded.movement.journey == Timer(reminded.movement.limit, Stage.REMINDED)


def test_s14_question_that_nobody_answers_is_asked_once_more() -> None:
    """S14: the question or its answer was lost, so a day after the limit there is another one, and then no more."""
    lithuania, poland = on_the_way()
    assert lithuania.movement is not None
    limit = lithuania.movement.limit
    first = lithuania.at(limit).clock()
    assert lithuania.clock() is None

    second = lithuania.at(limit + timedelta(days=1)).clock()

    assert first is not None
    assert second is not None
    questions = [decision.sends[0].message for decision in (first, second)]
    assert all(isinstance(question, IE904) for question in questions)
    assert len({question.header.message_identifier for question in questions}) == 2
    assert due_at(lithuania.movement) is None
    reminders = [lithuania.hears(poland.hears(one).sends[0].message).sends for one in questions]
    assert [len(sends) for sends in reminders] == [1, 0]


def test_s14_question_that_is_answered_is_not_asked_again() -> None:
    """S14: destination holds its report for formalities, and says so: then it comes by itself."""
    lithuania, _ = on_the_way()
    assert lithuania.movement is not None
    lithuania.at(lithuania.movement.limit).clock()
    lithuania.hears(status_answer(StatusType.DELIVERED))
    assert due_at(lithuania.movement) is None


def test_s14_question_that_is_asked_late_is_asked_once() -> None:
    """S14: nobody looked at the clock for a month, so there is one question, not two at a time."""
    lithuania, _ = on_the_way()
    assert lithuania.at(NOW + timedelta(days=60)).clock() is not None
    assert lithuania.movement is not None
    assert due_at(lithuania.movement) is None


def test_s14_question_overtakes_the_e_sad() -> None:
    """S14, S15: destination has not heard of the movement, so it gets the e-SAD again, and all are reminded as well."""
    lithuania, _ = on_the_way()
    lithuania.at(NOW + timedelta(days=30)).clock()

    decided = lithuania.hears(status_answer(StatusType.NONE))

    assert Trigger.VALIDATED_DOCUMENT in decided.resend
    [reminder] = decided.sends
    assert isinstance(reminder.message, IE802)
    assert (reminder.to, reminder.mailboxes) == ("NDEA.PL", (CONSIGNOR,))
    assert lithuania.hears(status_answer(StatusType.NONE)).sends == ()


def test_s14_no_reminder_when_the_report_is_there_already() -> None:
    """S14: destination answers Delivered, so the report is lost or held, and nobody is reminded."""
    lithuania, _ = on_the_way()
    lithuania.at(NOW + timedelta(days=30)).clock()
    assert lithuania.hears(status_answer(StatusType.DELIVERED)).sends == ()


def test_s15_history_is_asked_for() -> None:
    """S15: a request of type 2 is answered with the status and with the movement's history (TR9120)."""
    _, poland = on_the_way()
    assert poland.hears(status_question(kind=StatusRequestMessageType.MOVEMENT_HISTORY)).history


@pytest.mark.parametrize("submitter", SubmitterType, ids=lambda item: item.name.lower())
def test_s16_delay_is_explained_by_either_side(submitter: SubmitterType) -> None:
    """S16: the explanation is validated, echoed, sent to the other side and forwarded; no state changes."""
    lithuania, poland = on_the_way()
    consignor = submitter is SubmitterType.CONSIGNOR
    here, there = (lithuania, poland) if consignor else (poland, lithuania)
    [sent] = here.takes(delay(submitter)).sends
    assert isinstance(sent.message, IE837)
    assert sent.message.attributes.date_and_time_of_validation_of_explanation_on_delay is not None
    assert sent.mailboxes == ((CONSIGNOR if consignor else CONSIGNEE),)
    assert there.hears(sent.message).forward_to == ((CONSIGNEE if consignor else CONSIGNOR),)
    lithuania.is_now(StatusType.ACCEPTED)
    poland.is_now(StatusType.ACCEPTED)


@pytest.mark.parametrize("submitter", SubmitterType, ids=lambda item: item.name.lower())
def test_s18_shortage_is_explained_after_the_report(submitter: SubmitterType) -> None:
    """S18: after a report with discrepancies either trader explains them; before it there is nothing to explain."""
    lithuania, poland = on_the_way()
    consignor = submitter is SubmitterType.CONSIGNOR
    here, there = (lithuania, poland) if consignor else (poland, lithuania)
    here.refuses(shortage(submitter))
    lithuania.hears(poland.takes(receipt(UNSATISFACTORY)).sends[0].message)
    [sent] = here.takes(shortage(submitter)).sends
    assert isinstance(sent.message, IE871)
    assert there.hears(sent.message).forward_to == ((CONSIGNEE if consignor else CONSIGNOR),)
    lithuania.is_now(StatusType.DELIVERED)


def test_s18_explanation_does_not_overtake_a_report_that_is_held() -> None:
    """S18: the consignee's explanation is sent after what is held of its movement; the consignor's goes at once."""
    lithuania, poland = on_the_way()
    lithuania.hears(poland.takes(receipt(UNSATISFACTORY)).sends[0].message)

    [of_consignee] = poland.takes(shortage(SubmitterType.CONSIGNEE)).sends
    [of_consignor] = lithuania.takes(shortage(SubmitterType.CONSIGNOR)).sends

    assert (of_consignee.after_held, of_consignor.after_held) == (True, False)


def test_s18_lines_with_a_discrepancy_are_known() -> None:
    """S18: which lines may be explained is remembered from the report (BR041)."""
    _, poland = on_the_way()
    poland.takes(receipt(UNSATISFACTORY))
    assert poland.movement is not None
    assert [line.discrepancy for line in poland.movement.lines] == [IndicatorOfShortageOrExcess.SHORTAGE, None]


@pytest.mark.parametrize("by_dispatch", [True, False], ids=["by dispatch", "by destination"])
def test_s19_interruption_stops_both_sides(by_dispatch: bool) -> None:  # noqa: FBT001  parametrised
    """S19: an officer interrupts; the administration issues the order, both traders get it, and no clock runs."""
    lithuania, poland = on_the_way()
    here, there = (lithuania, poland) if by_dispatch else (poland, lithuania)
    [sent] = here.orders(interruption()).sends
    assert (sent.to, sent.mailboxes) == (("NDEA.PL", (CONSIGNOR,)) if by_dispatch else ("NDEA.LT", (CONSIGNEE,)))
    assert replace(sent.message, header=interruption().header) == interruption()
    there.hears(interruption())
    lithuania.is_now(StatusType.STOPPED)
    poland.is_now(StatusType.STOPPED)
    assert lithuania.at(NOW + timedelta(days=400)).clock() is None


def test_s20_manual_closure_accepted() -> None:
    """S20: destination asks, dispatch accepts, both sides are Manually closed and the traders are told."""
    lithuania, poland = on_the_way()
    [asking] = poland.orders(closure_request()).sends
    assert (asking.to, asking.mailboxes) == ("NDEA.LT", ())
    asked = lithuania.hears(closure_request())
    assert (asked.sends, asked.forward_to) == ((), ())
    [answer] = lithuania.orders(closure(accepted=True)).sends
    assert (answer.to, answer.mailboxes) == ("NDEA.PL", (CONSIGNOR,))
    assert poland.hears(closure(accepted=True)).forward_to == (CONSIGNEE,)
    lithuania.is_now(StatusType.MANUALLY_CLOSED)
    poland.is_now(StatusType.MANUALLY_CLOSED)


def test_s20_manual_closure_rejected() -> None:
    """S20: a rejected request changes no state on either side."""
    lithuania, poland = on_the_way()
    lithuania.orders(closure(accepted=False))
    poland.hears(closure(accepted=False))
    lithuania.is_now(StatusType.ACCEPTED)
    poland.is_now(StatusType.ACCEPTED)


def test_s21_event_report_gets_its_number() -> None:
    """S21: an event report is validated, numbered and sent to the other administration; no state changes."""
    lithuania, poland = on_the_way()
    [sent] = poland.orders(event()).sends
    assert isinstance(sent.message, IE840)
    assert sent.message.attributes.event_report_message_type is ReportMessageType.VALIDATED_DOCUMENT
    number = sent.message.header_event_report.event_report_number
    assert number is not None
    assert (number[:2], len(number)) == ("PL", 16)
    assert (sent.to, sent.mailboxes) == ("NDEA.LT", ())
    assert lithuania.hears(sent.message).forward_to == ()
    lithuania.is_now(StatusType.ACCEPTED)


def test_s22_deferred_draft_is_a_movement_like_any_other() -> None:
    """S22: a draft after a fallback document begins a movement; its e-SAD does not say that it was deferred (C149)."""
    lithuania = Administration("LT", Side.DISPATCH)
    [sent] = lithuania.takes(
        draft({"attributes.deferred_submission_flag": True, "ead_esad_draft.date_of_dispatch": NOW.date()})
    ).sends
    assert not hasattr(sent.message, "attributes")
    lithuania.is_now(StatusType.ACCEPTED)


def test_s23_report_after_a_fallback_report_is_a_report_like_any_other() -> None:
    """S23: the report that is keyed in later closes the movement."""
    lithuania, poland = on_the_way()
    lithuania.hears(poland.at(NOW + timedelta(days=9)).takes(receipt(SATISFACTORY)).sends[0].message)
    lithuania.is_now(StatusType.DELIVERED)
