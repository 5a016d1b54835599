"""Rules on what administrations tell about a movement: IE802 reminder, IE803 diversion, IE807 interruption."""

from collections.abc import Iterator
from typing import Final

from esad_gateway.emcs.codes import NotificationType, ReminderMessageType
from esad_gateway.emcs.messages import IE802, IE803, IE807
from esad_gateway.emcs.rules.arcs import arc, latest_sequence, of_duty_paid
from esad_gateway.emcs.rules.code_lists import INTERRUPTION_REASONS
from esad_gateway.emcs.rules.correlations import uncorrelated, uncorrelated_submission
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, stateful
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    OPTIONAL,
    Need,
    is_other,
    known_office,
    language,
    listed,
    needed,
    northern_ireland,
    office,
    required_if,
)
from esad_gateway.emcs.rules.places import places
from esad_gateway.place import at


def r262(message: IE802, _context: Context) -> Iterator[Finding]:
    """A duty-paid movement is reminded of its destination or of its report; its destination is never left open."""
    reminder = message.attributes.reminder_message_type
    if reminder is ReminderMessageType.DESTINATION_INFORMATION:
        yield Finding(at("Attributes/ReminderMessageType"), reminder)


def tc42(message: IE803, _context: Context) -> Iterator[Finding]:
    """A duty-paid movement is diverted, never split: splitting belongs to duty suspension."""
    notification = message.excise_notification.notification_type
    if notification is NotificationType.SPLITTING:
        yield Finding(at("ExciseNotification/NotificationType"), notification)


def _downstream_needed(message: IE803, _message: IE803) -> Need:
    """C082: only a split movement goes on under other ARCs; that it was split at all is TC42's fault."""
    return OPTIONAL if message.excise_notification.notification_type is NotificationType.SPLITTING else ABSENT


def _reported(number: str, path: str) -> Rule:
    """R098 or R103: the report that IE807 refers to is kept here, for the same ARC."""
    found = places(IE807, path)

    def check(message: IE807, case: Case) -> Iterator[Finding]:
        """The report exists. Not asked where reports are not kept, nor for what is no ARC of duty paid."""
        reports, code = case.facts.reports, message.attributes.administrative_reference_code
        if reports is None or not of_duty_paid(code):
            return
        yield from (Finding(place, report) for place, report in found(message) if (report, code) not in reports)

    check.__name__ = number.lower()
    return stateful(number, IE807, path, check)


_MOVEMENT: Final = "ExciseMovement/AdministrativeReferenceCode"
_NOTIFIED: Final = "ExciseNotification/AdministrativeReferenceCode"
_DOWNSTREAM: Final = "DownstreamArc/AdministrativeReferenceCode"
_INTERRUPTED: Final = "Attributes/AdministrativeReferenceCode"
_OFFICE: Final = "Attributes/ReferenceNumberOfExciseOffice"

REMINDER: Final[tuple[Rule, ...]] = (
    uncorrelated(IE802),
    language(IE802, "Attributes/ReminderInformation"),
    content("R262", IE802, "Attributes/ReminderMessageType", r262),
    *arc(IE802, _MOVEMENT),
    northern_ireland("R273", IE802, _MOVEMENT),
)

DIVERSION: Final[tuple[Rule, ...]] = (
    content("TC42", IE803, "ExciseNotification/NotificationType", tc42),
    *arc(IE803, _NOTIFIED, _DOWNSTREAM),
    northern_ireland("R273", IE803, _NOTIFIED, _DOWNSTREAM),
    latest_sequence(IE803, "ExciseNotification/SequenceNumber"),
    needed("C082", IE803, "DownstreamArc", _downstream_needed),
)

INTERRUPTION: Final[tuple[Rule, ...]] = (
    uncorrelated_submission(IE807),
    *arc(IE807, _INTERRUPTED),
    needed("C143", IE807, "Attributes/ComplementaryInformation", required_if(is_other("reason_for_interruption_code"))),
    language(IE807, "Attributes/ComplementaryInformation"),
    listed("BC26", IE807, "Attributes/ReasonForInterruptionCode", INTERRUPTION_REASONS),
    office(IE807, _OFFICE),
    known_office(IE807, _OFFICE),
    _reported("R103", "ReferenceControlReport/ControlReportReference"),
    _reported("R098", "ReferenceEventReport/EventReportNumber"),
)

RULES: Final = REMINDER + DIVERSION + INTERRUPTION
