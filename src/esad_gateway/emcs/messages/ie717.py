"""IE717: control report."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from esad_gateway.emcs.administration_codes import (
    ControlReportMessageType,
    ControlType,
    GlobalControlConclusion,
    PerformedControlActionCode,
    ReasonForControl,
)
from esad_gateway.emcs.codes import IndicatorOfShortageOrExcess
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import (
    Evidence,
    ExciseMovement,
    Header,
    OtherAccompanyingDocument,
    UnsatisfactoryReason,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE717."""

    control_report_message_type: ControlReportMessageType
    date_and_time_of_validation_of_control_report: datetime | None = None


@frozen(kw_only=True)
class ControlOffice:
    """``ControlOffice`` of IE717."""

    reference_number_of_control_office: str | None = None
    member_state_code: str | None = None
    control_office_name: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    phone_number: str | None = None
    fax_number: str | None = None
    email_address: str | None = None
    language: str | None = None


@frozen(kw_only=True)
class HeaderControlReport:
    """``HeaderControlReport`` of IE717."""

    control_report_reference: str
    control_office: ControlOffice


@frozen(kw_only=True)
class PerformedControlAction:
    """``PerformedControlAction`` of IE717."""

    performed_control_action: PerformedControlActionCode
    other_control_action: Text | None = None


@frozen(kw_only=True)
class TransportDetails:
    """``TransportDetails`` of IE717."""

    transport_unit_code: str
    identity_of_transport_units: str | None = None
    commercial_seal_identification: str | None = None
    seal_information: Text | None = None
    complementary_information: Text | None = None


@frozen(kw_only=True)
class BodyControlReport:
    """``BodyControlReport`` of IE717."""

    body_record_unique_reference: int | None = None
    description_of_the_goods: str | None = None
    cn_code: str | None = None
    additional_code: str | None = None
    indicator_of_shortage_or_excess: IndicatorOfShortageOrExcess | None = None
    observed_shortage_or_excess: Decimal | None = None
    comments: Text | None = None
    unsatisfactory_reason: tuple[UnsatisfactoryReason, ...] = repeated(0, 9)


@frozen(kw_only=True)
class ControlReport:
    """``ControlReport`` of IE717."""

    date_of_control: date
    place_of_control: Text
    control_type: ControlType
    reason_for_control: ReasonForControl
    complementary_origin_reference: Text | None = None
    control_officer_identity: Text
    global_control_conclusion: GlobalControlConclusion
    control_at_arrival_required: bool
    flag: bool
    comments: Text | None = None
    performed_control_action: tuple[PerformedControlAction, ...] = repeated(1, 99)
    supporting_evidence: tuple[Evidence, ...] = repeated(0, 9)
    unsatisfactory_reason: tuple[UnsatisfactoryReason, ...] = repeated(0, 9)
    transport_details: tuple[TransportDetails, ...] = repeated(0, 99)
    body_control_report: tuple[BodyControlReport, ...] = repeated(0, 99)


@frozen(kw_only=True)
class IE717:
    """IE717 (C_CCR_DAT): control report."""

    BODY: ClassVar[str] = "ControlReportEnvelope"

    header: Header
    attributes: Attributes
    header_control_report: HeaderControlReport
    excise_movement: ExciseMovement | None = None
    other_accompanying_document: OtherAccompanyingDocument | None = None
    control_report: ControlReport
