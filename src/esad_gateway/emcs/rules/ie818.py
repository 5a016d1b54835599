"""Rules on IE818, the report of receipt.

As in IE815, one mistake gets one fault: a rule says nothing about what another rule has refused already.
"""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.codes import DestinationTypeCode, FunctionalErrorCodes, GlobalConclusionOfReceipt
from esad_gateway.emcs.messages import IE818
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules import lines
from esad_gateway.emcs.rules.arcs import arc, known_movement, latest_sequence
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, SATISFACTORY_CONCLUSIONS, UNSATISFACTORY_REASONS
from esad_gateway.emcs.rules.correlations import uncorrelated_until
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, on_movement, stateful
from esad_gateway.emcs.rules.numbers import formed
from esad_gateway.emcs.rules.patterns import (
    REQUIRED,
    always,
    is_other,
    known_office,
    language,
    listed,
    needed,
    no_eori,
    northern_ireland,
    office,
    office_in_charge,
    place_of_delivery,
    required_if,
    same_consignee,
    texts_with_language,
    unvalidated,
)
from esad_gateway.faults import Said, said
from esad_gateway.place import at

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_PARTIALLY_REFUSED: Final = GlobalConclusionOfReceipt.PARTIALLY_REFUSED


def br022(message: IE818, movement: Movement) -> Iterator[Finding]:
    """The place of delivery is that of the e-SAD, or of its last change of destination, if both identify one.

    When the goods have come back no place of delivery applies at all, which C118 says.
    """
    place = message.delivery_place_trader
    if place is None or place.traderid is None or _returned(movement):
        return
    if movement.delivery_place not in {None, place.traderid}:
        hint = said("hint.delivery_place", place=movement.delivery_place)
        yield Finding(at("DeliveryPlaceTrader/Traderid"), place.traderid, hint)


def c118(message: IE818, movement: Movement) -> Iterator[Finding]:
    """No place of delivery is named when the goods have returned to the consignor; it is optional otherwise."""
    place = message.delivery_place_trader
    if place is not None and _returned(movement):
        yield Finding(at("DeliveryPlaceTrader"), place.traderid)


def br056(message: IE818, case: Case) -> Iterator[Finding]:
    """The goods arrived on the day of dispatch, a day of our own calendar, or later."""
    if case.movement is None:
        return
    arrival = message.report_of_receipt_export.date_of_arrival_of_excise_products
    dispatched_on = case.context.profile.local_date(case.movement.dispatched_at)
    if arrival < dispatched_on:
        hint = said("hint.dispatched_on", day=dispatched_on.isoformat())
        yield Finding(at("ReportOfReceiptExport/DateOfArrivalOfExciseProducts"), arrival, hint)


def c119(message: IE818, _context: Context) -> Iterator[Finding]:
    """A partial refusal refuses something; a report without lines is C140's."""
    body = message.body_report_of_receipt_export
    conclusion = message.report_of_receipt_export.global_conclusion_of_receipt
    if conclusion is _PARTIALLY_REFUSED and body and all(line.refused_quantity is None for line in body):
        yield Finding(at("ReportOfReceiptExport/GlobalConclusionOfReceipt"), conclusion)


def c140(message: IE818, _context: Context) -> Iterator[Finding]:
    """A report lists lines unless everything was accepted and satisfactory; then it lists none."""
    body = message.body_report_of_receipt_export
    satisfactory = _satisfactory(message)
    if satisfactory and body:
        hint = Said("hint.no_lines")
        reference = body[0].body_record_unique_reference
        yield Finding(at("BodyReportOfReceiptExport", 1), reference, hint, _NOT_SUPPORTED)
    if not satisfactory and not body:
        yield Finding(at("BodyReportOfReceiptExport"))


def c159(message: IE818, _context: Context) -> Iterator[Finding]:
    """Every line says why it is there.

    The text wants at least one reason and stands at a group inside the line, so that each line needs its own. With a
    satisfactory conclusion the lines themselves do not apply, and C140 says so.
    """
    if _satisfactory(message):
        return
    for position, line in enumerate(message.body_report_of_receipt_export, 1):
        if not line.unsatisfactory_reason:
            yield Finding(at("BodyReportOfReceiptExport", position, "UnsatisfactoryReason"))


def _satisfactory(message: IE818) -> bool:
    return message.report_of_receipt_export.global_conclusion_of_receipt in SATISFACTORY_CONCLUSIONS


def _returned(movement: Movement) -> bool:
    return movement.destination_type is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH


_ARC: Final = "ExciseMovement/AdministrativeReferenceCode"
_BODY: Final = "BodyReportOfReceiptExport"
_OFFICE: Final = "DestinationOffice/ReferenceNumber"
_CONCLUSION: Final = "ReportOfReceiptExport/GlobalConclusionOfReceipt"
_REASON: Final = f"{_BODY}/UnsatisfactoryReason"

RULES: Final[tuple[Rule, ...]] = (
    uncorrelated_until(IE818, "Attributes/DateAndTimeOfValidationOfReportOfReceiptExport"),
    *unvalidated(IE818, "Attributes/DateAndTimeOfValidationOfReportOfReceiptExport"),
    language(IE818, "ConsigneeTrader"),
    # The condition asks for the destination type, which the report does not carry; every duty-paid one requires it.
    needed("C010", IE818, "ConsigneeTrader/Traderid", always(REQUIRED)),
    formed("R045", IE818, "ConsigneeTrader/Traderid"),
    same_consignee(IE818),
    northern_ireland("R271", IE818, "ConsigneeTrader/Traderid", "DeliveryPlaceTrader/Traderid", _ARC),
    no_eori(IE818, "ConsigneeTrader"),
    *arc(IE818, _ARC),
    known_movement(IE818, _ARC),
    latest_sequence(IE818, "ExciseMovement/SequenceNumber"),
    on_movement("C118", IE818, "DeliveryPlaceTrader", c118),
    texts_with_language(IE818, "DeliveryPlaceTrader"),
    on_movement("BR022", IE818, "DeliveryPlaceTrader/Traderid", br022),
    *place_of_delivery(IE818, "DeliveryPlaceTrader", lambda _message: True),
    needed("C105", IE818, "DestinationOffice", always(REQUIRED)),
    office(IE818, _OFFICE),
    known_office(IE818, _OFFICE),
    office_in_charge("BR026", IE818, temporary=False),
    office_in_charge("BR027", IE818, temporary=True),
    lines.arrived(IE818, "ReportOfReceiptExport/DateOfArrivalOfExciseProducts"),
    stateful("BR056", IE818, "ReportOfReceiptExport/DateOfArrivalOfExciseProducts", br056, since="3.23"),
    lines.duty_paid_conclusion(IE818, _CONCLUSION),
    content("C119", IE818, _CONCLUSION, c119),
    content("C140", IE818, _BODY, c140),
    *lines.references(IE818, _BODY),
    lines.observed_quantities(IE818, _BODY),
    listed("BC36", IE818, f"{_BODY}/ExciseProductCode", EXCISE_PRODUCTS),
    lines.products(IE818, _BODY),
    lines.refused_quantities(IE818, _BODY, "report_of_receipt_export.global_conclusion_of_receipt"),
    lines.quantities_within(IE818, _BODY),
    content("C159", IE818, f"{_BODY}/UnsatisfactoryReason", c159),
    listed("BC46", IE818, f"{_REASON}/UnsatisfactoryReasonCode", UNSATISFACTORY_REASONS),
    needed("C126", IE818, f"{_REASON}/ComplementaryInformation", required_if(is_other("unsatisfactory_reason_code"))),
)
