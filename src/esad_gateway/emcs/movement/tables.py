"""The two transition tables, the single home of the state rules (domain facts 4.1 and 4.2).

A pair that is not in its table is refused with code 92, message out of sequence.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.movement.values import Origin, Side, Trigger

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


def trigger_of(message: Message) -> Trigger:
    """What a message that changes a movement does to it."""
    if isinstance(message, IE815):
        return Trigger.DRAFT
    if isinstance(message, IE818):
        return RECEIPTS[message.report_of_receipt_export.global_conclusion_of_receipt]
    return Trigger.VALIDATED_DOCUMENT
