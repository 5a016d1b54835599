"""Which files of batches are needed, and which have been kept long enough."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, bindparam, func, or_, select, update

from esad_gateway.store import batch_tables
from esad_gateway.store.database import among, as_keys, reading, writing
from esad_gateway.store.rows import moment
from esad_gateway.store.store import SqlStore

_batch = batch_tables.batch.c

UNFINISHED: Final = ("waiting", "checking", "working", "withdrawing", "stopped")
"""The states of a batch whose file is needed for going on."""

_KNOWN = select(_batch.id).where(among(_batch.id))
_REMOVED = _KNOWN.where(_batch.file_removed_at.is_not(None))
_HELD = (
    select(
        *(_batch.id, _batch.ended_at),
        func.sum(_batch.size)
        .over(partition_by=_batch.trader, order_by=(_batch.ended_at.desc(), _batch.id.desc()))
        .label("held"),
    )
    .where(batch_tables.WITH_FILE)
    .subquery()
)
_REMOVE = (
    update(batch_tables.batch)
    .where(batch_tables.WITH_FILE, among(_batch.id))
    .values(file_removed_at=bindparam("removed_at"))
)


class BatchFiles:
    """The files of the batches of one administration's store."""

    def __init__(self, store: SqlStore) -> None:
        self._writer: Engine = store.writer
        self._reader: Engine = store.reader

    def release(self, now: datetime, before: datetime | None, most: int) -> Sequence[str]:
        """Write down that files are removed ``now``; the ids of their batches. Raises StoreUnavailable.

        Those of batches that ended ``before`` a moment, ``None`` for none; and of each trader the oldest ones, until
        the others have ``most`` bytes. The files themselves are there still.
        """
        over: ColumnElement[bool] = _HELD.c.held > most
        enough = over if before is None else or_(over, _HELD.c.ended_at < moment(before))
        with reading(self._reader) as connection:
            found = connection.execute(select(_HELD.c.id).where(enough)).scalars().all()
        if found:
            with writing(self._writer) as connection:
                connection.execute(_REMOVE, {"removed_at": moment(now), **as_keys(found)})
        return found

    def removed(self, numbers: Collection[str]) -> Collection[str]:
        """Those of the ids of batches whose files are no longer kept."""
        return self._those(_REMOVED, numbers)

    def known(self, numbers: Collection[str]) -> Collection[str]:
        """Those of the ids that are ids of batches."""
        return self._those(_KNOWN, numbers)

    def _those(self, found: Select[Any], numbers: Collection[str]) -> Collection[str]:
        with reading(self._reader) as connection:
            return list(connection.execute(found, as_keys(numbers)).scalars())


def needed(connection: Connection) -> Sequence[tuple[str, bool]]:
    """The ids of batches whose files are kept, and whether the batch needs it for going on."""
    found = select(_batch.id, _batch.state.in_(UNFINISHED)).where(_batch.file_removed_at.is_(None)).order_by(_batch.id)
    return [(number, bool(going_on)) for number, going_on in connection.execute(found)]
