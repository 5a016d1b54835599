"""What happens to a movement, from whom and on which side, and what each message that can say several things says."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from esad_gateway.emcs.codes import DestinationTypeCode, GlobalConclusionOfReceipt, StatusType, SubmitterType

__all__ = ["Origin"]

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import IE813, IE818, IE819, IE837, IE871, IE881, IE905


class Side(StrEnum):
    """Which administration's view of a movement this is."""

    DISPATCH = "dispatch"
    DESTINATION = "destination"


class Origin(StrEnum):
    """Who a message comes from: a trader of our own state, our own excise office, or another administration."""

    TRADER = "trader"
    OFFICE = "office"
    ADMINISTRATION = "administration"


class Trigger(StrEnum):
    """What happened to a movement, in the words of the transition tables."""

    DRAFT = "draft submitted"
    VALIDATED_DOCUMENT = "validated document received"
    CHANGE_OF_PLACE = "change of the place of delivery"
    RETURN = "return to the place of dispatch"
    RECEIPT_ACCEPTED = "receipt accepted"
    RECEIPT_REFUSED = "receipt refused"
    RECEIPT_PARTIALLY_REFUSED = "receipt partially refused"
    EXPORT_RESULT = "result of an export"
    ALERT = "alert"
    REJECTION = "rejection"
    DELAY_EXPLAINED = "delay explained"
    SHORTAGE_EXPLAINED = "shortage explained"
    REMINDER = "reminder"
    INTERRUPTION = "interruption"
    CLOSURE_REQUESTED = "manual closure requested"
    CLOSURE_ACCEPTED = "manual closure accepted"
    CLOSURE_REJECTED = "manual closure rejected"
    EVENT = "event reported"
    STATUS_REQUESTED = "status requested"
    STATUS_KNOWN = "status of the other side known"
    STATUS_DELIVERED = "other side has delivered"
    STATUS_CLOSED = "other side has closed manually"
    STATUS_STOPPED = "other side has stopped"
    NEGATIVE_ACKNOWLEDGEMENT = "refused by the other side"
    JOURNEY_OVER = "journey time over"
    CHANGE_OVERDUE = "time to change the destination over"


ENDED: Mapping[StatusType, Trigger] = MappingProxyType(
    {
        StatusType.DELIVERED: Trigger.STATUS_DELIVERED,
        StatusType.MANUALLY_CLOSED: Trigger.STATUS_CLOSED,
        StatusType.STOPPED: Trigger.STATUS_STOPPED,
    }
)
"""What an IE905 is that shows a final state; any other one is ``STATUS_KNOWN``."""

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


def submitting_side(message: "IE837 | IE871") -> Side:
    """The side of the trader who explains."""
    consignor = message.attributes.submitter_type is SubmitterType.CONSIGNOR
    return Side.DISPATCH if consignor else Side.DESTINATION


def always(trigger: Trigger) -> Callable[[Any], Trigger]:
    """The same trigger, whatever the message says."""
    return lambda _: trigger


def change(message: "IE813") -> Trigger:
    """A change of destination: to another place, or back."""
    code = message.destination_changed.destination_type_code
    return Trigger.RETURN if code is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH else Trigger.CHANGE_OF_PLACE


def receipt(message: "IE818") -> Trigger:
    """A report of receipt, by its conclusion."""
    return RECEIPTS[message.report_of_receipt_export.global_conclusion_of_receipt]


def alert(message: "IE819") -> Trigger:
    """An alert, or a rejection."""
    return Trigger.REJECTION if message.alert_or_rejection.ead_esad_rejected_flag else Trigger.ALERT


def closure(message: "IE881") -> Trigger:
    """The answer to a request for manual closure."""
    accepted = message.attributes.manual_closure_request_accepted
    return Trigger.CLOSURE_ACCEPTED if accepted else Trigger.CLOSURE_REJECTED


def answer(message: "IE905") -> Trigger:
    """The answer to a question about the status: final states end what went back (domain facts 4.2)."""
    return ENDED.get(message.attributes.status, Trigger.STATUS_KNOWN)
