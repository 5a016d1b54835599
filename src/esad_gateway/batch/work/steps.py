"""What is done to a batch from its first row to its end, with a pause after each commit; nothing before one counts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias

from esad_gateway.batch.tables.opening import OpenedBatch, Opening
from esad_gateway.batch.tables.reading import Document, Share
from esad_gateway.batch.work.committing import Done, Progress, StateChanged, counted
from esad_gateway.errors import Unreadable
from esad_gateway.faults import Faults, said
from esad_gateway.ports.batches import BATCH_FILE, Batch, BatchRow, BatchState, Mode, RowOutcome, RowQuery
from esad_gateway.ports.clock import Clock
from esad_gateway.store.batches import Work

Numbered: TypeAlias = tuple[int, Document]
"""A document, and which of its batch it is."""

Judge: TypeAlias = Callable[[OpenedBatch, Sequence[Numbered], Work, Batch], Done]
"""What comes of some documents of a batch."""


class KindOfWork(Protocol):
    """What documents of a kind become."""

    def check(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Judge documents, of which nothing is to be visible yet: those that are good wait."""

    def take(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Have documents taken, or made ready for being taken."""

    def rehearsed(self, progress: Progress) -> Iterator[None]:
        """What else is to be judged when all documents were read, and before any is taken."""

    def checked(self, progress: Progress, through: Callable[[Judge], Iterator[None]]) -> Iterator[None]:
        """Have all documents taken that were found good; ``through`` reads the batch once more."""

    def settled(self, progress: Progress) -> Iterator[None]:
        """Before a withdrawal: note what was done and is not noted yet."""

    def after_group(self, progress: Progress) -> Iterator[None]:
        """What else is to be done after a group was taken."""


class Steps:
    """Works on batches of a kind; their files lie in ``folder``."""

    def __init__(self, opening: Opening, folder: Path, clock: Clock) -> None:
        self._opening = opening
        self._folder = folder
        self._clock = clock

    def all(self, progress: Progress, kind: KindOfWork) -> Iterator[None]:
        """Every step from where the batch stands. Raises StateChanged and StoreUnavailable, StoreDamaged for its file.

        A file that cannot be read to its end leaves what came before it as it is, with its faults.
        """
        try:
            if progress.batch.mode is Mode.WHOLE:
                yield from self._whole(progress, kind)
            else:
                progress.change(state=BatchState.WORKING)
                yield from kind.after_group(progress)
                yield from self._through(progress, kind.take, kind)
                self._end(progress, BatchState.ENDED)
        except Unreadable as error:
            yield from self._leave(progress, progress.batch.mode is Mode.WHOLE)
            self._end(progress, BatchState.UNREADABLE, error.faults)

    def _whole(self, progress: Progress, kind: KindOfWork) -> Iterator[None]:
        """Judge all, then take all or nothing."""
        if progress.batch.state is not BatchState.WORKING:
            progress.change(state=BatchState.CHECKING)
            yield from self._through(progress, kind.check)
            # Also where something is refused already: whoever mends the table is told all that is wrong with it.
            yield from kind.rehearsed(progress)
            if not progress.batch.counts.get(RowOutcome.REFUSED):
                progress.change(state=BatchState.WORKING)
                yield
        if progress.batch.state is BatchState.WORKING:
            yield from kind.checked(progress, partial(self._through, progress))
        yield from self._leave(progress, leave=True)
        self._end_whole(progress)

    def _through(self, progress: Progress, judge: Judge, kind: KindOfWork | None = None) -> Iterator[None]:
        """Judge the documents from the first one that was not judged in this state, in groups."""
        batch = progress.batch
        second = batch.mode is Mode.WHOLE and batch.state is BatchState.WORKING
        position = batch.documents - (batch.counts.get(RowOutcome.WAITING, 0) if second else 0)
        with self._opening(batch, self._folder / batch.id / BATCH_FILE) as opened:
            rows = batch.estimate if opened.count is None else opened.count
            progress.change(told=opened.told, remarks=opened.remarks, estimate=rows)
            documents = enumerate(opened.documents(Share(begin=position)), start=position + 1)
            for group in _groups(documents, progress):
                progress.commit(partial(_judged, judge, opened, group))
                if progress.batch.state is not batch.state:
                    raise StateChanged
                yield
                if kind is not None:
                    yield from kind.after_group(progress)

    def _leave(self, progress: Progress, leave: bool) -> Iterator[None]:  # noqa: FBT001 - whether anything is left
        """Leave what waits, since another one was refused."""
        while leave and progress.batch.counts.get(RowOutcome.WAITING):
            progress.commit(_left)
            yield

    def _end_whole(self, progress: Progress) -> None:
        """End a batch of all or nothing; where it became neither, by what others did meanwhile, that is said."""
        counts, remarks = progress.batch.counts, progress.batch.remarks
        if counts.get(RowOutcome.TAKEN) and counts.get(RowOutcome.REFUSED):
            progress.change(remarks=(*remarks, said("batch.partly")))
        self._end(progress, BatchState.ENDED)

    def _end(self, progress: Progress, state: BatchState, faults: Faults = ()) -> None:
        progress.change(state=state, faults=faults, ended_at=self._clock.now())


def _groups(documents: Iterable[Numbered], progress: Progress) -> Iterator[Sequence[Numbered]]:
    """Documents in groups, as large as the pace is then; where reading fails, those before it first."""
    group: list[Numbered] = []
    try:
        for one in documents:
            group.append(one)
            if len(group) >= progress.pace.size:
                yield group
                group = []
    except Unreadable:
        if group:
            yield group
        raise
    if group:
        yield group


def _judged(judge: Judge, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
    """What comes of a group, with how far the batch has come."""
    done = judge(opened, group, work, batch)
    number, before = group[-1][0], [row for row in done.rows if row.number <= batch.documents]
    waited = [replace(row, outcome=RowOutcome.WAITING) for row in before]
    come = replace(counted(done.batch, done.rows, waited), documents=max(batch.documents, number))
    rows = sum(len(document.rows) for place, document in group if place > batch.documents)
    return replace(done, batch=replace(come, rows_done=batch.rows_done + rows))


def _left(work: Work, batch: Batch) -> Done:
    rows = work.rows(batch.id, RowQuery(outcome=RowOutcome.WAITING, limit=500))
    left = tuple(replace(row, outcome=RowOutcome.LEFT, said=said("batch.left")) for row in rows)
    return Done(batch=counted(batch, left, rows), rows=left)


def row_of_document(number: int, document: Document, outcome: RowOutcome, **more: object) -> BatchRow:
    """The row of a document with its outcome."""
    told = {"rows": document.rows, "document": document.called, "content": document.content, **more}
    return BatchRow(number=number, key=document.key, outcome=outcome, **told)  # type: ignore[arg-type]
