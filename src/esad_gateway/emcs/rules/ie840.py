"""Rules on IE840, the event report, about an e-SAD or about goods that move under another document."""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes, ReportMessageType
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages import IE840
from esad_gateway.emcs.messages.ie840 import BodyEventReport
from esad_gateway.emcs.rules.code_lists import EVENT_SUBMITTERS, EVENT_TYPES
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    LEAVE_OUT,
    OPTIONAL,
    REQUIRED,
    Need,
    is_other,
    listed,
    needed,
    new_arranger,
    required_if,
)
from esad_gateway.emcs.rules.reports import ReportPlaces, report_rules
from esad_gateway.faults import said
from esad_gateway.place import at

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_NUMBER: Final = "HeaderEventReport/EventReportNumber"
_REFERENCE: Final = "HeaderEventReport/MsOfSubmissionEventReportReference"


def c080(message: IE840, _context: Context) -> Iterator[Finding]:
    """A validated report has a number, a first submission has none; one about another state has a reference."""
    report = message.header_event_report
    validated = _validated(message)
    if validated and report.event_report_number is None:
        yield Finding(at(_NUMBER))
    if not validated and report.event_report_number is not None:
        yield Finding(at(_NUMBER), report.event_report_number, LEAVE_OUT, _NOT_SUPPORTED)
    abroad = report.reference_number_of_excise_office[:2] != report.member_state_of_event
    if abroad and report.ms_of_submission_event_report_reference is None:
        yield Finding(at(_REFERENCE))


def r093(message: IE840, _context: Context) -> Iterator[Finding]:
    """The reference of the state of submission begins with that state."""
    reference = message.header_event_report.ms_of_submission_event_report_reference
    if reference is not None and reference[:2] not in NATIONAL_ADMINISTRATIONS:
        yield Finding(at(_REFERENCE), reference, said("hint.no_administration", code=reference[:2]))


def _validation_needed(_group: object, message: IE840) -> Need:
    """C149: a validated report has the time of its validation, a first submission has none."""
    return REQUIRED if _validated(message) else ABSENT


def _body_needed(message: IE840, _message: IE840) -> Need:
    """C121: an event is described unless the report tells of another transport."""
    told = message.new_transport_arranger_trader or message.new_transporter_trader or message.transport_details
    return OPTIONAL if told else REQUIRED


def _line_needed(_event: BodyEventReport, message: IE840) -> Need:
    """C194: only an e-SAD has lines to refer to."""
    return ABSENT if message.excise_movement is None else OPTIONAL


def _description_needed(_event: BodyEventReport, message: IE840) -> Need:
    """C195: goods are described only where another document accompanies them."""
    return ABSENT if message.other_accompanying_document is None else OPTIONAL


def _difference_needed(event: BodyEventReport, _message: IE840) -> Need:
    """C065: what an event says about certain goods is how much is missing or too much of them."""
    goods = (event.body_record_unique_reference, event.description_of_the_goods, event.cn_code, event.additional_code)
    return ABSENT if all(item is None for item in goods) else REQUIRED


def _validated(message: IE840) -> bool:
    return message.attributes.event_report_message_type is ReportMessageType.VALIDATED_DOCUMENT


_EVENT: Final = "BodyEventReport"

_PLACES: Final = ReportPlaces(
    message=IE840,
    number_rule="R071",
    subject_rule="C196",
    number=_NUMBER,
    office="HeaderEventReport/ReferenceNumberOfExciseOffice",
    state="HeaderEventReport/MemberStateOfEvent",
    place="EventReport/PlaceOfEvent",
    evidence="EvidenceOfEvent",
    units="TransportDetails",
    goods=_EVENT,
)

RULES: Final[tuple[Rule, ...]] = report_rules(
    _PLACES,
    needed("C149", IE840, "Attributes/DateAndTimeOfValidationOfEventReport", _validation_needed),
    content("C080", IE840, _NUMBER, c080),
    content("R093", IE840, _REFERENCE, r093),
    listed("BC34", IE840, "EventReport/SubmittingPersonCode", EVENT_SUBMITTERS),
    needed("C129", IE840, "EventReport/SubmittingPersonComplement", required_if(is_other("submitting_person_code"))),
    new_arranger("C120", IE840, "event_report.changed_transport_arrangement"),
    needed("C121", IE840, _EVENT, _body_needed),
    listed("BC15", IE840, f"{_EVENT}/EventTypeCode", EVENT_TYPES),
    needed("C130", IE840, f"{_EVENT}/AssociatedInformation", required_if(is_other("event_type_code"))),
    needed("C194", IE840, f"{_EVENT}/BodyRecordUniqueReference", _line_needed),
    needed(
        "C195",
        IE840,
        (f"{_EVENT}/DescriptionOfTheGoods", f"{_EVENT}/CnCode", f"{_EVENT}/AdditionalCode"),
        _description_needed,
    ),
    needed(
        "C065",
        IE840,
        (f"{_EVENT}/IndicatorOfShortageOrExcess", f"{_EVENT}/ObservedShortageOrExcess"),
        _difference_needed,
    ),
)
