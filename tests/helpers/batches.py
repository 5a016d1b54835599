"""Batches as traders hand them in: files of rows, a desk to hand them in at, and a worker for what was handed in."""

import csv
import io
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from esad_gateway.batch.desk import FileDesk
from esad_gateway.batch.keeping import Keeping
from esad_gateway.batch.proof import Proof
from esad_gateway.batch.saad_list import SaadList
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.templates import template
from esad_gateway.batch.trader_keys import TraderKeys
from esad_gateway.batch.work.worker import Worker
from esad_gateway.bootstrap import Runtime
from esad_gateway.ports.batches import Batch, BatchRow, KeptRecord, RowOutcome, RowQuery, SaadQuery, Upload
from esad_gateway.store.batch_files import BatchFiles
from esad_gateway.store.batches import Batches
from esad_gateway.store.saad import SaadRecords
from helpers.gateway import CONSIGNEE, CONSIGNOR, Box, Station

MOST = 100_000

Row = Mapping[str, str]


@cache
def example(kind: str, today: date) -> dict[str, str]:
    """A row that is right on a day, by the names of the columns."""
    table = template(BatchKind(kind), None, today)
    first = next(iter(table.cells()))
    return {name: cell.text for name, cell in zip(table.heading, first, strict=True)}


def table(kind: str, today: date, rows: Sequence[Row]) -> bytes:
    """A CSV file: the example of the kind, a row for each of ``rows`` with these values instead."""
    first = example(kind, today)
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(first), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**first, **row} for row in rows)
    return written.getvalue().encode()


def receipts(*documents: str, **values: str) -> list[Row]:
    """Rows of the SAAD list, a document each."""
    return [{"document": one, **values} for one in documents]


def dispatches(*numbers: str, **values: str) -> list[Row]:
    """Rows of deferred dispatches, an e-SAD each."""
    return [{"local_reference_number": one, **values} for one in numbers]


@dataclass(frozen=True)
class Office:
    """The doors behind which batches lie, of a gateway of this process; its worker works in this process as well."""

    runtime: Runtime

    @cached_property
    def batches(self) -> Batches:
        """What the store says of them."""
        return Batches(self.runtime.store)

    @cached_property
    def desk(self) -> FileDesk:
        """Where they are handed in."""
        runtime = self.runtime
        proof = Proof(runtime.gateway.intake.verifier, runtime.registry.directory, runtime.data.load_trust)
        return FileDesk(self.batches, runtime.data.batches, proof, runtime.clock)

    @cached_property
    def saad(self) -> SaadList:
        """The SAAD list."""
        runtime = self.runtime
        return SaadList(self.batches, SaadRecords(runtime.store), runtime.settings.saad_law(), runtime.clock)

    def hand_in(self, content: bytes, kind: str = "saad", trader: str = CONSIGNEE, **values: Any) -> Batch:
        """A batch that was taken, of a file with this content."""
        with self.desk.receiving() as file:
            file.write(content)
            return self.desk.take(file, Upload(trader=trader, kind=kind, name=f"{kind}.csv", **values))[0]

    def work(self) -> None:
        """Work on what was handed in, until nothing is left."""
        for _ in self.steps():
            pass

    def steps(self) -> Generator[None, None, None]:
        """The same, with a pause after every commit; whoever closes it has the worker end there."""
        self.runtime.gateway.writer.start()
        try:
            yield from Worker(self.runtime).steps()
        finally:
            self.runtime.gateway.writer.stop()

    def done(self, content: bytes, kind: str = "saad", trader: str = CONSIGNEE, **values: Any) -> Batch:
        """A batch at its end."""
        batch = self.hand_in(content, kind, trader, **values)
        self.work()
        return self.desk.batch(trader, batch.id)

    def rows(self, batch: Batch, outcome: RowOutcome | None = None) -> Sequence[BatchRow]:
        """What became of its documents."""
        return self.desk.rows(batch.trader, batch.id, RowQuery(outcome=outcome, limit=MOST))

    def outcomes(self, batch: Batch) -> list[RowOutcome]:
        """In the order of the file."""
        return [row.outcome for row in self.rows(batch)]

    def records(self, trader: str = CONSIGNEE, **query: Any) -> list[KeptRecord]:
        """The SAAD list of a trader."""
        return list(self.saad.every(trader, SaadQuery(**query)))


def keeping(runtime: Runtime, days: float | None = 30, most: int = 1 << 32) -> Keeping:
    """What removes the files of batches that ended so long ago, or beyond so many bytes of a trader."""
    files = BatchFiles(runtime.store)
    return Keeping(files, runtime.data.batches, None if days is None else timedelta(days=days), most, runtime.clock)


def keep_key(box: Box, state: str = "LT", seed: str = CONSIGNOR) -> None:
    """Have the gateway of a state keep the key of a trader."""
    identity = box.traders[seed].identity
    TraderKeys(box.members[state].data.trader_keys).keep(seed, identity.key, identity.certificate)


def office_of(station: Station) -> Office:
    """The office of a gateway."""
    return Office(station.runtime)


def numbered(prefix: str, count: int) -> Iterator[str]:
    """So many numbers of documents."""
    return (f"{prefix}-{number:06}" for number in range(1, count + 1))
