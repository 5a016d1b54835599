"""Evidence: reads the store of a gateway from disk, and verifies every signature in it as an outsider would."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from esad_gateway.audit.check import CheckOutcome, check
from esad_gateway.errors import MalformedXml, StoreDamaged
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Verifier
from esad_gateway.simulator.box import Member
from esad_gateway.store import tables
from esad_gateway.store.database import reading
from esad_gateway.store.documents import BODY, SIGNER, WHOLE, body_of
from esad_gateway.store.opening import open_store
from esad_gateway.xml.parse import parse

_movement = tables.movement.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message that stands in a mailbox; ``signer`` is the certificate proved to have signed it, if any was."""

    mailbox: str
    seq: int
    direction: str
    type: str
    arc: str | None
    outcome: str
    signer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a store holds.

    ``movements`` are states by ARC and side, ``turned_away`` are digests from the security log, ``verified`` counts the
    documents whose signature holds, and ``unproven`` says of the others why theirs does not.
    """

    report: CheckOutcome
    messages: frozenset[Stored]
    movements: Mapping[tuple[str, str], str]
    turned_away: frozenset[bytes]
    verified: int
    unproven: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedFacts:
    """The facts that were told about each member state, by its code, to be compared with its store."""

    messages: dict[str, set[Stored]] = field(default_factory=lambda: defaultdict(set))
    movements: dict[str, dict[tuple[str, str], str]] = field(default_factory=lambda: defaultdict(dict))
    turned_away: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def differences(self, state: str, evidence: Findings) -> tuple[str, ...]:
        """Messages, movements and refusals that were told and are not in a store, and movements that were not told."""
        return (
            *(f"it is not in the store: {told}" for told in self.messages[state] - evidence.messages),
            *_differences(self.movements[state], evidence.movements),
            *(f"the security log has no {digest.hex()}" for digest in self.turned_away[state] - evidence.turned_away),
        )


def examine(member: Member, trust: Trust, at: datetime) -> Findings:
    """Check the store of a member state and verify every document in it against ``trust``, at a moment."""
    report = check(member.data)
    store = open_store(member.data.database, member.address)
    try:
        with reading(store.reader) as connection:
            proofs = dict(_proofs(connection, Verifier(trust, None), at))
            return Findings(
                report=report,
                messages=frozenset(_messages(connection, proofs)),
                movements=_movements(connection),
                turned_away=frozenset(connection.execute(select(tables.security_log.c.sha256)).scalars()),
                verified=sum(proof.signer is not None for proof in proofs.values()),
                unproven=tuple(proof.problem for proof in proofs.values() if proof.problem),
            )
    finally:
        store.close()


def trust_of(members: Iterable[Member]) -> Trust:
    """Trust in the CAs of member states."""
    return Trust.load([member.data.authority_certificate for member in members])


@dataclass(frozen=True, slots=True)
class _Proof:
    """Who was proved to have signed a document, or why nobody was."""

    signer: str | None
    problem: str | None = None


def _proofs(connection: Connection, verifier: Verifier, at: datetime) -> Iterator[tuple[bytes, _Proof]]:
    documents = select(tables.document.c.sha256, *BODY, SIGNER).select_from(WHOLE)
    for row in connection.execute(documents).mappings():
        yield row["sha256"], _proof(row, verifier, at)


def _proof(row: RowMapping, verifier: Verifier, at: datetime) -> _Proof:
    fingerprint = row["fingerprint"]
    try:
        result = verifier.explain(parse(body_of(row)), at)
    except (MalformedXml, StoreDamaged) as error:
        return _Proof(None, error.reason)
    if not result.ok:
        return _Proof(None, f"step {result.step}: {result.reason}")
    if result.fingerprint != fingerprint:
        return _Proof(None, f"signed with {result.fingerprint}, stored as signed with {fingerprint}")
    return _Proof(fingerprint)


def _messages(connection: Connection, proofs: Mapping[bytes, _Proof]) -> Iterator[Stored]:
    for row in connection.execute(select(tables.message)):
        yield Stored(
            mailbox=row.mailbox,
            seq=row.seq,
            direction=row.direction,
            type=row.type,
            arc=row.arc,
            outcome=row.outcome,
            signer=proofs[row.document].signer,
        )


def _movements(connection: Connection) -> dict[tuple[str, str], str]:
    rows = connection.execute(select(_movement.arc, _movement.side, _movement.state))
    return {(row.arc, row.side): row.state for row in rows}


def _differences(told: Mapping[tuple[str, str], str], found: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for key in sorted(told.keys() | found.keys()):
        if told.get(key) != found.get(key):
            arc, side = key
            yield f"movement {arc} at {side} should be {told.get(key)}, and is {found.get(key)}"
