"""Batches: whether their files are those that were handed in, and their counts and outcomes as their rows tell."""

import fcntl
import hashlib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from esad_gateway.audit.findings import placed
from esad_gateway.audit.snapshot import snapshot
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why as file_why
from esad_gateway.ports.batches import BATCH_FILE, Batch, BatchState, RowOutcome
from esad_gateway.store import batch_tables
from esad_gateway.store.batch_files import UNFINISHED
from esad_gateway.store.batches import batch_of_row

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
_THERE = select(_batch.id)
_REMOVED = _THERE.where(_batch.file_removed_at.is_not(None))
_ENDED: Final = (BatchState.ENDED, BatchState.UNREADABLE, BatchState.WITHDRAWN)


def batches(connection: Connection, folder: Path, database: Path) -> Iterator[Said]:
    """What is wrong with batches, and with their files in ``folder``.

    What has changed there since the snapshot was made is asked of the ``database`` once more.
    """
    counts: dict[str, dict[str, int]] = {}
    for batch, outcome, count in connection.execute(_COUNTS):
        counts.setdefault(batch, {})[outcome] = count
    last = {str(row.batch): int(row.last) for row in connection.execute(_LAST)}
    known = set[str]()
    for row in connection.execute(select(batch_tables.batch).order_by(_batch.id)).mappings():
        batch = batch_of_row(row)
        known.add(batch.id)
        there = {RowOutcome(outcome): count for outcome, count in counts.get(batch.id, {}).items()}
        for wrong in (*_wrong(batch, there, last.get(batch.id, 0)), *_file(batch, folder, database)):
            yield placed(said("found.batch", batch=batch.id), wrong)
    yield from _of_no_batch(folder, known, database)
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


def _file(batch: Batch, folder: Path, database: Path) -> Iterator[Said]:
    """What is wrong with the file of a batch; ``folder`` is that of all batches."""
    if batch.file_removed_at is not None:
        return  # what a crash has left of it is removed by the gateway
    path = folder / batch.id / BATCH_FILE
    try:
        with path.open("rb") as file:
            digest: Any = hashlib.file_digest(file, "sha256")
    except FileNotFoundError:
        if not _now(database, _REMOVED, batch.id):
            yield _gone(batch, path)
        return
    except OSError as error:
        yield said("found.file_unread", why=file_why(error))
        return
    if digest.hexdigest() != batch.sha256:
        yield said("found.other_file", file=str(path))


def _gone(batch: Batch, path: Path) -> Said:
    if batch.state.value in UNFINISHED:
        return said("found.file_gone", file=str(path), batch=batch.id)
    return said("found.ended_file_gone", file=str(path))


def _of_no_batch(folder: Path, known: Collection[str], database: Path) -> Iterator[Said]:
    """Files that were handed in, of which the store knows nothing: it is older than they are."""
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        file = one / BATCH_FILE
        if one.name in known or not file.exists():
            continue  # what has not come to its end was never taken
        try:
            arriving = _is_arriving(file)
            since = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
        except FileNotFoundError:
            continue
        except OSError as error:
            yield placed(said("found.batch", batch=one.name), said("found.file_unread", why=file_why(error)))
            continue
        if not arriving and not _now(database, _THERE, one.name):
            yield said("found.file_of_nobody", file=str(file), since=since)


def _is_arriving(path: Path) -> bool:
    """Whether somebody is still taking a file, and holds it until its batch is committed. Raises OSError."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _now(database: Path, asked: Select[Any], number: str) -> bool:
    """Whether something is so by now of a batch, though it was not when the snapshot was made."""
    with snapshot(database) as connection:
        return connection.execute(asked.where(_batch.id == number)).first() is not None
