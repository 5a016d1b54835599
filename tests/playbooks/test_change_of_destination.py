"""Scenarios S9 to S13: rejection, change of the place of delivery, return, and what crosses on the wire."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, ReminderMessageType, StatusType
from esad_gateway.emcs.messages import IE802, IE803, IE813, IE818, IE904
from esad_gateway.emcs.movement import Origin, Side, Trigger, awaited, due_at
from esad_gateway.emcs.procedure.out_of_turn import out_of_sequence
from esad_gateway.emcs.working_days import ReportOfReceipt
from esad_gateway.texts import say
from helpers.playbook import NOW, Administration
from helpers.protocol import (
    CONSIGNEE,
    CONSIGNOR,
    alert,
    change,
    interruption,
    negative,
    receipt,
    returned,
    shortage,
    status_answer,
    status_question,
    way_back,
)
from helpers.samples import draft, evolve

ACCEPTED = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
REFUSED = GlobalConclusionOfReceipt.REFUSED


def on_the_way(formalities: timedelta = timedelta(0)) -> tuple[Administration, Administration]:
    """Dispatch and destination after S1."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION, formalities)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    return lithuania, poland


def exchanged(sender: Administration, receiver: Administration, message: IE813 | IE818) -> None:
    """A trader's message goes through its own administration and reaches the other one."""
    [sent] = sender.takes(message).sends
    receiver.hears(sent.message)


def version_of(administration: Administration) -> tuple[int, StatusType, str | None]:
    """The version of a side's movement, its state, and its place of delivery."""
    movement = administration.movement
    assert movement is not None
    return movement.sequence, movement.state, movement.delivery_place


def change_due(administration: Administration) -> datetime | None:
    """When a destination must be given."""
    assert administration.movement is not None
    return administration.movement.change_due


def test_s8_alert_changes_no_state() -> None:
    """S8: an alert is echoed to the consignee and reaches the consignor; the goods go on."""
    lithuania, poland = on_the_way()
    [sent] = poland.takes(alert(rejected=False)).sends
    assert (sent.to, sent.mailboxes) == ("NDEA.LT", (CONSIGNEE,))
    assert lithuania.hears(sent.message).forward_to == (CONSIGNOR,)
    poland.is_now(StatusType.ACCEPTED)
    lithuania.is_now(StatusType.ACCEPTED)


def test_s9_rejection_starts_the_time_to_change() -> None:
    """S9: both sides are Rejected, and the consignor has until TIM_CHS ends to give a destination."""
    lithuania, poland = on_the_way()
    lithuania.hears(poland.takes(alert(rejected=True)).sends[0].message)
    poland.is_now(StatusType.REJECTED)
    lithuania.is_now(StatusType.REJECTED)
    assert lithuania.movement is not None
    assert due_at(lithuania.movement) == (NOW + timedelta(days=30), Trigger.CHANGE_OVERDUE)


def test_s10_change_of_the_place_of_delivery() -> None:
    """S10: the sequence number grows, the validated change reaches destination and consignee, both stay Accepted."""
    lithuania, poland = on_the_way()
    decision = lithuania.takes(change())
    [sent] = decision.sends
    assert isinstance(sent.message, IE813)
    assert sent.message.update_ead_esad.sequence_number == 2
    assert sent.message.attributes.date_and_time_of_validation_of_change_of_destination is not None
    assert (sent.to, sent.mailboxes) == ("NDEA.PL", (CONSIGNOR,))
    assert poland.hears(sent.message).forward_to == (CONSIGNEE,)
    for side in (lithuania.is_now(StatusType.ACCEPTED), poland.is_now(StatusType.ACCEPTED)):
        assert side.movement is not None
        assert (side.movement.sequence, side.movement.delivery_place) == (2, "PL-OTHER-PLACE")


def test_s10_journey_time_counts_from_the_dispatch_again() -> None:
    """S10: a new journey time sets the clock anew; without one the limit stays."""
    lithuania, _ = on_the_way()
    assert lithuania.movement is not None
    before = lithuania.movement.limit
    lithuania.takes(change())
    assert lithuania.movement.limit == before
    lithuania.takes(change(place="PL-THIRD-PLACE", journey_time="D20"))
    assert lithuania.movement.limit == datetime(2026, 3, 23, 21, 59, 59, tzinfo=UTC)
    assert lithuania.movement.sequence == 3


