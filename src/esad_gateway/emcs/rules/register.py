"""Rules on authorisations as they are registered: what no message shows, but every later one relies on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES, limits_of
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.faults import Fault, Faults

_COMPLETELY_DENATURED: Final = "S600"
_MAY_HOLD_S600: Final = TEMPORARY_TYPES | {OperatorType.CERTIFIED_CONSIGNOR, OperatorType.CERTIFIED_CONSIGNEE}


def registration_faults(operator: Operator, register: Mapping[str, Operator]) -> Faults:
    """What is wrong with registering ``operator``, next to the others in ``register`` (by SEED number).

    A path leads into the operator's record in the form of the registry file (``/operator/temporary/counterparty``).
    ``register`` may already hold the record. Not checked: that the counterparty exists, since foreign registrations
    arrive later; the form of numbers and dates.
    """
    return tuple(found for check in _CHECKS for found in check(operator, register))


def r233(operator: Operator, _register: Mapping[str, Operator]) -> Iterator[Fault]:
    """The counterparty of a temporary authorisation is in another member state."""
    counterparty = _counterparty(operator)
    if counterparty is not None and counterparty[:2] == operator.seed[:2]:
        yield fault("R233", "/operator/temporary/counterparty", counterparty)


def r264(operator: Operator, _register: Mapping[str, Operator]) -> Iterator[Fault]:
    """Completely denatured alcohol is for certified traders only."""
    limits = limits_of(operator)
    products = operator.products | frozenset(limits.quantities if limits else ())
    if _COMPLETELY_DENATURED in products and operator.operator_type not in _MAY_HOLD_S600:
        yield fault("R264", "/operator/products", _COMPLETELY_DENATURED)


def c209(operator: Operator, _register: Mapping[str, Operator]) -> Iterator[Fault]:
    """A temporary certified consignor has a counterparty."""
    consignor = operator.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
    if consignor and _counterparty(operator) is None:
        yield fault("C209", "/operator/temporary/counterparty", None)


def br051(operator: Operator, register: Mapping[str, Operator]) -> Iterator[Fault]:
    """No other temporary certified consignor's authorisation names the same temporary certified consignee.

    A certified consignee, with an excise number, may be named by many; one that is not known here yet is taken for one.
    """
    named = _counterparty(operator)
    consignee = register.get(named) if named else None
    if operator.operator_type is not OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR or consignee is None:
        return
    if consignee.operator_type is not OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE:
        return
    others = (one for one in register.values() if one.seed != operator.seed)
    if any(one.operator_type is operator.operator_type and _counterparty(one) == named for one in others):
        yield fault("BR051", "/operator/temporary/counterparty", named)


def _counterparty(operator: Operator) -> str | None:
    limits = limits_of(operator)
    return limits.counterparty if limits else None


_CHECKS: Final[tuple[Callable[[Operator, Mapping[str, Operator]], Iterator[Fault]], ...]] = (r233, r264, c209, br051)
