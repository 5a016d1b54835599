"""What SEED says about operators, as values: the registry facts that rules take as arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from esad_gateway.frozen import frozen


class OperatorType(StrEnum):
    """Operator types of SEED (R044, R045); the temporary ones hold a temporary authorisation, not an excise number."""

    AUTHORISED_WAREHOUSEKEEPER = "authorised_warehousekeeper"
    REGISTERED_CONSIGNEE = "registered_consignee"
    REGISTERED_CONSIGNOR = "registered_consignor"
    CERTIFIED_CONSIGNOR = "certified_consignor"
    CERTIFIED_CONSIGNEE = "certified_consignee"
    TEMPORARY_CERTIFIED_CONSIGNOR = "temporary_certified_consignor"
    TEMPORARY_CERTIFIED_CONSIGNEE = "temporary_certified_consignee"
    TEMPORARY_REGISTERED_CONSIGNEE = "temporary_registered_consignee"


CATEGORIES = frozenset("TBWISE")
"""Excise product categories: tobacco, beer, wine, intermediate products, spirits, energy; a product code begins so."""


@frozen(kw_only=True)
class LinkedTrader:
    """Name and address of the counterparty of a temporary authorisation; a small wine producer may have no number."""

    name: str
    street: str
    number: str | None = None
    postcode: str
    city: str
    language: str


@frozen(kw_only=True)
class TemporaryAuthorisation:
    """What limits a temporary authorisation: the one counterparty, re-use, and quantities per excise product code.

    ``counterparty`` is the number of the trader it is linked to, ``linked`` that trader's name and address.
    """

    counterparty: str | None = None
    reusable: bool = False
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    small_wine_producer: bool = False
    linked: LinkedTrader | None = None


@frozen(kw_only=True)
class Operator:
    """One SEED record: an excise number or temporary authorisation reference and what it allows, and when.

    A number may have several records over time, one for each ``valid_from`` (:func:`as_of`). ``products`` are excise
    product codes, ``categories`` are letters of :data:`CATEGORIES`, each for all its products; ``office`` is the excise
    office in charge (or the issuing office of a temporary authorisation). ``valid_to`` is the last day of validity,
    ``None`` when it is open.
    """

    seed: str
    name: str
    operator_type: OperatorType
    office: str
    valid_from: date
    valid_to: date | None = None
    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    temporary: TemporaryAuthorisation | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the authorisation holds on ``day``, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def covers(self, product: str) -> bool:
        """Whether the authorisation names an excise product code, or the whole category that it belongs to."""
        return product in self.products or product[:1] in self.categories


def as_of(records: Iterable[Operator], day: date) -> Operator | None:
    """Which of the records of one SEED number counts on ``day``; ``None`` when there are none.

    It is the one that began last, up to that day; when none had begun, the one that begins last. It need not be valid
    on that day (:meth:`Operator.valid_on`): so a rule can say why it is not.
    """
    known = sorted(records, key=lambda record: record.valid_from)
    begun = [record for record in known if record.valid_from <= day] or known
    return begun[-1] if begun else None


@frozen(kw_only=True)
class ExciseOffice:
    """One office of the list of offices, by its reference (R032)."""

    reference: str
    name: str | None = None


def in_its_time(record: Operator, records: Iterable[Operator]) -> Operator:
    """``record`` as it ends when the next of its number's ``records`` begins, if it does not end before that."""
    next_begins = min((one.valid_from for one in records if one.valid_from > record.valid_from), default=None)
    ends = (record.valid_to, next_begins and next_begins - timedelta(days=1))
    return replace(record, valid_to=min((end for end in ends if end is not None), default=None))


class Register(Protocol):
    """The register of operators as rules on registrations ask it."""

    def records(self, seed: str) -> tuple[Operator, ...]:
        """All records of a number, empty for one that is not registered."""

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """The temporary certified consignors of whose records any names ``seed`` as counterparty, at whatever time."""


@frozen(kw_only=True)
class Facts:
    """What the store knows that a stateful rule may ask.

    ``operators`` by SEED number; ``lrn_taken_by``: the ARC of the e-SAD that has the LRN of a draft already;
    ``offices``: the list of offices, ``None`` where it is not kept; ``reports``: event and control reports as pairs of
    number and ARC, ``None`` where they are not kept. The ledger of temporary authorisations: ``used`` is the quantity
    per authorisation reference and excise product code that e-SADs have taken up, ``movements_under`` how many e-SADs
    each reference has.
    """

    operators: Mapping[str, Operator] = field(default_factory=dict)
    lrn_taken_by: str | None = None
    offices: frozenset[str] | None = None
    reports: frozenset[tuple[str, str]] | None = None
    used: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    movements_under: Mapping[str, int] = field(default_factory=dict)
