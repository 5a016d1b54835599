"""A dispatch that another batch has submitted, of which its row there does not say so yet.

Two workers may be at the same document of two files, and one may have ended between a submission and its note. Then the
local reference number is refused as used (BR001), and the truth is: the same document has its ARC.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Final

from esad_gateway.batch.work.committing import Progress
from esad_gateway.batch.work.draft_answers import answered, as_known, dispatched, waiting_elsewhere
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.ports.batches import BatchRow
from esad_gateway.ports.reading import Outcome
from esad_gateway.store.batches import WaitingDraft

_USED: Final = "BR001"


class KnownElsewhere:
    """Finds what became of documents in other batches of their trader."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def told(self, progress: Progress, rows: Sequence[BatchRow]) -> Sequence[BatchRow]:
        """Rows with their answers; one whose number is used is told as the same document is that has used it."""
        used = {row.key for row in rows if any(fault.rule == _USED for fault in row.faults)}
        if not used:
            return rows
        batch = progress.batch
        known = {
            key: list(found)
            for key, found in progress.look(partial(dispatched, trader=batch.trader, documents=used)).items()
        }
        for draft in progress.look(partial(waiting_elsewhere, trader=batch.trader, documents=used)):
            known.setdefault(draft.row.key, []).extend(self._submitted(draft))
        return [_as_elsewhere(row, known.get(row.key, ())) if row.key in used else row for row in rows]

    def _submitted(self, draft: WaitingDraft) -> Sequence[BatchRow]:
        """The row of a draft as it will be told, where it was accepted already."""
        receipt = self._gateway.receipts.receipt_for(sha256(draft.signed).digest())
        return [] if receipt is None or receipt.outcome is not Outcome.ACCEPTED else [answered(draft.row, receipt)]


def _as_elsewhere(row: BatchRow, known: Sequence[BatchRow]) -> BatchRow:
    return as_known(replace(row, faults=(), identifier=None), known) or row
