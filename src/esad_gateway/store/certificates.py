"""Certificates in the store: a row for each time in which a holder had one. No row is deleted; it gets an end."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, bindparam, delete, insert, select

from esad_gateway.emcs.certificates import Party, Registered, party_of
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row
from esad_gateway.store.rows import moment

_certificate = tables.certificate.c
_KEPT = (
    select(tables.certificate)
    .where(_certificate.holder == bindparam("of"))
    .order_by(_certificate.believed_from, _certificate.fingerprint)
)
_RECORDS = select(
    _certificate.fingerprint,
    _certificate.holder,
    _certificate.believed_from,
    _certificate.believed_until,
    _certificate.replaced_by,
).order_by(_certificate.fingerprint, _certificate.holder, _certificate.believed_from)
_HOLDERS = (
    select(_certificate.holder)
    .where(_certificate.fingerprint == bindparam("sha"))
    .order_by(_certificate.holder, _certificate.believed_from)
)
_FORGET = delete(tables.certificate).where(_certificate.holder == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A certificate of a holder, with the time in which the gateway believes it."""

    record: Registered
    certificate: x509.Certificate


@dataclass(slots=True)
class Difference:
    """The certificates that a change added and took away: pairs of holder and fingerprint."""

    added: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)

    def note(self, holder: str, after: Collection[str], before: Collection[str]) -> None:
        """Add the difference of one holder: its fingerprints ``after`` a change, and those ``before`` it."""
        self.added += [(holder, one) for one in dict.fromkeys(after) if one not in before]
        self.removed += [(holder, one) for one in dict.fromkeys(before) if one not in after]


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate (DER), in hexadecimal."""
    return certificate.fingerprint(SHA256()).hex()


def registered(driver: Driver) -> Mapping[str, tuple[Registered, ...]]:
    """For whom each certificate is or was registered, by fingerprint."""
    found: dict[str, tuple[Registered, ...]] = {}
    for row in driver.rows(_RECORDS):
        found[row["fingerprint"]] = (*found.get(row["fingerprint"], ()), _record(row))
    return found


def read_kept(connection: Connection, holder: str) -> tuple[Kept, ...]:
    """Every certificate that a holder has or had, the oldest first."""
    rows = Driver(connection).rows(_KEPT, {"of": holder})
    return tuple(Kept(_record(row), x509.load_pem_x509_certificate(row["pem"].encode())) for row in rows)


def check_alone(connection: Connection, holder: str, certificates: Iterable[x509.Certificate]) -> None:
    """Raise UnreadableInput when an administration shares a certificate: by it the gateway tells what that one signed.

    Traders and offices may share one.
    """
    for fingerprint in map(fingerprint_of, certificates):
        for row in Driver(connection).rows(_HOLDERS, {"sha": fingerprint}):
            other = row["holder"]
            if other != holder and Party.ADMINISTRATION in (party_of(other), party_of(holder)):
                raise UnreadableInput(said("certificate.others", fingerprint=fingerprint, other=other, holder=holder))


def write_kept(
    connection: Connection, holder: str, records: Sequence[Registered], certificates: Iterable[x509.Certificate]
) -> None:
    """Replace all certificates of a holder by ``certificates``, which has every one that it ever had.

    A record that ends at the moment when it begins says nothing, and is left out.
    """
    pem = {fingerprint_of(one): one.public_bytes(Encoding.PEM).decode() for one in certificates}
    connection.execute(_FORGET, {"of": holder})
    if rows := [_row(one, pem[one.fingerprint]) for one in records if one.until is None or one.since < one.until]:
        connection.execute(insert(tables.certificate), rows)


def _record(row: Row) -> Registered:
    return Registered(
        holder=row["holder"],
        fingerprint=row["fingerprint"],
        since=datetime.fromisoformat(row["believed_from"]),
        until=datetime.fromisoformat(row["believed_until"]) if row["believed_until"] else None,
        replaced_by=row["replaced_by"],
    )


def _row(record: Registered, pem: str) -> dict[str, Any]:
    return {
        "fingerprint": record.fingerprint,
        "holder": record.holder,
        "believed_from": moment(record.since),
        "believed_until": moment(record.until) if record.until else None,
        "replaced_by": record.replaced_by,
        "pem": pem,
    }
