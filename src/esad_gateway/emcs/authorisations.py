"""Temporary authorisations: what limits one, and what an e-SAD takes up of it (the ledger's entries)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.registry import Facts, Operator, OperatorType, TemporaryAuthorisation

TEMPORARY_TYPES = frozenset(
    {OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR, OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE},
)
"""The operators that act under a temporary authorisation, which has its own reference instead of an excise number."""

_NOTHING = Decimal(0)
_UNLIMITED_BY_NOTHING = TemporaryAuthorisation()


@dataclass(frozen=True, slots=True)
class Use:
    """What one e-SAD takes up of one temporary authorisation: an entry of the ledger."""

    authorisation: str
    product: str
    quantity: Decimal


def limits_of(operator: Operator) -> TemporaryAuthorisation | None:
    """What limits ``operator``, ``None`` for an operator with an excise number.

    A temporary operator whose record says nothing more may name no counterparty and no quantity.
    """
    if operator.operator_type not in TEMPORARY_TYPES:
        return None
    return operator.temporary or _UNLIMITED_BY_NOTHING


def quantities(lines: Iterable[BodyEadEsad]) -> Mapping[str, Decimal]:
    """The sum of the quantities of ``lines`` for every excise product code."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.excise_product_code] = sums.get(line.excise_product_code, _NOTHING) + line.quantity
    return sums


def uses(parties: Iterable[Operator], lines: Iterable[BodyEadEsad]) -> Iterator[Use]:
    """The entries that an e-SAD with ``lines`` between ``parties`` makes in the ledger when it is accepted.

    An operator with an excise number leaves no entry. Not checked: that so much is left (rule BR052).
    """
    sums = quantities(lines)
    for party in parties:
        if limits_of(party) is not None:
            yield from (Use(party.seed, product, quantity) for product, quantity in sums.items())


def parties_of(movement: Movement) -> frozenset[str]:
    """The two numbers under which a movement began: a return does not give back what was taken up."""
    return frozenset({movement.consignor, movement.initial_consignee or movement.consignee})


def left(operator: Operator, product: str, facts: Facts) -> Decimal:
    """How much of ``product`` the temporary authorisation ``operator`` still allows, by the ledger in ``facts``.

    May be below zero when the authorisation was cut down after it was used.
    """
    limits = limits_of(operator) or _UNLIMITED_BY_NOTHING
    return limits.quantities.get(product, _NOTHING) - facts.used.get((operator.seed, product), _NOTHING)


def used_up(operator: Operator, facts: Facts) -> bool:
    """Whether ``operator`` holds an authorisation for one movement only and has had it."""
    limits = limits_of(operator)
    return limits is not None and not limits.reusable and facts.movements_under.get(operator.seed, 0) > 0


def sends_to(consignor: Operator, consignee: Operator) -> bool:
    """Whether the consignor's temporary authorisation, if it acts under one, names the consignee."""
    limits = limits_of(consignor)
    return limits is None or limits.counterparty == consignee.seed


def receives_from(consignee: Operator, consignor: Operator) -> bool:
    """Whether the consignee's temporary authorisation, if it acts under one, names the consignor.

    It may name no counterparty (C209) and is then open to every consignor.
    """
    limits = limits_of(consignee)
    return limits is None or limits.counterparty in {None, consignor.seed}
