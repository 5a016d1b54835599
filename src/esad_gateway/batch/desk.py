"""Where batches are handed in and asked for: a file is on disk and its batch committed before anybody is told so."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from esad_gateway.batch.arriving import ArrivingFile, arriving
from esad_gateway.batch.proof import Proof
from esad_gateway.errors import FileRemoved, NotFound
from esad_gateway.faults import said
from esad_gateway.ports.batches import BATCH_FILE, Arriving, Batch, BatchQuery, BatchRow, BatchState, RowQuery, Upload
from esad_gateway.ports.clock import Clock
from esad_gateway.store.batches import Batches


class FileDesk:
    """``ports.BatchDesk`` over a store and a folder; ``wake`` is called when there is something to do for a worker."""

    def __init__(
        self, batches: Batches, folder: Path, proof: Proof, clock: Clock, wake: Callable[[], object] = lambda: None
    ) -> None:
        self._batches = batches
        self._folder = folder
        self._proof = proof
        self._clock = clock
        self._wake = wake

    def receiving(self) -> AbstractContextManager[ArrivingFile]:
        """A new file; on leaving it is removed unless it was taken. Raises StoreUnavailable."""
        return arriving(self._folder)

    def take(self, arriving: Arriving, upload: Upload) -> tuple[Batch, bool]:
        """Put the file on disk and commit its batch; then a worker begins. Whether it was handed in before as well.

        Raises as ``ports.BatchDesk`` says; then nothing was taken.
        """
        if not isinstance(arriving, ArrivingFile):
            raise TypeError(arriving)
        arriving.finish()
        now = self._clock.now()
        signer = self._proof.signer(arriving.path, upload.trader, upload.signature, now)
        batch = Batch(
            id=arriving.id,
            trader=upload.trader,
            kind=upload.kind,
            mode=upload.mode,
            state=BatchState.WAITING,
            name=upload.name,
            sha256=arriving.sha256,
            size=arriving.size,
            declared=upload.declared,
            signed_beside=upload.signature is not None,
            signer=signer,
            received_at=now,
            estimate=_estimate(upload, arriving.lines),
            documents=0,
            rows_done=0,
            counts={},
        )
        taken, known = self._batches.add(batch, upload.key, upload.signature)
        arriving.kept = not known
        if known and taken.ended_at is None and not self._path(taken).exists():
            # Its sender has the same file yet, by its digest: the batch can go on.
            arriving.stand_in(taken.id)
        self._wake()
        return taken, known

    def batch(self, trader: str, number: str) -> Batch:
        """A batch by its id. Raises NotFound, also for one of another trader."""
        found = self._batches.find(trader, number)
        if found is None:
            raise NotFound(said("detail.no_batch", batch=number))
        return found

    def batches(self, trader: str, query: BatchQuery) -> Sequence[Batch]:
        """Those of a trader, the newest first. Raises NotFound for ``before``."""
        before = None if query.before is None else self.batch(trader, query.before)
        return self._batches.page(trader, before, query)

    def rows(self, trader: str, number: str, query: RowQuery) -> Sequence[BatchRow]:
        """Documents of a batch. Raises NotFound."""
        return self._batches.rows(self.batch(trader, number).id, query)

    def file(self, trader: str, number: str) -> Path:
        """Where the file lies, for whoever reads it again. Raises NotFound, and FileRemoved when it is not kept."""
        batch = self.batch(trader, number)
        if batch.file_removed_at is not None:
            at = batch.file_removed_at.isoformat(timespec="seconds")
            raise FileRemoved(said("detail.file_removed", batch=number, at=at))
        path = self._path(batch)
        if not path.exists():
            raise NotFound(said("detail.no_file", batch=number))
        return path

    def waiting(self, trader: str) -> tuple[int, int]:
        """How many batches of a trader have not ended, and how many bytes their files have."""
        return self._batches.waiting(trader)

    def withdraw(self, trader: str, number: str) -> Batch:
        """Have what a batch entered withdrawn; once more changes nothing. What has an ARC stays. Raises NotFound."""
        return self._change(trader, number, self._withdrawn)

    def resume(self, trader: str, number: str) -> Batch:
        """Let a batch that was stopped go on; any other one goes on as it was. Raises NotFound."""
        return self._change(trader, number, _resumed)

    def _path(self, batch: Batch) -> Path:
        return self._folder / batch.id / BATCH_FILE

    def _change(self, trader: str, number: str, change: Callable[[Batch], Batch]) -> Batch:
        changed = self._batches.change(self.batch(trader, number).id, change)
        self._wake()
        return changed

    def _withdrawn(self, batch: Batch) -> Batch:
        if batch.withdrawn_at is not None:
            return batch
        return replace(batch, state=BatchState.WITHDRAWING, withdrawn_at=self._clock.now(), tries=0, reason=None)


def _resumed(batch: Batch) -> Batch:
    if batch.state is not BatchState.STOPPED:
        return batch
    state = BatchState.WAITING if batch.withdrawn_at is None else BatchState.WITHDRAWING
    return replace(batch, state=state, tries=0, reason=None, faults=())


def _estimate(upload: Upload, lines: int) -> int | None:
    """About how many rows there are, where a row is a line: without the heading. A line of JSON may be several rows."""
    named = upload.declared.get("format") or upload.name.rpartition(".")[2].lower()
    return max(0, lines - 1) if named == "csv" else None
