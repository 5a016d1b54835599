"""IE807: interruption of a movement."""

from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import Header, ReferenceControlReport, ReferenceEventReport
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE807."""

    administrative_reference_code: str
    complementary_information: Text | None = None
    date_and_time_of_issuance: datetime
    reason_for_interruption_code: str
    reference_number_of_excise_office: str
    excise_officer_identification: str | None = None


@frozen(kw_only=True)
class IE807:
    """IE807 (C_STP_NOT): interruption of a movement."""

    BODY: ClassVar[str] = "InterruptionOfMovement"

    header: Header
    attributes: Attributes
    reference_control_report: tuple[ReferenceControlReport, ...] = repeated(0, 9)
    reference_event_report: tuple[ReferenceEventReport, ...] = repeated(0, 9)
