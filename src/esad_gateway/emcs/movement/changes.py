"""How a message changes the movement itself: its version, its clocks, what is left of its lines."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC
from types import MappingProxyType
from typing import Any, TypeAlias

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE801, IE813, IE818, Message
from esad_gateway.emcs.messages.ie818 import BodyReportOfReceiptExport
from esad_gateway.emcs.messages.triggers import Side, Trigger
from esad_gateway.emcs.moments import moment_of
from esad_gateway.emcs.movement.tables import REFUSED_STATES
from esad_gateway.emcs.movement.values import Line, Movement, Stage, Timer, Version
from esad_gateway.emcs.timers import limit_of_journey
from esad_gateway.emcs.working_days import ReportOfReceipt

Change: TypeAlias = Callable[[Movement, Any, Stamp], Movement]


def opened(document: IE801, side: Side, state: StatusType, stamp: Stamp) -> Movement:
    """The movement that an e-SAD begins, on one side."""
    e_sad, header = document.ead_esad, document.header_ead_esad
    consignee = (document.consignee_trader.traderid if document.consignee_trader else None) or ""
    zone = stamp.profile.time_zone
    dispatched_at = moment_of(e_sad.date_of_dispatch, e_sad.time_of_dispatch, UTC, zone)
    return Movement(
        arc=document.excise_movement.administrative_reference_code,
        side=side,
        state=state,
        sequence=header.sequence_number,
        lrn=e_sad.local_reference_number,
        consignor=document.consignor_trader.trader_excise_number,
        consignee=consignee,
        delivery_place=document.delivery_place_trader.traderid if document.delivery_place_trader else None,
        destination_type=header.destination_type_code,
        destination_state=consignee[:2],
        dispatched_at=dispatched_at,
        journey=Timer(limit_of_journey(dispatched_at, header.journey_time, zone)),
        lines=tuple(
            Line(line.body_record_unique_reference, line.excise_product_code, line.quantity)
            for line in document.body_ead_esad
        ),
        transport_mode=document.transport_mode.transport_mode_code,
        guarantor=document.movement_guarantee.guarantor_type_code,
    )


def changed(movement: Movement, message: Message, trigger: Trigger, stamp: Stamp) -> Movement:
    """What a message changes in a movement apart from its state, which the tables have set already."""
    change = _CHANGES.get(trigger)
    return change(movement, message, stamp) if change else movement


def rolled_back(movement: Movement, before: Version) -> Movement:
    """The movement as it was in an earlier version, whose changes of destination the other side never took."""
    return replace(
        movement,
        sequence=before.sequence,
        state=before.state,
        consignee=before.consignee,
        delivery_place=before.delivery_place,
        destination_type=before.destination_type,
        journey=replace(movement.journey, ends=before.limit),
        transport_mode=before.transport_mode,
        report=before.report,
        versions=tuple(version for version in movement.versions if version.sequence < before.sequence),
    )


def gone_back(movement: Movement, before: Version, stamp: Stamp) -> Movement:
    """The movement gone back to an earlier version, whose clock runs again.

    If the consignee refused that version, the consignor gets a new time to change the destination (TIM_CHS). If not,
    the time of that version runs again (TIM_EAD_ESAD). If that time is over too, nobody is asked a second time.
    """
    back = replace(rolled_back(movement, before), change=None)
    if before.limit > stamp.now:
        back = replace(back, journey=Timer(before.limit))
    elif back.journey.stage is Stage.ASKED:
        back = replace(back, journey=replace(back.journey, stage=Stage.OVER))
    return _to_be_changed(back, stamp) if back.state in REFUSED_STATES else back


def noted(movement: Movement, before: Version, message: Message, after: StatusType, stamp: Stamp) -> Movement:
    """The movement with a refusal, or an alert, of an earlier version, which our change of destination crossed.

    Its state is the one that the change has brought since, and so is its report, if there is one. What was refused then
    is what is left to be received now, unless a later version was refused in part as well.
    """
    if not isinstance(message, IE818):
        return replace(movement, versions=_with(movement.versions, replace(before, state=after)))
    counts = after is StatusType.PARTIALLY_REFUSED and after not in movement.states_since(before)
    then = replace(before, state=after, report=_report(rolled_back(movement, before), message, stamp))
    return replace(
        movement,
        versions=_with(movement.versions, then),
        lines=_with_refused(movement, message) if counts else movement.lines,
    )


def _with(versions: tuple[Version, ...], then: Version) -> tuple[Version, ...]:
    """The versions, with one of them as it has become since."""
    return tuple(then if version.sequence == then.sequence else version for version in versions)


def _redirected(movement: Movement, message: IE813, stamp: Stamp) -> Movement:
    update, target = message.update_ead_esad, message.destination_changed
    consignee = target.new_consignee_trader.traderid if target.new_consignee_trader else None
    place = target.delivery_place_trader.traderid if target.delivery_place_trader else None
    return replace(
        movement,
        sequence=update.sequence_number or movement.sequence + 1,
        # At destination the consignee stays who it was: it is told that the goods go elsewhere.
        consignee=consignee or movement.consignee if movement.side is Side.DISPATCH else movement.consignee,
        initial_consignee=movement.initial_consignee or movement.consignee,
        delivery_place=place,
        destination_type=target.destination_type_code,
        journey=_begun_again(movement, update.journey_time, stamp),
        transport_mode=update.transport_mode_code or movement.transport_mode,
        report=None,
        change=None,
        questioned=False,
    )


def _begun_again(movement: Movement, journey_time: str | None, stamp: Stamp) -> Timer:
    """TIM_EAD_ESAD of a new version: a changed journey time counts from the dispatch (domain facts 4.3).

    One that is over and was not changed stays over; of the new version everybody can be reminded once more.
    """
    if journey_time:
        return Timer(limit_of_journey(movement.dispatched_at, journey_time, stamp.profile.time_zone))
    return movement.journey if movement.journey.runs else replace(movement.journey, stage=Stage.OVER)


def _reported(movement: Movement, report: IE818, stamp: Stamp) -> Movement:
    partial = movement.state is StatusType.PARTIALLY_REFUSED
    lines = _with_refused(movement, report) if partial else movement.lines
    reported = _lines_of(report)
    return replace(
        movement,
        lines=tuple(
            replace(line, discrepancy=getattr(reported.get(line.reference), "indicator_of_shortage_or_excess", None))
            for line in lines
        ),
        report=_report(movement, report, stamp),
    )


def _report(movement: Movement, message: IE818, stamp: Stamp) -> ReportOfReceipt:
    """When it was due and made; a report that comes from the other side was made when it was validated there."""
    validated = message.attributes.date_and_time_of_validation_of_report_of_receipt_export
    return ReportOfReceipt.of(
        message.report_of_receipt_export.date_of_arrival_of_excise_products,
        validated.replace(tzinfo=UTC) if validated else stamp.now,
        stamp.profile.calendar_of(movement.reporting_state),
    )


def _with_refused(movement: Movement, report: IE818) -> tuple[Line, ...]:
    reported = _lines_of(report)
    return tuple(
        replace(line, refused=getattr(reported.get(line.reference), "refused_quantity", None))
        for line in movement.lines
    )


def _lines_of(report: IE818) -> Mapping[int, BodyReportOfReceiptExport]:
    return {line.body_record_unique_reference: line for line in report.body_report_of_receipt_export}


def _rejected(movement: Movement, _: Message, stamp: Stamp) -> Movement:
    return _to_be_changed(movement, stamp)


def _to_be_changed(movement: Movement, stamp: Stamp) -> Movement:
    """After a rejection or refusal the consignor has to give a destination in time."""
    if movement.side is Side.DESTINATION:
        return movement
    return replace(movement, change=Timer(stamp.now + stamp.profile.at(stamp.now).time_to_change))


def _refused(movement: Movement, report: IE818, stamp: Stamp) -> Movement:
    return _to_be_changed(_reported(movement, report, stamp), stamp)


def _reminded(movement: Movement, _: Message, __: Stamp) -> Movement:
    return replace(movement, journey=replace(movement.journey, stage=Stage.REMINDED))


def _stopped(movement: Movement, _: Message, __: Stamp) -> Movement:
    """Interruption and closure end every clock."""
    return replace(movement, change=None, questioned=False)


_CHANGES: Mapping[Trigger, Change] = MappingProxyType(
    {
        Trigger.CHANGE_OF_PLACE: _redirected,
        Trigger.RETURN: _redirected,
        Trigger.RECEIPT_ACCEPTED: _reported,
        Trigger.RECEIPT_REFUSED: _refused,
        Trigger.RECEIPT_PARTIALLY_REFUSED: _refused,
        Trigger.REJECTION: _rejected,
        Trigger.REMINDER: _reminded,
        Trigger.INTERRUPTION: _stopped,
        Trigger.CLOSURE_ACCEPTED: _stopped,
    }
)
