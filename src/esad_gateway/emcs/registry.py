"""What SEED says about operators, as values: the registry facts that rules take as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class OperatorType(StrEnum):
    """Operator types of SEED (R044, R045); the temporary ones hold a temporary authorisation, not an excise number."""

    AUTHORISED_WAREHOUSEKEEPER = "authorised_warehousekeeper"
    REGISTERED_CONSIGNEE = "registered_consignee"
    REGISTERED_CONSIGNOR = "registered_consignor"
    CERTIFIED_CONSIGNOR = "certified_consignor"
    CERTIFIED_CONSIGNEE = "certified_consignee"
    TEMPORARY_CERTIFIED_CONSIGNOR = "temporary_certified_consignor"
    TEMPORARY_CERTIFIED_CONSIGNEE = "temporary_certified_consignee"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryAuthorisation:
    """What limits a temporary authorisation: the one counterparty, re-use, and quantities per excise product code."""

    counterparty: str | None = None
    reusable: bool = False
    quantities: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One SEED record: an excise number or temporary authorisation reference and what it allows, and when.

    ``products`` are excise product codes; ``office`` is the excise office in charge (or the issuing office of a
    temporary authorisation). ``valid_to`` is the last day of validity, ``None`` when it is open.
    """

    seed: str
    name: str
    operator_type: OperatorType
    office: str
    valid_from: date
    valid_to: date | None = None
    products: frozenset[str] = frozenset()
    temporary: TemporaryAuthorisation | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the authorisation holds on ``day``, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the store knows that a stateful rule may ask.

    ``operators`` by SEED number; ``lrn_used``: whether the LRN of a draft is taken; ``offices``: the list of offices,
    ``None`` where it is not kept; ``reports``: event and control reports as pairs of number and ARC, ``None`` where
    they are not kept. The ledger of temporary authorisations: ``used`` is the quantity per authorisation reference and
    excise product code that e-SADs have taken up, ``movements_under`` how many e-SADs each reference has.
    """

    operators: Mapping[str, Operator] = field(default_factory=dict)
    lrn_used: bool = False
    offices: frozenset[str] | None = None
    reports: frozenset[tuple[str, str]] | None = None
    used: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    movements_under: Mapping[str, int] = field(default_factory=dict)
