"""May a change of the register be made? Rules that the change alone answers, and rules that ask the register."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from esad_gateway.emcs.administration_codes import ModificationType
from esad_gateway.emcs.identifiers import ExciseNumber
from esad_gateway.emcs.registry import CATEGORIES, Operator, OperatorType, Register, TemporaryAuthorisation
from esad_gateway.emcs.rules.register import (
    S600,
    counterparty_of,
    holds_s600_wrongly,
    in_own_state,
    names_nobody,
    taken,
    unfit,
)
from esad_gateway.emcs.seed.changes import Change
from esad_gateway.emcs.seed.codes import TEMPORARY
from esad_gateway.emcs.seed.refusals import Refusal, refusal

_WINE: Final = frozenset({"W200", "W300"})

_LINKED: Final = "LinkedToTemporaryAuthorisationTrader"
_LINKED_NUMBER: Final = f"{_LINKED}/TraderExciseNumber"

_STATED: Final = frozenset({ModificationType.CREATE, ModificationType.UPDATE})
"""The operations that give new values; the others repeat the values of what they end."""


def own_refusals(change: Change, sent_on: date, state: str | None = None) -> Iterator[Refusal]:
    """What is wrong with ``change`` in itself (R007, R070, R212, R233, R264, C157, C209).

    The message was sent on the day ``sent_on``, by the administration of ``state``. An administration may change its
    own operators only; with ``None`` the sender may change any.
    Not checked: that product codes exist, tax warehouses (R204, R205), the five years of a deletion (BR044).
    """
    operator, item = change.operator, number_item(change)
    if not _is_number(operator.seed):
        yield refusal("number", change, item, operator.seed)
    elif state is not None and operator.seed[:2] != state:
        yield refusal("foreign", change, item, operator.seed)
    if change.operation is ModificationType.DELETE and change.activation != sent_on:
        yield refusal("deletion day", change, "Action/ActivationDate", change.activation.isoformat())
    if change.operation not in _STATED and not change.extract:
        return
    yield from _values(change)
    if operator.temporary is not None:
        yield from _limits(change, operator.temporary)


def register_refusals(change: Change, register: Register) -> Iterator[Refusal]:
    """What the register says against ``change`` (R007, R070, R233, BR051). An extract asks the register nothing."""
    if change.extract:
        return
    kind, known = _kind(change.operator), {_kind(one) for one in register.records(change.operator.seed)}
    if change.operation is ModificationType.CREATE:
        reasons = [f"{one} exists" for one in sorted(known)]
    else:
        reasons = [] if kind in known else [f"no {kind}"]
    for reason in reasons:
        yield refusal(reason, change, number_item(change), change.operator.seed)
    if change.operation in _STATED:
        yield from _counterparty(change, register)


def number_item(change: Change) -> str:
    """The element with the number of an occurrence."""
    temporary = change.operator.operator_type in TEMPORARY
    return "TemporaryAuthorisationReference" if temporary else "TraderExciseNumber"


def _kind(operator: Operator) -> str:
    """Which of the two lists of authorisations a record is in, as reasons call it."""
    return "temporary" if operator.operator_type in TEMPORARY else "trader"


def _is_number(text: str) -> bool:
    try:
        ExciseNumber(text)
    except ValueError:
        return False
    return True


def _values(change: Change) -> Iterator[Refusal]:
    operator = change.operator
    temporary = operator.operator_type in TEMPORARY
    if operator.office[:2] != operator.seed[:2]:
        office = "ReferenceNumberOfIssuanceOffice" if temporary else "ReferenceNumberOfExciseOffice"
        yield refusal("office", change, office, operator.office)
    if operator.valid_to is not None and operator.valid_to < operator.valid_from:
        last = "DateOfExpiry" if temporary else "AuthorisationEndDate"
        yield refusal("validity", change, last, operator.valid_to.isoformat())
    for letter in sorted(operator.categories - CATEGORIES):
        yield refusal("category", change, "ExciseProductsCategory/ExciseProductsCategoryCode", letter)
    if holds_s600_wrongly(operator):
        group = "TemporaryAuthorisationDetails" if temporary else "ExciseProduct"
        yield refusal("denatured", change, f"{group}/ExciseProductCode", S600)
    if change.uses_warehouses and operator.operator_type is not OperatorType.AUTHORISED_WAREHOUSEKEEPER:
        yield refusal("warehouse", change, "UsingTaxWarehouse", None)


def _limits(change: Change, limits: TemporaryAuthorisation) -> Iterator[Refusal]:
    if names_nobody(change.operator):
        yield refusal("no counterparty", change, _LINKED, None)
    if limits.linked is not None and limits.counterparty is None and not limits.small_wine_producer:
        yield refusal("no number of counterparty", change, _LINKED_NUMBER, None)
    if in_own_state(change.operator):
        yield refusal("same state", change, _LINKED_NUMBER, limits.counterparty)
    if limits.small_wine_producer:
        for product in sorted(limits.quantities.keys() - _WINE):
            yield refusal("small producer", change, "TemporaryAuthorisationDetails/ExciseProductCode", product)


def _counterparty(change: Change, register: Register) -> Iterator[Refusal]:
    operator = replace(change.operator, valid_from=change.begins)
    number = counterparty_of(operator)
    if number is None:
        return
    if not register.records(number) or unfit(operator, register):
        yield refusal("counterparty", change, _LINKED_NUMBER, number)
    if taken(operator, register):
        yield refusal("counterparty taken", change, _LINKED_NUMBER, number)
