"""The official rules of the EMCS messages: what is wrong with a document that its schema accepts.

Each message has a module with one function a rule, named and documented by its official number, and a tuple of rules
in the order of the document. :data:`RULES` holds them all. Texts and codes are in
:mod:`esad_gateway.emcs.rules.catalogue`, the mechanism in :mod:`esad_gateway.emcs.rules.mechanism`.
"""

from functools import lru_cache
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


@lru_cache(maxsize=1024)
def _counting(message: str, needs: type[Context | Case | Movement], release: str | None) -> tuple[Rule, ...]:
    """The rules of one kind that count for a message of a release, worked out once."""
    return tuple(
        rule for rule in RULES if (rule.message.__name__, rule.needs) == (message, needs) and rule.counts(release)
    )


def content_faults(message: Message, context: Context) -> Faults:
    """Every fault in the content of ``message`` that shows without any state, in document order.

    Not checked: what the schema says (it is taken as kept), the signature, and every rule that :func:`case_faults`
    asks. A message without rules has no faults.
    """
    rules = _counting(type(message).__name__, Context, context.release)
    return in_document_order(message, run(rules, message, context))


def case_faults(message: Message, case: Case) -> Faults:
    """Every fault of ``message`` against the register and the movement, in document order.

    Not checked: what :func:`content_faults` checks, which comes first; whether the state of the movement allows the
    message (the transition tables do); who signed it.
    """
    release = case.context.release
    found = run(_counting(type(message).__name__, Case, release), message, case)
    if case.movement is not None:
        found += run(_counting(type(message).__name__, Movement, release), message, case.movement)
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