def test_s11_report_of_a_return_is_due_by_the_calendar_of_dispatch() -> None:
    """The consignor reports what came back, so its own holidays and its own midnight count."""
    lithuania, _ = on_the_way()
    lithuania.takes(way_back())
    came_back = replace(
        returned(),
        report_of_receipt_export=replace(
            returned().report_of_receipt_export, date_of_arrival_of_excise_products=date(2026, 11, 9)
        ),
    )

    lithuania.at(datetime(2026, 11, 16, 22, 0, tzinfo=UTC)).takes(came_back)

    assert lithuania.movement is not None
    # In Poland the eleventh is a holiday, and the report would be due on the seventeenth.
    assert lithuania.movement.report == ReportOfReceipt(
        arrived=date(2026, 11, 9), due=date(2026, 11, 16), made=date(2026, 11, 17)
    )
    assert lithuania.movement.report.late


def test_s11_return_to_the_place_of_dispatch() -> None:
    """S11: the consignee gets an IE803, destination is Diverted, and the consignor reports the receipt at home."""
    lithuania, poland = on_the_way()
    [sent] = lithuania.takes(way_back()).sends
    [notice] = poland.hears(sent.message).sends
    assert isinstance(notice.message, IE803)
    assert (notice.to, notice.mailboxes) == (None, (CONSIGNEE,))
    poland.is_now(StatusType.DIVERTED)
    lithuania.is_now(StatusType.ACCEPTED)

    [echo] = lithuania.takes(returned()).sends

    assert (echo.to, echo.mailboxes) == (None, (CONSIGNOR,))
    lithuania.is_now(StatusType.DELIVERED)


@pytest.mark.parametrize(("refused", "untouched"), [(1, 2), (2, 1)])
def test_refusal_of_any_earlier_version_is_noted_in_that_version(refused: int, untouched: int) -> None:
    """S12: two changes crossed the refusal; whichever version it names is Refused, and can be gone back to as such."""
    lithuania, _ = on_the_way()
    lithuania.takes(change())
    lithuania.takes(change(place="PL-THIRD-PLACE"))

    lithuania.hears(receipt(GlobalConclusionOfReceipt.REFUSED, sequence=refused))

    assert lithuania.movement is not None
    assert (lithuania.movement.sequence, lithuania.movement.state) == (3, StatusType.ACCEPTED)
    states = {version.sequence: version.state for version in lithuania.movement.versions}
    assert states == {refused: StatusType.REFUSED, untouched: StatusType.ACCEPTED}


@pytest.mark.parametrize("end", [StatusType.DELIVERED, StatusType.MANUALLY_CLOSED, StatusType.STOPPED])
def test_s11_diverted_movement_closes_from_the_status_at_dispatch(end: StatusType) -> None:
    """S11, 4.2: an IE905 shows what became of the goods; destination follows, and the consignee reads it."""
    lithuania, poland = on_the_way()
    [sent] = lithuania.takes(way_back()).sends
    poland.hears(sent.message)
    assert poland.hears(status_answer(StatusType.ACCEPTED, sequence=2)).forward_to == ()
    poland.is_now(StatusType.DIVERTED)

    assert poland.hears(status_answer(end, sequence=2)).forward_to == (CONSIGNEE,)

    poland.is_now(end)
    poland.hears(status_answer(StatusType.ACCEPTED, sequence=2))
    poland.is_now(end)


def test_s15_status_at_dispatch_closes_only_goods_that_went_back() -> None:
    """Destination is not Delivered because dispatch says so: its own consignee has not reported anything."""
    _, poland = on_the_way()
    assert poland.hears(status_answer(StatusType.DELIVERED)).forward_to == ()
    poland.is_now(StatusType.ACCEPTED)


def test_s11_only_goods_on_the_way_back_are_reported_by_the_consignor() -> None:
    """A consignor cannot report the receipt of goods that are on their way to the consignee."""
    lithuania, _ = on_the_way()
    assert lithuania.refuses(returned(1)).trigger is Trigger.RECEIPT_ACCEPTED


