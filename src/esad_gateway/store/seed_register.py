"""The register as SEED changes it: reads what a change concerns, writes changes, and streams the whole register."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from cryptography import x509
from sqlalchemy import bindparam, select

from esad_gateway.emcs.registry import ExciseOffice, Operator
from esad_gateway.emcs.seed import Change, RegisterEntry
from esad_gateway.emcs.seed.codes import TEMPORARY
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, reading, writing
from esad_gateway.store.operators import consignors_linked_to, entry_of_row, make_changes, records_of
from esad_gateway.store.rows import moment
from esad_gateway.store.store import SqlStore

_operator = tables.operator.c

_IN_ORDER = select(tables.operator).order_by(
    _operator.operator_type.in_(sorted(TEMPORARY)), _operator.seed, _operator.valid_from
)
_certificate = tables.certificate.c
_CERTIFICATES = (
    select(_certificate.holder, _certificate.pem)
    .where(_certificate.believed_from <= bindparam("at"))
    .where(_certificate.believed_until.is_(None) | (_certificate.believed_until > bindparam("at")))
    .order_by(_certificate.holder, _certificate.believed_from, _certificate.fingerprint)
)

_AT_ONCE: Final = 1000
"""Rows that a stream holds in memory."""


class SeedRegister:
    """The operators of one administration, as IE713 reads and writes them; certificates stay as they are."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a SEED number, the earliest first; empty for a number that is not registered."""
        with reading(self._store.reader) as connection:
            return records_of(Driver(connection), seed)

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors' authorisations that name ``seed`` as their counterparty (BR051)."""
        with reading(self._store.reader) as connection:
            return consignors_linked_to(Driver(connection), seed)

    def apply(self, changes: Iterable[Change]) -> int:
        """Make changes, all or none, in their order; returns how many. Not checked: whether they may be made."""
        changes = tuple(changes)
        with writing(self._store.writer) as connection:
            make_changes(connection, changes)
        return len(changes)

    def entries(self) -> Iterator[RegisterEntry]:
        """Every record with its address: traders, then temporary authorisations, each by number and beginning."""
        with reading(self._store.reader) as connection:
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(_IN_ORDER).mappings():
                yield entry_of_row(row)

    def offices(self) -> tuple[ExciseOffice, ...]:
        """The list of offices, by reference; empty where none is kept."""
        with reading(self._store.reader) as connection:
            rows = connection.execute(select(tables.office).order_by(tables.office.c.reference)).all()
        return tuple(ExciseOffice(reference=row.reference, name=row.name) for row in rows)

    def certificates(self, at: datetime) -> Mapping[str, tuple[x509.Certificate, ...]]:
        """The certificates that are believed at a moment, of every holder that has any."""
        held: dict[str, tuple[x509.Certificate, ...]] = {}
        with reading(self._store.reader) as connection:
            for holder, pem in connection.execute(_CERTIFICATES, {"at": moment(at)}):
                held[holder] = (*held.get(holder, ()), x509.load_pem_x509_certificate(pem.encode()))
        return held
