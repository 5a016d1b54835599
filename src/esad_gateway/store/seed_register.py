"""The register as SEED changes it: what a change finds, what it writes, and the whole register as a stream."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cryptography import x509
from sqlalchemy import Connection, bindparam, delete, insert, select

from esad_gateway.emcs.registry import ExciseOffice, Operator, OperatorType
from esad_gateway.emcs.seed import Change, Entry, applied
from esad_gateway.emcs.seed.codes import TEMPORARY
from esad_gateway.store import tables
from esad_gateway.store.engine import writing
from esad_gateway.store.rows import operator_of_row, operator_row
from esad_gateway.store.store import SqlStore

_operator = tables.operator.c

_RECORDS = select(tables.operator).where(_operator.seed == bindparam("wanted")).order_by(_operator.valid_from)
_RECORDS_OF = select(tables.operator).where(_operator.seed.in_(bindparam("seeds", expanding=True)))
_CONSIGNORS = select(tables.operator).where(
    _operator.operator_type == OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR, _operator.temporary.is_not(None)
)
_FORGET = delete(tables.operator).where(_operator.seed.in_(bindparam("seeds", expanding=True)))
_ADD = insert(tables.operator)
_IN_ORDER = select(tables.operator).order_by(
    _operator.operator_type.in_(sorted(TEMPORARY)), _operator.seed, _operator.valid_from
)
_CERTIFICATES = select(tables.certificate.c.holder, tables.certificate.c.pem)

_AT_ONCE: Final = 1000
"""Rows that a stream holds in memory."""


class SeedRegister:
    """The operators of one administration, as IE713 reads and writes them; certificates stay as they are."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a SEED number, the earliest first; empty for a number that is not registered."""
        with self._store.reader.begin() as connection:
            rows = connection.execute(_RECORDS, {"wanted": seed}).mappings().all()
        return tuple(operator_of_row(row) for row in rows)

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name ``seed`` as their counterparty (BR051)."""
        with self._store.reader.begin() as connection:
            rows = connection.execute(_CONSIGNORS).mappings().all()
        found = (operator_of_row(row) for row in rows)
        return frozenset(one.seed for one in found if one.temporary and one.temporary.counterparty == seed)

    def apply(self, changes: Iterable[Change]) -> int:
        """Make changes, all or none, in their order; returns how many. Not checked: whether they may be made."""
        changes = tuple(changes)
        seeds = sorted({change.operator.seed for change in changes})
        with writing(self._store.writer) as connection:
            entries = _entries_of(connection, seeds)
            for change in changes:
                entries[change.operator.seed] = applied(entries[change.operator.seed], change)
            connection.execute(_FORGET, {"seeds": seeds})
            if rows := [operator_row(*entry) for seed in seeds for entry in entries[seed]]:
                connection.execute(_ADD, rows)
        return len(changes)

    def entries(self) -> Iterator[Entry]:
        """Every record with its address: traders, then temporary authorisations, each by number and beginning."""
        with self._store.reader.begin() as connection:
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(_IN_ORDER).mappings():
                yield _entry(row)

    def offices(self) -> tuple[ExciseOffice, ...]:
        """The list of offices, by reference; empty where none is kept."""
        with self._store.reader.begin() as connection:
            rows = connection.execute(select(tables.office).order_by(tables.office.c.reference)).all()
        return tuple(ExciseOffice(reference=row.reference, name=row.name) for row in rows)

    def certificates(self) -> Mapping[str, tuple[x509.Certificate, ...]]:
        """The certificates of every holder that has any."""
        held: dict[str, tuple[x509.Certificate, ...]] = {}
        with self._store.reader.begin() as connection:
            for holder, pem in connection.execute(_CERTIFICATES):
                held[holder] = (*held.get(holder, ()), x509.load_pem_x509_certificate(pem.encode()))
        return held


def _entries_of(connection: Connection, seeds: list[str]) -> dict[str, tuple[Entry, ...]]:
    entries: dict[str, tuple[Entry, ...]] = dict.fromkeys(seeds, ())
    for row in connection.execute(_RECORDS_OF, {"seeds": seeds}).mappings():
        entries[row["seed"]] = (*entries[row["seed"]], _entry(row))
    return entries


def _entry(row: Any) -> Entry:
    return Entry(operator_of_row(row), json.loads(row["address"]))
