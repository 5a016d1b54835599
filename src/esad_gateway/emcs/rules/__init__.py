"""The official rules of the EMCS messages: what is wrong with a document that its schema accepts.

Each message has a module with one function a rule, named and documented by its official number, and a tuple of rules
in the order of the document. :data:`RULES` holds them all; a member state may leave optional ones out, and add its own
(:class:`~esad_gateway.emcs.profile.NationalProfile`). Texts and codes are in
:mod:`esad_gateway.emcs.rules.catalogue`, the mechanism in :mod:`esad_gateway.emcs.rules.mechanism`.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.catalogue import CATALOGUE
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, fault, in_document_order, run
from esad_gateway.faults import Faults
from esad_gateway.unread import where_read

if TYPE_CHECKING:
    RULES: tuple[Rule, ...]

Needs: TypeAlias = object
"""What a rule is given besides the message: Context, Case or Movement; mypy takes no union of classes for a key."""

_MODULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ie815": "IE815",
        "ie801": "IE801",
        "ie813": "IE813",
        "ie818": "IE818",
        "ie819": "IE819",
        "explanations": "IE837 IE871",
        "notices": "IE802 IE803 IE807",
        "ie840": "IE840",
        "ie717": "IE717",
        "closures": "IE880 IE881",
        "answers": "IE704 IE904 IE905 IE906 IE917",
    }
)
"""The modules of rules, each with its messages: a module is loaded when a message of its is first looked at."""

_MODULE_OF: Final = MappingProxyType({name: module for module, names in _MODULES.items() for name in names.split()})


@cache
def _rules_in(module: str) -> tuple[Rule, ...]:
    found: tuple[Rule, ...] = __import__(f"{__name__}.{module}", fromlist=("RULES",)).RULES
    return found


def __getattr__(name: str) -> Any:
    if name != "RULES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(rule for module in _MODULES for rule in _rules_in(module))


@lru_cache(maxsize=1024)
def _counting(message: str, needs: Needs, release: str | None, off: frozenset[str]) -> tuple[Rule, ...]:
    """The rules of the rulebook of one kind that count for a message of a release, worked out once; without ``off``."""
    rules = _rules_in(_MODULE_OF[message]) if message in _MODULE_OF else ()
    return tuple(rule for rule in _of_kind(rules, message, needs, release) if rule.number not in off)


@lru_cache(maxsize=1024)
def _of_kind(rules: tuple[Rule, ...], message: str, needs: Needs, release: str | None) -> tuple[Rule, ...]:
    return tuple(
        rule for rule in rules if rule.message.__name__ == message and rule.needs is needs and rule.counts(release)
    )


def _asked(message: Message, needs: Needs, context: Context) -> tuple[Rule, ...]:
    """The rules of one kind that are asked of a message here: the rulebook's, and those of our own state."""
    name, release, profile = type(message).__name__, context.release, context.profile
    if not profile.rules and not profile.changes:
        return _counting(name, needs, release, profile.rules_off)
    day = context.day_of(message)
    own = _of_kind(profile.rules, name, needs, release)
    usual = _counting(name, needs, release, profile.on(day).rules_off)
    return usual + tuple(rule for rule in own if rule.holds_on(day)) if own else usual


def content_rules(message: Message, context: Context) -> tuple[Rule, ...]:
    """The rules that :func:`content_faults` asks of ``message``; of one whose day is ``UNREAD`` those of every day."""
    return where_read(lambda: _asked(message, Context, context), ()) or _asked_every_day(message, context)


def _asked_every_day(message: Message, context: Context) -> tuple[Rule, ...]:
    name, release, profile = type(message).__name__, context.release, context.profile
    off = profile.rules_off.union(*(later.rules_off for _, later in profile.changes))
    own = tuple(rule for rule in profile.rules if rule.first is None and rule.last is None)
    return _counting(name, Context, release, off) + _of_kind(own, name, Context, release)


def content_faults(message: Message, context: Context) -> Faults:
    """Every fault in the content of ``message`` that shows without any state, in document order.

    Not checked: what the schema says (it is taken as kept), the signature, and every rule that :func:`case_faults`
    asks. A message without rules has no faults.
    """
    return in_document_order(message, run(_asked(message, Context, context), message, context))


def case_faults(message: Message, case: Case) -> Faults:
    """Every fault of ``message`` against the register and the movement, in document order.

    Not checked: what :func:`content_faults` checks, which comes first; whether the state of the movement allows the
    message (the transition tables do); who signed it.
    """
    found = run(_asked(message, Case, case.context), message, case)
    if case.movement is not None:
        found += run(_asked(message, Movement, case.context), message, case.movement)
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
    "content_rules",
    "fault",
]
