"""A batch that is withdrawn: what it entered is taken back by new versions, as far as nothing newer stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from esad_gateway.ais.saad.deciding import Corrected, Withdrawn
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.record import Status
from esad_gateway.batch.saad_list import AnyDecision, Deciding
from esad_gateway.batch.work.committing import Done, Progress, counted
from esad_gateway.faults import Said, said
from esad_gateway.ports.batches import Batch, BatchRow, BatchState, KeptRecord, RowOutcome, RowQuery
from esad_gateway.ports.clock import Clock
from esad_gateway.store.batches import Work
from esad_gateway.store.saad import NewVersion


class Withdrawing:
    """Withdraws batches, group by group."""

    def __init__(self, law: SaadLaw, clock: Clock) -> None:
        self._law = law
        self._clock = clock

    def all(self, progress: Progress) -> Iterator[None]:
        """Every step from where the withdrawal stands. Raises StateChanged and StoreUnavailable."""
        after = 0
        while rows := self._next(progress, after):
            progress.commit(partial(self._withdrawn, rows))
            after = rows[-1].number
            yield
        progress.change(state=BatchState.WITHDRAWN, ended_at=progress.batch.ended_at or self._clock.now())

    def _next(self, progress: Progress, after: int) -> Sequence[BatchRow]:
        query = RowQuery(after=after, limit=progress.pace.size)
        found: Sequence[BatchRow] = progress.look(lambda work: work.rows(progress.batch.id, query))
        return found

    def _withdrawn(self, rows: Sequence[BatchRow], work: Work, batch: Batch) -> Done:
        entered = [row for row in rows if row.record and row.outcome in (RowOutcome.TAKEN, RowOutcome.CORRECTED)]
        kept = work.saad.versions({row.record for row in entered if row.record})
        deciding = Deciding(work, self._law, batch.trader, [several[-1].record.entry for several in kept.values()])
        done: list[BatchRow] = []
        versions: list[NewVersion] = []
        for row in rows:
            if row not in entered or row.record is None:
                done.append(_not_entered(row))
                continue
            undone, version = self._undone(row, kept[row.record], batch, deciding)
            done.append(undone)
            versions += version
        return Done(batch=counted(batch, done, rows), rows=tuple(done), versions=tuple(versions))

    def _undone(
        self, row: BatchRow, kept: Sequence[KeptRecord], batch: Batch, deciding: Deciding
    ) -> tuple[BatchRow, list[NewVersion]]:
        """A row with what it entered taken back, unless something newer stands; and the version that says so."""
        newest = kept[-1]
        if (newest.batch, newest.batch_number) != (batch.id, row.number):
            return _still(row, said("batch.newer_stands")), []
        decision = self._decided(kept, deciding)
        if not isinstance(decision, Corrected | Withdrawn):
            return _still(row, said("batch.cannot_go_back")), []
        said_of_it = said("batch.earlier_stands") if isinstance(decision, Corrected) else None
        outcome = replace(row, outcome=RowOutcome.WITHDRAWN, version=decision.record.version, said=said_of_it)
        version = NewVersion(id=newest.id, record=decision.record, batch=batch.id, batch_number=row.number)
        return outcome, [version]

    def _decided(self, kept: Sequence[KeptRecord], deciding: Deciding) -> AnyDecision:
        """A correction is undone by what stood before it, an entry by a withdrawal."""
        newest, now = kept[-1], self._clock.now()
        if newest.record.status is Status.CORRECTED and len(kept) > 1:
            return deciding.correct(newest.id, kept[-2].record.entry, now)
        return deciding.withdraw(newest.id, now)


def _not_entered(row: BatchRow) -> BatchRow:
    """A row that entered nothing: what waits is left, and an ARC stays."""
    if row.outcome is RowOutcome.WAITING:
        return replace(row, outcome=RowOutcome.LEFT, said=said("batch.withdrawn_before"))
    return _still(row, said("batch.arc_stays")) if row.arc and row.outcome is RowOutcome.TAKEN else row


def _still(row: BatchRow, why: Said) -> BatchRow:
    return replace(row, said=why)