def test_s11_goods_on_the_way_back_are_not_reported_by_destination() -> None:
    """After a return, a report of receipt from the former destination is out of sequence."""
    lithuania, _ = on_the_way()
    lithuania.takes(way_back())
    assert lithuania.refuses(receipt(ACCEPTED, sequence=2), Origin.ADMINISTRATION).state is StatusType.ACCEPTED


@pytest.mark.parametrize("conclusion", [REFUSED, None], ids=["refused", "partially refused"])
def test_s12_change_after_refusal(conclusion: GlobalConclusionOfReceipt | None) -> None:
    """S12: after a refusal the goods go to another place of the same consignee, and TIM_CHS stops."""
    lithuania, poland = on_the_way()
    exchanged(poland, lithuania, receipt(conclusion))
    assert change_due(lithuania) == NOW + timedelta(days=30)
    exchanged(lithuania, poland, change())
    assert change_due(lithuania) is None
    lithuania.is_now(StatusType.ACCEPTED)
    poland.is_now(StatusType.ACCEPTED)
    exchanged(poland, lithuania, receipt(ACCEPTED, sequence=2))
    lithuania.is_now(StatusType.DELIVERED)


def test_s12_what_was_refused_limits_the_next_report() -> None:
    """S12: after a partial refusal both sides remember what is left to be received (BR025, BR043)."""
    lithuania, poland = on_the_way()
    exchanged(poland, lithuania, receipt())
    exchanged(lithuania, poland, change())
    for side in (lithuania, poland):
        assert side.movement is not None
        assert [str(line.refused) for line in side.movement.lines] == ["90", "None"]


def test_s17_time_to_change_is_over() -> None:
    """S17: TIM_CHS ends, the consignor gets a reminder of type 1, once; the state stays."""
    lithuania, poland = on_the_way()
    exchanged(poland, lithuania, receipt(REFUSED))
    decision = lithuania.at(NOW + timedelta(days=31)).clock()
    assert decision is not None
    [sent] = decision.sends
    assert isinstance(sent.message, IE802)
    assert sent.message.attributes.reminder_message_type is ReminderMessageType.CHANGE_OF_DESTINATION
    assert (sent.to, sent.mailboxes) == (None, (CONSIGNOR,))
    lithuania.is_now(StatusType.REFUSED)
    assert lithuania.clock() is None


def test_change_that_crosses_a_report_is_rolled_back() -> None:
    """The report left before the change came: destination refuses the change, dispatch undoes it and takes the report.

    Copies that are sent again, when it is asked about, are filed; the first one that comes late is refused.
    """
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt(ACCEPTED)).sends
    [changed] = lithuania.takes(change()).sends
    assert poland.refuses(changed.message, Origin.ADMINISTRATION).state is StatusType.DELIVERED

    assert lithuania.hears(report.message).forward_to == (CONSIGNOR,)

    assert version_of(lithuania) == (1, StatusType.DELIVERED, CONSIGNEE)
    again = replace(report.message.header, correlation_identifier="asked")
    assert lithuania.hears(replace(report.message, header=again)).forward_to == ()
    lithuania.refuses(report.message, Origin.ADMINISTRATION)


def test_refusal_of_a_change_asks_where_the_other_side_stands() -> None:
    """An IE906 after a change of destination leads to a status request; without a change it is only filed."""
    lithuania, _ = on_the_way()
    assert lithuania.hears(negative()).sends == ()
    lithuania.takes(change())
    [question] = lithuania.hears(negative()).sends
    assert isinstance(question.message, IE904)


def test_change_that_the_other_side_took_stays() -> None:
    """A status that shows our latest version rolls nothing back."""
    lithuania, _ = on_the_way()
    lithuania.takes(change())
    lithuania.hears(status_answer(StatusType.ACCEPTED, sequence=2))
    assert lithuania.movement is not None
    assert lithuania.movement.sequence == 2


def test_version_99_is_the_last() -> None:
    """A change that could not be numbered is refused, and the trader told why: the schema knows no version 100."""
    lithuania, poland = on_the_way()
    for side in (lithuania, poland):
        assert side.movement is not None
        side.movement = replace(side.movement, sequence=98)
    exchanged(lithuania, poland, change())
    assert version_of(poland)[0] == 99
    found = lithuania.refuses(change(place="PL-THIRD-PLACE"))
    [fault] = out_of_sequence(change(), found, lithuania.movement)
    assert say(fault.hint) == "Version 99 is the last that a movement can have."


