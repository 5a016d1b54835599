"""A group of documents of a batch is decided and committed with all that it brings, at once or not at all."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import field, replace
from typing import Any, NamedTuple, TypeAlias

from esad_gateway.batch.work.pace import Pace
from esad_gateway.frozen import frozen
from esad_gateway.ports.batches import Batch, BatchRow
from esad_gateway.store import batches, saad
from esad_gateway.store.batches import Batches, Work
from esad_gateway.store.saad import NewVersion


@frozen(kw_only=True)
class Done:
    """What came of a group: the batch as it is then, its documents, new versions of records, drafts to be submitted."""

    batch: Batch
    rows: tuple[BatchRow, ...] = ()
    versions: tuple[NewVersion, ...] = ()
    signed: Mapping[int, bytes] = field(default_factory=dict)


Make: TypeAlias = Callable[[Work, Batch], Done]
"""Decides a group, by what the store says; asked once more when that has changed before the lock was there."""


Aside: TypeAlias = Callable[[Callable[[], None]], None]
"""Has something done while the lock of the store is held, and comes back when it is done; raises what it raises."""


def at_once(what: Callable[[], None]) -> None:
    """Do it here."""
    what()


class _Made(NamedTuple):
    """What came of a group, as rows."""

    done: Done
    versions: list[dict[str, Any]]
    rows: batches.Prepared


class StateChanged(Exception):
    """Somebody else has changed the state of the batch, by withdrawing it: nothing more is done as it was begun."""


class Progress:
    """A batch that is worked on, as the last commit has left it."""

    def __init__(self, kept: Batches, pace: Pace, batch: Batch, aside: Aside = at_once) -> None:
        self.batch = batch
        self.pace = pace
        self._batches = kept
        self._aside = aside

    def commit(self, make: Make) -> None:
        """Commit a group, at a pace that lets others write.

        Raises StateChanged, StoreUnavailable and what ``make`` raises; then nothing was done.
        """
        with ExitStack() as until_committed:
            work = until_committed.enter_context(self._batches.work())
            made = self._made(work, make)
            self._aside(lambda: self._write(work, make, made, until_committed))

    def _write(self, work: Work, make: Make, made: "_Made", until_committed: ExitStack) -> None:
        """Take the lock, write a group, and commit it."""
        if not work.lock():
            made = self._made(work, make)
        began = self.pace.elapsed()
        work.saad.write_rows(self.batch.trader, made.versions)
        work.write_rows(made.rows)
        # What the disk takes is the same for one document and for many.
        written, seen = self.pace.elapsed() - began, work.busy()
        until_committed.close()
        self.batch = made.done.batch
        self.pace.committed(written, self.pace.elapsed() - began, len(made.done.rows), seen)

    def change(self, **values: Any) -> None:
        """Commit the batch with other values. Raises as :meth:`commit`."""
        self.commit(lambda _, now: Done(batch=replace(now, **values)))

    def look(self, ask: Callable[[Work], Any]) -> Any:
        """What the store answers now; nothing is written."""
        with self._batches.work() as work:
            return ask(work)

    def _made(self, work: Work, make: Make) -> _Made:
        """What is to be written, as rows already: others wait while the lock is held."""
        now = work.batch(self.batch.id)
        if now is None or now.state is not self.batch.state:
            raise StateChanged
        done = make(work, now)
        if done.rows:
            # Only now it has got further: to begin anew is none of it, however much is noted on the way.
            done = replace(done, batch=replace(done.batch, tries=0))
        versions = saad.prepared(self.batch.trader, done.versions)
        return _Made(done, versions, batches.prepared(done.batch, done.rows, done.signed))


def counted(batch: Batch, rows: Iterable[BatchRow], before: Iterable[BatchRow] = ()) -> Batch:
    """The batch with some documents counted by their outcomes, and no more by those that they had ``before``."""
    counts = dict(batch.counts)
    for row in before:
        counts[row.outcome] -= 1
    for row in rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return replace(batch, counts={outcome: count for outcome, count in counts.items() if count})
