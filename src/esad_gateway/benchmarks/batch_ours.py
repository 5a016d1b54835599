"""Our way of batches: a file is handed in, and the worker's own steps are taken, in this process and timed."""

import gc
import resource
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from esad_gateway.batch.desk import FileDesk
from esad_gateway.batch.proof import Proof
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.work.helpers import Helpers
from esad_gateway.batch.work.worker import GARBAGE, Worker, helped
from esad_gateway.benchmarks.builds import cpu_seconds
from esad_gateway.benchmarks.ours import NotTaken
from esad_gateway.benchmarks.rounds import own_garbage
from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.ports.batches import Batch, BatchState, Mode, RowOutcome, RowQuery, Upload
from esad_gateway.store.batches import Batches


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the clock, and of the processor: of this process and of those that it has started and that ended."""

    seconds: float
    cpu: float

    @classmethod
    def so_far(cls, pids: Iterable[int] = ()) -> "Took":
        """Since some moment that is the same for all; ``pids`` are processes that work for us and have not ended."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = time.process_time() + children.ru_utime + children.ru_stime + sum(map(cpu_seconds, pids))
        return cls(time.perf_counter(), cpu)

    def since(self, before: "Took") -> "Took":
        """What has passed."""
        return Took(self.seconds - before.seconds, self.cpu - before.cpu)

    def each_us(self, count: int) -> dict[str, float]:
        """Microseconds a row, of so many."""
        return {"us": round(self.seconds / count * 1e6, 1), "cpu_us": round(self.cpu / count * 1e6, 1)}


class OursOfBatches:
    """Batches of the gateway in a data directory; nothing is served, and the caller's thread does all the work."""

    def __init__(self, runtime: Runtime, helpers: Helpers) -> None:
        proof = Proof(runtime.gateway.intake.verifier, runtime.registry.directory, runtime.data.load_trust)
        self._batches = Batches(runtime.store)
        self._worker = Worker(runtime, helpers)
        self._helpers = helpers
        self._desk = FileDesk(self._batches, runtime.data.batches, proof, runtime.clock)

    def hand_in(self, path: Path, kind: BatchKind, trader: str, mode: Mode = Mode.ROWS) -> Batch:
        """A file that is on disk as a batch, and that nobody has begun to read."""
        with self._desk.receiving() as file, path.open("rb") as content:
            while piece := content.read(1 << 20):
                file.write(piece)
            return self._desk.take(file, Upload(trader=trader, kind=kind.value, name=path.name, mode=mode))[0]

    def entered(self, batch: Batch) -> Took:
        """What it took to check and enter all rows. Raises NotTaken."""
        begin = Took.so_far()
        for _ in self._worker.steps():
            pass
        took = Took.so_far().since(begin)
        self.expect_all(batch)
        return took

    def dispatched(self, batch: Batch, count: int) -> tuple[Took, Took, list[bytes]]:
        """What it took until all ``count`` drafts were signed and on disk, and until all have ARCs; and the drafts.

        The batch is one of all or nothing, so that no draft is submitted before all of them are there. Raises NotTaken.
        """
        begin = Took.so_far(self._helpers.pids)
        steps = self._worker.steps()
        for _ in steps:
            if self.state_of(batch).documents >= count:
                break
        drafted = Took.so_far(self._helpers.pids).since(begin)
        with self._batches.work() as work:
            drafts = [one.signed for one in work.drafts(batch.id, self.state_of(batch).documents)]
        submitting = Took.so_far()
        for _ in steps:
            pass
        submitted = Took.so_far().since(submitting)
        self.expect_all(batch)
        return drafted, submitted, drafts

    def state_of(self, batch: Batch) -> Batch:
        """A batch as it is now."""
        return self._desk.batch(batch.trader, batch.id)

    def expect_all(self, batch: Batch) -> None:
        """Raises NotTaken unless a batch has ended and all of its documents were taken."""
        ended = self.state_of(batch)
        if ended.state is not BatchState.ENDED or set(ended.counts) != {RowOutcome.TAKEN}:
            refused = self._desk.rows(batch.trader, batch.id, RowQuery(outcome=RowOutcome.REFUSED, limit=1))
            raise NotTaken(f"{ended.state}, {ended.counts}: {ended.reason or ended.faults or refused}")


@contextmanager
def ours_of(root: Path) -> Iterator[OursOfBatches]:
    """What works on the batches of a data directory, until the end of the block."""
    runtime = build(Parts(root))
    usual = gc.get_threshold()
    gc.set_threshold(*GARBAGE)
    try:
        # Helpers look for garbage as the process does of which they are copies.
        with closing(runtime.store), own_garbage(), helped(runtime) as helpers:
            runtime.gateway.writer.start()
            try:
                yield OursOfBatches(runtime, helpers)
            finally:
                runtime.gateway.writer.stop()
                runtime.gateway.turns.stop()
    finally:
        gc.set_threshold(*usual)
