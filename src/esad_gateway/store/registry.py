"""The registry in the store: operators, certificates, peers and access tokens."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from esad_gateway.emcs.registry import ExciseOffice, Operator, as_of
from esad_gateway.store import tables
from esad_gateway.store.engine import reading, writing
from esad_gateway.store.rows import moment, operator_of_row, operator_row
from esad_gateway.store.store import SqlStore
from esad_gateway.store.transaction import replacing

_certificate = tables.certificate.c
_operator = tables.operator.c
_token = tables.token.c
_version = tables.registry_version.c

_SET_OPERATOR = replacing(tables.operator, "seed", "valid_from")
_SET_OFFICE = replacing(tables.office, "reference")
_SET_PEER = replacing(tables.peer, "address")
_HOLDER_OF_TOKEN = select(_token.seed).where(_token.sha256 == bindparam("sha"), _token.revoked_at.is_(None))
_FORGET_CERTIFICATES = delete(tables.certificate).where(_certificate.holder == bindparam("of"))
_RECORDS = select(tables.operator).where(_operator.seed == bindparam("wanted")).order_by(_operator.valid_from)


@dataclass(frozen=True, slots=True)
class Directory:
    """Who may sign, who can be reached and which offices there are, as one snapshot in memory.

    It is asked for every message, without the database. ``offices`` is ``None`` where no list of them is kept.
    """

    version: int
    holders: Mapping[str, frozenset[str]]
    peers: Mapping[str, str]
    offices: frozenset[str] | None = None

    def holders_of(self, fingerprint: str) -> frozenset[str]:
        """The SEED numbers or administrations that a certificate is registered for; empty when it is unknown."""
        return self.holders.get(fingerprint, frozenset())


class Registry:
    """Operators, certificates, peers and tokens of one administration."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def version(self) -> int:
        """A number that grows with every change that the directory shows."""
        with reading(self._store.reader) as connection:
            return connection.execute(select(_version.version)).scalar() or 0

    def directory(self) -> Directory:
        """The present snapshot."""
        with reading(self._store.reader) as connection:
            version = connection.execute(select(_version.version)).scalar() or 0
            certificates = connection.execute(select(_certificate.fingerprint, _certificate.holder)).all()
            peers = connection.execute(select(tables.peer)).all()
            offices = frozenset(connection.execute(select(tables.office.c.reference)).scalars())
        holders: dict[str, frozenset[str]] = {}
        for fingerprint, holder in certificates:
            holders[fingerprint] = holders.get(fingerprint, frozenset()) | {holder}
        return Directory(version, holders, {peer.address: peer.url for peer in peers}, offices or None)

    def add_operators(
        self,
        entries: Iterable[tuple[Operator, Mapping[str, str], tuple[x509.Certificate, ...]]],
        offices: Iterable[ExciseOffice] = (),
    ) -> int:
        """Add operators with their address and certificates, and offices; returns how many records of operators.

        A record replaces that of the same number and beginning, an office that of the same reference. The certificates
        of a number are then those given here with any of its records, and no others. Not checked: whether they may be
        registered (:mod:`esad_gateway.emcs.rules.register`).
        """
        entries = tuple(entries)
        holders: dict[str, dict[x509.Certificate, None]] = {}
        for operator, _, certificates in entries:
            holders.setdefault(operator.seed, {}).update(dict.fromkeys(certificates))
        with writing(self._store.writer) as connection:
            if entries:
                rows = [operator_row(operator, address) for operator, address, _ in entries]
                connection.execute(_SET_OPERATOR, rows)
            if listed := [asdict(office) for office in offices]:
                connection.execute(_SET_OFFICE, listed)
            _set_certificates(connection, holders)
            _bump(connection)
        return len(entries)

    def add_peer(self, address: str, url: str, certificates: tuple[x509.Certificate, ...]) -> None:
        """Add or replace another administration: where it listens, and what it signs with."""
        with writing(self._store.writer) as connection:
            connection.execute(_SET_PEER, {"address": address, "url": url})
            _set_certificates(connection, {address: certificates})
            _bump(connection)

    def add_certificates(self, holder: str, certificates: tuple[x509.Certificate, ...]) -> None:
        """Register what a holder signs with, in place of what it signed with before."""
        with writing(self._store.writer) as connection:
            _set_certificates(connection, {holder: certificates})
            _bump(connection)

    def changed(self) -> None:
        """Note a change outside the tables (a trusted CA, a CRL), so that a running gateway looks again."""
        with writing(self._store.writer) as connection:
            _bump(connection)

    def operator(self, seed: str, on: date = date.max) -> tuple[Operator, Mapping[str, str]] | None:
        """The record of a SEED number that counts on a day (the latest one by default), and its address.

        Which one counts: :func:`~esad_gateway.emcs.registry.as_of`.
        """
        with reading(self._store.reader) as connection:
            rows = connection.execute(_RECORDS, {"wanted": seed}).mappings().all()
        addresses = {row["valid_from"]: json.loads(row["address"]) for row in rows}
        record = as_of(map(operator_of_row, rows), on)
        return None if record is None else (record, addresses[record.valid_from.isoformat()])

    def issue_token(self, seed: str, at: datetime) -> str:
        """A new access token for a mailbox; shown once, stored as a hash only."""
        token = secrets.token_urlsafe(32)
        with writing(self._store.writer) as connection:
            connection.execute(insert(tables.token), {"sha256": _digest(token), "seed": seed, "issued_at": moment(at)})
        return token

    def holder_of_token(self, token: str) -> str | None:
        """Whose mailbox a token opens; ``None`` for a token that was never issued or is revoked."""
        with reading(self._store.reader) as connection:
            holder: str | None = connection.execute(_HOLDER_OF_TOKEN, {"sha": _digest(token)}).scalar()
        return holder

    def revoke_tokens(self, seed: str, at: datetime) -> int:
        """Revoke every token of a mailbox; returns how many there were."""
        statement = update(tables.token).where(_token.seed == seed, _token.revoked_at.is_(None))
        with writing(self._store.writer) as connection:
            return connection.execute(statement.values(revoked_at=moment(at))).rowcount


def _digest(token: str) -> bytes:
    # 256 random bits need no slow hash: nobody can try them all.
    return hashlib.sha256(token.encode()).digest()


def _set_certificates(connection: Connection, held: Mapping[str, Iterable[x509.Certificate]]) -> None:
    if held:
        connection.execute(_FORGET_CERTIFICATES, [{"of": holder} for holder in held])
    if rows := [_certificate_row(holder, one) for holder, certificates in held.items() for one in certificates]:
        connection.execute(insert(tables.certificate), rows)


def _certificate_row(holder: str, certificate: x509.Certificate) -> dict[str, Any]:
    return {
        "fingerprint": certificate.fingerprint(SHA256()).hex(),
        "holder": holder,
        "pem": certificate.public_bytes(Encoding.PEM).decode(),
    }


def _bump(connection: Connection) -> None:
    if not connection.execute(update(tables.registry_version).values(version=_version.version + 1)).rowcount:
        connection.execute(insert(tables.registry_version), {"version": 1})
