"""Movements: the state of a consignment at dispatch and at destination, and how a message changes it.

The two transition tables are the single home of the state rules (domain facts 4.1 and 4.2): a pair that is not in its
table is refused with code 92, message out of sequence. ``decide`` is pure: who is told what, and the movement after.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from esad_gateway.emcs.codes import DestinationTypeCode, GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.documents import Stamp, validated_document, validated_report
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.timers import limit_of_journey


class Side(StrEnum):
    """Which administration's view of a movement this is."""

    DISPATCH = "dispatch"
    DESTINATION = "destination"


class Origin(StrEnum):
    """Who a message comes from: a trader of our own state, or another administration."""

    TRADER = "trader"
    ADMINISTRATION = "administration"


class Trigger(StrEnum):
    """What happened to a movement, in the words of the transition tables."""

    DRAFT = "draft submitted"
    VALIDATED_DOCUMENT = "validated document received"
    RECEIPT_ACCEPTED = "receipt accepted"
    RECEIPT_REFUSED = "receipt refused"
    RECEIPT_PARTIALLY_REFUSED = "receipt partially refused"
    EXPORT_RESULT = "result of an export"


@dataclass(frozen=True, slots=True)
class Line:
    """One body record of the e-SAD: its reference, product and quantity; ``refused`` since the last partial refusal."""

    reference: int
    product: str
    quantity: Decimal
    refused: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One side's view of a movement, after its latest change. ``limit`` is dispatch plus journey time, in UTC."""

    arc: str
    side: Side
    state: StatusType
    sequence: int
    lrn: str
    consignor: str
    consignee: str
    delivery_place: str | None
    destination_type: DestinationTypeCode
    destination_state: str
    dispatched_on: date
    limit: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message of our own: signed once, then sent to administration ``to`` and put into ``mailboxes``.

    ``not_before`` holds both back until then (fiscal formalities, scenario S5); ``None`` means at once.
    """

    message: Message
    to: str
    mailboxes: tuple[str, ...]
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The movement as it is from now on, what we send, and whose mailboxes get the received document as it is."""

    movement: Movement
    sends: tuple[Send, ...] = ()
    forward_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOfSequence:
    """The movement's state does not allow the message (code 92); ``state`` is ``NONE`` when there is no movement."""

    state: StatusType
    trigger: Trigger


Table: TypeAlias = Mapping[tuple[StatusType, Trigger], StatusType]

DISPATCH: Table = MappingProxyType(
    {
        (StatusType.NONE, Trigger.DRAFT): StatusType.ACCEPTED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_ACCEPTED): StatusType.DELIVERED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_REFUSED): StatusType.REFUSED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_PARTIALLY_REFUSED): StatusType.PARTIALLY_REFUSED,
    }
)

DESTINATION: Table = MappingProxyType(
    {
        (StatusType.NONE, Trigger.VALIDATED_DOCUMENT): StatusType.ACCEPTED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_ACCEPTED): StatusType.DELIVERED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_REFUSED): StatusType.REFUSED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_PARTIALLY_REFUSED): StatusType.PARTIALLY_REFUSED,
    }
)

TABLES: Mapping[Side, Table] = MappingProxyType({Side.DISPATCH: DISPATCH, Side.DESTINATION: DESTINATION})

RECEIPTS: Mapping[GlobalConclusionOfReceipt, Trigger] = MappingProxyType(
    {
        GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY: Trigger.RECEIPT_ACCEPTED,
        GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY: Trigger.RECEIPT_ACCEPTED,
        GlobalConclusionOfReceipt.REFUSED: Trigger.RECEIPT_REFUSED,
        GlobalConclusionOfReceipt.PARTIALLY_REFUSED: Trigger.RECEIPT_PARTIALLY_REFUSED,
        # Goods with duty paid are never exported under an e-SAD: no state allows these.
        GlobalConclusionOfReceipt.EXIT_ACCEPTED_AND_SATISFACTORY: Trigger.EXPORT_RESULT,
        GlobalConclusionOfReceipt.EXIT_ACCEPTED_WITH_MINOR_DISCREPANCIES: Trigger.EXPORT_RESULT,
        GlobalConclusionOfReceipt.EXIT_REFUSED: Trigger.EXPORT_RESULT,
    }
)

# A refusal (3) goes through at once; only accepted goods owe formalities at destination (scenarios S5 to S7).
HELD_FOR_FORMALITIES = frozenset({Trigger.RECEIPT_ACCEPTED, Trigger.RECEIPT_PARTIALLY_REFUSED})

SIDES: Mapping[tuple[Origin, type[Message]], Side] = MappingProxyType(
    {
        (Origin.TRADER, IE815): Side.DISPATCH,
        (Origin.TRADER, IE818): Side.DESTINATION,
        (Origin.ADMINISTRATION, IE801): Side.DESTINATION,
        (Origin.ADMINISTRATION, IE818): Side.DISPATCH,
    }
)
"""Which side of a movement a message of that origin concerns; what is missing here changes no movement."""


def decide(movement: Movement | None, message: Message, side: Side, stamp: Stamp) -> Decision | OutOfSequence:
    """Decide what a message does to a movement.

    ``movement`` is our view of it on ``side``, ``None`` when there is none; ``stamp`` gives the time, the national
    profile and the identities a decision may use. Returns a Decision, or OutOfSequence when the state forbids it.
    Not checked here: content rules and stateful rules (``emcs.rules``), the signer, duplicates of the message.
    """
    state = movement.state if movement else StatusType.NONE
    trigger = trigger_of(message)
    after = TABLES[side].get((state, trigger))
    if after is None:
        return OutOfSequence(state, trigger)
    return _DECIDERS[(side, type(message))](movement, message, after, stamp)


def trigger_of(message: Message) -> Trigger:
    """What a message that changes a movement does to it."""
    if isinstance(message, IE815):
        return Trigger.DRAFT
    if isinstance(message, IE818):
        return RECEIPTS[message.report_of_receipt_export.global_conclusion_of_receipt]
    return Trigger.VALIDATED_DOCUMENT


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


_DECIDERS: Mapping[tuple[Side, type[Message]], Callable[[Any, Any, StatusType, Stamp], Decision]] = MappingProxyType(
    {
        (Side.DISPATCH, IE815): _accept_draft,
        (Side.DESTINATION, IE801): _receive_document,
        (Side.DESTINATION, IE818): _report_receipt,
        (Side.DISPATCH, IE818): _learn_of_receipt,
    }
)


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
