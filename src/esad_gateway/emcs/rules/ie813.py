"""Rules on IE813, the change of destination: another place of the same consignee, or back to the consignor.

R259 refuses the destinations of duty suspension; the rules that speak of duty paid then stay silent, and so does each
rule about what another one has to say.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from esad_gateway.emcs.authorisations import left, limits_of
from esad_gateway.emcs.codes import DestinationTypeCode, FunctionalErrorCodes, GuarantorTypeCode
from esad_gateway.emcs.messages import IE813
from esad_gateway.emcs.messages.ie813 import UpdateEadEsad
from esad_gateway.emcs.messages.subject import FIRST_SEQUENCE
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.rules.arcs import form_of_arc, known_movement, suspension
from esad_gateway.emcs.rules.code_lists import (
    DUTY_PAID_DESTINATIONS,
    DUTY_PAID_DRAFT_DESTINATIONS,
    MODES_WITHOUT_GUARANTEE,
    OTHER,
    TRANSPORT_MODES,
    TRANSPORT_UNITS,
)
from esad_gateway.emcs.rules.correlations import uncorrelated_until
from esad_gateway.emcs.rules.journeys import beyond_national_maximum, beyond_union_maximum
from esad_gateway.emcs.rules.lines import current_quantities
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, on_movement, stateful
from esad_gateway.emcs.rules.numbers import formed
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    LEAVE_OUT,
    OPTIONAL,
    REQUIRED,
    Need,
    always,
    identity_of_units,
    language,
    listed,
    needed,
    new_arranger,
    no_eori,
    northern_ireland,
    place_of_delivery,
    texts_with_language,
    unvalidated,
)
from esad_gateway.emcs.rules.registrations import (
    CONSIGNEE_TYPES,
    CONSIGNOR_TYPES,
    covered_products,
    registered,
    registration_problem,
)
from esad_gateway.emcs.rules.temporary import expiry_problem, links, may_ask, too_little
from esad_gateway.emcs.timers import LONGEST_JOURNEY, journey_days, limit_of_journey
from esad_gateway.faults import Said, said
from esad_gateway.place import at

_NOTHING: Final = Decimal(0)
_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_RETURN: Final = DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH
_ARC: Final = "UpdateEadEsad/AdministrativeReferenceCode"
_SEQUENCE: Final = "UpdateEadEsad/SequenceNumber"
_JOURNEY: Final = "UpdateEadEsad/JourneyTime"
_CONSIGNEE: Final = "DestinationChanged/NewConsigneeTrader/Traderid"
_PLACE: Final = "DestinationChanged/DeliveryPlaceTrader"
_GUARANTOR: Final = "DestinationChanged/MovementGuarantee/GuarantorTrader/TraderExciseNumber"
_CUSTOMS_OFFICE: Final = "DestinationChanged/DeliveryPlaceCustomsOffice"


def r054(message: IE813, _context: Context) -> Iterator[Finding]:
    """The journey takes at most what the new transport mode allows; without a new one, what any mode does."""
    journey, mode = message.update_ead_esad.journey_time, message.update_ead_esad.transport_mode_code
    if journey is not None and mode is not None:
        yield from beyond_union_maximum(_JOURNEY, journey, mode)
    elif journey is not None and _beyond_every_maximum(journey):
        yield Finding(at(_JOURNEY), journey, said("hint.journey_of_any_mode", limit=LONGEST_JOURNEY))


def r054_of_the_movement(message: IE813, movement: Movement) -> Iterator[Finding]:
    """The journey takes at most what the transport mode of the movement allows, where that stays as it is."""
    journey, mode = message.update_ead_esad.journey_time, message.update_ead_esad.transport_mode_code
    if journey is not None and mode is None and not _beyond_every_maximum(journey):
        yield from beyond_union_maximum(_JOURNEY, journey, movement.transport_mode or "")


def br007(message: IE813, context: Context) -> Iterator[Finding]:
    """The journey takes at most what the member state of dispatch allows; beyond the EU maximum it is R054's."""
    journey, mode = message.update_ead_esad.journey_time, message.update_ead_esad.transport_mode_code
    if journey is not None and mode is not None:
        yield from beyond_national_maximum(_JOURNEY, journey, mode, context.profile.on(context.today))


