"""Evidence: reads a gateway's store again, from disk, and verifies every signature in it as anybody could."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Verifier
from esad_gateway.simulator.box import Member
from esad_gateway.store import tables
from esad_gateway.store.check import Report, check
from esad_gateway.store.rows import unpack
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.parse import parse


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a store holds: its report, how many signatures verified, and which documents did not."""

    report: Report
    verified: int
    unproven: tuple[str, ...]


def examine(member: Member, trust: Trust, at: datetime) -> Evidence:
    """Check the store of a member state and verify every document in it against ``trust``, at a moment."""
    store = SqlStore(member.data.database)
    try:
        with store.reader.begin() as connection:
            bodies = [unpack(body) for body in connection.execute(select(tables.document.c.body)).scalars()]
        report = check(store)
    finally:
        store.close()
    verifier = Verifier(trust, None)
    results = [verifier.explain(parse(body), at) for body in bodies]
    return Evidence(
        report=report,
        verified=sum(result.ok for result in results),
        unproven=tuple(f"step {result.step}: {result.reason}" for result in results if not result.ok),
    )


def trust_of(members: dict[str, Member]) -> Trust:
    """Trust in the CAs of all member states of a box."""
    return Trust.load([member.data.authority_certificate for member in members.values()])
