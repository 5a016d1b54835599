"""Persons, grants and identities for tests: two entities, their numbers, and what Lithuania decides."""

from datetime import UTC, date, datetime, timedelta

from esad_gateway.ais.people.identity import Means, ProvenIdentity
from esad_gateway.ais.people.roles import AisRole, Grant
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.faults import Faults
from esad_gateway.profiles.lithuania.people import PEOPLE

LAW = PEOPLE
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)

PERSON, ENTITY = "38001010001", "100000001"
CONSIGNEE, CONSIGNOR, TEMPORARY = "LT00000000103", "LT00000000101", "LT00000000105"
STATUSES = {
    CONSIGNEE: OperatorType.CERTIFIED_CONSIGNEE,
    CONSIGNOR: OperatorType.CERTIFIED_CONSIGNOR,
    TEMPORARY: OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
}

IDENTITY = ProvenIdentity(
    issuer="https://mano.example",
    subject="1",
    means=Means.MANO_VMI,
    personal_code=PERSON,
    resident=True,
    entity=ENTITY,
)
"""A resident who represents the first entity."""


def granted(role: AisRole, seed: str = "", *, saved: timedelta = -timedelta(days=1), lag: timedelta = QUARTER) -> Grant:
    """A grant that was saved some time from now (mostly in the past), and arrives so much later."""
    at = NOW + saved
    return Grant(person=PERSON, entity=ENTITY, role=role, seed=seed, saved_at=at, effective_at=at + lag, number=1)


def operator(seed: str, status: OperatorType, valid_to: date | None = None) -> Operator:
    """A record of the register that began this year."""
    return Operator(
        seed=seed,
        name="Trader One",
        operator_type=status,
        office="LT000001",
        valid_from=date(2026, 1, 1),
        valid_to=valid_to,
    )


def told(faults: Faults) -> list[tuple[str, str, str | None]]:
    """Of each fault its requirement, where it is, and the value."""
    return [(one.rule, one.path, one.value) for one in faults]
