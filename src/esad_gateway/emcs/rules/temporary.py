"""What temporary authorisations allow, for drafts and changes of destination alike.

Every function but :func:`links` returns a hint that says what is wrong, or ``None``. Hints are read by the consignor:
they tell what is in its own authorisation, and never whom a consignee's names, for which products, or for how much.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TypeAlias

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES, limits_of, receives_from, sends_to
from esad_gateway.emcs.moments import after_day, day_of
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.rules.mechanism import Case, Finding, Rule, stateful
from esad_gateway.emcs.rules.places import M
from esad_gateway.faults import Said, said
from esad_gateway.place import at

Parties: TypeAlias = Callable[[M, Case], tuple[Operator | None, Operator | None]]
"""Consignor and consignee of a message, each if nothing is wrong with its registration."""


def link_problem(consignor: Operator | None, consignee: Operator | None, *, which: tuple[bool, bool]) -> Said | None:
    """Why the temporary authorisations of the parties do not allow them this movement.

    ``which`` is the pair of parties that the rule is about: whether the consignor, and whether the consignee, acts
    under a temporary authorisation. ``None`` for other pairs, and when a party is not registered as it should be.
    """
    if consignor is None or consignee is None:
        return None
    if tuple(party.operator_type in TEMPORARY_TYPES for party in (consignor, consignee)) != which:
        return None
    own = None if sends_to(consignor, consignee) else _own_link(consignor, consignee)
    other = None if receives_from(consignee, consignor) else _other_link(consignor, consignee)
    return said("hint.both", first=own, second=other) if own and other else own or other


def links(message: type[M], path: str, parties: Parties[M]) -> tuple[Rule, Rule, Rule]:
    """BR045 to BR047 for the consignee whose number stands at ``path``, or would stand there.

    They are one question, asked of three pairs of parties, so that exactly one of them speaks. None is asked when a
    party is not registered as it should be: then R044 or R045 has spoken.
    """

    def broken(one: M, case: Case, which: tuple[bool, bool]) -> Iterator[Finding]:
        consignor, consignee = parties(one, case)
        hint = link_problem(consignor, consignee, which=which)
        if consignee is not None and hint is not None:
            yield Finding(at(path), consignee.seed, hint)

    def br045(one: M, case: Case) -> Iterator[Finding]:
        """A temporary certified consignor's authorisation names the certified consignee."""
        yield from broken(one, case, (True, False))

    def br046(one: M, case: Case) -> Iterator[Finding]:
        """A temporary certified consignee's authorisation names the certified consignor, if it names anybody (C209)."""
        yield from broken(one, case, (False, True))

    def br047(one: M, case: Case) -> Iterator[Finding]:
        """When both parties are temporary, their authorisations name each other."""
        yield from broken(one, case, (True, True))

    checks = {"BR045": br045, "BR046": br046, "BR047": br047}
    first, second, third = (stateful(number, message, path, check) for number, check in checks.items())
    return first, second, third


def may_ask(consignor: Operator | None, party: Operator) -> bool:
    """Whether a consignor may learn what is left in a party's authorisation: in its own, or in one that names it."""
    return consignor is not None and (party.seed == consignor.seed or receives_from(party, consignor))


def too_little(party: Operator, product: str, has: Decimal, wanted: Decimal, consignor: str) -> Said:
    """That ``party`` has too little of a product, said to the consignor: how much there is, if it is the consignor's.

    A consignee's quantities are its own; a refusal may not tell them.
    """
    if party.seed == consignor:
        return said("hint.own_rest", own=party.seed, rest=f"{has:f}", product=product, wanted=f"{wanted:f}")
    return said("hint.other_rest", other=party.seed, wanted=f"{wanted:f}", product=product)


def expiry_problem(parties: tuple[Operator | None, ...], limit: datetime, zone: tzinfo) -> Said | None:
    """Why the journey, which may last until ``limit``, ends too late for a temporary authorisation of ``parties``.

    An authorisation holds through the whole of its last day, a day of ``zone``.
    """
    for party in parties:
        if party is None or party.operator_type not in TEMPORARY_TYPES or party.valid_to is None:
            continue
        if limit > after_day(party.valid_to, zone):
            last, ends = party.valid_to.isoformat(), day_of(limit, zone).isoformat()
            return said("hint.expires", number=party.seed, last=last, ends=ends)
    return None


def _own_link(consignor: Operator, consignee: Operator) -> Said:
    limits = limits_of(consignor)
    if limits is None or not limits.counterparty:
        return said("hint.own_link_to_nobody", own=consignor.seed, consignee=consignee.seed)
    return said("hint.own_link", own=consignor.seed, counterparty=limits.counterparty, consignee=consignee.seed)


def _other_link(consignor: Operator, consignee: Operator) -> Said:
    return said("hint.other_link", other=consignee.seed, consignor=consignor.seed)
