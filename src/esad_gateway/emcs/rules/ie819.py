"""Rules on IE819, the alert or rejection of an e-SAD by its consignee."""

from typing import Final

from esad_gateway.emcs.messages import IE819
from esad_gateway.emcs.rules.arcs import arc, known_movement, latest_sequence
from esad_gateway.emcs.rules.code_lists import ALERT_REASONS
from esad_gateway.emcs.rules.correlations import uncorrelated_until
from esad_gateway.emcs.rules.mechanism import Rule
from esad_gateway.emcs.rules.numbers import formed
from esad_gateway.emcs.rules.patterns import (
    OPTIONAL,
    REQUIRED,
    Need,
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
    required_if,
    same_consignee,
    unvalidated,
)


def _reason_needed(message: IE819, _message: IE819) -> Need:
    """C032: a rejection says why; an alert may."""
    return REQUIRED if message.alert_or_rejection.ead_esad_rejected_flag else OPTIONAL


_ARC: Final = "ExciseMovement/AdministrativeReferenceCode"
_OFFICE: Final = "DestinationOffice/ReferenceNumber"
_REASON: Final = "AlertOrRejectionOfEadEsadReason"

RULES: Final[tuple[Rule, ...]] = (
    uncorrelated_until(IE819, "Attributes/DateAndTimeOfValidationOfAlertRejection"),
    *unvalidated(IE819, "Attributes/DateAndTimeOfValidationOfAlertRejection"),
    needed("C116", IE819, "ConsigneeTrader", always(REQUIRED)),
    language(IE819, "ConsigneeTrader"),
    needed("C010", IE819, "ConsigneeTrader/Traderid", always(REQUIRED)),
    formed("R045", IE819, "ConsigneeTrader/Traderid"),
    same_consignee(IE819),
    northern_ireland("R271", IE819, "ConsigneeTrader/Traderid", _ARC),
    no_eori(IE819, "ConsigneeTrader"),
    *arc(IE819, _ARC),
    known_movement(IE819, _ARC),
    # Not among the rules that the rulebook hangs here: a rejection of an earlier version would undo a later one.
    latest_sequence(IE819, "ExciseMovement/SequenceNumber"),
    office(IE819, _OFFICE),
    known_office(IE819, _OFFICE),
    office_in_charge("BR026", IE819, temporary=False),
    office_in_charge("BR027", IE819, temporary=True),
    needed("C032", IE819, _REASON, _reason_needed),
    listed("BC22", IE819, f"{_REASON}/AlertOrRejectionOfMovementReasonCode", ALERT_REASONS),
    needed(
        "C161",
        IE819,
        f"{_REASON}/ComplementaryInformation",
        required_if(is_other("alert_or_rejection_of_movement_reason_code")),
    ),
)
