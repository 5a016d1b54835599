"""Rules on IE717, the control report, about an e-SAD or about goods that move under another document.

C149, the time of validation, has no rule: a control report is a validated document by its type (TC98), and the gateway
stamps that of its own office.
"""

from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from esad_gateway.emcs.administration_codes import PerformedControlActionCode, ReasonForControl
from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.messages import IE717
from esad_gateway.emcs.messages.ie717 import BodyControlReport, ControlReport, PerformedControlAction
from esad_gateway.emcs.rules import lines
from esad_gateway.emcs.rules.code_lists import UNSATISFACTORY_REASONS
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content, together
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    LEAVE_OUT,
    OPTIONAL,
    REQUIRED,
    Need,
    is_other,
    listed,
    needed,
    required_if,
)
from esad_gateway.emcs.rules.reports import ReportPlaces, report_rules
from esad_gateway.faults import Said
from esad_gateway.place import at

_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_OFFICE: Final = "HeaderControlReport/ControlOffice"
_DESCRIBED: Final = ("MemberStateCode", "ControlOfficeName", "StreetName", "Postcode", "City")
_CONTACTS: Final = ("PhoneNumber", "FaxNumber", "EmailAddress")
_ITEMS: Final = (*_DESCRIBED, "StreetNumber", *_CONTACTS)
_ITEMS_OF_OFFICE: Final = attrgetter(
    "member_state_code",
    "control_office_name",
    "street_name",
    "postcode",
    "city",
    "street_number",
    "phone_number",
    "fax_number",
    "email_address",
)


def c091(message: IE717, _context: Context) -> Iterator[Finding]:
    """An office that controls is given by its reference, or else described, with a way to reach it."""
    office_of_control = message.header_control_report.control_office
    given = dict(zip(_ITEMS, _ITEMS_OF_OFFICE(office_of_control), strict=True))
    if office_of_control.reference_number_of_control_office is not None:
        hint = Said("hint.office_by_number")
        for item, value in given.items():
            if value is not None:
                yield Finding(at(_OFFICE, item), value, hint, _NOT_SUPPORTED)
        return
    yield from (Finding(at(_OFFICE, item)) for item in _DESCRIBED if given[item] is None)
    if all(given[item] is None for item in _CONTACTS):
        hint = Said("hint.office_reachable")
        yield Finding(at(_OFFICE, _CONTACTS[0]), None, hint)


def c193(message: IE717, _context: Context) -> Iterator[Finding]:
    """Goods under another document are given by their CN code, and may be described; those of an e-SAD are not."""
    accompanied = message.other_accompanying_document is not None
    for position, line in enumerate(message.control_report.body_control_report, 1):
        place = at(_BODY, position)
        goods = {
            "DescriptionOfTheGoods": line.description_of_the_goods,
            "CnCode": line.cn_code,
            "AdditionalCode": line.additional_code,
        }
        if accompanied and line.cn_code is None:
            yield Finding(place / "CnCode")
        if not accompanied:
            present = ((item, value) for item, value in goods.items() if value is not None)
            yield from (Finding(place / item, value, LEAVE_OUT, _NOT_SUPPORTED) for item, value in present)


def _action_needed(action: PerformedControlAction, _message: IE717) -> Need:
    """C039: another action is described, and those of the list are not."""
    return REQUIRED if action.performed_control_action is PerformedControlActionCode.OTHER else ABSENT


def _evidence_needed(report: ControlReport, _message: IE717) -> Need:
    """C090: an event that was signalled is proven."""
    return REQUIRED if report.reason_for_control is ReasonForControl.EVENT_SIGNALLED else OPTIONAL


def _line_needed(_line: BodyControlReport, message: IE717) -> Need:
    """C192: lines are those of the e-SAD, if there is one."""
    return ABSENT if message.excise_movement is None else REQUIRED


_REPORT: Final = "ControlReport"
_BODY: Final = f"{_REPORT}/BodyControlReport"
_REASONS: Final = (f"{_REPORT}/UnsatisfactoryReason", f"{_BODY}/UnsatisfactoryReason")
_EXPLAINED: Final = required_if(is_other("unsatisfactory_reason_code"))

_PLACES: Final = ReportPlaces(
    message=IE717,
    number_rule="R109",
    subject_rule="C191",
    number="HeaderControlReport/ControlReportReference",
    office=f"{_OFFICE}/ReferenceNumberOfControlOffice",
    state=f"{_OFFICE}/MemberStateCode",
    addresses=(_OFFICE,),
    place=f"{_REPORT}/PlaceOfControl",
    evidence=f"{_REPORT}/SupportingEvidence",
    units=f"{_REPORT}/TransportDetails",
    goods=_BODY,
)

RULES: Final[tuple[Rule, ...]] = report_rules(
    _PLACES,
    content("C091", IE717, _OFFICE, c091),
    needed("C039", IE717, f"{_REPORT}/PerformedControlAction/OtherControlAction", _action_needed),
    needed("C090", IE717, f"{_REPORT}/SupportingEvidence", _evidence_needed),
    listed("BC46", IE717, tuple(f"{group}/UnsatisfactoryReasonCode" for group in _REASONS), UNSATISFACTORY_REASONS),
    together(*(needed("C126", IE717, f"{group}/ComplementaryInformation", _EXPLAINED) for group in _REASONS)),
    needed("C192", IE717, f"{_BODY}/BodyRecordUniqueReference", _line_needed),
    content("C193", IE717, f"{_BODY}/CnCode", c193),
    lines.observed_quantities(IE717, _BODY),
)
