"""The registry in the store: operators, certificates, peers and access tokens."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from esad_gateway.emcs.certificates import Registered, held_only, renewed, restored
from esad_gateway.emcs.delegation import Agency, Delegation
from esad_gateway.emcs.registry import ExciseOffice, Operator, as_of
from esad_gateway.emcs.releases import Schedule
from esad_gateway.store import tables
from esad_gateway.store.certificates import (
    Difference,
    Kept,
    check_alone,
    fingerprint_of,
    read_kept,
    registered,
    write_kept,
)
from esad_gateway.store.database import looking, reading, writing
from esad_gateway.store.delegations import add_delegations, by_agent
from esad_gateway.store.delegations import delegations as every_delegation
from esad_gateway.store.rows import moment, operator_of_row, operator_row
from esad_gateway.store.seal import note_change
from esad_gateway.store.store import SqlStore
from esad_gateway.store.stored import ADDRESS, read
from esad_gateway.store.upserts import replacing

_operator = tables.operator.c
_token = tables.token.c
_version = tables.registry_version.c

_VERSION = select(_version.version)
_PEERS = select(tables.peer)
_OFFICES = select(tables.office.c.reference)
_SET_OPERATOR = replacing(tables.operator, "seed", "valid_from")
_SET_OFFICE = replacing(tables.office, "reference")
_SET_PEER = replacing(tables.peer, "address", but=("release",))
_SET_RELEASE = (
    update(tables.peer).where(tables.peer.c.address == bindparam("peer_address")).values(release=bindparam("text"))
)
_FORGET_PEER = delete(tables.peer).where(tables.peer.c.address == bindparam("peer_address"))
_TOKENS = select(_token.seed, _token.issued_at, _token.revoked_at).order_by(_token.seed, _token.issued_at)
_HOLDER_OF_TOKEN = select(_token.seed).where(_token.sha256 == bindparam("sha"), _token.revoked_at.is_(None))
_RECORDS = select(tables.operator).where(_operator.seed == bindparam("wanted")).order_by(_operator.valid_from)


Held = tuple[Operator, Mapping[str, str], tuple[x509.Certificate, ...] | None]
"""An operator with its address and its certificates; ``None`` leaves the certificates as they are."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another administration: where it listens, what it signs with, and which release of the messages it reads."""

    address: str
    url: str
    certificates: tuple[x509.Certificate, ...]
    release: Schedule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """That somebody was given access to a mailbox; the token itself is not kept."""

    seed: str
    issued_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Directory:
    """Certificates, peers and offices, as one snapshot in memory, so that no message has to ask the database.

    ``certificates`` are all that were ever registered, by fingerprint. ``offices`` is ``None`` where no list of offices
    is kept. ``releases`` are those that peers read; a peer of which nothing was said is left out. ``delegations`` are
    all that were ever given, by agent.
    """

    version: int
    certificates: Mapping[str, tuple[Registered, ...]]
    peers: Mapping[str, str]
    offices: frozenset[str] | None = None
    releases: Mapping[str, Schedule] = field(default_factory=dict)
    delegations: Mapping[str, tuple[Delegation, ...]] = field(default_factory=dict)

    def records(self, fingerprint: str) -> tuple[Registered, ...]:
        """The registrations of a certificate, past ones too; empty when it never had one."""
        return self.certificates.get(fingerprint, ())

    def holders_of(self, fingerprint: str, at: datetime) -> frozenset[str]:
        """The holders of a certificate at a moment: SEED numbers, offices, administrations; empty for none."""
        return frozenset([one.holder for one in self.records(fingerprint) if one.counts(at)])

    def agency_of(self, holders: Iterable[str], at: datetime) -> Agency | None:
        """What traders let the holders of a certificate do, judged as of a moment; ``None`` for nothing."""
        if not self.delegations:
            return None
        rows = tuple(one for holder in sorted(holders) for one in self.delegations.get(holder, ()))
        return Agency(rows, at) if rows else None


