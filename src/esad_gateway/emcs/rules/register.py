"""Rules on authorisations as they are registered: what no message shows, but every later one relies on.

Each is a question here, so that both ways into the register ask the same one: the registry file
(:func:`registration_faults`) and an IE713, which has reasons of its own (:mod:`esad_gateway.emcs.seed`).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.registry import Operator, OperatorType, Register, in_its_time
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.faults import Fault, Faults
from esad_gateway.place import Place, at

S600: Final = "S600"
"""Completely denatured alcohol."""

_MAY_HOLD_S600: Final = frozenset(
    {
        OperatorType.CERTIFIED_CONSIGNOR,
        OperatorType.CERTIFIED_CONSIGNEE,
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    }
)
_COUNTERPARTIES: Final[Mapping[OperatorType, frozenset[OperatorType]]] = MappingProxyType(
    {
        OperatorType.TEMPORARY_REGISTERED_CONSIGNEE: frozenset(
            {OperatorType.AUTHORISED_WAREHOUSEKEEPER, OperatorType.REGISTERED_CONSIGNOR}
        ),
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE: frozenset(
            {OperatorType.CERTIFIED_CONSIGNOR, OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR}
        ),
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR: frozenset(
            {OperatorType.CERTIFIED_CONSIGNEE, OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}
        ),
    }
)
"""Whom a temporary authorisation may name, by its holder's capacity (R233)."""


def registration_faults(operator: Operator, register: Register, place: Place) -> Faults:
    """What is wrong with registering ``operator``, next to the others in ``register`` (R233, R264, C209, BR051).

    ``place`` is the record in its file (``/operators[3]``); places lead on into it (``…/temporary/counterparty``).
    ``register`` may already hold the record. Not checked: that the counterparty exists, since foreign registrations
    arrive later; the form of numbers and dates.
    """
    return tuple(_faults(operator, register, place))


def counterparty_of(operator: Operator) -> str | None:
    """The number that a temporary authorisation names; ``None`` where it names none, and for any other operator."""
    limits = operator.temporary if operator.operator_type in _COUNTERPARTIES else None
    return limits.counterparty if limits else None


def in_own_state(operator: Operator) -> bool:
    """R233: whether the counterparty of a temporary authorisation is in the member state of its holder."""
    counterparty = counterparty_of(operator)
    return counterparty is not None and counterparty[:2] == operator.seed[:2]


def unfit(operator: Operator, register: Register) -> bool:
    """R233: whether the counterparty is registered, but never in a capacity that may deal with ``operator``."""
    known = _capacities(counterparty_of(operator), register)
    return bool(known) and not known & _COUNTERPARTIES[operator.operator_type]


def names_nobody(operator: Operator) -> bool:
    """C209: whether a temporary authorisation leaves out its counterparty, which only a consignee's may.

    A counterparty without a number, by name and address alone, is C157's question.
    """
    must = _COUNTERPARTIES.keys() - {OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}
    limits = operator.temporary
    return operator.operator_type in must and (limits is None or (limits.counterparty, limits.linked) == (None, None))


def holds_s600_wrongly(operator: Operator) -> bool:
    """R264: whether completely denatured alcohol stands in the authorisation of somebody who is no certified trader."""
    quantities = operator.temporary.quantities if operator.temporary else ()
    return S600 in {*operator.products, *quantities} and operator.operator_type not in _MAY_HOLD_S600


def taken(operator: Operator, register: Register) -> bool:
    """BR051: whether another temporary certified consignor names the same temporary certified consignee meanwhile.

    A certified consignee, with an excise number, may be named by many; one that is not known here yet is taken for one.
    Two records meet when there is a day on which both count.
    """
    consignee = counterparty_of(operator)
    if consignee is None or operator.operator_type is not OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR:
        return False
    if OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE not in _capacities(consignee, register):
        return False
    own = in_its_time(operator, register.records(operator.seed))
    others = register.consignors_linked_to(consignee) - {operator.seed}
    return any(_meet(own, one) for seed in others for one in _naming(consignee, register.records(seed), own))


def _faults(operator: Operator, register: Register, place: Place) -> Iterator[Fault]:
    counterparty = counterparty_of(operator)
    if holds_s600_wrongly(operator):
        yield fault("R264", place / "products", S600)
    if names_nobody(operator):
        yield fault("C209", place / at("temporary/counterparty"), None)
    if in_own_state(operator) or unfit(operator, register):
        yield fault("R233", place / at("temporary/counterparty"), counterparty)
    if taken(operator, register):
        yield fault("BR051", place / at("temporary/counterparty"), counterparty)


def _capacities(number: str | None, register: Register) -> frozenset[OperatorType]:
    return frozenset(record.operator_type for record in register.records(number)) if number else frozenset()


def _naming(consignee: str, records: tuple[Operator, ...], meanwhile: Operator) -> Iterator[Operator]:
    """The temporary certified consignor's records that name ``consignee``, each for the time in which it counts.

    Those whose authorisation has no day with ``meanwhile`` are left out: they are many, and soon seen.
    """
    for record in records:
        consignor = record.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
        if consignor and _meet(record, meanwhile) and counterparty_of(record) == consignee:
            yield in_its_time(record, records)


def _meet(one: Operator, other: Operator) -> bool:
    begins = max(one.valid_from, other.valid_from)
    return one.valid_on(begins) and other.valid_on(begins)