def test_later_change_waits_for_the_one_before() -> None:
    """A change with a gap in its sequence number is parked until the gap closes."""
    _, poland = on_the_way()
    poland.parks(change(place="PL-THIRD-PLACE", sequence=3))
    unnumbered = poland.refuses(change(), Origin.ADMINISTRATION)
    [fault] = out_of_sequence(change(), unnumbered, poland.movement)
    assert say(fault.hint) == "Version 2 of the movement comes next."
    poland.hears(change(sequence=2))
    poland.hears(change(place="PL-THIRD-PLACE", sequence=3))
    assert poland.movement is not None
    assert (poland.movement.sequence, poland.movement.delivery_place) == (3, "PL-THIRD-PLACE")


def test_messages_before_their_e_sad_wait_for_it() -> None:
    """What is about a movement that has not arrived yet is parked, and not refused."""
    Administration("PL", Side.DESTINATION).parks(change(sequence=2))


def test_change_that_crosses_an_interruption_reopens_nothing() -> None:
    """Destination stopped the earlier version: what is stopped at dispatch stays so, and is not rolled back."""
    lithuania, poland = on_the_way()
    poland.orders(interruption())
    [changed] = lithuania.takes(change()).sends
    assert poland.refuses(changed.message, Origin.ADMINISTRATION).state is StatusType.STOPPED
    lithuania.hears(interruption())
    lithuania.hears(status_answer(StatusType.STOPPED, sequence=1))
    lithuania.is_now(StatusType.STOPPED)


def test_refusal_that_is_gone_back_to_needs_a_destination_again() -> None:
    """Whoever says that it has ended a refused version never takes our change of it: the consignor has to act again."""
    lithuania, poland = on_the_way()
    lithuania.hears(poland.takes(receipt(REFUSED)).sends[0].message)
    lithuania.takes(change())
    assert change_due(lithuania) is None
    lithuania.at(NOW + timedelta(days=2)).hears(status_answer(StatusType.STOPPED, sequence=1))
    assert version_of(lithuania)[:2] == (1, StatusType.REFUSED)
    assert change_due(lithuania) == NOW + timedelta(days=32)


def test_report_belongs_to_its_version() -> None:
    """A change begins a journey without a report; who goes back to the version before finds its report there."""
    lithuania, poland = on_the_way()
    lithuania.hears(poland.takes(receipt(REFUSED)).sends[0].message)
    assert lithuania.movement is not None
    refused = lithuania.movement.report
    assert refused is not None
    assert awaited(lithuania.movement) == (change_due(lithuania), Trigger.CHANGE_OVERDUE)

    [changed] = lithuania.takes(change(journey_time="D20")).sends
    poland.hears(changed.message)
    for side in (lithuania, poland):
        assert side.movement is not None
        assert side.movement.report is None
        assert awaited(side.movement) == (side.movement.limit, Trigger.JOURNEY_OVER)

    lithuania.hears(status_answer(StatusType.STOPPED, sequence=1))
    assert lithuania.movement.report == refused


def test_report_that_a_change_crossed_belongs_to_the_version_before() -> None:
    """Destination refused what the change had left behind: the goods on the way are reported on anew."""
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt()).sends
    lithuania.takes(change())
    lithuania.hears(report.message)

    assert lithuania.movement is not None
    assert lithuania.movement.report is None
    before = lithuania.movement.version(1)
    assert before is not None
    assert before.state is StatusType.PARTIALLY_REFUSED
    assert before.report is not None


@pytest.mark.parametrize("days", [(0,), (0, 1)], ids=["asked", "asked once more"])
def test_version_that_is_gone_back_to_after_its_limit_is_not_asked_about_again(days: tuple[int, ...]) -> None:
    """The journey of both versions is over and destination was asked: it has answered, and no timer runs any more."""
    lithuania, _ = on_the_way()
    lithuania.takes(change())
    assert lithuania.movement is not None
    limit = lithuania.movement.limit
    for later in days:
        assert lithuania.at(limit + timedelta(days=later)).clock() is not None

    lithuania.hears(status_answer(StatusType.DELIVERED, sequence=1))

    assert lithuania.movement.sequence == 1
    assert due_at(lithuania.movement) is None