class Registry:
    """Operators, certificates, peers and tokens of one administration; ``now`` says when a change is made."""

    def __init__(self, store: SqlStore, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    def version(self) -> int:
        """A number that grows with every change that the directory shows."""
        with looking(self._store.reader) as driver:
            return driver.value(_VERSION) or 0

    def directory(self) -> Directory:
        """The present snapshot."""
        with looking(self._store.reader) as driver:
            version = driver.value(_VERSION) or 0
            certificates = registered(driver)
            peers = driver.rows(_PEERS)
            offices = frozenset(row["reference"] for row in driver.rows(_OFFICES))
            agents = by_agent(every_delegation(driver))
        releases = {peer["address"]: Schedule.read(peer["release"]) for peer in peers if peer["release"] is not None}
        urls = {peer["address"]: peer["url"] for peer in peers}
        return Directory(version, certificates, urls, offices or None, releases, agents)

    def add_operators(
        self,
        entries: Iterable[Held],
        offices: Iterable[ExciseOffice] = (),
        signing: Mapping[str, tuple[x509.Certificate, ...]] | None = None,
        delegations: Sequence[Delegation] = (),
    ) -> Difference:
        """Add operators with address and certificates, offices and agents with those of ``signing``, and delegations.

        A record replaces that of the same number and beginning, an office that of the same reference. The certificates
        of a number are then those given here with any of its records, and no others; where none of its records gives
        any (``None``, which is not an empty tuple) they stay. Returns which certificates were added and taken away.
        Raises UnreadableInput for delegations that cannot stand beside each other.
        Not checked: whether they may be registered (:mod:`esad_gateway.emcs.rules.register`).
        """
        entries = tuple(entries)
        holders: dict[str, dict[x509.Certificate, None]] = {
            reference: dict.fromkeys(certificates) for reference, certificates in (signing or {}).items()
        }
        for operator, _, certificates in entries:
            if certificates is not None:
                holders.setdefault(operator.seed, {}).update(dict.fromkeys(certificates))
        with writing(self._store.writer) as connection:
            if entries:
                rows = [operator_row(operator, address) for operator, address, _ in entries]
                connection.execute(_SET_OPERATOR, rows)
            if listed := [asdict(office) for office in offices]:
                connection.execute(_SET_OFFICE, listed)
            difference = self._set_certificates(connection, holders)
            add_delegations(connection, delegations, self._now())
            _bump(connection)
        return difference

    def add_peer(
        self, address: str, url: str, certificates: tuple[x509.Certificate, ...], release: Schedule | None = None
    ) -> Difference:
        """Add or replace another administration: where it listens, and the only certificates that it signs with.

        ``release`` is the release of the messages that it reads; ``None`` leaves what was said of that before.
        """
        return self.add_peers([Peer(address, url, certificates, release)])

    def add_peers(self, peers: Iterable[Peer]) -> Difference:
        """Add or replace several administrations, all of them or none; each as :meth:`add_peer` does."""
        peers = tuple(peers)
        with writing(self._store.writer) as connection:
            for peer in peers:
                connection.execute(_SET_PEER, {"address": peer.address, "url": peer.url})
                if peer.release is not None:
                    connection.execute(_SET_RELEASE, {"peer_address": peer.address, "text": str(peer.release)})
            difference = self._set_certificates(connection, {peer.address: peer.certificates for peer in peers})
            _bump(connection)
        return difference

    def remove_peer(self, address: str) -> Difference:
        """Know another administration no more: nothing is sent to it, and what it signs from now on is refused.

        What it signed before stays proved. Returns the certificates that were taken away.
        """
        with writing(self._store.writer) as connection:
            difference = self._set_certificates(connection, {address: ()})
            connection.execute(_FORGET_PEER, {"peer_address": address})
            _bump(connection)
        return difference

    def set_release(self, address: str, release: Schedule) -> None:
        """Set the releases in which we write for another administration. Not checked: whether it is known."""
        with writing(self._store.writer) as connection:
            connection.execute(_SET_RELEASE, {"peer_address": address, "text": str(release)})
            _bump(connection)

    def add_certificates(self, holder: str, certificates: tuple[x509.Certificate, ...]) -> Difference:
        """Register certificates of a holder in place of those that it has."""
        with writing(self._store.writer) as connection:
            difference = self._set_certificates(connection, {holder: certificates})
            _bump(connection)
        return difference

    def certificates(self, holder: str) -> tuple[Kept, ...]:
        """Every certificate that a holder has or had, the oldest first."""
        with reading(self._store.reader) as connection:
            return read_kept(connection, holder)

    def renew(
        self, holder: str, certificate: x509.Certificate, overlap: timedelta, begin: datetime
    ) -> tuple[Kept, ...]:
        """Let a holder sign with another certificate from ``begin`` on; returns all its certificates.

        The gateway goes on believing the one before for ``overlap``. Raises ValueError when the holder has it already.
        """
        fingerprint = fingerprint_of(certificate)
        return self._change(
            holder, (certificate,), lambda records: renewed(records, holder, fingerprint, begin, overlap)
        )

    def restore(self, holder: str, overlap: timedelta) -> tuple[Kept, ...]:
        """Undo a holder's last renewal; the newer certificate is believed for ``overlap`` yet. Raises ValueError."""
        return self._change(holder, (), lambda records: restored(records, self._now(), overlap))

    def _change(
        self,
        holder: str,
        certificates: tuple[x509.Certificate, ...],
        change: Callable[[Sequence[Registered]], tuple[Registered, ...]],
    ) -> tuple[Kept, ...]:
        with writing(self._store.writer) as connection:
            before = read_kept(connection, holder)
            check_alone(connection, holder, certificates)
            write_kept(connection, holder, change([one.record for one in before]), (*certificates, *_x509(before)))
            _bump(connection)
            return read_kept(connection, holder)

    def _set_certificates(self, connection: Connection, held: Mapping[str, Iterable[x509.Certificate]]) -> Difference:
        at, difference = self._now(), Difference()
        for holder, certificates in held.items():
            given, before = tuple(certificates), read_kept(connection, holder)
            check_alone(connection, holder, given)
            wanted = [fingerprint_of(one) for one in given]
            after = held_only([one.record for one in before], holder, wanted, at)
            write_kept(connection, holder, after, (*given, *_x509(before)))
            difference.note(holder, wanted, [one.record.fingerprint for one in before if one.record.counts(at)])
        return difference

    def changed(self) -> None:
        """Note a change outside the tables (a trusted CA, a CRL), so that a running gateway looks again."""
        with writing(self._store.writer) as connection:
            _bump(connection)

    def operator(self, seed: str, on: date = date.max) -> tuple[Operator, Mapping[str, str]] | None:
        """The record of a SEED number that counts on a day (the latest one by default), and its address.

        Which one counts: :func:`~esad_gateway.emcs.registry.as_of`.
        """
        with looking(self._store.reader) as driver:
            rows = driver.rows(_RECORDS, {"wanted": seed})
        addresses = {row["valid_from"]: read(ADDRESS, row["address"]) for row in rows}
        record = as_of(map(operator_of_row, rows), on)
        return None if record is None else (record, addresses[record.valid_from.isoformat()])

    def issue_token(self, seed: str, at: datetime) -> str:
        """A new access token for a mailbox; shown once, stored as a hash only."""
        token = secrets.token_urlsafe(32)
        with writing(self._store.writer) as connection:
            connection.execute(insert(tables.token), {"sha256": _digest(token), "seed": seed, "issued_at": moment(at)})
            note_change(connection, of_directory=False)
        return token

    def holder_of_token(self, token: str) -> str | None:
        """The holder whose mailbox a token opens; ``None`` when the token was never issued, or is revoked."""
        with looking(self._store.reader) as driver:
            holder: str | None = driver.value(_HOLDER_OF_TOKEN, {"sha": _digest(token)})
        return holder

    def tokens(self) -> tuple[Token, ...]:
        """Every token that was ever issued, by mailbox, the oldest first."""
        with reading(self._store.reader) as connection:
            rows = connection.execute(_TOKENS).all()
        return tuple(
            Token(
                seed=row.seed,
                issued_at=datetime.fromisoformat(row.issued_at),
                revoked_at=datetime.fromisoformat(row.revoked_at) if row.revoked_at else None,
            )
            for row in rows
        )

    def revoke_tokens(self, seed: str, at: datetime) -> int:
        """Revoke every token of a mailbox; returns how many there were."""
        statement = update(tables.token).where(_token.seed == seed, _token.revoked_at.is_(None))
        with writing(self._store.writer) as connection:
            note_change(connection, of_directory=False)
            return connection.execute(statement.values(revoked_at=moment(at))).rowcount


def _digest(token: str) -> bytes:
    # 256 random bits need no slow hash: nobody can try them all.
    return hashlib.sha256(token.encode()).digest()


def _x509(kept: Iterable[Kept]) -> tuple[x509.Certificate, ...]:
    return tuple(one.certificate for one in kept)


def _bump(connection: Connection) -> None:
    note_change(connection, of_directory=True)
