"""The records of the SAAD list: every version of each, bound in one chain a trader."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from operator import eq, ge, le
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Select, bindparam, exists, insert, select

from esad_gateway.ais.saad.record import SaadEntry, SaadKey, SaadLine, SaadRecord, Source, Status
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen
from esad_gateway.ports.batches import KeptRecord, SaadQuery
from esad_gateway.store import batch_tables
from esad_gateway.store.chain import GENESIS, booked
from esad_gateway.store.database import LookUps, Row, among, as_keys, reading
from esad_gateway.store.rows import as_written, moment
from esad_gateway.store.stored import SAAD, read, written
from esad_gateway.store.upserts import replacing

if TYPE_CHECKING:
    from esad_gateway.store.store import SqlStore

_record = batch_tables.saad_record.c
_book = batch_tables.saad_book.c
_later = batch_tables.saad_record.alias("later").c
_COLUMNS: Final = tuple(batch_tables.saad_record.c.keys())
_ID_DIGITS: Final = 20

_ADD = insert(batch_tables.saad_record)
_SET_BOOK = replacing(batch_tables.saad_book, "trader")
_BOOK = select(_book.last_number, _book.head).where(_book.trader == bindparam("whose"))
_VERSIONS = select(batch_tables.saad_record).where(among(_record.id)).order_by(_record.id, _record.version)
NEWEST_VERSION: Final = ~exists().where(_later.id == _record.id, _later.version == _record.version + 1)
"""The condition that a version is the last one of its record."""

_RECEIVED = (
    select(_record.entry)
    .where(among(_record.trader), _record.status != Status.WITHDRAWN.value, NEWEST_VERSION)
    .order_by(_record.trader, _record.number)
)


def record_id(trader: str, key: SaadKey) -> str:
    """The id of the one record that a document is for a trader; the same whenever it is asked."""
    parts = (trader, key.state, key.consignor, key.document)
    return sha256("\0".join(parts).encode()).hexdigest()[:_ID_DIGITS]


def received_under(driver: LookUps, seeds: Collection[str]) -> Iterator[SaadEntry]:
    """What stands in the lists of these traders, who are registered for few receipts."""
    rows = driver.rows(_RECEIVED, as_keys(seeds)) if seeds else ()
    return (entry_of(row["entry"]) for row in rows)


@frozen(kw_only=True)
class NewVersion:
    """A version to be kept, of the record with that ``id``, and which document of which batch brought it."""

    id: str
    record: SaadRecord
    batch: str | None = None
    batch_number: int | None = None


class SaadTransaction:
    """The SAAD list within one transaction: asked first, then locked, then written once."""

    def __init__(self, driver: LookUps) -> None:
        self._driver = driver

    def standing(self, ids: Collection[str]) -> Mapping[str, KeptRecord]:
        """The newest versions of those records that there are, by id."""
        return {row["id"]: kept_of_row(row) for row in self._driver.rows(_VERSIONS, as_keys(ids))} if ids else {}

    def versions(self, ids: Collection[str]) -> Mapping[str, Sequence[KeptRecord]]:
        """All versions of records, by id, the oldest first."""
        found: dict[str, list[KeptRecord]] = {}
        for row in self._driver.rows(_VERSIONS, as_keys(ids)) if ids else ():
            found.setdefault(row["id"], []).append(kept_of_row(row))
        return found

    def write(self, trader: str, entered: Iterable[NewVersion]) -> None:
        """Add versions to the book of a trader, under the write lock. Raises StoreUnavailable.

        Not checked: that each version follows the one before it. A version that is there already is refused by its key.
        """
        self.write_rows(trader, prepared(trader, entered))

    def write_rows(self, trader: str, rows: Sequence[dict[str, Any]]) -> None:
        """The same for rows that were :func:`prepared` before the lock was taken."""
        if not rows:
            return
        book = next(iter(self._driver.rows(_BOOK, {"whose": trader})), None)
        last, head = (book["last_number"], book["head"]) if book else (0, GENESIS)
        for number, row in enumerate(rows, start=last + 1):
            row["number"] = number
            head = booked(head, row.values())
        self._driver.many(_ADD, rows)
        self._driver.many(_SET_BOOK, [{"trader": trader, "last_number": last + len(rows), "head": head}])


def prepared(trader: str, entered: Iterable[NewVersion]) -> list[dict[str, Any]]:
    """Versions as rows that have no number yet: what can be done before the lock is taken."""
    return [record_row(trader, 0, one) for one in entered]


class SaadRecords:
    """What the SAAD list of each trader shows."""

    def __init__(self, store: "SqlStore") -> None:
        self._reader = store.reader

    def page(self, trader: str, query: SaadQuery) -> Sequence[KeptRecord]:
        """The records of a trader as they stand now, in the order in which their last versions came."""
        with reading(self._reader) as connection:
            return [kept_of_row(row) for row in connection.execute(_page(trader, query)).mappings()]

    def versions(self, trader: str, record: str) -> Sequence[KeptRecord]:
        """All versions of a record, the oldest first; none where there is no such record of this trader."""
        own = _VERSIONS.where(_record.trader == trader)
        with reading(self._reader) as connection:
            return [kept_of_row(row) for row in connection.execute(own, as_keys([record])).mappings()]


def _page(trader: str, query: SaadQuery) -> Select[Any]:
    asked: tuple[tuple[Column[Any], Callable[[Any, Any], Any], Any], ...] = (
        (_record.status, eq, query.status),
        (_record.late, eq, query.late),
        (_record.source, eq, query.source),
        (_record.document, eq, query.document),
        (_record.received, ge, query.received_from),
        (_record.received, le, query.received_to),
    )
    conditions = [holds(column, wanted) for column, holds, wanted in asked if wanted is not None]
    found = select(batch_tables.saad_record).where(
        _record.trader == trader, _record.number > query.after, NEWEST_VERSION
    )
    return found.where(*conditions).order_by(_record.number).limit(query.limit)


def record_row(trader: str, number: int, entered: NewVersion) -> dict[str, Any]:
    """A version as a row, in the order of the columns."""
    record, text = entered.record, entry_text(entered.record.entry)
    return {
        "trader": trader,
        "number": number,
        "id": entered.id,
        "version": record.version,
        "source": record.entry.source.value,
        "document": record.entry.document,
        "status": record.status.value,
        "late": int(record.late),
        "received": record.entry.received.isoformat(),
        "due": record.due.isoformat(),
        "since": moment(record.since),
        "entered_at": moment(record.entered_at),
        "entry": text,
        "content": sha256(text.encode()).digest(),
        "batch": entered.batch,
        "batch_number": entered.batch_number,
    }


@as_written
def kept_of_row(row: Row) -> KeptRecord:
    """The version of a row."""
    record = SaadRecord(
        entry=entry_of(row["entry"]),
        version=row["version"],
        status=Status(row["status"]),
        late=bool(row["late"]),
        due=date.fromisoformat(row["due"]),
        entered_at=datetime.fromisoformat(row["entered_at"]),
        since=datetime.fromisoformat(row["since"]),
    )
    place = {name: row[name] for name in ("id", "trader", "number", "batch", "batch_number")}
    return KeptRecord(record=record, **place)


def entry_text(entry: SaadEntry) -> str:
    """An entry as text: the same entry always as the same text."""
    return written(SAAD, {**_plain(entry), "lines": [_plain_line(line) for line in entry.lines]})


_PLAIN: Final = tuple(name for name in SaadEntry.__dataclass_fields__ if name != "lines")
_LINE: Final = tuple(SaadLine.__dataclass_fields__)
_AMOUNTS: Final = ("quantity", "strength", "plato", "shortage", "excess")


def _plain(entry: SaadEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _PLAIN}


def _plain_line(line: SaadLine) -> list[Any]:
    """The values of a line in the order of its fields: names would be half of it."""
    return [getattr(line, name) for name in _LINE]


def entry_of(text: str) -> SaadEntry:
    """The entry of a text. Raises what :func:`~esad_gateway.store.stored.read` does."""
    plain = read(SAAD, text)
    values = {
        "source": Source(plain["source"]),
        "dispatched": date.fromisoformat(plain["dispatched"]),
        "received": date.fromisoformat(plain["received"]),
        "capacity": OperatorType(plain["capacity"]),
        "lines": tuple(_line_of(dict(zip(_LINE, values, strict=True))) for values in plain["lines"]),
    }
    return SaadEntry(**{**plain, **values})


def _line_of(plain: dict[str, Any]) -> SaadLine:
    amounts = {name: None if plain[name] is None else Decimal(plain[name]) for name in _AMOUNTS}
    return SaadLine(**{**plain, **amounts})
