"""Documents of a batch that are deferred dispatches: signed, on disk as drafts, and then submitted by the one way in.

A draft is in the store, signed, before it is submitted. So whoever goes on after a crash submits the same bytes, and
gets the receipt that was given for them, if it was: no dispatch has two ARCs.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Final

from esad_gateway.batch.tables.opening import OpenedBatch
from esad_gateway.batch.tables.reading import Document
from esad_gateway.batch.work.committing import Done, Progress
from esad_gateway.batch.work.draft_answers import (
    DraftAnswer,
    answered,
    as_known,
    committed,
    dispatched,
    waiting_drafts,
)
from esad_gateway.batch.work.draft_cells import DraftCells, OpenAgain
from esad_gateway.batch.work.drafts_together import CHANNEL, DraftsTogether
from esad_gateway.batch.work.known_elsewhere import KnownElsewhere
from esad_gateway.batch.work.signing_again import KeptSigner, NoKey, SigningAgain
from esad_gateway.batch.work.steps import Judge, Numbered, row_of_document
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotDecided, OverQuota, SenderError
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Submission
from esad_gateway.ports.batches import Batch, BatchRow, RowOutcome
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.batches import WaitingDraft, Work

MOST_AT_ONCE: Final = 8
"""Drafts that are submitted together: their commit holds the write lock, and messages wait for it."""

MOST_REMEMBERED: Final = 1000
"""Signed drafts that are kept in memory until their group is committed, at most."""


class DispatchWork:
    """Signs and submits documents of one trader, with the key of it that is kept at each moment."""

    def __init__(self, gateway: Gateway, signer: KeptSigner, reopen: OpenAgain) -> None:
        self._gateway = gateway
        self._signer = signer
        self._again = SigningAgain(signer)
        self._cells = DraftCells(reopen)
        self._elsewhere = KnownElsewhere(gateway)
        self._signed: dict[int, bytes] = {}

    def check(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Sign documents; none is submitted yet."""
        return self._drafted(opened, group, work, batch)

    def take(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Sign documents, so that they are on disk before they are submitted."""
        return self._drafted(opened, group, work, batch)

    def rehearsed(self, progress: Progress) -> Iterator[None]:
        """Have all drafts judged as they will be when they are submitted; none is."""
        yield from self._together(progress).rehearsed(progress)

    def checked(self, progress: Progress, through: Callable[[Judge], Iterator[None]]) -> Iterator[None]:  # noqa: ARG002
        """Submit all that waits, together."""
        yield from self._together(progress).submitted(progress)

    def settled(self, progress: Progress) -> Iterator[None]:
        """Note what was submitted before a crash, or before a withdrawal, and has its answer: an ARC stays."""
        after = 0
        while drafts := progress.look(
            partial(waiting_drafts, batch=progress.batch.id, limit=MOST_REMEMBERED, after=after)
        ):
            after = drafts[-1].row.number
            found = [(one, self._gateway.receipts.receipt_for(sha256(one.signed).digest())) for one in drafts]
            rows = [answered(one.row, receipt) for one, receipt in found if receipt is not None]
            if rows:
                placed = self._cells.placed(progress.batch, rows)
                progress.commit(partial(committed, placed, [one.row for one, receipt in found if receipt is not None]))
            yield

    def _together(self, progress: Progress) -> DraftsTogether:
        return DraftsTogether(self._gateway, progress.batch.trader, self._again, self._cells)

    def after_group(self, progress: Progress) -> Iterator[None]:
        """Submit what waits, and commit what came of it. Raises OwnError where the gateway cannot take it now."""
        while drafts := progress.look(lambda work: work.drafts(progress.batch.id, MOST_AT_ONCE)):
            known = progress.look(
                partial(dispatched, trader=progress.batch.trader, documents={one.row.key for one in drafts})
            )
            again = [as_known(one.row, known.get(one.row.key, ())) for one in drafts]
            fresh = [draft for draft, row in zip(drafts, again, strict=True) if row is None]
            answers = asyncio.run(self._submitted(fresh, progress.batch.trader))
            told = iter(answers)
            found = [row or answered(draft.row, next(told)) for draft, row in zip(drafts, again, strict=True)]
            rows = self._elsewhere.told(progress, found)
            self._note(progress, drafts, rows, self._again.sign_refused(progress, fresh, answers))
            yield

    def _note(
        self,
        progress: Progress,
        drafts: Sequence[WaitingDraft],
        rows: Sequence[BatchRow],
        but: Sequence[WaitingDraft],
    ) -> None:
        """Commit what became of drafts, but for some that wait on."""
        wait = {one.row.number for one in but}
        noted = self._cells.placed(progress.batch, [row for row in rows if row.number not in wait])
        if noted:
            progress.commit(partial(committed, noted, [one.row for one in drafts if one.row.number not in wait]))

    async def _submitted(self, drafts: Sequence[WaitingDraft], trader: str) -> Sequence[DraftAnswer]:
        principal = Principal(Origin.TRADER, trader)
        return await asyncio.gather(*(self._submit(one.signed, principal) for one in drafts))

    async def _submit(self, signed: bytes, principal: Principal) -> DraftAnswer:
        try:
            return await self._gateway.take(Submission(raw=signed, principal=principal, channel=CHANNEL))
        except OverQuota:
            raise
        except (SenderError, NotDecided) as error:
            return error

    def _drafted(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        signer = None if opened.form is None else self._signer()
        known = work.dispatched(batch.trader, {document.key for _, document in group})
        rows = [_judged(opened, number, document, known) for number, document in group]
        waiting = {row.number for row in rows if row.outcome is RowOutcome.WAITING}
        signed = {
            number: self._sign(opened, signer, number, document) for number, document in group if number in waiting
        }
        return Done(batch=batch, rows=tuple(rows), signed=signed)

    def _sign(self, opened: OpenedBatch, signer: XmlSigner | None, number: int, document: Document) -> bytes:
        """The signed draft of a document; the same when it is asked for again, since the store had changed."""
        form = opened.form
        if form is not None and signer is None:
            # Also where a helper has signed it, with the key that was kept then.
            raise NoKey
        if isinstance(document.entry, bytes):
            return document.entry
        if form is None or signer is None:
            raise NoKey
        if number not in self._signed:
            if len(self._signed) >= MOST_REMEMBERED:
                self._signed.clear()
            self._signed[number] = signer.sign_form(form(document.entry))
        return self._signed[number]


def _judged(opened: OpenedBatch, number: int, document: Document, known: Mapping[str, Sequence[BatchRow]]) -> BatchRow:
    if document.entry is None:
        return row_of_document(number, document, RowOutcome.REFUSED, faults=document.faults)
    row = row_of_document(number, document, RowOutcome.WAITING)
    again = as_known(row, known.get(row.key, ()))
    if again is None:
        return row
    return replace(again, faults=opened.in_cells(again.faults, document.source)) if again.faults else again
