"""What follows from a message that the tables allow: one function a side and message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp, validated_document, validated_report
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.movement.tables import HELD_FOR_FORMALITIES, trigger_of
from esad_gateway.emcs.movement.values import Decision, Line, Movement, Send, Side
from esad_gateway.emcs.timers import limit_of_journey


def _accept_draft(_: Movement | None, draft: IE815, after: StatusType, stamp: Stamp) -> Decision:
    document = validated_document(draft, stamp)
    movement = _open(document, Side.DISPATCH, after, stamp)
    sent = Send(message=document, to=f"NDEA.{movement.destination_state}", mailboxes=(movement.consignor,))
    return Decision(movement=movement, sends=(sent,))


def _receive_document(_: Movement | None, document: IE801, after: StatusType, stamp: Stamp) -> Decision:
    movement = _open(document, Side.DESTINATION, after, stamp)
    return Decision(movement=movement, forward_to=(movement.consignee,))


def _report_receipt(movement: Movement, report: IE818, after: StatusType, stamp: Stamp) -> Decision:
    held = trigger_of(report) in HELD_FOR_FORMALITIES and stamp.profile.formalities > timedelta(0)
    sent = Send(
        message=validated_report(report, stamp),
        to=f"NDEA.{movement.arc[2:4]}",
        mailboxes=(movement.consignee,),
        not_before=stamp.now + stamp.profile.formalities if held else None,
    )
    return Decision(movement=_received(movement, report, after), sends=(sent,))


def _learn_of_receipt(movement: Movement, report: IE818, after: StatusType, _: Stamp) -> Decision:
    return Decision(movement=_received(movement, report, after), forward_to=(movement.consignor,))


def _open(document: IE801, side: Side, state: StatusType, stamp: Stamp) -> Movement:
    e_sad, header = document.ead_esad, document.header_ead_esad
    consignee = (document.consignee_trader.traderid if document.consignee_trader else None) or ""
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
        dispatched_on=e_sad.date_of_dispatch,
        limit=limit_of_journey(
            e_sad.date_of_dispatch, e_sad.time_of_dispatch, header.journey_time, stamp.profile.time_zone
        ),
        lines=tuple(
            Line(line.body_record_unique_reference, line.excise_product_code, line.quantity)
            for line in document.body_ead_esad
        ),
    )


def _received(movement: Movement, report: IE818, after: StatusType) -> Movement:
    refused = {
        line.body_record_unique_reference: line.refused_quantity for line in report.body_report_of_receipt_export
    }
    lines = movement.lines
    if after is StatusType.PARTIALLY_REFUSED:
        lines = tuple(replace(line, refused=refused.get(line.reference)) for line in lines)
    return replace(movement, state=after, lines=lines)


DECIDERS: Mapping[tuple[Side, type[Message]], Callable[[Any, Any, StatusType, Stamp], Decision]] = MappingProxyType(
    {
        (Side.DISPATCH, IE815): _accept_draft,
        (Side.DESTINATION, IE801): _receive_document,
        (Side.DESTINATION, IE818): _report_receipt,
        (Side.DISPATCH, IE818): _learn_of_receipt,
    }
)