def test_receipt_of_the_version_before_brings_back_its_limit() -> None:
    """Destination was Delivered before the change came: the journey that counts is the one that was reported on."""
    lithuania, poland = on_the_way()
    assert lithuania.movement is not None
    before = lithuania.movement
    [report] = poland.takes(receipt(ACCEPTED)).sends
    lithuania.takes(change(journey_time="D01"))
    lithuania.hears(report.message)
    assert (lithuania.movement.sequence, lithuania.movement.limit) == (1, before.limit)
    assert lithuania.movement.last_message == "IE818"


def test_return_is_addressed_to_the_consignor_at_dispatch_only() -> None:
    """S11: the consignor takes the place of the consignee there; destination keeps it, and tells it."""
    lithuania, poland = on_the_way()
    [sent] = lithuania.takes(way_back()).sends
    poland.hears(sent.message)
    assert lithuania.movement is not None
    assert poland.movement is not None
    assert (lithuania.movement.consignee, lithuania.movement.initial_consignee) == (CONSIGNOR, CONSIGNEE)
    assert poland.movement.consignee == CONSIGNEE


def test_nobody_owes_anything_when_the_goods_are_there() -> None:
    """Nor does destination know until when the consignor has to change a destination that was rejected."""
    lithuania, poland = on_the_way()
    [rejected] = poland.takes(alert(rejected=True)).sends
    lithuania.hears(rejected.message)
    assert poland.movement is not None
    assert lithuania.movement is not None
    assert awaited(poland.movement) is None
    assert awaited(lithuania.movement) == (NOW + timedelta(days=30), Trigger.CHANGE_OVERDUE)
    lithuania.at(NOW + timedelta(days=30)).clock()
    assert awaited(lithuania.movement) is None


def test_version_that_is_gone_back_to_keeps_its_own_limit() -> None:
    """Asked at the end of a shorter journey, destination says that it has the longer one: that is waited for."""
    lithuania, _ = on_the_way()
    assert lithuania.movement is not None
    limit = lithuania.movement.limit
    lithuania.takes(change(journey_time="D01"))
    assert lithuania.at(lithuania.movement.limit).clock() is not None
    lithuania.hears(status_answer(StatusType.DELIVERED, sequence=1))
    assert due_at(lithuania.movement) == (limit, Trigger.JOURNEY_OVER)


def test_transport_mode_of_a_change_that_is_undone_is_undone() -> None:
    """What the next change is judged by (R216) is how the goods travel now, not how they would have."""
    lithuania, _ = on_the_way()
    for code in ("4", "7"):
        lithuania.takes(evolve(change(), {"update_ead_esad.transport_mode_code": code}))
    lithuania.hears(status_answer(StatusType.STOPPED, sequence=2))
    assert lithuania.movement is not None
    assert lithuania.movement.transport_mode == "4"
    lithuania.hears(status_answer(StatusType.STOPPED, sequence=1))
    assert lithuania.movement.transport_mode == "3"


def test_two_changes_that_cross_a_report_are_both_rolled_back() -> None:
    """Dispatch goes back to the version that destination has, however many changes were under way."""
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt(ACCEPTED)).sends
    lithuania.takes(change())
    lithuania.takes(change(place="PL-THIRD-PLACE"))
    lithuania.hears(report.message)
    assert version_of(lithuania) == (1, StatusType.DELIVERED, CONSIGNEE)


def test_two_changes_that_destination_never_takes_are_both_rolled_back() -> None:
    """The same, where the report is still held: destination's status tells that it takes no change any more."""
    lithuania, _ = on_the_way()
    lithuania.takes(change())
    lithuania.takes(change(place="PL-THIRD-PLACE"))
    lithuania.hears(status_answer(StatusType.DELIVERED, sequence=1))
    assert version_of(lithuania) == (1, StatusType.ACCEPTED, CONSIGNEE)


def test_change_that_the_other_side_can_still_take_is_not_rolled_back() -> None:
    """A status from before our change, of goods that were refused there: the change is on its way and will be taken."""
    lithuania, poland = on_the_way()
    poland.takes(receipt(REFUSED))
    [answer] = poland.hears(status_question(StatusType.ACCEPTED)).sends
    [changed] = lithuania.takes(change()).sends
    lithuania.hears(answer.message)
    poland.hears(changed.message)
    for side in (lithuania, poland):
        assert side.movement is not None
        assert (side.movement.sequence, side.movement.state) == (2, StatusType.ACCEPTED)


