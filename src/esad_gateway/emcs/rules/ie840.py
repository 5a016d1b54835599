"""Rules on IE840, the event report, about an e-SAD or about goods that move under another document."""

from collections.abc import Iterator
from typing import Any, Final

from esad_gateway.emcs.codes import FunctionalErrorCodes, ReportMessageType, TransportArrangement
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages import IE840
from esad_gateway.emcs.messages.groups import GoodsItem, PersonInvolvedInMovementTrader
from esad_gateway.emcs.messages.ie840 import BodyEventReport
from esad_gateway.emcs.rules import lines
from esad_gateway.emcs.rules.arcs import arc
from esad_gateway.emcs.rules.code_lists import (
    COUNTRIES,
    EVENT_SUBMITTERS,
    EVENT_TYPES,
    EVIDENCE_TYPES,
    TRANSPORT_MODES,
    TRANSPORT_UNITS,
    UNITS_OF_MEASURE,
)
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, stateful
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    LEAVE_OUT,
    OPTIONAL,
    REQUIRED,
    Need,
    identity_of_units,
    is_other,
    known_office,
    language,
    listed,
    needed,
    northern_ireland,
    office,
    required_if,
    required_only_if,
    texts_with_language,
    uncorrelated,
)
from esad_gateway.emcs.rules.places import places

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_ARRANGED_BY_OTHERS: Final = frozenset({TransportArrangement.OWNER_OF_GOODS, TransportArrangement.OTHER})
_ALL_ZEROS: Final = "00000000"
_DOCUMENT: Final = "OtherAccompanyingDocument"
_PERSON: Final = f"{_DOCUMENT}/PersonInvolvedInMovementTrader"
_GOODS: Final = f"{_DOCUMENT}/GoodsItem"
_MEANS: Final = f"{_DOCUMENT}/MeansOfTransport"
_NUMBER: Final = "HeaderEventReport/EventReportNumber"
_REFERENCE: Final = "HeaderEventReport/MsOfSubmissionEventReportReference"
_CN_CODES: Final = tuple(places(IE840, path) for path in (f"{_GOODS}/CnCode", "BodyEventReport/CnCode"))
_PERSONS: Final = places(IE840, _PERSON)
_GOODS_ITEMS: Final = places(IE840, _GOODS)


def c080(message: IE840, _context: Context) -> Iterator[Finding]:
    """A validated report has a number, a first submission has none; one about another state has a reference."""
    report = message.header_event_report
    validated = _validated(message)
    if validated and report.event_report_number is None:
        yield Finding(_NUMBER)
    if not validated and report.event_report_number is not None:
        yield Finding(_NUMBER, report.event_report_number, LEAVE_OUT, _NOT_SUPPORTED)
    abroad = report.reference_number_of_excise_office[:2] != report.member_state_of_event
    if abroad and report.ms_of_submission_event_report_reference is None:
        yield Finding(_REFERENCE)


def r071(message: IE840, _context: Context) -> Iterator[Finding]:
    """The report number begins with the state that validated it; the schema holds the rest of its form.

    Its check digit is verified where the number is made (R235), and how it is computed is published nowhere.
    """
    yield from _of_a_state(_NUMBER, message.header_event_report.event_report_number)


def r093(message: IE840, _context: Context) -> Iterator[Finding]:
    """The reference of the state of submission begins with that state."""
    yield from _of_a_state(_REFERENCE, message.header_event_report.ms_of_submission_event_report_reference)


def c196(message: IE840, _context: Context) -> Iterator[Finding]:
    """The report is about an e-SAD, or about goods under another document."""
    if message.excise_movement is None and message.other_accompanying_document is None:
        yield Finding("ExciseMovement")


def c198(message: IE840, _context: Context) -> Iterator[Finding]:
    """A person involved is given by an excise number, another identification or a name."""
    for place, person in _PERSONS(message):
        if (person.trader_excise_number, person.traderid, person.trader_name) == (None, None, None):
            yield Finding(place)


def r038(message: IE840, case: Case) -> Iterator[Finding]:
    """An excise number or temporary authorisation reference of a person involved is registered."""
    for place, person in _PERSONS(message):
        number = person.trader_excise_number
        if number is not None and number not in case.facts.operators:
            yield Finding(f"{place}/TraderExciseNumber", number)


def r232(message: IE840, _context: Context) -> Iterator[Finding]:
    """What must be greater than zero is; the schema holds everything but CN codes to it."""
    for found in _CN_CODES:
        yield from (Finding(place, code) for place, code in found(message) if code == _ALL_ZEROS)


def r219(message: IE840, _context: Context) -> Iterator[Finding]:
    """The gross mass of goods is not below their net mass, if both are given."""
    for place, item in _GOODS_ITEMS(message):
        if item.gross_mass is not None and item.net_mass is not None and item.gross_mass < item.net_mass:
            hint = f"Give at least the net mass, {item.net_mass} kg, or correct that."
            yield Finding(f"{place}/GrossMass", item.gross_mass, hint)


def _validation_needed(_group: Any, message: IE840) -> Need:
    """C149: a validated report has the time of its validation, a first submission has none."""
    return REQUIRED if _validated(message) else ABSENT


