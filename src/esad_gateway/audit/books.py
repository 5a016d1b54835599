"""The SAAD list of each trader walked from its first entry: numbers, chain, versions, and columns beside the entry."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Integer, select, type_coerce

from esad_gateway.ais.saad.record import SaadRecord
from esad_gateway.errors import StoreDamaged
from esad_gateway.store import batch_tables
from esad_gateway.store.chain import GENESIS, booked
from esad_gateway.store.saad import kept_of_row, record_id

_record = batch_tables.saad_record.c
_AT_ONCE: Final = 1000
# As the chain binds it: a number, not what SQLAlchemy makes of it.
_AS_STORED: Final = (type_coerce(one, Integer).label(one.name) if one is _record.late else one for one in _record)
_WALK = select(*_AS_STORED).order_by(_record.trader, _record.number)


def books(connection: Connection, vouched: Mapping[str, Mapping[int, bytes]]) -> Iterator[str]:
    """What is not as it was entered; ``vouched`` are the heads that checkpoints name, by trader and number."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_WALK)
    kept = {row.trader: row for row in connection.execute(select(batch_tables.saad_book))}
    gone = set(vouched)
    for trader, versions in groupby(rows, attrgetter("trader")):
        gone.discard(trader)
        yield from _Book(trader, vouched.get(trader, {})).walk(versions, kept.pop(trader, None))
    yield from (f"SAAD list of {trader}: numbers were given out, but there is no record" for trader in sorted(kept))
    for trader in sorted(gone - kept.keys()):
        yield f"SAAD list of {trader}: a checkpoint vouches for {max(vouched[trader])} versions; there is none"


class _Book:
    """One list on the walk."""

    def __init__(self, trader: str, vouched: Mapping[int, bytes]) -> None:
        self._name = f"SAAD list of {trader}"
        self._vouched = vouched
        self._head = GENESIS
        self._from = 1
        self._versions: dict[str, int] = {}

    def walk(self, rows: Iterable[Any], kept: Any) -> Iterator[str]:
        """What is wrong with its versions, and with it as a whole; ``kept`` is its row, ``None`` without one."""
        last, count = 0, 0
        for row in rows:
            last, count = row.number, count + 1
            self._head = booked(self._head, row)
            yield from (f"{self._name}: {row.id}, version {row.version}: {wrong}" for wrong in self._wrong(row))
            yield from self._compare(last)
        through = max(self._vouched, default=0)
        if last != count or kept is None or kept.last_number != last:
            yield f"{self._name}: {count} versions are numbered up to {last}"
        if through > last:
            yield f"{self._name}: a checkpoint vouches for {through} versions; the last is {last}"
        elif kept is not None and kept.head != self._head:
            yield f"{self._name}: versions {self._from} to {last} are not as they were entered"

    def _compare(self, number: int) -> Iterator[str]:
        head = self._vouched.get(number)
        if head is None:
            return
        if head != self._head:
            yield f"{self._name}: versions {self._from} to {number} are not those that a checkpoint vouches for"
            self._head = head  # what comes after is compared on its own
        self._from = number + 1

    def _wrong(self, row: Any) -> Iterator[str]:
        expected = self._versions.get(row.id, 0) + 1
        self._versions[row.id] = row.version
        if row.version != expected:
            yield f"expected version {expected}"
        if sha256(str(row.entry).encode()).digest() != row.content:
            yield "its entry is not the one that was entered"
        try:
            record = kept_of_row(row._mapping).record  # noqa: SLF001  the public name
        except StoreDamaged as error:
            yield error.reason
            return
        told = (record.entry.source, record.entry.document, record.entry.received.isoformat())
        if told != (row.source, row.document, row.received) or record_id(row.trader, record.entry.key) != row.id:
            yield "the columns beside its entry tell something else"
        yield from _times(record)


def _times(record: SaadRecord) -> Iterator[str]:
    if record.since > record.entered_at:
        yield "it goes back to an entry that came later"