def br007_of_the_movement(message: IE813, case: Case) -> Iterator[Finding]:
    """The same for the transport mode of the movement, where that stays as it is."""
    journey, mode = message.update_ead_esad.journey_time, message.update_ead_esad.transport_mode_code
    if case.movement is not None and journey is not None and mode is None:
        profile = case.context.profile.on(case.context.today)
        yield from beyond_national_maximum(_JOURNEY, journey, case.movement.transport_mode or "", profile)


def r059(message: IE813, _context: Context) -> Iterator[Finding]:
    """A change of destination is never version 1: that is the e-SAD itself."""
    sequence = message.update_ead_esad.sequence_number
    if sequence == FIRST_SEQUENCE:
        yield Finding(at(_SEQUENCE), sequence)


def br055(message: IE813, case: Case) -> Iterator[Finding]:
    """A new journey time ends the journey before a temporary authorisation does; it counts from the dispatch."""
    journey, zone = message.update_ead_esad.journey_time, case.context.profile.time_zone
    if journey is None or case.movement is None:
        return
    limit = limit_of_journey(case.movement.dispatched_at, journey, zone)
    hint = expiry_problem(_parties(message, case), limit, zone)
    if hint is not None:
        yield Finding(at(_JOURNEY), journey, hint)


def r216(message: IE813, movement: Movement) -> Iterator[Finding]:
    """Goods without a guarantee go on by sea or through fixed installations. A mode out of the list is BC67's."""
    mode = message.update_ead_esad.transport_mode_code
    without = movement.guarantor is GuarantorTypeCode.NO_GUARANTEE
    if without and mode in TRANSPORT_MODES and mode not in MODES_WITHOUT_GUARANTEE:
        yield Finding(at("UpdateEadEsad/TransportModeCode"), mode, Said("hint.without_guarantee"))


def r259(message: IE813, _context: Context) -> Iterator[Finding]:
    """The new destination is one of a duty-paid movement, 9, 10 or 11, and the ARC that of one.

    Under duty suspension the rule allows other destinations. They are not served here, so that an ARC of that kind is
    refused whatever the destination.
    """
    kind = suspension(message.update_ead_esad.administrative_reference_code)
    if kind is not None or _destination(message) not in DUTY_PAID_DESTINATIONS:
        yield Finding(at("DestinationChanged/DestinationTypeCode"), _destination(message), kind)


def br028(message: IE813, movement: Movement) -> Iterator[Finding]:
    """Something changes: the consignee or the place of delivery.

    Places of delivery are compared by their identification, which every duty-paid one has (C074). That a return goes
    to the consignor is BR050's to say, so that here it is none only when the goods are on their way back.
    """
    place = message.destination_changed.delivery_place_trader
    if _destination(message) not in DUTY_PAID_DESTINATIONS or _consignee(message, movement) != movement.consignee:
        return
    if _destination(message) is _RETURN:
        if movement.returning:
            yield Finding(at(_CONSIGNEE), _number(message), Said("hint.returning_already"))
    elif place is not None and place.traderid is not None and place.traderid == movement.delivery_place:
        yield Finding(at(_PLACE, "Traderid"), place.traderid)


def br050(message: IE813, movement: Movement) -> Iterator[Finding]:
    """The consignee stays the one of the e-SAD, or becomes the consignor when the goods return.

    For a return the consignee has to be named; otherwise a change that names none leaves it as it is. No number in a
    group that is there is C010's.
    """
    group = message.destination_changed.new_consignee_trader
    if _destination(message) not in DUTY_PAID_DESTINATIONS or (group is not None and group.traderid is None):
        return
    expected = _expected(message, movement)
    if _consignee(message, movement) != expected:
        party = "consignor" if _destination(message) is _RETURN else "consignee"
        yield Finding(at(_CONSIGNEE), _number(message), said(f"hint.destination_{party}", number=expected))


def r045(message: IE813, case: Case) -> Iterator[Finding]:
    """The consignee is registered as the destination asks on the day of the change. Another one is BR050's."""
    number = _expected_number(message, case)
    if number is None:
        return
    hint = registration_problem(case.facts, number, CONSIGNEE_TYPES[_destination(message)], case.context.today)
    if hint is not None:
        yield Finding(at(_CONSIGNEE), number, hint)


