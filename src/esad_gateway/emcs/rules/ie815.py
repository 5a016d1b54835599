"""Rules on IE815, the draft e-SAD.

This gateway serves duty-paid movements. R261 refuses every other type of submission, and the rules that speak of duty
paid then stay silent: a draft of the wrong type has that one fault, not all that follow from it. For the same reason
each rule below leaves alone what another one has to say: a code is judged by its own rule first.
"""

from collections.abc import Iterator
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    FunctionalErrorCodes,
    OriginTypeCode,
    SubmissionType,
)
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.registry import Facts, Operator, OperatorType
from esad_gateway.emcs.rules.code_lists import DUTY_PAID_DESTINATIONS, DUTY_PAID_DRAFT_DESTINATIONS
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, stateful
from esad_gateway.emcs.timers import journey_days, maximum_journey_days

DRAFT_WINDOW: Final = timedelta(days=7)
"""How long before the dispatch a draft may be submitted (Implementing Regulation (EU) 2022/1637, article 6)."""

_NOTHING: Final = timedelta(0)
_DEFERRED_HINT: Final = "A deferred draft tells of goods that have left: the date of dispatch is today or earlier."
_CONSIGNOR_TYPES: Final = frozenset({OperatorType.CERTIFIED_CONSIGNOR, OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR})
_CONSIGNEE_TYPES: Final = MappingProxyType(
    {
        DestinationTypeCode.CERTIFIED_CONSIGNEE: frozenset({OperatorType.CERTIFIED_CONSIGNEE}),
        DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE: frozenset({OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}),
    }
)


