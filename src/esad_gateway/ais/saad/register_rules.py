"""Rules on who received the goods, which ask the register, and what stands there already."""

from decimal import Decimal
from typing import Final

from esad_gateway.ais.saad.goods_rules import is_amount
from esad_gateway.ais.saad.mechanism import NOT_SUPPORTED, Amiss, SaadFacts, of_case, of_case_lines
from esad_gateway.ais.saad.record import SaadEntry, SaadLine, plain
from esad_gateway.emcs.authorisations import limits_of
from esad_gateway.emcs.registry import Facts, Operator, TemporaryAuthorisation, as_of
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.emcs.rules.numbers import number_problem
from esad_gateway.emcs.rules.registrations import registration_problem, what_is_covered
from esad_gateway.faults import Said, said

_NOTHING: Final = Decimal(0)


def trader_enters_its_own(entry: SaadEntry, facts: SaadFacts) -> Amiss | None:
    """Who enters the goods is who received them. A number that is none is SAAD-12's."""
    own = entry.consignee == facts.trader or number_problem(entry.consignee)
    return None if own else Amiss("consignee", entry.consignee, said("saad.own_number", number=facts.trader))


def capacity_is_registered(entry: SaadEntry, facts: SaadFacts) -> Amiss | None:
    """The consignee is registered in its capacity on the day of receipt. A number that is none is SAAD-12's."""
    if _registered(entry, facts) or number_problem(entry.consignee):
        return None
    found = as_of(facts.operators, entry.received)
    known = Facts(operators={} if found is None else {entry.consignee: found})
    hint = registration_problem(known, entry.consignee, frozenset({entry.capacity}), entry.received)
    if found is None or found.operator_type is entry.capacity:
        return Amiss("consignee", entry.consignee, hint)
    return Amiss("capacity", entry.capacity, hint)


def product_is_covered(line: SaadLine, entry: SaadEntry, facts: SaadFacts) -> Amiss | None:
    """The authorisation covers the product: BR048 of one without an end, BR049 of a temporary one.

    Not asked when the consignee is not registered as it should be, nor of a product that does not exist.
    """
    consignee = _registered(entry, facts)
    if consignee is None or line.product not in EXCISE_PRODUCTS:
        return None
    limits = limits_of(consignee)
    if limits is not None:
        hint = said("saad.no_quantity", number=consignee.seed, product=line.product)
        return None if line.product in limits.quantities else Amiss("product", line.product, hint)
    return None if consignee.covers(line.product) else Amiss("product", line.product, what_is_covered(consignee))


def temporary_names_the_consignor(entry: SaadEntry, facts: SaadFacts) -> Amiss | None:
    """A temporary authorisation names the consignor, by its number or its name, if it names anybody (BR046, C209)."""
    limits = _limits(entry, facts)
    if limits is None or plain(entry.consignor) in _counterparties(limits):
        return None
    return Amiss("consignor", entry.consignor) if _counterparties(limits) else None


def temporary_has_enough(entry: SaadEntry, facts: SaadFacts) -> Amiss | None:
    """A temporary authorisation has enough left, and one for a single movement has had none (BR052, CCE-6)."""
    limits = _limits(entry, facts)
    if limits is None:
        return None
    if facts.receipts and not limits.reusable:
        return Amiss("consignee", entry.consignee, said("hint.one_movement", number=entry.consignee))
    hint = _too_little(entry, facts, limits)
    return None if hint is None else Amiss("consignee", entry.consignee, hint)


OWN_ALONE: Final = of_case("SAAD-29", "consignee", "ROL-4", trader_enters_its_own, NOT_SUPPORTED)
REGISTER_RULES: Final = (
    OWN_ALONE,
    of_case("SAAD-30", "capacity", "ROL-4, R045", capacity_is_registered),
    of_case_lines("SAAD-31", "product", "BR048, BR049", product_is_covered),
    of_case("SAAD-32", "consignor", "BR046, CCE-6", temporary_names_the_consignor),
    of_case("SAAD-33", "consignee", "BR052, CCE-6", temporary_has_enough),
)


def _registered(entry: SaadEntry, facts: SaadFacts) -> Operator | None:
    """The consignee, if it is registered in its capacity on the day of receipt."""
    found = as_of(facts.operators, entry.received)
    fits = found is not None and found.operator_type is entry.capacity and found.valid_on(entry.received)
    return found if fits else None


def _limits(entry: SaadEntry, facts: SaadFacts) -> TemporaryAuthorisation | None:
    consignee = _registered(entry, facts)
    return None if consignee is None else limits_of(consignee)


def _counterparties(limits: TemporaryAuthorisation) -> frozenset[str]:
    """What the one counterparty of an authorisation may be called."""
    named = (limits.counterparty, limits.linked and limits.linked.name)
    return frozenset(plain(one) for one in named if one)


def _too_little(entry: SaadEntry, facts: SaadFacts, limits: TemporaryAuthorisation) -> Said | None:
    """The first product of which the authorisation has less left than was received."""
    wanted: dict[str, Decimal] = {}
    for line in entry.lines:
        if line.product in limits.quantities and is_amount(line.quantity):  # anything else is said already
            wanted[line.product] = wanted.get(line.product, _NOTHING) + line.quantity
    for product, quantity in wanted.items():
        rest = limits.quantities[product] - facts.used.get(product, _NOTHING)
        if quantity > rest:
            told = {"own": entry.consignee, "product": product, "rest": f"{rest:f}", "wanted": f"{quantity:f}"}
            return said("hint.own_rest", **told)
    return None
