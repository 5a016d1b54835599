"""Rules on IE815 that ask the register: who the parties are, and what their authorisations allow."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES, left, limits_of, quantities, used_up
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.registry import Facts, Operator, OperatorType
from esad_gateway.emcs.rules.code_lists import DUTY_PAID_DRAFT_DESTINATIONS, EXCISE_PRODUCTS
from esad_gateway.emcs.rules.ie815_goods import duty_paid
from esad_gateway.emcs.rules.ie815_journey import destination
from esad_gateway.emcs.rules.mechanism import Case, Finding
from esad_gateway.emcs.rules.numbers import number_problem
from esad_gateway.emcs.rules.registrations import (
    CONSIGNEE_TYPES,
    CONSIGNOR_TYPES,
    guarantor_problem,
    registered,
    registration_problem,
    what_is_covered,
)
from esad_gateway.emcs.rules.temporary import expiry_problem, links, may_ask, too_little
from esad_gateway.emcs.timers import limit_of_journey
from esad_gateway.faults import Said, said
from esad_gateway.place import at

_CONSIGNEE: Final = "ConsigneeTrader/Traderid"
_CONSIGNOR: Final = "ConsignorTrader/TraderExciseNumber"


def r045(message: IE815, case: Case) -> Iterator[Finding]:
    """The consignee is registered, in the capacity that the destination asks for, on the day of dispatch.

    A certified consignee for destination 9, a temporary certified consignee for 10. The rule calls the identification
    of the place of delivery optional where C074 requires it; C074 is the condition at that item and decides.
    """
    number = _consignee_number(message)
    if number is None or destination(message) not in DUTY_PAID_DRAFT_DESTINATIONS:
        return
    allowed = CONSIGNEE_TYPES[destination(message)]
    hint = registration_problem(case.facts, number, allowed, case.context.dispatched_on(message))
    if hint is not None and number_problem(number) is None:
        yield Finding(at(_CONSIGNEE), number, hint)


def br048(message: IE815, case: Case) -> Iterator[Finding]:
    """A certified consignee's authorisation covers the excise product of every line.

    Not asked when the consignee is not registered as it should be: then R045 has spoken.
    """
    consignee = _consignee(message, case)
    if consignee is not None and consignee.operator_type is OperatorType.CERTIFIED_CONSIGNEE:
        yield from _uncovered(message, consignee.covers, lambda: what_is_covered(consignee))


def br049(message: IE815, case: Case) -> Iterator[Finding]:
    """A temporary certified consignee's authorisation has a quantity for the excise product of every line.

    Not asked by a consignor that it does not name: BR046 or BR047 has spoken, and nothing more is told.
    """
    consignor, consignee = _parties(message, case)
    limits = None if consignee is None else limits_of(consignee)
    if consignee is not None and limits is not None and may_ask(consignor, consignee):
        seed = consignee.seed
        yield from _uncovered(message, limits.quantities.__contains__, lambda: said("hint.no_quantity", number=seed))


def r044(message: IE815, case: Case) -> Iterator[Finding]:
    """The consignor is registered as (temporary) certified consignor on the day of dispatch.

    The day that counts is the day of dispatch: that is when the trader acts, whether the draft comes earlier or, after
    a fallback, later.
    """
    if not duty_paid(message):
        return
    number = message.consignor_trader.trader_excise_number
    hint = registration_problem(case.facts, number, CONSIGNOR_TYPES, case.context.dispatched_on(message))
    if hint is not None and number_problem(number) is None:
        yield Finding(at(_CONSIGNOR), number, hint)


def br055(message: IE815, case: Case) -> Iterator[Finding]:
    """The journey is over when a temporary authorisation ends: dispatch plus journey time is not after its last day."""
    parties = _parties(message, case)
    if not any(map(_temporary, parties)):
        return
    journey, zone = message.header_ead_esad.journey_time, case.context.profile.time_zone
    limit = limit_of_journey(case.context.dispatched_at(message), journey, zone)
    hint = expiry_problem(parties, limit, zone)
    if hint is not None:
        yield Finding(at("HeaderEadEsad/JourneyTime"), journey, hint)


def r027(message: IE815, case: Case) -> Iterator[Finding]:
    """A guarantor that is named by an excise number holds a trader authorisation of that number on the day of dispatch.

    A temporary authorisation reference looks like an excise number, and is none. In which capacity a guarantor is
    registered does not matter.
    """
    day = case.context.dispatched_on(message)
    for position, guarantor in enumerate(message.movement_guarantee.guarantor_trader, 1):
        number = guarantor.trader_excise_number
        hint = number and number_problem(number) is None and guarantor_problem(case.facts, number, day)
        if hint:
            yield Finding(at("MovementGuarantee/GuarantorTrader", position, "TraderExciseNumber"), number, hint)


def br052(message: IE815, case: Case) -> Iterator[Finding]:
    """A temporary authorisation has enough left for the quantities of every product.

    The rule speaks of authorisations that may be used again: what earlier e-SADs took is gone. One that may not is good
    for a single e-SAD, and for no more than its quantities either. A product that a consignee's authorisation does not
    have at all is BR049's. Like that one not asked by a consignor that the consignee's authorisation does not name.
    """
    consignor, consignee = _parties(message, case)
    for party, path in ((consignor, _CONSIGNOR), (consignee, _CONSIGNEE)):
        if party is None or not _temporary(party) or not may_ask(consignor, party):
            continue
        if used_up(party, case.facts):
            yield Finding(at(path), party.seed, said("hint.one_movement", number=party.seed))
        else:
            yield from _too_much(message, party, case.facts)


def br001(message: IE815, case: Case) -> Iterator[Finding]:
    """The consignor has not used the local reference number for another document.

    Optional by the rulebook, and kept here unless the member state switches it off: the list of functional errors has
    a code of its own for it.
    """
    arc = case.facts.lrn_taken_by
    if arc is not None:
        number = message.ead_esad_draft.local_reference_number
        yield Finding(at("EadEsadDraft/LocalReferenceNumber"), number, said("hint.lrn_of", arc=arc), about=arc)


def _consignee_number(message: IE815) -> str | None:
    return message.consignee_trader.traderid if message.consignee_trader else None


def _consignee(message: IE815, case: Case) -> Operator | None:
    """The consignee if R045 has nothing against it."""
    if destination(message) not in DUTY_PAID_DRAFT_DESTINATIONS:
        return None
    allowed = CONSIGNEE_TYPES[destination(message)]
    return registered(case.facts, _consignee_number(message), allowed, case.context.dispatched_on(message))


def _parties(message: IE815, case: Case) -> tuple[Operator | None, Operator | None]:
    """Consignor and consignee, each if R044 or R045 has nothing against it; nobody when neither is temporary.

    The rules that ask are on temporary authorisations only, and most drafts name none.
    """
    if not _temporary_named(message, case):
        return None, None
    number, day = message.consignor_trader.trader_excise_number, case.context.dispatched_on(message)
    consignor = registered(case.facts, number, CONSIGNOR_TYPES, day) if duty_paid(message) else None
    return consignor, _consignee(message, case)


def _temporary_named(message: IE815, case: Case) -> bool:
    known = case.facts.operators
    consignor = known.get(message.consignor_trader.trader_excise_number)
    return _temporary(consignor) or _temporary(known.get(_consignee_number(message) or ""))


def _temporary(party: Operator | None) -> bool:
    return party is not None and party.operator_type in TEMPORARY_TYPES


def _uncovered(message: IE815, covers: Callable[[str], bool], hint: Callable[[], Said]) -> Iterator[Finding]:
    """The lines whose product nothing covers. A product that does not exist at all is BC36's."""
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.excise_product_code in EXCISE_PRODUCTS and not covers(line.excise_product_code):
            yield Finding(at("BodyEadEsad", position, "ExciseProductCode"), line.excise_product_code, hint())


def _too_much(message: IE815, party: Operator, facts: Facts) -> Iterator[Finding]:
    """The last line of every product of which the draft takes more than is left."""
    last = {line.excise_product_code: position for position, line in enumerate(message.body_ead_esad, 1)}
    known = party.temporary.quantities if party.temporary else {}
    consignee = party.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    for product, wanted in quantities(message.body_ead_esad).items():
        rest = left(party, product, facts)
        if wanted > rest and not (consignee and product not in known):
            hint = too_little(party, product, rest, wanted, message.consignor_trader.trader_excise_number)
            yield _shortfall(message, last[product], hint)


def _shortfall(message: IE815, position: int, hint: Said) -> Finding:
    quantity: Decimal = message.body_ead_esad[position - 1].quantity
    return Finding(at("BodyEadEsad", position, "Quantity"), quantity, hint)


LINKS: Final = links(IE815, _CONSIGNEE, _parties)
"""BR045 to BR047: whom a temporary authorisation names."""