def br048(message: IE813, case: Case) -> Iterator[Finding]:
    """A certified consignee's authorisation still covers the products of the movement."""
    consignee = _parties(message, case)[1]
    if consignee is not None and limits_of(consignee) is None:
        yield from _uncovered(message, case, covered_products(consignee))


def br049(message: IE813, case: Case) -> Iterator[Finding]:
    """A temporary certified consignee's authorisation still has quantities for the products of the movement.

    Not asked by a consignor that it does not name any more: BR046 or BR047 has spoken, and nothing more is told.
    """
    consignor, consignee = _parties(message, case)
    limits = None if consignee is None else limits_of(consignee)
    if consignee is not None and limits is not None and may_ask(consignor, consignee):
        yield from _uncovered(message, case, frozenset(limits.quantities))


def br053(message: IE813, case: Case) -> Iterator[Finding]:
    """A temporary authorisation that may be used again still has room for what is to be received.

    The rulebook hangs the rule on the e-SAD that comes of the change. What this movement itself took from the ledger
    is its own to use, so that the authorisation is too small only when it was cut down since.
    """
    if case.movement is None:
        return
    consignor, consignee = _parties(message, case)
    for party in (consignor, consignee):
        limits = None if party is None else limits_of(party)
        if party is not None and limits is not None and limits.reusable and may_ask(consignor, party):
            yield from _too_much(party, case, case.movement, frozenset(limits.quantities))


def c165(message: IE813, _context: Context) -> Iterator[Finding]:
    """The new place of delivery is named, but not for a return; a customs office of delivery never is."""
    changed, destination = message.destination_changed, _destination(message)
    if destination in DUTY_PAID_DRAFT_DESTINATIONS and changed.delivery_place_trader is None:
        yield Finding(at(_PLACE))
    if destination is _RETURN and changed.delivery_place_trader is not None:
        yield Finding(at(_PLACE), changed.delivery_place_trader.traderid, LEAVE_OUT, _NOT_SUPPORTED)
    if destination in DUTY_PAID_DESTINATIONS and changed.delivery_place_customs_office is not None:
        reference = changed.delivery_place_customs_office.reference_number
        yield Finding(at(_CUSTOMS_OFFICE), reference, LEAVE_OUT, _NOT_SUPPORTED)


def _number_needed(_group: object, message: IE813) -> Need:
    """C010: a consignee is identified by its number for every duty-paid destination."""
    return REQUIRED if _destination(message) in DUTY_PAID_DESTINATIONS else OPTIONAL


def _eori_needed(_group: object, message: IE813) -> Need:
    """C180: only export knows an EORI number; that a duty-paid movement is not exported is R259's to say."""
    return OPTIONAL if _destination(message) is DestinationTypeCode.EXPORT else ABSENT


def _text_needed(update: UpdateEadEsad, _message: IE813) -> Need:
    """C162: transport mode 0 is explained, and nothing else is."""
    return REQUIRED if update.transport_mode_code == OTHER else ABSENT


def _destination(message: IE813) -> DestinationTypeCode:
    return message.destination_changed.destination_type_code


def _number(message: IE813) -> str | None:
    group = message.destination_changed.new_consignee_trader
    return group.traderid if group else None


def _beyond_every_maximum(journey: str) -> bool:
    return journey_days(journey) > LONGEST_JOURNEY


def _expected(message: IE813, movement: Movement) -> str:
    """The consignee that BR050 allows."""
    return movement.consignor if _destination(message) is _RETURN else movement.initial_consignee or movement.consignee


def _consignee(message: IE813, movement: Movement) -> str | None:
    """The consignee after the change: the one named or, except for a return, the one there is."""
    number = _number(message)
    return number if number is not None or _destination(message) is _RETURN else movement.consignee


def _expected_number(message: IE813, case: Case) -> str | None:
    """The consignee after the change if R259 and BR050 have nothing against it."""
    if case.movement is None or _destination(message) not in DUTY_PAID_DESTINATIONS:
        return None
    number = _consignee(message, case.movement)
    return number if number == _expected(message, case.movement) else None