def r261(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid draft is submitted as type 3; types 1 and 2 belong to duty suspension and are not served here."""
    submission = message.attributes.submission_message_type
    if submission is not SubmissionType.DUTY_PAID_B2B:
        yield Finding("Attributes/SubmissionMessageType", submission)


def c116(message: IE815, _context: Context) -> Iterator[Finding]:
    """The consignee is named, since every duty-paid destination is known."""
    if message.consignee_trader is None and _destination(message) in DUTY_PAID_DESTINATIONS:
        yield Finding("ConsigneeTrader")


def c010(message: IE815, _context: Context) -> Iterator[Finding]:
    """The consignee is identified by its number when the destination is a duty-paid one."""
    consignee = message.consignee_trader
    if consignee is not None and consignee.traderid is None and _destination(message) in DUTY_PAID_DESTINATIONS:
        yield Finding("ConsigneeTrader/Traderid")


def c164(message: IE815, _context: Context) -> Iterator[Finding]:
    """The place of delivery is named and a customs office of delivery is not.

    Asked for destinations 9 and 10 only. By its text the condition also requires the place for a return (11); C165 and
    C118 forbid it there, and R196 keeps a return out of drafts, so that nothing is lost by not asking.
    """
    if _destination(message) not in DUTY_PAID_DRAFT_DESTINATIONS:
        return
    if message.delivery_place_trader is None:
        yield Finding("DeliveryPlaceTrader")
    if message.delivery_place_customs_office is not None:
        yield Finding(
            "DeliveryPlaceCustomsOffice",
            message.delivery_place_customs_office.reference_number,
            hint="Leave the customs office of delivery out: it belongs to export.",
            code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        )


def r196(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid draft names destination 9 or 10.

    The rulebook hangs R196 on the draft and R258 on its validated copy. They overlap: both refuse the destinations of
    duty suspension. To answer one mistake once, R196 speaks here of the one code that only a draft may not have, 11.
    """
    if _duty_paid(message) and _destination(message) is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH:
        yield Finding("HeaderEadEsad/DestinationTypeCode", _destination(message))


def r258(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid movement has destination 9, 10 or 11; for 11 in a draft see R196."""
    if _duty_paid(message) and _destination(message) not in DUTY_PAID_DESTINATIONS:
        yield Finding("HeaderEadEsad/DestinationTypeCode", _destination(message))


def r054(message: IE815, _context: Context) -> Iterator[Finding]:
    """The journey takes at most what the transport mode allows, 30 days more than under duty suspension.

    The schema holds the form of the journey time and 24 hours. A transport mode outside its code list has no maximum.
    """
    limit = maximum_journey_days(message.transport_mode.transport_mode_code)
    if limit is not None and _duty_paid(message) and _journey_days(message) > limit:
        yield _journey_too_long(message, limit)


def br007(message: IE815, context: Context) -> Iterator[Finding]:
    """The journey takes at most what the member state of dispatch allows, where that is less than the EU maximum.

    The national maximum of the profile is taken as it stands: it is the member state's own figure for duty paid, and
    the 30 days are not added to it. A journey beyond the EU maximum is R054's.
    """
    mode = message.transport_mode.transport_mode_code
    national = context.profile.maximum_journey_days.get(mode)
    limit = maximum_journey_days(mode)
    if national is None or limit is None or not _duty_paid(message):
        return
    if national < _journey_days(message) <= limit:
        yield _journey_too_long(message, national)


def r060(message: IE815, _context: Context) -> Iterator[Finding]:
    """The lines are numbered 1 to n, each number once; in which order they stand does not matter."""
    seen = set()
    last = len(message.body_ead_esad)
    for position, line in enumerate(message.body_ead_esad, 1):
        reference = line.body_record_unique_reference
        if reference in seen or reference > last:
            yield Finding(f"BodyEadEsad[{position}]/BodyRecordUniqueReference", reference)
        seen.add(reference)


def r232(message: IE815, _context: Context) -> Iterator[Finding]:
    """What must be greater than zero is.

    Of the items that the rule stands at, the schema holds all but one to it; only a CN code may be all zeros there.
    """
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.cn_code == "00000000":
            yield Finding(f"BodyEadEsad[{position}]/CnCode", line.cn_code)


def r219(message: IE815, _context: Context) -> Iterator[Finding]:
    """The gross mass of a line is not below its net mass."""
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.gross_mass < line.net_mass:
            hint = f"Give at least the net mass, {line.net_mass} kg, or correct that."
            yield Finding(f"BodyEadEsad[{position}]/GrossMass", line.gross_mass, hint)


def r260(message: IE815, _context: Context) -> Iterator[Finding]:
    """A duty-paid movement has origin 3."""
    origin = message.ead_esad_draft.origin_type_code
    if _duty_paid(message) and origin is not OriginTypeCode.DUTY_PAID:
        yield Finding("EadEsadDraft/OriginTypeCode", origin)


def ir6(message: IE815, context: Context) -> Iterator[Finding]:
    """The dispatch is at most 7 days ahead, and in the past exactly when the submission is deferred.

    Days are those of the member state's calendar. The article gives the 7 days; that a draft without the deferred flag
    may not look back, and one with it not ahead, follows from what the flag means: the goods left under a fallback
    document (Directive (EU) 2020/262, article 38).
    """
    day = message.ead_esad_draft.date_of_dispatch
    ahead = day - context.today
    deferred = message.attributes.deferred_submission_flag
    in_window = ahead <= _NOTHING if deferred else _NOTHING <= ahead <= DRAFT_WINDOW
    if not in_window:
        yield Finding("EadEsadDraft/DateOfDispatch", day, _DEFERRED_HINT if deferred else None)


def r045(message: IE815, case: Case) -> Iterator[Finding]:
    """The consignee is registered, in the capacity that the destination asks for, on the day of dispatch.

    A certified consignee for destination 9, a temporary certified consignee for 10. The rule calls the identification
    of the place of delivery optional where C074 requires it; C074 is the condition at that item and decides.
    """
    number = None if message.consignee_trader is None else message.consignee_trader.traderid
    allowed = _CONSIGNEE_TYPES.get(_destination(message))
    if number is None or allowed is None:
        return
    hint = _registration_problem(message, case.facts, number, allowed)
    if hint is not None:
        yield Finding("ConsigneeTrader/Traderid", number, hint)


def br048(message: IE815, case: Case) -> Iterator[Finding]:
    """A certified consignee's authorisation covers the excise product of every line.

    Not asked when the consignee is not registered as it should be: then R045 has spoken.
    """
    consignee = _certified_consignee(message, case.facts)
    if consignee is None:
        return
    for position, line in enumerate(message.body_ead_esad, 1):
        if not consignee.covers(line.excise_product_code):
            covered = ", ".join(sorted(consignee.categories | consignee.products)) or "no product"
            hint = f"The authorisation of {consignee.seed} covers {covered}."
            yield Finding(f"BodyEadEsad[{position}]/ExciseProductCode", line.excise_product_code, hint)


def r044(message: IE815, case: Case) -> Iterator[Finding]:
    """The consignor is registered as (temporary) certified consignor on the day of dispatch."""
    if not _duty_paid(message):
        return
    number = message.consignor_trader.trader_excise_number
    hint = _registration_problem(message, case.facts, number, _CONSIGNOR_TYPES)
    if hint is not None:
        yield Finding("ConsignorTrader/TraderExciseNumber", number, hint)


def br001(message: IE815, case: Case) -> Iterator[Finding]:
    """The consignor has not used the local reference number for another document.

    Optional by the rulebook, and kept here: the list of functional errors has a code of its own for it.
    """
    if case.facts.lrn_used:
        yield Finding("EadEsadDraft/LocalReferenceNumber", message.ead_esad_draft.local_reference_number)


def _duty_paid(message: IE815) -> bool:
    return message.attributes.submission_message_type is SubmissionType.DUTY_PAID_B2B


def _destination(message: IE815) -> DestinationTypeCode:
    return message.header_ead_esad.destination_type_code


def _journey_days(message: IE815) -> int:
    return journey_days(message.header_ead_esad.journey_time)


def _journey_too_long(message: IE815, limit: int) -> Finding:
    mode = message.transport_mode.transport_mode_code
    hint = f"Give at most D{limit}, the maximum for transport mode {mode}."
    return Finding("HeaderEadEsad/JourneyTime", message.header_ead_esad.journey_time, hint)


def _registration_problem(message: IE815, facts: Facts, number: str, allowed: frozenset[OperatorType]) -> str | None:
    """What is wrong with the registration of ``number``, as a hint.

    The day that counts is the day of dispatch: that is when the trader acts, whether the draft comes earlier or, after
    a fallback, later.
    """
    day = message.ead_esad_draft.date_of_dispatch
    operator = facts.operators.get(number)
    if operator is None:
        return f"SEED knows no {number}: check the number, and whether its registration has reached this state."
    if operator.operator_type not in allowed:
        expected = " or ".join(_spoken(one) for one in sorted(allowed))
        return f"{number} is registered as {_spoken(operator.operator_type)}; give the number of a {expected}."
    if not operator.valid_on(day):
        until = "" if operator.valid_to is None else f" to {operator.valid_to}"
        return f"The authorisation {number} is valid from {operator.valid_from}{until}, but not on {day}."
    return None


def _spoken(operator_type: OperatorType) -> str:
    return operator_type.replace("_", " ")


def _certified_consignee(message: IE815, facts: Facts) -> Operator | None:
    """The consignee of destination 9 if R045 has nothing against it."""
    consignee = message.consignee_trader
    if consignee is None or consignee.traderid is None:
        return None
    if _destination(message) is not DestinationTypeCode.CERTIFIED_CONSIGNEE:
        return None
    allowed = _CONSIGNEE_TYPES[DestinationTypeCode.CERTIFIED_CONSIGNEE]
    problem = _registration_problem(message, facts, consignee.traderid, allowed)
    return facts.operators[consignee.traderid] if problem is None else None


RULES: Final[tuple[Rule, ...]] = (
    content("R261", IE815, "Attributes/SubmissionMessageType", r261),
    content("C116", IE815, "ConsigneeTrader", c116),
    content("C010", IE815, "ConsigneeTrader/Traderid", c010),
    stateful("R045", IE815, "ConsigneeTrader/Traderid", r045),
    stateful("R044", IE815, "ConsignorTrader/TraderExciseNumber", r044),
    content("C164", IE815, "DeliveryPlaceTrader", c164),
    content("R196", IE815, "HeaderEadEsad/DestinationTypeCode", r196),
    content("R258", IE815, "HeaderEadEsad/DestinationTypeCode", r258),
    content("R054", IE815, "HeaderEadEsad/JourneyTime", r054),
    content("BR007", IE815, "HeaderEadEsad/JourneyTime", br007),
    content("R060", IE815, "BodyEadEsad/BodyRecordUniqueReference", r060),
    stateful("BR048", IE815, "BodyEadEsad/ExciseProductCode", br048),
    content("R232", IE815, "BodyEadEsad/CnCode", r232),
    content("R219", IE815, "BodyEadEsad/GrossMass", r219),
    stateful("BR001", IE815, "EadEsadDraft/LocalReferenceNumber", br001),
    content("R260", IE815, "EadEsadDraft/OriginTypeCode", r260),
    content("IR6", IE815, "EadEsadDraft/DateOfDispatch", ir6),
)