def test_s11_goods_on_the_way_back_take_no_other_destination() -> None:
    """Destination is Diverted and would refuse every change after a return, so that none is made."""
    lithuania, _ = on_the_way()
    lithuania.takes(way_back())
    assert lithuania.refuses(change()).trigger is Trigger.CHANGE_OF_PLACE
    assert lithuania.refuses(way_back()).trigger is Trigger.RETURN


@pytest.mark.parametrize("place", ["PL-OTHER-PLACE", None], ids=["to another place", "back"])
def test_change_that_crosses_a_partial_refusal_stays(place: str | None) -> None:
    """Destination takes the change after its refusal, and dispatch notes the refusal: the same is left on both sides.

    A copy of the refusal that is sent again is filed, and one that comes late is refused.
    """
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt()).sends
    [changed] = lithuania.takes(change(place=place) if place else way_back()).sends
    poland.hears(changed.message)

    assert lithuania.hears(report.message).forward_to == (CONSIGNOR,)

    lithuania.is_now(StatusType.ACCEPTED)
    poland.is_now(StatusType.ACCEPTED if place else StatusType.DIVERTED)
    for side in (lithuania, poland):
        assert side.movement is not None
        assert side.movement.sequence == 2
        assert [str(line.refused) for line in side.movement.lines] == ["90", "None"]
    again = replace(report.message.header, correlation_identifier="asked")
    assert lithuania.hears(replace(report.message, header=again)).forward_to == ()
    lithuania.refuses(report.message, Origin.ADMINISTRATION)


def test_explanation_that_a_change_crossed_reaches_the_consignor() -> None:
    """The consignee explains the shortage of a partial refusal while the goods get another destination."""
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt()).sends
    lithuania.hears(report.message)
    [explained] = poland.takes(shortage()).sends
    lithuania.takes(change())
    assert lithuania.hears(explained.message).forward_to == (CONSIGNOR,)
    assert version_of(lithuania)[:2] == (2, StatusType.ACCEPTED)


def test_partial_refusal_that_a_later_one_overtook_changes_nothing() -> None:
    """What is left to be received says the partial refusal of the latest version, in whatever order they come."""
    lithuania, poland = on_the_way()
    [first] = poland.takes(receipt()).sends
    [changed] = lithuania.takes(change()).sends
    poland.hears(changed.message)
    less = evolve(receipt(sequence=2), {"body_report_of_receipt_export.0.refused_quantity": Decimal(5)})
    [second] = poland.takes(less).sends
    lithuania.hears(second.message)
    assert lithuania.hears(first.message).forward_to == (CONSIGNOR,)
    assert lithuania.movement is not None
    assert [str(line.refused) for line in lithuania.movement.lines] == ["5", "None"]


@pytest.mark.parametrize("rejected", [False, True], ids=["alert", "rejection"])
def test_change_that_crosses_an_alert_stays(rejected: bool) -> None:  # noqa: FBT001  parametrised
    """An alert or a rejection of the version before reaches the consignor, and leaves the change as it is."""
    lithuania, poland = on_the_way()
    [sent] = poland.takes(alert(rejected=rejected)).sends
    [changed] = lithuania.takes(change()).sends
    assert lithuania.hears(sent.message).forward_to == (CONSIGNOR,)
    poland.hears(changed.message)
    assert version_of(lithuania)[:2] == version_of(poland)[:2] == (2, StatusType.ACCEPTED)


def test_report_of_an_earlier_version_does_not_reopen_what_is_closed() -> None:
    """A movement that was stopped after the change takes no report of the version before."""
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt()).sends
    lithuania.takes(change())
    lithuania.orders(interruption())
    assert lithuania.refuses(report.message, Origin.ADMINISTRATION).state is StatusType.STOPPED


def test_goods_are_not_received_in_a_version_that_a_later_report_has_ended() -> None:
    """Destination reported on our change, so it took it: a receipt in the version before cannot be."""
    lithuania, poland = on_the_way()
    [changed] = lithuania.takes(change()).sends
    poland.hears(changed.message)
    lithuania.hears(poland.takes(receipt(REFUSED, sequence=2)).sends[0].message)
    lithuania.refuses(receipt(ACCEPTED, sequence=1), Origin.ADMINISTRATION)
    lithuania.is_now(StatusType.REFUSED)


