"""What rules ask about registrations: whether a number is in SEED, in the right capacity, on that day."""

from datetime import date
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES
from esad_gateway.emcs.codes import DestinationTypeCode
from esad_gateway.emcs.registry import Facts, Operator, OperatorType
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.faults import Said, said

AUTHORISED_TYPES: Final = frozenset(OperatorType) - TEMPORARY_TYPES - {OperatorType.TEMPORARY_REGISTERED_CONSIGNEE}
"""Who holds a trader authorisation, and so an excise number (R027); the others hold a temporary authorisation."""

CONSIGNOR_TYPES: Final = frozenset({OperatorType.CERTIFIED_CONSIGNOR, OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR})
"""Who may send goods with duty paid (R044)."""

CONSIGNEE_TYPES: Final = MappingProxyType(
    {
        DestinationTypeCode.CERTIFIED_CONSIGNEE: frozenset({OperatorType.CERTIFIED_CONSIGNEE}),
        DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE: frozenset({OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}),
        DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH: CONSIGNOR_TYPES,
    }
)
"""Who may receive them, by destination (R045)."""


def covered_products(operator: Operator) -> frozenset[str]:
    """The excise product codes that an authorisation covers: those it names, and all of the categories it names."""
    return operator.products | {product for product in EXCISE_PRODUCTS if operator.covers(product)}


def registration_problem(facts: Facts, number: str, allowed: frozenset[OperatorType], day: date) -> Said | None:
    """What is wrong with the registration of ``number`` on ``day``, as a hint; ``None`` when nothing is."""
    operator = facts.operators.get(number)
    if operator is None:
        return said("hint.not_in_seed", number=number)
    if operator.operator_type not in allowed:
        expected = tuple(spoken(one) for one in sorted(allowed))
        return said("hint.other_capacity", number=number, registered=spoken(operator.operator_type), expected=expected)
    return None if operator.valid_on(day) else _out_of_its_time(operator, day)


def guarantor_problem(facts: Facts, number: str, day: date) -> Said | None:
    """Why ``number`` names no guarantor on ``day``, as a hint: it has to be the excise number of an authorisation."""
    operator = facts.operators.get(number)
    if operator is not None and operator.operator_type not in AUTHORISED_TYPES:
        return said("hint.temporary_guarantor", number=number)
    return registration_problem(facts, number, AUTHORISED_TYPES, day)


def registered(facts: Facts, number: str | None, allowed: frozenset[OperatorType], day: date) -> Operator | None:
    """The operator ``number`` if nothing is wrong with its registration on ``day``: what R044 and R045 let pass."""
    if number is None or registration_problem(facts, number, allowed, day) is not None:
        return None
    return facts.operators[number]


def spoken(operator_type: OperatorType) -> Said:
    """An operator type as words."""
    return Said(f"operator.{operator_type}")


def what_is_covered(operator: Operator) -> Said:
    """What an authorisation covers, as a hint."""
    named = ", ".join([*sorted(operator.categories), *sorted(operator.products)])
    if not named:
        return said("hint.covers_nothing", number=operator.seed)
    return said("hint.covers", number=operator.seed, products=named)


def _out_of_its_time(operator: Operator, day: date) -> Said:
    number, first = operator.seed, operator.valid_from.isoformat()
    if operator.valid_to is None:
        return said("hint.not_valid", number=number, first=first, day=day.isoformat())
    last = operator.valid_to.isoformat()
    return said("hint.not_valid_any_more", number=number, first=first, last=last, day=day.isoformat())
