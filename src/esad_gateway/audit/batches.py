"""Batches: whether their files are those that were handed in, and their counts and outcomes as their rows tell."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select

from esad_gateway.ports.batches import BATCH_FILE, Batch, BatchState, RowOutcome
from esad_gateway.store import batch_tables
from esad_gateway.store.batches import UNFINISHED, batch_of_row

_batch, _row = batch_tables.batch.c, batch_tables.batch_row.c
_record = batch_tables.saad_record.c

_COUNTS = select(_row.batch, _row.outcome, func.count()).group_by(_row.batch, _row.outcome)
_LAST = select(_row.batch, func.max(_row.number).label("last")).group_by(_row.batch)
_FOREIGN = (
    select(_row.batch, _row.number)
    .join(batch_tables.batch, _batch.id == _row.batch, isouter=True)
    .where(_batch.id.is_(None) | (_batch.trader != _row.trader))
)
_NOT_ENTERED = (
    select(_row.batch, _row.number, _row.record, _row.version)
    .join(batch_tables.saad_record, (_record.id == _row.record) & (_record.version == _row.version), isouter=True)
    .where(_row.record.is_not(None), _record.id.is_(None) | (_record.trader != _row.trader))
)
_ENDED: Final = (BatchState.ENDED, BatchState.UNREADABLE, BatchState.WITHDRAWN)


def batches(connection: Connection, folder: Path) -> Iterator[str]:
    """What is wrong with batches; the files of those that have ended need not be there."""
    counts: dict[str, dict[str, int]] = {}
    for batch, outcome, count in connection.execute(_COUNTS):
        counts.setdefault(batch, {})[outcome] = count
    last = {str(row.batch): int(row.last) for row in connection.execute(_LAST)}
    for row in connection.execute(select(batch_tables.batch).order_by(_batch.id)).mappings():
        batch = batch_of_row(row)
        there = {RowOutcome(outcome): count for outcome, count in counts.get(batch.id, {}).items()}
        for wrong in (*_wrong(batch, there, last.get(batch.id, 0)), *_file(batch, folder)):
            yield f"batch {batch.id}: {wrong}"
    yield from (f"batch {one.batch}: its document {one.number} is nobody's" for one in connection.execute(_FOREIGN))
    for one in connection.execute(_NOT_ENTERED):
        yield f"batch {one.batch}: document {one.number} is version {one.version} of {one.record}, which is not there"


def _wrong(batch: Batch, there: dict[RowOutcome, int], last: int) -> Iterator[str]:
    total = sum(there.values())
    if {outcome: count for outcome, count in batch.counts.items() if count} != there:
        yield "its counts are not those of its documents"
    if not total == last == batch.documents:
        yield f"{total} documents are numbered up to {last}, and it has read {batch.documents}"
    if batch.state in _ENDED and there.get(RowOutcome.WAITING):
        yield f"it has ended, and {there[RowOutcome.WAITING]} of its documents wait"
    if batch.state is not BatchState.WITHDRAWING and (batch.state in _ENDED) is (batch.ended_at is None):
        yield "its state and the moment of its end contradict each other"


def _file(batch: Batch, folder: Path) -> Iterator[str]:
    """What is wrong with the file of a batch; ``folder`` is that of all batches."""
    path = folder / batch.id / BATCH_FILE
    try:
        with path.open("rb") as file:
            digest: Any = hashlib.file_digest(file, "sha256")
    except FileNotFoundError:
        if batch.state.value in UNFINISHED:
            yield "its file is gone, and it has not ended"
        return
    except OSError as error:
        yield f"its file cannot be read: {error.strerror}"
        return
    if digest.hexdigest() != batch.sha256:
        yield "its file is not the one that was handed in"
