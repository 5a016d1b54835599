"""Batches: whether their files are those that were handed in, and their counts and outcomes as their rows tell."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select

from esad_gateway.audit.findings import placed
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why as file_why
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


def batches(connection: Connection, folder: Path) -> Iterator[Said]:
    """What is wrong with batches; the files of those that have ended need not be there."""
    counts: dict[str, dict[str, int]] = {}
    for batch, outcome, count in connection.execute(_COUNTS):
        counts.setdefault(batch, {})[outcome] = count
    last = {str(row.batch): int(row.last) for row in connection.execute(_LAST)}
    for row in connection.execute(select(batch_tables.batch).order_by(_batch.id)).mappings():
        batch = batch_of_row(row)
        there = {RowOutcome(outcome): count for outcome, count in counts.get(batch.id, {}).items()}
        for wrong in (*_wrong(batch, there, last.get(batch.id, 0)), *_file(batch, folder)):
            yield placed(said("found.batch", batch=batch.id), wrong)
    for batch_id, number in connection.execute(_FOREIGN):
        yield placed(said("found.batch", batch=batch_id), said("found.of_nobody", number=number))
    for one in connection.execute(_NOT_ENTERED):
        missing = said("found.no_version", number=one.number, version=one.version, record=one.record)
        yield placed(said("found.batch", batch=one.batch), missing)


def _wrong(batch: Batch, there: dict[RowOutcome, int], last: int) -> Iterator[Said]:
    total = sum(there.values())
    if {outcome: count for outcome, count in batch.counts.items() if count} != there:
        yield Said("found.counts")
    if not total == last == batch.documents:
        yield said("found.documents_numbered", total=total, last=last, read=batch.documents)
    if batch.state in _ENDED and there.get(RowOutcome.WAITING):
        yield said("found.ended_waiting", waiting=there[RowOutcome.WAITING])
    if batch.state is not BatchState.WITHDRAWING and (batch.state in _ENDED) is (batch.ended_at is None):
        yield Said("found.state_and_end")


def _file(batch: Batch, folder: Path) -> Iterator[Said]:
    """What is wrong with the file of a batch; ``folder`` is that of all batches."""
    path = folder / batch.id / BATCH_FILE
    try:
        with path.open("rb") as file:
            digest: Any = hashlib.file_digest(file, "sha256")
    except FileNotFoundError:
        if batch.state.value in UNFINISHED:
            yield Said("found.file_gone")
        return
    except OSError as error:
        yield said("found.file_unread", why=file_why(error))
        return
    if digest.hexdigest() != batch.sha256:
        yield Said("found.other_file")
