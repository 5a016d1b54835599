"""JSON views of receipts, messages and movements: the shapes that clients rely on."""

from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.moments import day_of, local
from esad_gateway.emcs.movement import Movement, Trigger, awaited
from esad_gateway.emcs.registry import Operator, TemporaryAuthorisation
from esad_gateway.emcs.working_days import ReportOfReceipt
from esad_gateway.faults import Faults
from esad_gateway.ports.reading import Acknowledged, Listed, MovementPage, Noted, Page, Receipt
from esad_gateway.texts import fault_json


def receipt_view(receipt: Receipt, zone: tzinfo) -> dict[str, Any]:
    """A receipt: the outcome, where it stands in the sender's mailbox, every fault, and the replies to read.

    ``heldUntil`` is until when at most a report of receipt is held for formalities, as clocks in ``zone`` show it.
    """
    return {
        "outcome": receipt.outcome,
        "repeated": receipt.repeated,
        "message": receipt.type,
        "messageIdentifier": receipt.identifier,
        "mailbox": receipt.mailbox,
        "seq": receipt.seq,
        "arc": receipt.arc,
        "heldUntil": receipt.held_until and local(receipt.held_until, zone).isoformat(timespec="seconds"),
        "faults": [fault_json(fault) for fault in receipt.faults],
        "replies": [
            {"seq": reply.seq, "message": reply.type, "messageIdentifier": reply.identifier}
            for reply in receipt.replies
        ],
    }


def verdict_view(message: str, release: str | None, faults: Faults) -> dict[str, Any]:
    """What was found in a document that was only judged: whether it is fine, what it is, and every fault."""
    told = [fault_json(fault) for fault in faults]
    return {"ok": not told, "message": message, "release": release, "faults": told}


def listed_view(listed: Listed, zone: tzinfo) -> dict[str, Any]:
    """One line of a mailbox; moments are shown as clocks in ``zone`` show them, with their distance from UTC."""
    return {
        "seq": listed.seq,
        "direction": listed.direction,
        "message": listed.type,
        "messageIdentifier": listed.identifier,
        "correlationIdentifier": listed.correlation,
        "arc": listed.arc,
        "sequenceNumber": listed.sequence,
        "outcome": listed.outcome,
        "recordedAt": _stored(listed.recorded_at, zone),
        "acknowledgedAt": listed.acknowledged_at and _stored(listed.acknowledged_at, zone),
        "signedBy": listed.signed_by,
        "delegation": listed.delegation,
    }


def page_view(page: Page, zone: tzinfo) -> dict[str, Any]:
    """A page of a mailbox; ask again with ``after=completeThrough``."""
    return {"messages": [listed_view(item, zone) for item in page.messages], "completeThrough": page.complete_through}


def acknowledged_view(acknowledged: Acknowledged) -> dict[str, Any]:
    """What became of a bulk acknowledgement; when it is not ``complete``, ask the same again."""
    return {
        "changed": [*acknowledged.changed],
        "missing": [*acknowledged.missing],
        "complete": acknowledged.complete,
    }


def movements_view(page: MovementPage, zone: tzinfo) -> dict[str, Any]:
    """Movements by ARC; when they are not ``complete``, ask again with ``after`` set to the last ARC."""
    return {"movements": [movement_view(item, zone) for item in page.movements], "complete": page.complete}


def movement_view(movement: Movement, zone: tzinfo) -> dict[str, Any]:
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
        "dateOfDispatch": day_of(movement.dispatched_at, zone).isoformat(),
        "limit": local(movement.limit, zone).isoformat(),
        "due": due_view(movement, zone),
        "report": report_view(movement.report),
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


def noted_movement_view(page: MovementPage, zone: tzinfo) -> dict[str, Any]:
    """A movement that was asked for alone, with what national law has noted about it.

    ``otherSides`` has it once more for a trader who is on both sides, as a consignor to whom goods return: a client
    that knows of one side only goes on reading the first. ``signedByAgents`` is what agents have signed about it.
    """
    first, *others = page.movements
    return {
        **movement_view(first, zone),
        "otherSides": [movement_view(other, zone) for other in others],
        "notes": [note_view(note, zone) for note in page.notes],
        "signedByAgents": [listed_view(one, zone) for one in page.signed_for],
    }


def note_view(noted: Noted, zone: tzinfo) -> dict[str, Any]:
    """A note of national law: of which kind, about whom, since when, and what by name."""
    return {
        "kind": noted.effect.kind,
        "subject": noted.effect.subject,
        "notedAt": local(noted.at, zone).isoformat(timespec="microseconds"),
        "side": noted.side,
        "values": dict(noted.effect.values),
    }


def _stored(text: str, zone: tzinfo) -> str:
    return local(datetime.fromisoformat(text), zone).isoformat(timespec="microseconds")


def due_view(movement: Movement, zone: tzinfo) -> dict[str, str] | None:
    """What a trader owes to the movement now, and until when by the clocks of ``zone``; ``None`` for nothing.

    Goods on the way are reported on before their journey is over, whatever was reported before a change of destination.
    """
    due = awaited(movement)
    return due and {"what": _AWAITED[due[1]], "until": local(due[0], zone).isoformat(timespec="seconds")}


_AWAITED: Final = MappingProxyType(
    {Trigger.JOURNEY_OVER: "report of receipt", Trigger.CHANGE_OVERDUE: "change of destination"}
)


def report_view(report: ReportOfReceipt | None) -> dict[str, Any] | None:
    """When a report of receipt was due and made, in days of the state whose trader reports; ``None`` without one."""
    if report is None:
        return None
    return {
        "arrived": report.arrived.isoformat(),
        "due": report.due.isoformat(),
        "made": report.made.isoformat(),
        "late": report.late,
    }


def operator_view(operator: Operator, day: date, *, in_full: bool) -> dict[str, Any]:
    """What SEED answers about an operator: registered for what, and when. Names and addresses are not published.

    Whom a temporary authorisation names and for how much is told ``in_full`` to its holder and its office only.
    """
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
        "temporary": _temporary_view(operator.temporary) if in_full and operator.temporary else None,
    }


def _temporary_view(temporary: TemporaryAuthorisation) -> dict[str, Any]:
    return {
        "counterparty": temporary.counterparty,
        "reusable": temporary.reusable,
        "smallWineProducer": temporary.small_wine_producer,
        "quantities": {product: str(quantity) for product, quantity in temporary.quantities.items()},
    }
