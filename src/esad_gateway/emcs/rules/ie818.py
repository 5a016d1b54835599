"""Rules on IE818, the report of receipt.

As in IE815, one mistake gets one fault: a rule says nothing about what another rule has refused already.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    FunctionalErrorCodes,
    GlobalConclusionOfReceipt,
    IndicatorOfShortageOrExcess,
)
from esad_gateway.emcs.identifiers import ARC
from esad_gateway.emcs.messages import IE818
from esad_gateway.emcs.messages.ie818 import BodyReportOfReceiptExport
from esad_gateway.emcs.movement import Line, Movement
from esad_gateway.emcs.rules.code_lists import RECEIPT_CONCLUSIONS, SATISFACTORY_CONCLUSIONS
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, on_movement, stateful

_NOTHING: Final = Decimal(0)
_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION


def c010(message: IE818, _context: Context) -> Iterator[Finding]:
    """The consignee is identified by its number.

    The condition asks for the destination type, which the report does not carry; every duty-paid one requires it.
    """
    if message.consignee_trader.traderid is None:
        yield Finding("ConsigneeTrader/Traderid")


def br021(message: IE818, movement: Movement) -> Iterator[Finding]:
    """The consignee is the one of the e-SAD, or of its last change of destination."""
    consignee = message.consignee_trader.traderid
    if consignee is not None and consignee != movement.consignee:
        yield Finding("ConsigneeTrader/Traderid", consignee, f"The consignee of this movement is {movement.consignee}.")


def r030(message: IE818, _context: Context) -> Iterator[Finding]:
    """The ARC is formed as the rule says and belongs to a duty-paid movement.

    R235 has the check digit verified when an ARC is made, and its public description leaves open what a reader does
    with a wrong one. In a trader's message it is a typing error, found here before anything is looked up, and it is
    refused whichever member state issued the ARC.
    """
    code = message.excise_movement.administrative_reference_code
    try:
        problem = None if ARC(code).duty_paid else "This ARC is not one of a duty-paid movement (position 20)."
    except ValueError as refusal:
        problem = f"{refusal}."
    if problem is not None:
        yield Finding("ExciseMovement/AdministrativeReferenceCode", code, problem)


def br020(message: IE818, case: Case) -> Iterator[Finding]:
    """The movement exists."""
    if case.movement is None:
        code = message.excise_movement.administrative_reference_code
        yield Finding("ExciseMovement/AdministrativeReferenceCode", code)


def r255(message: IE818, movement: Movement) -> Iterator[Finding]:
    """The sequence number is the latest one of the movement."""
    sequence = message.excise_movement.sequence_number
    if sequence != movement.sequence:
        hint = f"The latest sequence number of this movement is {movement.sequence}."
        yield Finding("ExciseMovement/SequenceNumber", sequence, hint)


def c118(message: IE818, movement: Movement) -> Iterator[Finding]:
    """No place of delivery is named when the goods have returned to the consignor; it is optional otherwise."""
    place = message.delivery_place_trader
    if place is not None and movement.destination_type is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH:
        yield Finding("DeliveryPlaceTrader", place.traderid)


def br023(message: IE818, context: Context) -> Iterator[Finding]:
    """The goods arrived on the day of submission or before; days are those of the member state's calendar."""
    arrival = message.report_of_receipt_export.date_of_arrival_of_excise_products
    if arrival > context.today:
        yield Finding("ReportOfReceiptExport/DateOfArrivalOfExciseProducts", arrival)


def br056(message: IE818, movement: Movement) -> Iterator[Finding]:
    """The goods arrived on the day of dispatch or later."""
    arrival = message.report_of_receipt_export.date_of_arrival_of_excise_products
    if arrival < movement.dispatched_on:
        hint = f"The goods were dispatched on {movement.dispatched_on}."
        yield Finding("ReportOfReceiptExport/DateOfArrivalOfExciseProducts", arrival, hint)


def tc16(message: IE818, _context: Context) -> Iterator[Finding]:
    """The conclusion is one of 1 to 4; the list's other codes are said of goods that leave the Union."""
    conclusion = message.report_of_receipt_export.global_conclusion_of_receipt
    if conclusion not in RECEIPT_CONCLUSIONS:
        yield Finding("ReportOfReceiptExport/GlobalConclusionOfReceipt", conclusion)


def c140(message: IE818, _context: Context) -> Iterator[Finding]:
    """A report lists lines unless everything was accepted and satisfactory; then it lists none."""
    lines = message.body_report_of_receipt_export
    satisfactory = _satisfactory(message)
    if satisfactory and lines:
        hint = "Leave the lines out, or give the conclusion that they explain."
        reference = lines[0].body_record_unique_reference
        yield Finding("BodyReportOfReceiptExport[1]", reference, hint, _NOT_SUPPORTED)
    if not satisfactory and not lines:
        yield Finding("BodyReportOfReceiptExport")


def r058(message: IE818, movement: Movement) -> Iterator[Finding]:
    """Every line refers to a line of the e-SAD, and each of those is referred to once."""
    known = _lines(movement)
    seen = set()
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        reference = line.body_record_unique_reference
        if reference in seen or reference not in known:
            yield Finding(f"BodyReportOfReceiptExport[{position}]/BodyRecordUniqueReference", reference)
        seen.add(reference)


