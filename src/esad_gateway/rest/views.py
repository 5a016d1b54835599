"""JSON views of receipts, messages and movements: the shapes that clients rely on."""

from datetime import date
from typing import Any

from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.registry import Operator, TemporaryAuthorisation
from esad_gateway.emcs.working_days import Report
from esad_gateway.ports import Receipt
from esad_gateway.store.mailboxes import Listed, Page


def receipt_view(receipt: Receipt) -> dict[str, Any]:
    """A receipt: the outcome, where it stands in the sender's mailbox, every fault, and the replies to read."""
    return {
        "outcome": receipt.outcome,
        "repeated": receipt.repeated,
        "message": receipt.type,
        "messageIdentifier": receipt.identifier,
        "mailbox": receipt.mailbox,
        "seq": receipt.seq,
        "arc": receipt.arc,
        "faults": [fault.as_json() for fault in receipt.faults],
        "replies": [
            {"seq": reply.seq, "message": reply.type, "messageIdentifier": reply.identifier}
            for reply in receipt.replies
        ],
    }


def listed_view(listed: Listed) -> dict[str, Any]:
    """One line of a mailbox."""
    return {
        "seq": listed.seq,
        "direction": listed.direction,
        "message": listed.type,
        "messageIdentifier": listed.identifier,
        "correlationIdentifier": listed.correlation,
        "arc": listed.arc,
        "sequenceNumber": listed.sequence,
        "outcome": listed.outcome,
        "recordedAt": listed.recorded_at,
        "acknowledgedAt": listed.acknowledged_at,
    }


def page_view(page: Page) -> dict[str, Any]:
    """A page of a mailbox; ask again with ``after=complete_through``."""
    return {"messages": [listed_view(item) for item in page.messages], "complete_through": page.complete_through}


def movement_view(movement: Movement) -> dict[str, Any]:
    """A movement as one side knows it; quantities are text, because JSON numbers are binary."""
    return {
        "arc": movement.arc,
        "side": movement.side,
        "state": movement.state,
        "stateName": movement.state.name.lower(),
        "sequenceNumber": movement.sequence,
        "localReferenceNumber": movement.lrn,
        "consignor": movement.consignor,
        "consignee": movement.consignee,
        "destinationType": movement.destination_type,
        "dateOfDispatch": movement.dispatched_on.isoformat(),
        "limit": movement.limit.isoformat(),
        "report": _report_view(movement.report) if movement.report else None,
        "lines": [
            {
                "reference": line.reference,
                "exciseProductCode": line.product,
                "quantity": str(line.quantity),
                "refused": None if line.refused is None else str(line.refused),
            }
            for line in movement.lines
        ],
    }


def _report_view(report: Report) -> dict[str, Any]:
    return {
        "arrived": report.arrived.isoformat(),
        "due": report.due.isoformat(),
        "made": report.made.isoformat(),
        "late": report.late,
    }


def operator_view(operator: Operator, day: date) -> dict[str, Any]:
    """What SEED answers about an operator: registered for what, and when. Names and addresses are not published."""
    return {
        "seed": operator.seed,
        "on": day.isoformat(),
        "registered": operator.valid_on(day),
        "type": operator.operator_type,
        "office": operator.office,
        "validFrom": operator.valid_from.isoformat(),
        "validTo": operator.valid_to and operator.valid_to.isoformat(),
        "products": sorted(operator.products),
        "productCategories": sorted(operator.categories),
        "temporary": _temporary_view(operator.temporary) if operator.temporary else None,
    }


def _temporary_view(temporary: TemporaryAuthorisation) -> dict[str, Any]:
    return {
        "counterparty": temporary.counterparty,
        "reusable": temporary.reusable,
        "smallWineProducer": temporary.small_wine_producer,
        "quantities": {product: str(quantity) for product, quantity in temporary.quantities.items()},
    }
