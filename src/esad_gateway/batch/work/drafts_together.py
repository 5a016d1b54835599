"""Drafts of a batch that is to be taken as a whole: judged before anything is submitted, and submitted together.

They are judged by the one way in, which ends before the commit. What others change in between (the register, a key, a
local reference number) can still have a draft refused when it is submitted; then nothing more of the batch is.
"""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from esad_gateway.batch.tables.seen import Seen
from esad_gateway.batch.work.committing import Progress
from esad_gateway.batch.work.draft_answers import answered, as_known, committed, dispatched, waiting_drafts
from esad_gateway.batch.work.draft_cells import DraftCells
from esad_gateway.batch.work.known_elsewhere import KnownElsewhere
from esad_gateway.batch.work.signing_again import SigningAgain
from esad_gateway.emcs.movement import Origin
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.together import Judged, Rehearsal
from esad_gateway.ports.batches import BatchRow, RowOutcome
from esad_gateway.store.batches import WaitingDraft

CHANNEL: Final = "batch"
"""What the door is called by which drafts of batches come."""

MOST_TOGETHER: Final = 64
"""Drafts that are committed in one transaction: a batch with no more of them is taken at once, or not at all."""


class DraftsTogether:
    """Judges and submits the drafts of a trader."""

    def __init__(self, gateway: Gateway, trader: str, again: SigningAgain, cells: DraftCells) -> None:
        self._gateway = gateway
        self._again = again
        self._cells = cells
        self._elsewhere = KnownElsewhere(gateway)
        self._principal = Principal(Origin.TRADER, trader)

    def rehearsed(self, progress: Progress) -> Iterator[None]:
        """Have every draft that waits judged; the refused ones are committed as such, and nothing is submitted."""
        number, after = progress.batch.id, 0
        with Seen() as seen:
            rehearsal = Rehearsal(seen)
            while drafts := progress.look(partial(waiting_drafts, batch=number, limit=MOST_TOGETHER, after=after)):
                if (rows := self._judged(progress, drafts, rehearsal)) is not None:
                    self._note(progress, drafts, rows)
                    after = drafts[-1].row.number
                yield

    def submitted(self, progress: Progress) -> Iterator[None]:
        """Submit what waits, as much as may be at once, until something is refused."""
        number = progress.batch.id
        while not progress.batch.counts.get(RowOutcome.REFUSED) and (
            drafts := progress.look(partial(waiting_drafts, batch=number, limit=MOST_TOGETHER))
        ):
            if (rows := self._answered(progress, drafts)) is not None:
                self._note(progress, drafts, rows)
            yield

    def _answered(self, progress: Progress, drafts: Sequence[WaitingDraft]) -> Sequence[BatchRow] | None:
        """What became of drafts, of which some may have an ARC from another batch by now; as :meth:`_judged`."""
        trader, documents = progress.batch.trader, {one.row.key for one in drafts}
        known = progress.look(partial(dispatched, trader=trader, documents=documents))
        again = [as_known(one.row, known.get(one.row.key, ())) for one in drafts]
        fresh = [one for one, row in zip(drafts, again, strict=True) if row is None]
        stops = any(row is not None and row.outcome is RowOutcome.REFUSED for row in again)
        rest = [one.row for one in fresh] if stops else self._judged(progress, fresh)
        if rest is None:
            return None
        told = iter(rest)
        return [row or next(told) for row in again]

    def _judged(
        self, progress: Progress, drafts: Sequence[WaitingDraft], before: Rehearsal | None = None
    ) -> Sequence[BatchRow] | None:
        """What became of drafts; ``None`` where some had to be signed again, so that all are to be judged again."""
        answers = asyncio.run(self._taken(drafts, before)) if drafts else ()
        if self._again.sign_refused(progress, drafts, answers):
            return None
        return self._elsewhere.told(
            progress, [answered(one.row, answer) for one, answer in zip(drafts, answers, strict=True)]
        )

    async def _taken(self, drafts: Sequence[WaitingDraft], before: Rehearsal | None) -> Sequence[Judged]:
        numbered = [
            (one.row.rows[0], Submission(raw=one.signed, principal=self._principal, channel=CHANNEL)) for one in drafts
        ]
        return await self._gateway.take_together(numbered, before)

    def _note(self, progress: Progress, drafts: Sequence[WaitingDraft], rows: Sequence[BatchRow]) -> None:
        """Commit what became of those that wait no more."""
        both = zip(rows, drafts, strict=True)
        changed = [(row, one.row) for row, one in both if row.outcome is not RowOutcome.WAITING]
        if changed:
            now = self._cells.placed(progress.batch, [row for row, _ in changed])
            progress.commit(partial(committed, now, [before for _, before in changed]))
