"""Batches and their documents, as doors ask for them and as the worker writes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from esad_gateway.errors import KeyReused
from esad_gateway.frozen import frozen
from esad_gateway.ports.batches import Batch, BatchQuery, BatchRow, BatchState, Mode, RowOutcome, RowQuery
from esad_gateway.ports.writing import RegistryFacts
from esad_gateway.store import batch_tables
from esad_gateway.store.database import LookUps, Row, among, as_keys, deciding, reading, writing
from esad_gateway.store.packing import PackedDraft, pack_quickly, unpack
from esad_gateway.store.rows import (
    as_written,
    faults_of,
    faults_text,
    moment,
    said_of,
    said_text,
    sentence_of,
    sentence_text,
)
from esad_gateway.store.saad import SaadTransaction
from esad_gateway.store.store import SqlStore
from esad_gateway.store.stored import COUNTS, DECLARED, ROWS, read, written
from esad_gateway.store.transaction import SqlTransaction
from esad_gateway.store.upserts import replacing

_batch = batch_tables.batch.c
_row = batch_tables.batch_row.c

_BATCH = select(batch_tables.batch).where(_batch.id == bindparam("which"))
_OF_KEY = select(batch_tables.batch).where(
    _batch.trader == bindparam("whose"), _batch.idempotency_key.is_not(None), _batch.idempotency_key == bindparam("key")
)
_NEWEST_FIRST = (_batch.received_at.desc(), _batch.id.desc())
_AT_WORK = select(batch_tables.batch).where(batch_tables.AT_WORK).order_by(_batch.received_at, _batch.id)
_WAITING = select(func.count(), func.coalesce(func.sum(_batch.size), 0)).where(
    batch_tables.AT_WORK, _batch.trader == bindparam("whose")
)
_ADD = insert(batch_tables.batch)
_SET_ROW = replacing(batch_tables.batch_row, "batch", "number")
_DISPATCHED = select(batch_tables.batch_row).where(
    batch_tables.SUBMITTED, _row.trader == bindparam("whose"), among(_row.key)
)
_WAITING_ELSEWHERE = (
    select(batch_tables.batch_row)
    .join(batch_tables.batch, _batch.id == _row.batch)
    .where(
        _batch.trader == bindparam("whose"),
        _row.outcome == RowOutcome.WAITING.value,
        _row.signed.is_not(None),
        among(_row.key),
    )
)
_PAGE = (
    select(batch_tables.batch_row)
    .where(_row.batch == bindparam("which"), _row.number > bindparam("after"))
    .order_by(_row.number)
    .limit(bindparam("most"))
)
_OF_OUTCOME = _PAGE.where(_row.outcome == bindparam("wanted"))
_MOVES: Final = (
    *("state", "documents", "rows_done", "counts", "told", "faults", "reason", "tries", "estimate"),
    *("ended_at", "withdrawn_at"),
)
_MOVE = (
    update(batch_tables.batch)
    .where(_batch.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in _MOVES})
)


@frozen(kw_only=True)
class WaitingDraft:
    """A row of a batch with the signed document that is to be submitted for it."""

    row: BatchRow
    signed: bytes


class Prepared(NamedTuple):
    """A batch and documents of it as rows."""

    batch: dict[str, Any]
    documents: list[dict[str, Any]]


def prepared(batch: Batch, rows: Iterable[BatchRow], signed: Mapping[int, bytes]) -> Prepared:
    """How far a batch has come, and documents of it, as rows: what can be done before the lock is taken."""
    return Prepared(_moved(batch), [_row_values(batch, row, signed.get(row.number)) for row in rows])


class Work:
    """What the worker asks and writes of one batch, in one transaction: asked first, then locked, then written."""

    def __init__(self, connection: Connection) -> None:
        self._driver = LookUps(connection)
        self._messages = SqlTransaction(connection)
        self.saad = SaadTransaction(self._driver)

    def lock(self) -> bool:
        """Take the write lock; whether everything that was looked up is still so. If not, it has to be asked again."""
        return all((self._driver.lock(), self._messages.lock()))

    def facts(self, seeds: Collection[str]) -> RegistryFacts:
        """What register and movements say of some numbers."""
        return self._messages.facts(seeds, ())

    def busy(self) -> object:
        """What is another value as soon as somebody else has committed."""
        return self._driver.others_have_committed()

    def batch(self, number: str) -> Batch | None:
        """A batch as it is now."""
        return next((batch_of_row(row) for row in self._driver.rows(_BATCH, {"which": number})), None)

    def rows(self, number: str, query: RowQuery) -> Sequence[BatchRow]:
        """Documents of a batch, in the order of the file."""
        return [row_of(row) for row in self._asked(number, query)]

    def drafts(self, number: str, limit: int, after: int = 0) -> Sequence[WaitingDraft]:
        """Drafts that were signed and of which it is not known yet what came, in the order of the file."""
        rows = self._asked(number, RowQuery(outcome=RowOutcome.WAITING, after=after, limit=limit))
        return [_waiting(row) for row in rows if row["signed"] is not None]

    def waiting_elsewhere(self, trader: str, documents: Collection[str]) -> Sequence[WaitingDraft]:
        """Such drafts of these documents, in whichever batches of their trader."""
        asked = {"whose": trader, **as_keys(documents)}
        return [_waiting(row) for row in self._driver.rows(_WAITING_ELSEWHERE, asked)]

    def dispatched(self, trader: str, documents: Collection[str]) -> Mapping[str, Sequence[BatchRow]]:
        """The dispatches of these documents that have an ARC, by the key of the document."""
        found: dict[str, list[BatchRow]] = {}
        for row in self._driver.rows(_DISPATCHED, {"whose": trader, **as_keys(documents)}) if documents else ():
            found.setdefault(row["key"], []).append(row_of(row))
        return found

    def write(
        self, batch: Batch, rows: Iterable[BatchRow] = (), signed: Mapping[int, bytes] = MappingProxyType({})
    ) -> None:
        """Write how far a batch has come, and documents of it; ``signed`` are drafts to be submitted, by number."""
        self.write_rows(prepared(batch, rows, signed))

    def write_rows(self, rows: Prepared) -> None:
        """The same for what was :func:`prepared` before the lock was taken."""
        self._driver.many(_MOVE, [rows.batch])
        self._driver.many(_SET_ROW, rows.documents)

    def _asked(self, number: str, query: RowQuery) -> Sequence[Row]:
        values = {"which": number, "after": query.after, "most": query.limit}
        if query.outcome is None:
            return self._driver.rows(_PAGE, values)
        return self._driver.rows(_OF_OUTCOME, {**values, "wanted": query.outcome.value})


class Batches:
    """The batches of one administration's store."""

    def __init__(self, store: SqlStore) -> None:
        self._writer: Engine = store.writer
        self._reader: Engine = store.reader

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction of the worker; what it writes is committed on leaving. Raises StoreUnavailable."""
        with deciding(self._writer) as connection:
            yield Work(connection)

    def add(self, batch: Batch, key: str | None, signature: bytes | None) -> tuple[Batch, bool]:
        """Add a batch, unless its trader has used ``key`` before: then that one, and True. Raises KeyReused."""
        with writing(self._writer) as connection:
            values = {"whose": batch.trader, "key": key}
            earlier = connection.execute(_OF_KEY, values).mappings().first() if key is not None else None
            if earlier is None:
                connection.execute(_ADD, {**_batch_values(batch), "idempotency_key": key, "signature": signature})
                return batch, False
        found = batch_of_row(earlier)
        if key is not None and (found.sha256, found.kind, found.mode) != (batch.sha256, batch.kind, batch.mode):
            raise KeyReused(key, found.id)
        return found, True

    def find(self, trader: str, number: str) -> Batch | None:
        """A batch of a trader."""
        with reading(self._reader) as connection:
            row = connection.execute(_BATCH, {"which": number}).mappings().first()
        return batch_of_row(row) if row is not None and row["trader"] == trader else None

    def page(self, trader: str, before: Batch | None, query: BatchQuery) -> Sequence[Batch]:
        """The batches of a trader, the newest first, from the one after ``before`` on."""
        found = select(batch_tables.batch).where(_batch.trader == trader).order_by(*_NEWEST_FIRST).limit(query.limit)
        if query.kind is not None:
            found = found.where(_batch.kind == query.kind)
        if query.state is not None:
            found = found.where(_batch.state == query.state.value)
        if before is not None:
            at = moment(before.received_at)
            found = found.where((_batch.received_at < at) | ((_batch.received_at == at) & (_batch.id < before.id)))
        with reading(self._reader) as connection:
            return [batch_of_row(row) for row in connection.execute(found).mappings()]

    def rows(self, number: str, query: RowQuery) -> Sequence[BatchRow]:
        """Documents of a batch, in the order of the file."""
        with reading(self._reader) as connection:
            return Work(connection).rows(number, query)

    def at_work(self) -> Sequence[Batch]:
        """Batches with something to do, the oldest first."""
        with reading(self._reader) as connection:
            return [batch_of_row(row) for row in connection.execute(_AT_WORK).mappings()]

    def waiting(self, trader: str) -> tuple[int, int]:
        """How many batches of a trader have something to do, and how many bytes their files have."""
        with reading(self._reader) as connection:
            files, size = connection.execute(_WAITING, {"whose": trader}).one()
            return files, size

    def pending(self) -> bool:
        """Whether there is something to do for a worker."""
        with reading(self._reader) as connection:
            return connection.execute(_AT_WORK.limit(1)).first() is not None

    def change(self, number: str, change: Any) -> Batch:
        """Write what ``change`` makes of a batch that is there, as it is at that moment. Raises StoreUnavailable."""
        with writing(self._writer) as connection:
            batch: Batch = change(batch_of_row(connection.execute(_BATCH, {"which": number}).mappings().one()))
            connection.execute(_MOVE, _moved(batch))
        return batch


def _waiting(row: Row) -> WaitingDraft:
    return WaitingDraft(row=row_of(row), signed=unpack(row["signed"]))


def _batch_values(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "trader": batch.trader,
        "kind": batch.kind,
        "mode": batch.mode.value,
        "name": batch.name,
        "sha256": bytes.fromhex(batch.sha256),
        "size": batch.size,
        "declared": written(DECLARED, dict(batch.declared)),
        "signer": batch.signer,
        "received_at": moment(batch.received_at),
        **_moving(batch),
    }


def _moving(batch: Batch) -> dict[str, Any]:
    """The values that change while a batch is worked on."""
    told = {"told": dict(batch.told), "remarks": said_text(batch.remarks)}
    return {
        "state": batch.state.value,
        "documents": batch.documents,
        "rows_done": batch.rows_done,
        "estimate": batch.estimate,
        "counts": written(COUNTS, {outcome.value: count for outcome, count in batch.counts.items()}),
        "told": written(DECLARED, told),
        "faults": faults_text(batch.faults),
        "reason": sentence_text(batch.reason),
        "tries": batch.tries,
        "ended_at": batch.ended_at and moment(batch.ended_at),
        "withdrawn_at": batch.withdrawn_at and moment(batch.withdrawn_at),
    }


def _moved(batch: Batch) -> dict[str, Any]:
    return {"which": batch.id, **{f"new_{name}": value for name, value in _moving(batch).items()}}


@as_written
def batch_of_row(row: Row) -> Batch:
    """The batch of a row."""
    told = read(DECLARED, row["told"]) if row["told"] is not None else {"told": {}, "remarks": None}
    names = ("id", "trader", "kind", "name", "size", "signer", "estimate", "documents", "rows_done", "tries")
    moments = ("received_at", "ended_at", "withdrawn_at", "file_removed_at")
    plain: dict[str, Any] = {name: row[name] for name in names}
    plain |= {name: row[name] and datetime.fromisoformat(row[name]) for name in moments}
    return Batch(
        **plain,
        mode=Mode(row["mode"]),
        state=BatchState(row["state"]),
        sha256=row["sha256"].hex(),
        declared=read(DECLARED, row["declared"]),
        signed_beside=row["signature"] is not None,
        counts={RowOutcome(outcome): count for outcome, count in read(COUNTS, row["counts"]).items()},
        told=told["told"],
        remarks=said_of(told["remarks"]),
        faults=faults_of(row["faults"]),
        reason=sentence_of(row["reason"]),
    )


def _row_values(batch: Batch, row: BatchRow, signed: bytes | None) -> dict[str, Any]:
    return {
        "batch": batch.id,
        "number": row.number,
        "rows": written(ROWS, row.rows),
        "trader": batch.trader,
        "key": row.key,
        "document": row.document,
        "content": row.content,
        "outcome": row.outcome.value,
        "record": row.record,
        "version": row.version,
        "arc": row.arc,
        "identifier": row.identifier,
        "signed": signed if signed is None or isinstance(signed, PackedDraft) else pack_quickly(signed),
        "faults": faults_text(row.faults),
        "said": sentence_text(row.said),
    }


@as_written
def row_of(row: Row) -> BatchRow:
    """The document of a row."""
    plain = ("number", "key", "document", "content", "record", "version", "arc", "identifier")
    return BatchRow(
        **{name: row[name] for name in plain},
        rows=tuple(read(ROWS, row["rows"])),
        outcome=RowOutcome(row["outcome"]),
        faults=faults_of(row["faults"]),
        said=sentence_of(row["said"]),
    )
