"""What rules ask about registrations: whether a number is in SEED, in the right capacity, on that day."""

from datetime import date
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES
from esad_gateway.emcs.codes import DestinationTypeCode
from esad_gateway.emcs.registry import Facts, Operator, OperatorType
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS

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


def registration_problem(facts: Facts, number: str, allowed: frozenset[OperatorType], day: date) -> str | None:
    """What is wrong with the registration of ``number`` on ``day``, as a hint; ``None`` when nothing is."""
    operator = facts.operators.get(number)
    if operator is None:
        return f"SEED knows no {number}: check the number, and whether its registration has reached this state."
    if operator.operator_type not in allowed:
        expected = " or ".join(spoken(one) for one in sorted(allowed))
        return f"{number} is registered as {spoken(operator.operator_type)}; give the number of a {expected}."
    if not operator.valid_on(day):
        until = "" if operator.valid_to is None else f" to {operator.valid_to}"
        return f"The authorisation {number} is valid from {operator.valid_from}{until}, but not on {day}."
    return None


def guarantor_problem(facts: Facts, number: str, day: date) -> str | None:
    """Why ``number`` names no guarantor on ``day``, as a hint: it has to be the excise number of an authorisation."""
    operator = facts.operators.get(number)
    if operator is not None and operator.operator_type not in AUTHORISED_TYPES:
        return f"{number} is the reference of a temporary authorisation: give an excise number, or name and address."
    return registration_problem(facts, number, AUTHORISED_TYPES, day)


def registered(facts: Facts, number: str | None, allowed: frozenset[OperatorType], day: date) -> Operator | None:
    """The operator ``number`` if nothing is wrong with its registration on ``day``: what R044 and R045 let pass."""
    if number is None or registration_problem(facts, number, allowed, day) is not None:
        return None
    return facts.operators[number]


def spoken(operator_type: OperatorType) -> str:
    """An operator type as words."""
    return operator_type.replace("_", " ")