def c067(message: IE818, _context: Context) -> Iterator[Finding]:
    """The observed quantity is given with an indicator of shortage or excess, and never without one."""
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        observed = line.observed_shortage_or_excess
        indicated = line.indicator_of_shortage_or_excess is not None
        if indicated == (observed is not None):
            continue
        path = f"BodyReportOfReceiptExport[{position}]/ObservedShortageOrExcess"
        if indicated:
            yield Finding(path)
        else:
            yield Finding(path, observed, "Say whether it is a shortage (S) or an excess (E).", _NOT_SUPPORTED)


def br024(message: IE818, movement: Movement) -> Iterator[Finding]:
    """A line has the excise product code of the e-SAD's line with the same reference (an unknown one is R058's)."""
    known = _lines(movement)
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        declared = known.get(line.body_record_unique_reference)
        if declared is not None and declared.product != line.excise_product_code:
            hint = f"Line {declared.reference} of the e-SAD is {declared.product}."
            path = f"BodyReportOfReceiptExport[{position}]/ExciseProductCode"
            yield Finding(path, line.excise_product_code, hint)


def c095(message: IE818, _context: Context) -> Iterator[Finding]:
    """A refused quantity is given in a partial refusal only.

    The condition calls it optional then; that a partial refusal refuses at least something is C119's to say.
    """
    if message.report_of_receipt_export.global_conclusion_of_receipt is GlobalConclusionOfReceipt.PARTIALLY_REFUSED:
        return
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        if line.refused_quantity is not None:
            yield Finding(f"BodyReportOfReceiptExport[{position}]/RefusedQuantity", line.refused_quantity)


def br025(message: IE818, movement: Movement) -> Iterator[Finding]:
    """What is missing and refused of a line is not more than what is there to be received.

    That is the line's quantity in the e-SAD or, after a partial refusal, the quantity that was refused then: nothing,
    for a line that was taken as a whole.
    """
    current = _current_quantities(movement)
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        limit = current.get(line.body_record_unique_reference)
        if limit is not None and _shortage(line) + (line.refused_quantity or _NOTHING) > limit:
            refused = line.refused_quantity is not None
            item = "RefusedQuantity" if refused else "ObservedShortageOrExcess"
            value = line.refused_quantity if refused else line.observed_shortage_or_excess
            hint = f"Give at most {limit:f} as the sum of shortage and refused quantity."
            yield Finding(f"BodyReportOfReceiptExport[{position}]/{item}", value, hint)


def c159(message: IE818, _context: Context) -> Iterator[Finding]:
    """Every line says why it is there.

    The text wants at least one reason and stands at a group inside the line, so that each line needs its own. With a
    satisfactory conclusion the lines themselves do not apply, and C140 says so.
    """
    if _satisfactory(message):
        return
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        if not line.unsatisfactory_reason:
            yield Finding(f"BodyReportOfReceiptExport[{position}]/UnsatisfactoryReason")


def _satisfactory(message: IE818) -> bool:
    return message.report_of_receipt_export.global_conclusion_of_receipt in SATISFACTORY_CONCLUSIONS


def _lines(movement: Movement) -> Mapping[int, Line]:
    return {line.reference: line for line in movement.lines}


def _current_quantities(movement: Movement) -> Mapping[int, Decimal]:
    """What is there to be received of each line."""
    if any(line.refused is not None for line in movement.lines):
        return {line.reference: line.refused or _NOTHING for line in movement.lines}
    return {line.reference: line.quantity for line in movement.lines}


def _shortage(line: BodyReportOfReceiptExport) -> Decimal:
    """The observed shortage; an excess takes nothing from what was sent."""
    if line.indicator_of_shortage_or_excess is IndicatorOfShortageOrExcess.SHORTAGE:
        return line.observed_shortage_or_excess or _NOTHING
    return _NOTHING


RULES: Final[tuple[Rule, ...]] = (
    content("C010", IE818, "ConsigneeTrader/Traderid", c010),
    on_movement("BR021", IE818, "ConsigneeTrader/Traderid", br021),
    content("R030", IE818, "ExciseMovement/AdministrativeReferenceCode", r030),
    stateful("BR020", IE818, "ExciseMovement/AdministrativeReferenceCode", br020),
    on_movement("R255", IE818, "ExciseMovement/SequenceNumber", r255),
    on_movement("C118", IE818, "DeliveryPlaceTrader", c118),
    content("BR023", IE818, "ReportOfReceiptExport/DateOfArrivalOfExciseProducts", br023),
    on_movement("BR056", IE818, "ReportOfReceiptExport/DateOfArrivalOfExciseProducts", br056),
    content("TC16", IE818, "ReportOfReceiptExport/GlobalConclusionOfReceipt", tc16),
    content("C140", IE818, "BodyReportOfReceiptExport", c140),
    on_movement("R058", IE818, "BodyReportOfReceiptExport/BodyRecordUniqueReference", r058),
    content("C067", IE818, "BodyReportOfReceiptExport/ObservedShortageOrExcess", c067),
    on_movement("BR024", IE818, "BodyReportOfReceiptExport/ExciseProductCode", br024),
    content("C095", IE818, "BodyReportOfReceiptExport/RefusedQuantity", c095),
    on_movement("BR025", IE818, "BodyReportOfReceiptExport/RefusedQuantity", br025),
    content("C159", IE818, "BodyReportOfReceiptExport/UnsatisfactoryReason", c159),
)
