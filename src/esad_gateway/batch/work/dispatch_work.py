"""Documents of a batch that are deferred dispatches: signed, on disk as drafts, and then submitted by the one way in.

A draft is in the store, signed, before it is submitted. So whoever goes on after a crash submits the same bytes, and
gets the receipt that was given for them, if it was: no dispatch has two ARCs.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from esad_gateway.batch.tables.opening import OpenedBatch
from esad_gateway.batch.tables.reading import Document
from esad_gateway.batch.work.committing import Done, Progress, counted
from esad_gateway.batch.work.steps import Judge, Numbered, called, row_of_document
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotDecided, OverQuota, SenderError
from esad_gateway.faults import Fault, Faults, said
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Submission
from esad_gateway.ports.batches import Batch, BatchRow, RowOutcome
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.sheets.flaws import flaw
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.batches import WaitingDraft, Work

CHANNEL: Final = "batch"
"""What the door is called by which drafts of batches come."""

MOST_AT_ONCE: Final = 8
"""Drafts that are submitted together: their commit holds the write lock, and messages wait for it."""

MOST_REMEMBERED: Final = 1000
"""Signed drafts that are kept in memory until their group is committed, at most."""


_Answer: TypeAlias = Receipt | SenderError | NotDecided


class NoKey(Exception):
    """The drafts of a batch are to be signed here, and no key of its trader is kept."""


class DispatchWork:
    """Signs and submits documents of one trader. ``signer`` is its key, ``None`` where none is kept."""

    def __init__(self, gateway: Gateway, signer: XmlSigner | None) -> None:
        self._gateway = gateway
        self._signer = signer
        self._signed: dict[int, bytes] = {}

    def check(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Sign documents; none is submitted yet."""
        return self._drafted(opened, group, work, batch)

    def take(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Sign documents, so that they are on disk before they are submitted."""
        return self._drafted(opened, group, work, batch)

    def checked(self, progress: Progress, through: Callable[[Judge], Iterator[None]]) -> Iterator[None]:  # noqa: ARG002
        """Submit all that waits."""
        yield from self.after_group(progress)

    def after_group(self, progress: Progress) -> Iterator[None]:
        """Submit what waits, and commit what came of it. Raises OwnError where the gateway cannot take it now."""
        while drafts := progress.look(lambda work: work.drafts(progress.batch.id, MOST_AT_ONCE)):
            known = progress.look(
                partial(_dispatched, trader=progress.batch.trader, documents={one.row.document for one in drafts})
            )
            again = [_as_known(one.row, known.get(one.row.document, ())) for one in drafts]
            fresh = [draft for draft, row in zip(drafts, again, strict=True) if row is None]
            answers = iter(asyncio.run(self._submitted(fresh, progress.batch.trader)))
            rows = tuple(row or _answered(draft.row, next(answers)) for draft, row in zip(drafts, again, strict=True))
            progress.commit(partial(_committed, rows, [draft.row for draft in drafts]))
            yield

    async def _submitted(self, drafts: Sequence[WaitingDraft], trader: str) -> Sequence[_Answer]:
        principal = Principal(Origin.TRADER, trader)
        return await asyncio.gather(*(self._submit(one.signed, principal) for one in drafts))

    async def _submit(self, signed: bytes, principal: Principal) -> _Answer:
        try:
            return await self._gateway.take(Submission(raw=signed, principal=principal, channel=CHANNEL))
        except OverQuota:
            raise
        except (SenderError, NotDecided) as error:
            return error

    def _drafted(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        known = work.dispatched(batch.trader, {called(document) for _, document in group})
        rows = [_judged(opened, number, document, known) for number, document in group]
        waiting = {row.number for row in rows if row.outcome is RowOutcome.WAITING}
        signed = {number: self._sign(opened, number, document) for number, document in group if number in waiting}
        return Done(batch=batch, rows=tuple(rows), signed=signed)

    def _sign(self, opened: OpenedBatch, number: int, document: Document) -> bytes:
        """The signed draft of a document; the same when it is asked for again, since the store had changed."""
        if isinstance(document.entry, bytes):
            return document.entry
        if self._signer is None or opened.form is None:
            raise NoKey
        if number not in self._signed:
            if len(self._signed) >= MOST_REMEMBERED:
                self._signed.clear()
            self._signed[number] = self._signer.sign_form(opened.form(document.entry))
        return self._signed[number]


def _dispatched(work: Work, trader: str, documents: set[str]) -> Mapping[str, Sequence[BatchRow]]:
    return work.dispatched(trader, documents)


def _judged(opened: OpenedBatch, number: int, document: Document, known: Mapping[str, Sequence[BatchRow]]) -> BatchRow:
    if document.entry is None:
        return row_of_document(number, document, RowOutcome.REFUSED, faults=document.faults)
    row = row_of_document(number, document, RowOutcome.WAITING)
    again = _as_known(row, known.get(row.document, ()))
    if again is None:
        return row
    return replace(again, faults=opened.in_cells(again.faults, document)) if again.faults else again


def _as_known(row: BatchRow, known: Sequence[BatchRow]) -> BatchRow | None:
    """A row of a document that has an ARC from before; ``None`` where it has none."""
    if not known:
        return None
    same = next((one for one in known if one.content == row.content), None)
    if same is not None:
        return replace(row, outcome=RowOutcome.UNCHANGED, arc=same.arc, identifier=same.identifier)
    fault = flaw("BATCH-ARC", arc=known[-1].arc or "").fault(value=row.document, line=row.rows[0])
    return replace(row, outcome=RowOutcome.REFUSED, faults=(fault,))


def _answered(row: BatchRow, answer: _Answer) -> BatchRow:
    if isinstance(answer, NotDecided):
        told = said("batch.undecided", reference=answer.reference)
        return replace(row, outcome=RowOutcome.UNDECIDED, identifier=answer.identifier, said=told)
    if isinstance(answer, SenderError):
        return replace(row, outcome=RowOutcome.REFUSED, faults=(_fault(row, answer),))
    if answer.outcome is Outcome.ACCEPTED:
        return replace(row, outcome=RowOutcome.TAKEN, arc=answer.arc, identifier=answer.identifier)
    return replace(row, outcome=RowOutcome.REFUSED, identifier=answer.identifier, faults=_at(row, answer.faults))


def _fault(row: BatchRow, error: SenderError) -> Fault:
    return flaw("BATCH-DRAFT", reason=str(error)).fault(value=row.document, line=row.rows[0])


def _at(row: BatchRow, faults: Faults) -> Faults:
    """Faults of a message at the row where its document begins: the lines of the message are nobody's rows."""
    return tuple(replace(fault, line=row.rows[0], column=None) for fault in faults)


def _committed(rows: tuple[BatchRow, ...], before: Sequence[BatchRow], _: Work, batch: Batch) -> Done:
    return Done(batch=counted(batch, rows, before), rows=rows)
