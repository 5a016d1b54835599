"""What became of drafts of a batch, in the rows of their documents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from esad_gateway.batch.work.committing import Done, counted
from esad_gateway.errors import NotDecided, SenderError
from esad_gateway.faults import Faults, said
from esad_gateway.gateway.together import Judged
from esad_gateway.place import at
from esad_gateway.ports.batches import Batch, BatchRow, RowOutcome
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.store.batches import WaitingDraft, Work

DraftAnswer: TypeAlias = Judged | NotDecided
"""What the one way in has answered to a draft, or would answer."""

_NAMED: Final = at("EadEsadDraft/LocalReferenceNumber")
"""Where a dispatch is named: there it is told what is wrong with it as a whole."""


def waiting_drafts(work: Work, batch: str, limit: int, after: int = 0) -> Sequence[WaitingDraft]:
    """Drafts of a batch that wait, those after a number."""
    return work.drafts(batch, limit, after)


def dispatched(work: Work, trader: str, documents: set[str]) -> Mapping[str, Sequence[BatchRow]]:
    """The dispatches of documents that have an ARC, by document."""
    return work.dispatched(trader, documents)


def waiting_elsewhere(work: Work, trader: str, documents: set[str]) -> Sequence[WaitingDraft]:
    """Drafts of documents that wait, in any batch of their trader."""
    return work.waiting_elsewhere(trader, documents)


def as_known(row: BatchRow, known: Sequence[BatchRow]) -> BatchRow | None:
    """A row of a document that has an ARC from before; ``None`` where it has none."""
    if not known:
        return None
    same = next((one for one in known if one.content == row.content), None)
    if same is not None:
        return replace(row, outcome=RowOutcome.UNCHANGED, arc=same.arc, identifier=same.identifier)
    return _refused(row, flaw("BATCH-ARC", arc=known[-1].arc or ""))


def answered(row: BatchRow, answer: DraftAnswer) -> BatchRow:
    """A row with its answer; as it was where its draft would be taken, and was not."""
    if isinstance(answer, NotDecided):
        told = said("batch.undecided", reference=answer.reference)
        return replace(row, outcome=RowOutcome.UNDECIDED, identifier=answer.identifier, said=told)
    if isinstance(answer, SenderError):
        return _refused(row, flaw("BATCH-DRAFT", reason=answer.what))
    # What was judged only is in no mailbox, so its identifier leads nowhere.
    identifier = answer.identifier if isinstance(answer, Receipt) else None
    if answer.outcome is not Outcome.ACCEPTED:
        return replace(row, outcome=RowOutcome.REFUSED, identifier=identifier, faults=_at(row, answer.faults))
    if not isinstance(answer, Receipt):
        return row
    return replace(row, outcome=RowOutcome.TAKEN, arc=answer.arc, identifier=identifier)


def committed(rows: Sequence[BatchRow], before: Sequence[BatchRow], _: Work, batch: Batch) -> Done:
    """Rows with their answers, instead of those before."""
    return Done(batch=counted(batch, rows, before), rows=tuple(rows))


def _refused(row: BatchRow, wrong: Flaw) -> BatchRow:
    fault = wrong.fault(_NAMED, value=row.document, line=row.rows[0])
    return replace(row, outcome=RowOutcome.REFUSED, faults=(fault,))


def _at(row: BatchRow, faults: Faults) -> Faults:
    """Faults of a message at the row where its document begins, until they are put into their cells.

    The lines of the message are nobody's rows.
    """
    return tuple(replace(fault, line=row.rows[0], column=None) for fault in faults)