@pytest.mark.parametrize(
    ("left", "journey", "limit"),
    [
        pytest.param(time(18), "H24", datetime(2026, 3, 4, 18, tzinfo=UTC), id="hours"),
        pytest.param(None, "H24", datetime(2026, 3, 3, 22, tzinfo=UTC), id="hours from the beginning of the day"),
        pytest.param(time(18), "D05", datetime(2026, 3, 8, 21, 59, 59, tzinfo=UTC), id="days"),
        pytest.param(time(22), "D05", datetime(2026, 3, 9, 21, 59, 59, tzinfo=UTC), id="days from after midnight"),
    ],
)
def test_s10_new_journey_time_counts_from_the_moment_of_dispatch(
    left: time | None, journey: str, limit: datetime
) -> None:
    """A change gives the limit that the same journey time in the draft would have given."""
    changes = {"ead_esad_draft.time_of_dispatch": left, "header_ead_esad.journey_time": journey}
    drafted, lithuania = Administration("LT", Side.DISPATCH), Administration("LT", Side.DISPATCH)
    drafted.takes(draft(changes))
    lithuania.takes(draft(changes | {"header_ead_esad.journey_time": "D40"}))

    lithuania.takes(change(journey_time=journey))

    assert (drafted.movement, lithuania.movement) != (None, None)
    assert [due_at(one.movement) for one in (drafted, lithuania) if one.movement] == [(limit, Trigger.JOURNEY_OVER)] * 2


def test_version_that_is_gone_back_to_is_as_it_was() -> None:
    """A change that destination never took leaves no trace in the movement: parties, place, kind and time."""
    lithuania, poland = on_the_way()
    before = lithuania.movement
    [report] = poland.takes(receipt(ACCEPTED)).sends
    lithuania.takes(change(journey_time="D20"))
    lithuania.hears(report.message)

    back = lithuania.movement
    assert before is not None
    assert back is not None
    names = ("sequence", "consignor", "consignee", "delivery_place", "destination_type", "transport_mode", "limit")
    assert {name: getattr(back, name) for name in names} == {name: getattr(before, name) for name in names}
    assert back.versions == ()


def test_interruption_ends_every_clock_of_the_consignor() -> None:
    """The goods were refused and a destination is asked for: once the movement is stopped, nobody has to give one."""
    lithuania, poland = on_the_way()
    lithuania.hears(poland.takes(receipt(REFUSED)).sends[0].message)
    assert change_due(lithuania) is not None

    lithuania.hears(interruption())

    assert lithuania.movement is not None
    assert (change_due(lithuania), due_at(lithuania.movement)) == (None, None)


def test_destination_that_was_asked_for_a_version_that_is_undone_is_asked_for_no_more() -> None:
    """Destination has rejected a change; then it says that it holds the version before, which nobody rejected."""
    lithuania, _ = on_the_way()
    lithuania.takes(change())
    lithuania.hears(evolve(alert(rejected=True), {"excise_movement.sequence_number": 2}))
    assert change_due(lithuania) is not None

    lithuania.hears(status_answer(StatusType.DELIVERED, sequence=1))

    assert (version_of(lithuania)[0], change_due(lithuania)) == (1, None)


def test_change_that_names_no_consignee_keeps_the_one_there_is() -> None:
    """Another place of the same consignee; it may leave the consignee out."""
    lithuania, _ = on_the_way()
    lithuania.takes(evolve(change(), {"destination_changed.new_consignee_trader": None}))
    assert lithuania.movement is not None
    assert (lithuania.movement.sequence, lithuania.movement.consignee) == (2, CONSIGNEE)


def test_refusal_of_another_version_names_what_was_refused() -> None:
    """A change that does not follow the version that there is."""
    lithuania, poland = on_the_way()
    [changed] = lithuania.takes(change()).sends
    again = evolve(changed.message, {"update_ead_esad.sequence_number": 1})
    refused = poland.refuses(again, Origin.ADMINISTRATION)
    assert (refused.state, refused.trigger) == (StatusType.ACCEPTED, Trigger.CHANGE_OF_PLACE)
