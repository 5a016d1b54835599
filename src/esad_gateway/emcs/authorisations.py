"""Temporary authorisations: what limits one, and the ledger of what e-SADs have taken up of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Ledger:
    """What e-SADs have taken up: ``used`` by number and excise product code, ``movements_under`` each number how many.

    So have receipts without an e-SAD that national law has entered in a list.
    A number that has no limits, since it is no temporary authorisation, may stand here as well: nobody asks for it.
    """

    used: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    movements_under: dict[str, int] = field(default_factory=dict)

    def take_up(self, movement: Movement) -> None:
        """Enter what a movement took up when it began, under both its numbers."""
        for seed in parties_of(movement):
            self.enter(seed, ((line.product, line.quantity) for line in movement.lines))

    def enter(self, seed: str, goods: Iterable[tuple[str, Decimal]]) -> None:
        """Enter what one movement or receipt took up under a number: quantities by excise product code."""
        self.movements_under[seed] = self.movements_under.get(seed, 0) + 1
        for product, quantity in goods:
            self.used[seed, product] = self.used.get((seed, product), _NOTHING) + quantity

    def add(self, other: "Ledger") -> None:
        """Enter all that stands in another ledger."""
        for seed, movements in other.movements_under.items():
            self.movements_under[seed] = self.movements_under.get(seed, 0) + movements
        for key, quantity in other.used.items():
            self.used[key] = self.used.get(key, _NOTHING) + quantity


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
