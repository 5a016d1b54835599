"""Times in messages, moved between the zone of traders and UTC."""

from dataclasses import replace
from datetime import UTC, date, time, timedelta, timezone
from itertools import count
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings

from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.movement import Side
from esad_gateway.emcs.procedure.local_time import moved, towards_traders
from esad_gateway.emcs.releases import Schedule
from helpers.any_message import any_message
from helpers.playbook import NOW, Administration, stamp
from helpers.samples import ACCEPTED, draft, report

VILNIUS = ZoneInfo("Europe/Vilnius")
FIVE_HOURS_AHEAD = timezone(timedelta(hours=5))
DISPATCH = "ead_esad_draft.date_of_dispatch"
HOUR = "ead_esad_draft.time_of_dispatch"


def test_time_of_day_may_take_its_day_along() -> None:
    """Half past midnight in Vilnius is the evening before in UTC, and comes back as it was."""
    local = draft({DISPATCH: date(2026, 3, 3), HOUR: time(0, 30)})

    utc = moved(local, VILNIUS, UTC)

    assert isinstance(utc, IE815)
    assert (utc.ead_esad_draft.date_of_dispatch, utc.ead_esad_draft.time_of_dispatch) == (
        date(2026, 3, 2),
        time(22, 30),
    )
    assert moved(utc, UTC, VILNIUS) == local


def test_nothing_moves_within_one_zone() -> None:
    """A message that is written in the zone it is wanted in is the same one."""
    local = draft()
    assert moved(local, VILNIUS, VILNIUS) is local


def test_day_without_a_time_stays() -> None:
    """The day of arrival, and a day of dispatch without its hour, are days of the calendar wherever they are read."""
    arrived = report(ACCEPTED)
    undated = draft({HOUR: None})

    moved_report, moved_draft = moved(arrived, UTC, VILNIUS), moved(undated, UTC, VILNIUS)

    assert isinstance(moved_report, IE818)
    assert moved_report.report_of_receipt_export == arrived.report_of_receipt_export
    assert isinstance(moved_draft, IE815)
    assert moved_draft.ead_esad_draft == undated.ead_esad_draft


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(message=any_message())
def test_every_message_comes_back_as_it_was(message: Message) -> None:
    """Whatever moments a message has: moved to another zone and back they are the same."""
    assume("date(9999," not in repr(message).replace("time", ""))
    assume("date(1," not in repr(message).replace("time", ""))

    there = moved(message, UTC, FIVE_HOURS_AHEAD)

    assert there.header != message.header
    assert moved(there, FIVE_HOURS_AHEAD, UTC) == message


def test_everybody_keeps_the_same_document_where_traders_times_are_utc() -> None:
    """Nothing is added to a decision."""
    decision = Administration("LT", Side.DISPATCH).takes(draft())
    assert towards_traders(decision, draft(), stamp("LT")) is decision


def test_message_of_ours_has_two_documents_where_traders_times_are_local() -> None:
    """Administrations read UTC; the consignor reads the same e-SAD in its own time, under an identity of its own."""
    decision = Administration("LT", Side.DISPATCH).takes(draft({HOUR: time(8)}))
    [send] = towards_traders(decision, draft(), _local("LT")).sends

    assert (send.to, send.mailboxes) == ("NDEA.PL", decision.sends[0].mailboxes)
    common, own = send.message, send.for_traders
    assert common == decision.sends[0].message
    assert isinstance(common, IE801)
    assert isinstance(own, IE801)
    assert own.excise_movement.date_and_time_of_validation_of_ead_esad == NOW.replace(tzinfo=None, hour=12)
    assert (common.ead_esad.time_of_dispatch, own.ead_esad.time_of_dispatch) == (time(8), time(10))
    assert own.header.time_of_preparation == time(12)
    assert own.header.message_identifier != common.header.message_identifier
    assert replace(moved(own, VILNIUS, UTC), header=common.header) == common


def test_what_comes_from_another_administration_is_issued_anew() -> None:
    """The consignee's copy is ours, in its own time; it is correlated as the original was."""
    [sent] = Administration("PL", Side.DISPATCH).takes(draft()).sends
    original = replace(sent.message, header=replace(sent.message.header, correlation_identifier="asked-1"))
    decision = Administration("LT", Side.DESTINATION).hears(original)

    local = towards_traders(decision, original, _local("LT"))

    [send] = local.sends
    assert local.forward_to == ()
    assert (send.to, send.mailboxes, send.for_traders) == (None, decision.forward_to, None)
    assert (send.message.header.message_sender, send.message.header.message_recipient) == ("NDEA.LT", "NDEA.LT")
    assert send.message.header.correlation_identifier == "asked-1"
    assert replace(moved(send.message, VILNIUS, UTC), header=original.header) == original


def test_what_comes_in_a_release_that_traders_do_not_read_is_issued_anew() -> None:
    """In UTC all the same; what they read, and what is known to nobody, is passed on as it came."""
    [sent] = Administration("PL", Side.DISPATCH).takes(draft()).sends
    decision = Administration("LT", Side.DESTINATION).hears(sent.message)
    given = stamp("LT")
    reading = replace(given, profile=replace(given.profile, trader_release=Schedule("3.13").then("3.23", NOW)))

    anew = towards_traders(decision, sent.message, reading, "3.13")

    [send] = anew.sends
    assert (anew.forward_to, send.to, send.mailboxes) == ((), None, decision.forward_to)
    assert replace(send.message, header=sent.message.header) == sent.message
    assert send.message.header.message_sender == "NDEA.LT"
    for release in ("3.23", None):
        assert towards_traders(decision, sent.message, reading, release) is decision
    assert towards_traders(decision, sent.message, given, "3.13") is decision


def test_message_of_ours_is_one_message_whatever_traders_read() -> None:
    """How it is written for whom is no matter of what is decided."""
    decision = Administration("LT", Side.DISPATCH).takes(draft())
    given = stamp("LT")
    reading = replace(given, profile=replace(given.profile, trader_release=Schedule("3.30")))

    assert towards_traders(decision, draft(), reading, "3.23") == decision


def _local(state: str) -> Stamp:
    given = stamp(state)
    profile = replace(given.profile, trader_zone=given.profile.time_zone)
    return replace(given, profile=profile, identifiers=(f"for-trader-{number}" for number in count(1)))