def _means_needed(document: Any, _message: IE840) -> Need:
    """C200: without an image of the document the means of transport are described."""
    return REQUIRED if document.image_of_other_accompanying_document is None else OPTIONAL


def _goods_needed(_item: GoodsItem, message: IE840) -> Need:
    """C201: goods have code, quantity and unit where no image of the document shows them."""
    document = message.other_accompanying_document
    shown = document is not None and document.image_of_other_accompanying_document is not None
    return ABSENT if shown else REQUIRED


def _person_state_needed(person: PersonInvolvedInMovementTrader, _message: IE840) -> Need:
    """C199: who is known by name alone has a member state."""
    by_name = person.trader_name is not None and person.trader_excise_number is None and person.traderid is None
    return REQUIRED if by_name else ABSENT


def _arranger_needed(message: IE840, _message: IE840) -> Need:
    """C120: a new arranger of the transport is described when it is neither party of the movement."""
    return REQUIRED if message.event_report.changed_transport_arrangement in _ARRANGED_BY_OTHERS else ABSENT


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


def _of_a_state(place: str, identifier: str | None) -> Iterator[Finding]:
    if identifier is not None and identifier[:2] not in NATIONAL_ADMINISTRATIONS:
        yield Finding(place, identifier, f"{identifier[:2]} is no national administration.")


_ARC: Final = "ExciseMovement/AdministrativeReferenceCode"
_OFFICE: Final = "HeaderEventReport/ReferenceNumberOfExciseOffice"
_EVENT: Final = "BodyEventReport"
_STATES: Final = (
    "HeaderEventReport/MemberStateOfEvent",
    f"{_DOCUMENT}/MemberStateOfDispatch",
    f"{_DOCUMENT}/MemberStateOfDestination",
    f"{_PERSON}/MemberStateCode",
)

RULES: Final[tuple[Rule, ...]] = (
    uncorrelated(IE840),
    needed("C149", IE840, "Attributes/DateAndTimeOfValidationOfEventReport", _validation_needed),
    content("C080", IE840, _NUMBER, c080),
    content("R071", IE840, _NUMBER, r071),
    northern_ireland("R274", IE840, _NUMBER, _ARC, f"{_PERSON}/TraderExciseNumber", f"{_PERSON}/Traderid"),
    content("R093", IE840, _REFERENCE, r093),
    office(IE840, _OFFICE),
    known_office(IE840, _OFFICE),
    listed("BC11", IE840, _STATES, NATIONAL_ADMINISTRATIONS),
    content("C196", IE840, "ExciseMovement", c196),
    *arc(IE840, _ARC),
    needed(
        "C190",
        IE840,
        f"{_DOCUMENT}/ShortDescriptionOfOtherAccompanyingDocument",
        required_only_if(is_other("other_accompanying_document_type")),
    ),
    content("C198", IE840, _PERSON, c198),
    texts_with_language(IE840, _PERSON),
    stateful("R038", IE840, f"{_PERSON}/TraderExciseNumber", r038),
    needed("C199", IE840, f"{_PERSON}/MemberStateCode", _person_state_needed),
    needed("C201", IE840, (f"{_GOODS}/CnCode", f"{_GOODS}/Quantity", f"{_GOODS}/UnitOfMeasureCode"), _goods_needed),
    content("R232", IE840, f"{_GOODS}/CnCode", r232),
    listed("BC52", IE840, f"{_GOODS}/UnitOfMeasureCode", UNITS_OF_MEASURE),
    content("R219", IE840, f"{_GOODS}/GrossMass", r219),
    needed("C200", IE840, _MEANS, _means_needed),
    listed("R218", IE840, (f"{_MEANS}/TransporterCountry", f"{_MEANS}/CountryOfRegistration"), COUNTRIES),
    listed("BC67", IE840, f"{_MEANS}/TransportModeCode", TRANSPORT_MODES),
    needed("C127", IE840, f"{_MEANS}/AcoComplementaryInformation", required_only_if(is_other("transport_mode_code"))),
    language(IE840, "EventReport/PlaceOfEvent"),
    listed("BC34", IE840, "EventReport/SubmittingPersonCode", EVENT_SUBMITTERS),
    needed("C129", IE840, "EventReport/SubmittingPersonComplement", required_if(is_other("submitting_person_code"))),
    listed("BC01", IE840, "EvidenceOfEvent/EvidenceTypeCode", EVIDENCE_TYPES),
    needed("C132", IE840, "EvidenceOfEvent/EvidenceTypeComplement", required_only_if(is_other("evidence_type_code"))),
    needed("C120", IE840, "NewTransportArrangerTrader", _arranger_needed),
    listed("BC35", IE840, "TransportDetails/TransportUnitCode", TRANSPORT_UNITS),
    identity_of_units(IE840),
    needed("C121", IE840, _EVENT, _body_needed),
    listed("BC15", IE840, f"{_EVENT}/EventTypeCode", EVENT_TYPES),
    needed("C130", IE840, f"{_EVENT}/AssociatedInformation", required_if(is_other("event_type_code"))),
    needed("C194", IE840, f"{_EVENT}/BodyRecordUniqueReference", _line_needed),
    lines.references(IE840, _EVENT),
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
