"""What temporary authorisations allow, for drafts and changes of destination alike.

Every function but :func:`links` returns a hint that says what is wrong, or ``None``. Hints are read by the consignor:
they tell what is in its own authorisation, and never whom a consignee's names, for which products, or for how much.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES, limits_of, receives_from, sends_to
from esad_gateway.emcs.moments import after_day, day_of
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.rules.mechanism import Case, Finding, Rule, stateful

Parties: TypeAlias = Callable[[Any, Case], tuple[Operator | None, Operator | None]]
"""Consignor and consignee of a message, each if nothing is wrong with its registration."""


def link_problem(consignor: Operator | None, consignee: Operator | None, *, which: tuple[bool, bool]) -> str | None:
    """Why the temporary authorisations of the parties do not allow them this movement.

    ``which`` is the pair of parties that the rule is about: whether the consignor, and whether the consignee, acts
    under a temporary authorisation. ``None`` for other pairs, and when a party is not registered as it should be.
    """
    if consignor is None or consignee is None:
        return None
    if tuple(party.operator_type in TEMPORARY_TYPES for party in (consignor, consignee)) != which:
        return None
    problems = []
    if not sends_to(consignor, consignee):
        problems.append(f"Your authorisation {consignor.seed} names {_counterparty(consignor)}, not {consignee.seed}.")
    if not receives_from(consignee, consignor):
        problems.append(f"The authorisation {consignee.seed} does not name {consignor.seed}; ask its holder.")
    return " ".join(problems) or None


def links(message: type[Any], path: str, parties: Parties) -> tuple[Rule, Rule, Rule]:
    """BR045 to BR047 for the consignee whose number stands at ``path``, or would stand there.

    They are one question, asked of three pairs of parties, so that exactly one of them speaks. None is asked when a
    party is not registered as it should be: then R044 or R045 has spoken.
    """

    def broken(one: Any, case: Case, which: tuple[bool, bool]) -> Iterator[Finding]:
        consignor, consignee = parties(one, case)
        hint = link_problem(consignor, consignee, which=which)
        if consignee is not None and hint is not None:
            yield Finding(path, consignee.seed, hint)

    def br045(one: Any, case: Case) -> Iterator[Finding]:
        """A temporary certified consignor's authorisation names the certified consignee."""
        yield from broken(one, case, (True, False))

    def br046(one: Any, case: Case) -> Iterator[Finding]:
        """A temporary certified consignee's authorisation names the certified consignor, if it names anybody (C209)."""
        yield from broken(one, case, (False, True))

    def br047(one: Any, case: Case) -> Iterator[Finding]:
        """When both parties are temporary, their authorisations name each other."""
        yield from broken(one, case, (True, True))

    checks = {"BR045": br045, "BR046": br046, "BR047": br047}
    first, second, third = (stateful(number, message, path, check) for number, check in checks.items())
    return first, second, third


def may_ask(consignor: Operator | None, party: Operator) -> bool:
    """Whether a consignor may learn what is left in a party's authorisation: in its own, or in one that names it."""
    return consignor is not None and (party.seed == consignor.seed or receives_from(party, consignor))


def too_little(party: Operator, product: str, has: Decimal, wanted: Decimal, consignor: str) -> str:
    """That ``party`` has too little of a product, said to the consignor: how much there is, if it is the consignor's.

    A consignee's quantities are its own; a refusal may not tell them.
    """
    if party.seed == consignor:
        return f"Your authorisation {party.seed} has {has:f} of {product} left, not {wanted:f}."
    return f"The authorisation {party.seed} has less than {wanted:f} of {product} left; ask its holder how much."


def expiry_problem(parties: tuple[Operator | None, ...], limit: datetime, zone: tzinfo) -> str | None:
    """Why the journey, which may last until ``limit``, ends too late for a temporary authorisation of ``parties``.

    An authorisation holds through the whole of its last day, a day of ``zone``.
    """
    for party in parties:
        if party is None or party.operator_type not in TEMPORARY_TYPES or party.valid_to is None:
            continue
        if limit > after_day(party.valid_to, zone):
            ends = day_of(limit, zone)
            return f"The authorisation {party.seed} ends on {party.valid_to}, the journey only on {ends}."
    return None


def _counterparty(party: Operator) -> str:
    limits = limits_of(party)
    return (limits and limits.counterparty) or "nobody"
