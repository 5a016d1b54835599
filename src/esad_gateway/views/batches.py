"""JSON views of batches and of the SAAD list: the shapes that clients rely on."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Final

from esad_gateway.ais.saad.record import SaadEntry
from esad_gateway.emcs.moments import local
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.faults import Fault, Said
from esad_gateway.ports.batches import Batch, BatchRow, BatchState, KeptRecord, Mode, RowOutcome, SaadAnswer
from esad_gateway.texts import ENGLISH, fault_json, in_every_language
from esad_gateway.xml.plain import group_to_plain

MODES = {"row-wise": Mode.ROWS, "all-or-nothing": Mode.WHOLE}
"""What may be done with the good documents of a batch in which others are refused, as clients say it."""

_MODE_NAMES = {mode: name for name, mode in MODES.items()}

_NOTHING: Final = Decimal(0)


def batch_view(batch: Batch, zone: tzinfo) -> dict[str, Any]:
    """A batch: how far it has come, what became of its documents, what its file was taken for."""
    return {
        "id": batch.id,
        "kind": batch.kind,
        "mode": _MODE_NAMES[batch.mode],
        "state": batch.state.value,
        "name": batch.name,
        "sha256": batch.sha256,
        "size": batch.size,
        "signer": batch.signer,
        "receivedAt": _shown(batch.received_at, zone),
        "endedAt": batch.ended_at and _shown(batch.ended_at, zone),
        "withdrawnAt": batch.withdrawn_at and _shown(batch.withdrawn_at, zone),
        "fileRemovedAt": batch.file_removed_at and _shown(batch.file_removed_at, zone),
        "documents": batch.documents,
        "counts": {outcome.value: batch.counts.get(outcome, 0) for outcome in RowOutcome},
        "progress": {"rows": batch.rows_done, "of": _rows(batch)},
        "taken": dict(batch.told),
        "remarks": [in_every_language(one) for one in batch.remarks],
        "faults": [cell_fault_view(fault) for fault in batch.faults],
        **reason_view(batch.reason),
    }


def _rows(batch: Batch) -> int | None:
    """How many rows the file has, as far as that is known: at the end all of them were read."""
    return batch.rows_done if batch.state is BatchState.ENDED else batch.estimate


def batches_view(batches: Sequence[Batch], limit: int, zone: tzinfo) -> dict[str, Any]:
    """Batches, the newest first; when they are not ``complete``, ask again with ``before`` set to the last id."""
    return {"batches": [batch_view(one, zone) for one in batches], "complete": len(batches) < limit}


def rows_view(rows: Sequence[BatchRow], after: int, limit: int) -> dict[str, Any]:
    """Documents of a batch; when they are not ``complete``, ask again with ``after=completeThrough``."""
    return {
        "documents": [row_view(one) for one in rows],
        "completeThrough": rows[-1].number if rows else after,
        "complete": len(rows) < limit,
    }


def row_view(row: BatchRow) -> dict[str, Any]:
    """A document of a batch with its rows: what became of it, or every fault."""
    return {
        "number": row.number,
        "rows": list(row.rows),
        "document": row.document,
        "outcome": row.outcome.value,
        "record": row.record,
        "version": row.version,
        "arc": row.arc,
        "messageIdentifier": row.identifier,
        "faults": [cell_fault_view(fault) for fault in row.faults],
        "said": row.said and in_every_language(row.said),
    }


def reason_view(reason: Said | None) -> dict[str, Any]:
    """Why something stopped: ``reason`` in English, and ``reasons`` in every language; ``null`` where there is none."""
    told = reason and in_every_language(reason)
    return {"reason": told and told[ENGLISH], "reasons": told}


def cell_fault_view(fault: Fault) -> dict[str, Any]:
    """A fault with the cell that it is about: its ``path``, or ``line`` and ``column`` from 1."""
    return {**fault_json(fault), "column": fault.column}


def record_view(kept: KeptRecord, zone: tzinfo) -> dict[str, Any]:
    """A version of a record of the SAAD list; ``entry`` has the fields that are taken when it is entered.

    ``goods`` are its products in the order of the lines, each once, with the quantity of all its lines and its unit.
    """
    record = kept.record
    return {
        "id": kept.id,
        "number": kept.number,
        "version": record.version,
        "status": record.status.value,
        "late": record.late,
        "due": record.due.isoformat(),
        "since": _shown(record.since, zone),
        "enteredAt": _shown(record.entered_at, zone),
        "batch": kept.batch,
        "goods": _goods(record.entry),
        "entry": group_to_plain(record.entry),
    }


def _goods(entry: SaadEntry) -> list[dict[str, Any]]:
    quantities: dict[str, Decimal] = {}
    for line in entry.lines:
        quantities[line.product] = quantities.get(line.product, _NOTHING) + line.quantity
    return [{"product": one, "quantity": f"{quantity:f}", **_unit(one)} for one, quantity in quantities.items()]


def _unit(product: str) -> dict[str, Any]:
    found = EXCISE_PRODUCTS.get(product)
    return {"unit": None if found is None else in_every_language(Said(f"unit.{found.unit}"))}


def records_view(records: Sequence[KeptRecord], after: int, limit: int, zone: tzinfo) -> dict[str, Any]:
    """Records as they stand now; when they are not ``complete``, ask again with ``after=completeThrough``."""
    return {
        "records": [record_view(one, zone) for one in records],
        "completeThrough": records[-1].number if records else after,
        "complete": len(records) < limit,
    }


def versions_view(versions: Sequence[KeptRecord], zone: tzinfo) -> dict[str, Any]:
    """A record as it stands now, with all its versions, the oldest first."""
    return {**record_view(versions[-1], zone), "versions": [record_view(one, zone) for one in versions]}


def saad_answer_view(answer: SaadAnswer, zone: tzinfo) -> dict[str, Any]:
    """What became of an entry that was not refused, the record as it stands now, and what else is to be said."""
    told = answer.said and in_every_language(answer.said)
    return {"outcome": answer.outcome.value, "record": answer.record and record_view(answer.record, zone), "said": told}


def _shown(moment: datetime, zone: tzinfo) -> str:
    return local(moment, zone).isoformat(timespec="milliseconds")
