"""The SAAD list of each trader walked from its first entry: numbers, chain, versions, and columns beside the entry."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Integer, select, type_coerce

from esad_gateway.ais.saad.record import SaadRecord, Status
from esad_gateway.audit.findings import placed
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Said, said
from esad_gateway.store import batch_tables
from esad_gateway.store.chain import GENESIS, booked
from esad_gateway.store.saad import kept_of_row, record_id

_record = batch_tables.saad_record.c
_AT_ONCE: Final = 1000
_BEGINNING: Final = frozenset({Status.ENTERED, Status.LATE})
"""What a version is that goes back to no other one."""

# As the chain binds it: a number, not what SQLAlchemy makes of it.
_AS_STORED: Final = (type_coerce(one, Integer).label(one.name) if one is _record.late else one for one in _record)
_WALK = select(*_AS_STORED).order_by(_record.trader, _record.number)


def books(connection: Connection, vouched: Mapping[str, Mapping[int, bytes]]) -> Iterator[Said]:
    """What is not as it was entered; ``vouched`` are the heads that checkpoints name, by trader and number."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_WALK)
    kept = {row.trader: row for row in connection.execute(select(batch_tables.saad_book))}
    gone = set(vouched)
    for trader, versions in groupby(rows, attrgetter("trader")):
        gone.discard(trader)
        yield from _Book(trader, vouched.get(trader, {})).walk(versions, kept.pop(trader, None))
    yield from (placed(said("found.book", trader=trader), Said("found.no_record")) for trader in sorted(kept))
    for trader in sorted(gone - kept.keys()):
        yield placed(said("found.book", trader=trader), said("found.no_versions", through=max(vouched[trader])))


class _Book:
    """One list on the walk."""

    def __init__(self, trader: str, vouched: Mapping[int, bytes]) -> None:
        self._name = said("found.book", trader=trader)
        self._vouched = vouched
        self._head = GENESIS
        self._from = 1
        self._versions: dict[str, int] = {}
        self._since: dict[str, datetime] = {}

    def walk(self, rows: Iterable[Any], kept: Any) -> Iterator[Said]:
        """What is wrong with its versions, and with it as a whole; ``kept`` is its row, ``None`` without one."""
        last, count = 0, 0
        for row in rows:
            last, count = row.number, count + 1
            self._head = booked(self._head, row)
            place = said("found.entry", book=self._name, record=row.id, version=row.version)
            yield from (placed(place, wrong) for wrong in self._wrong(row))
            yield from self._compare(last)
        through = max(self._vouched, default=0)
        if last != count or kept is None or kept.last_number != last:
            yield placed(self._name, said("found.versions_numbered", versions=count, last=last))
        if through > last:
            yield placed(self._name, said("found.versions_vouched", through=through, last=last))
        elif kept is not None and kept.head != self._head:
            yield placed(self._name, said("found.versions_changed", first=self._from, last=last))

    def _compare(self, number: int) -> Iterator[Said]:
        head = self._vouched.get(number)
        if head is None:
            return
        if head != self._head:
            yield placed(self._name, said("found.versions_other", first=self._from, last=number))
            self._head = head  # what comes after is compared on its own
        self._from = number + 1

    def _wrong(self, row: Any) -> Iterator[Said]:
        expected = self._versions.get(row.id, 0) + 1
        self._versions[row.id] = row.version
        if row.version != expected:
            yield said("found.expected_version", version=expected)
        if sha256(str(row.entry).encode()).digest() != row.content:
            yield Said("found.other_entry")
        try:
            record = kept_of_row(row._mapping).record  # noqa: SLF001  the public name
        except StoreDamaged as error:
            yield error.why
            return
        told = (record.entry.source, record.entry.document, record.entry.received.isoformat())
        if told != (row.source, row.document, row.received) or record_id(row.trader, record.entry.key) != row.id:
            yield Said("found.columns")
        yield from self._goes_back(row.id, record)

    def _goes_back(self, number: str, record: SaadRecord) -> Iterator[Said]:
        """A version goes back to the same entry as the one before, and a first one, or a new one, to itself."""
        begins = record.status in _BEGINNING or number not in self._since
        if record.since != (record.entered_at if begins else self._since[number]):
            yield Said("found.goes_back")
        self._since[number] = record.since
