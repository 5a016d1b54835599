"""The official rules of the EMCS messages: what is wrong with a document that its schema accepts.

Each message has a module with one function a rule, named and documented by its official number, and a tuple of rules
in the order of the document. :data:`RULES` holds them all. Texts and codes are in
:mod:`esad_gateway.emcs.rules.catalogue`, the mechanism in :mod:`esad_gateway.emcs.rules.mechanism`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules import (
    answers,
    closures,
    explanations,
    ie717,
    ie801,
    ie813,
    ie815,
    ie818,
    ie819,
    ie840,
    notices,
)
from esad_gateway.emcs.rules.catalogue import CATALOGUE
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, fault, in_document_order, run
from esad_gateway.faults import Faults

RULES: Final[tuple[Rule, ...]] = (
    *ie815.RULES,
    *ie801.RULES,
    *ie813.RULES,
    *ie818.RULES,
    *ie819.RULES,
    *explanations.RULES,
    *notices.RULES,
    *ie840.RULES,
    *ie717.RULES,
    *closures.RULES,
    *answers.RULES,
)


def _by_message(needs: type[Context | Case | Movement]) -> Mapping[type[Message], tuple[Rule, ...]]:
    messages = {rule.message for rule in RULES}
    return MappingProxyType(
        {
            message: tuple(rule for rule in RULES if (rule.message, rule.needs) == (message, needs))
            for message in messages
        }
    )


_CONTENT_RULES: Final = _by_message(Context)
_STATEFUL_RULES: Final = _by_message(Case)
_MOVEMENT_RULES: Final = _by_message(Movement)


def content_faults(message: Message, context: Context) -> Faults:
    """Every fault in the content of ``message`` that shows without any state, in document order.

    Not checked: what the schema says (it is taken as kept), the signature, and every rule that :func:`case_faults`
    asks. A message without rules has no faults.
    """
    return in_document_order(message, run(_CONTENT_RULES.get(type(message), ()), message, context))


def case_faults(message: Message, case: Case) -> Faults:
    """Every fault of ``message`` against the register and the movement, in document order.

    Not checked: what :func:`content_faults` checks, which comes first; whether the state of the movement allows the
    message (the transition tables do); who signed it.
    """
    found = run(_STATEFUL_RULES.get(type(message), ()), message, case)
    if case.movement is not None:
        found += run(_MOVEMENT_RULES.get(type(message), ()), message, case.movement)
    return in_document_order(message, found)


__all__ = [
    "CATALOGUE",
    "RULES",
    "Case",
    "Context",
    "Finding",
    "Rule",
    "case_faults",
    "content_faults",
    "fault",
]
