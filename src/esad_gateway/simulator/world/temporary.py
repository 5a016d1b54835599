"""Temporary authorisations of simulated traders: the record of one, whom it names, and whether it may be registered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypedDict

from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.emcs.rules.register import counterparty_of, names_nobody, registration_faults
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, listed, said
from esad_gateway.place import WHOLE
from esad_gateway.simulator.goods import exact
from esad_gateway.simulator.world.wishes import for_products, unfit
from esad_gateway.store.registry import Held

if TYPE_CHECKING:
    from esad_gateway.simulator.world.traders import SimulatedTrader

ENOUGH: Final = Decimal(1_000_000)
"""How much of each product an authorisation allows, in the unit of the product, where nobody says how much."""

LASTS: Final = timedelta(days=365)
"""How long an authorisation holds where nobody says until when."""

_TEMPORARY: Final[Mapping[OperatorType, OperatorType]] = MappingProxyType(
    {
        OperatorType.CERTIFIED_CONSIGNOR: OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
        OperatorType.CERTIFIED_CONSIGNEE: OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    }
)


class TemporaryLimits(TypedDict, total=False):
    """What limits a temporary authorisation; what is left out is as wide as it can be.

    ``counterparty`` is the one trader that it names; without it, that is the other party of the first draft.
    ``quantities`` are by excise product code, in its unit. It is good for one movement, unless it is ``reusable``, and
    holds ``until`` the end of a day, that day included.
    """

    counterparty: "SimulatedTrader"
    quantities: Mapping[str, Decimal | float]
    reusable: bool
    until: date


def as_temporary(operator: Operator, today: date, limits: TemporaryLimits) -> Operator:
    """The record of a certified trader as that of one who holds a temporary authorisation instead."""
    some = limits.get("quantities") or dict.fromkeys(sorted(operator.products or EXCISE_PRODUCTS), ENOUGH)
    quantities = {product: exact(quantity) for product, quantity in some.items()}
    for_products(quantities)
    for product, quantity in quantities.items():
        if quantity <= 0:
            raise unfit("quantities", Said("sim.script_above_nothing"), f"{product} {quantity}")
    other = limits.get("counterparty")
    return replace(
        operator,
        operator_type=_TEMPORARY[operator.operator_type],
        valid_to=limits.get("until", today + LASTS),
        products=frozenset(quantities),
        categories=frozenset(),
        temporary=TemporaryAuthorisation(
            counterparty=None if other is None else other.seed,
            reusable=limits.get("reusable", False),
            quantities=quantities,
        ),
    )


def naming(operator: Operator, other: Operator) -> Operator:
    """The record of a temporary authorisation as it names ``other``; as it is where it names somebody, or is none."""
    limits = operator.temporary
    if limits is None or limits.counterparty is not None:
        return operator
    return replace(operator, temporary=replace(limits, counterparty=other.seed))


def is_complete(operator: Operator) -> bool:
    """Whether a record may be registered as far as it names whom it has to (C209)."""
    return not names_nobody(operator)


def check(operator: Operator, registered: Mapping[str, Held]) -> None:
    """Raise UnreadableInput with every rule that keeps an authorisation out of the register (R233, R264, BR051)."""
    register = _Register(tuple(held for held, _, _ in registered.values()))
    if faults := registration_faults(operator, register, WHOLE):
        why = listed((said("making.fault", rule=one.rule, text=one.text, value=one.value or "") for one in faults), " ")
        raise UnreadableInput(said("making.not_registered", number=operator.seed, why=why))


@dataclass(frozen=True, slots=True)
class _Register:
    """The operators of a world, as rules on registrations ask for them."""

    operators: Iterable[Operator]

    def records(self, seed: str) -> tuple[Operator, ...]:
        return tuple(one for one in self.operators if one.seed == seed)

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        consignor = OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
        return frozenset(
            one.seed for one in self.operators if one.operator_type is consignor and counterparty_of(one) == seed
        )