def _parties(message: IE813, case: Case) -> tuple[Operator | None, Operator | None]:
    """Consignor and consignee of a change to destination 9 or 10, each if nothing is wrong with its registration."""
    number = _expected_number(message, case)
    if number is None or case.movement is None or _destination(message) is _RETURN:
        return None, None
    today = case.context.today
    consignor = registered(case.facts, case.movement.consignor, CONSIGNOR_TYPES, today)
    return consignor, registered(case.facts, number, CONSIGNEE_TYPES[_destination(message)], today)


def _uncovered(message: IE813, case: Case, products: frozenset[str]) -> Iterator[Finding]:
    carried = {line.product for line in case.movement.lines} if case.movement else set()
    missing = ", ".join(sorted(carried - products))
    if missing:
        yield Finding(at(_CONSIGNEE), _expected_number(message, case), said("hint.not_covered", products=missing))


def _too_much(party: Operator, case: Case, movement: Movement, known: frozenset[str]) -> Iterator[Finding]:
    current = current_quantities(movement)
    for product in sorted({line.product for line in movement.lines} & known):
        own = [line for line in movement.lines if line.product == product]
        wanted = sum((current[line.reference] for line in own), _NOTHING)
        room = left(party, product, case.facts) + sum((line.quantity for line in own), _NOTHING)
        if wanted > room:
            yield Finding(at(_ARC), movement.arc, too_little(party, product, room, wanted, movement.consignor))


RULES: Final[tuple[Rule, ...]] = (
    uncorrelated_until(IE813, "Attributes/DateAndTimeOfValidationOfChangeOfDestination"),
    *unvalidated(IE813, "Attributes/DateAndTimeOfValidationOfChangeOfDestination", _SEQUENCE),
    new_arranger("C103", IE813, "update_ead_esad.changed_transport_arrangement"),
    language(IE813, "NewTransportArrangerTrader"),
    form_of_arc(IE813, _ARC),
    known_movement(IE813, _ARC),
    northern_ireland("R273", IE813, _ARC, _CONSIGNEE, f"{_PLACE}/Traderid", _GUARANTOR),
    stateful("BR053", IE813, _ARC, br053),
    content("R054", IE813, _JOURNEY, r054),
    on_movement("R054", IE813, _JOURNEY, r054_of_the_movement),
    content("BR007", IE813, _JOURNEY, br007),
    stateful("BR007", IE813, _JOURNEY, br007_of_the_movement),
    stateful("BR055", IE813, _JOURNEY, br055),
    content("R059", IE813, _SEQUENCE, r059),
    listed("BC67", IE813, "UpdateEadEsad/TransportModeCode", TRANSPORT_MODES),
    on_movement("R216", IE813, "UpdateEadEsad/TransportModeCode", r216),
    needed("C162", IE813, "UpdateEadEsad/ComplementaryInformation", _text_needed),
    content("R259", IE813, "DestinationChanged/DestinationTypeCode", r259),
    needed("C010", IE813, _CONSIGNEE, _number_needed),
    on_movement("BR028", IE813, _CONSIGNEE, br028),
    on_movement("BR050", IE813, _CONSIGNEE, br050),
    formed("R045", IE813, _CONSIGNEE, lambda message: _destination(message) in DUTY_PAID_DESTINATIONS),
    stateful("R045", IE813, _CONSIGNEE, r045),
    *links(IE813, _CONSIGNEE, _parties),
    stateful("BR048", IE813, _CONSIGNEE, br048),
    stateful("BR049", IE813, _CONSIGNEE, br049),
    no_eori(IE813, "DestinationChanged/NewConsigneeTrader", _eori_needed),
    content("C165", IE813, _PLACE, c165),
    texts_with_language(IE813, _PLACE),
    *place_of_delivery(IE813, _PLACE, lambda message: _destination(message) in DUTY_PAID_DRAFT_DESTINATIONS),
    needed("C210", IE813, "DestinationChanged/MovementGuarantee", always(ABSENT)),
    listed("BC35", IE813, "TransportDetails/TransportUnitCode", TRANSPORT_UNITS),
    identity_of_units(IE813),
)
