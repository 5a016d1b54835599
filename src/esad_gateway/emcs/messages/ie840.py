"""IE840: event report."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from esad_gateway.emcs.codes import (
    IndicatorOfShortageOrExcess,
    ReportMessageType,
    TransportArrangement,
)
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import (
    ExciseMovement,
    Header,
    OtherAccompanyingDocument,
    TransportDetails,
    TransportTrader,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE840."""

    event_report_message_type: ReportMessageType
    date_and_time_of_validation_of_event_report: datetime | None = None


@frozen(kw_only=True)
class HeaderEventReport:
    """``HeaderEventReport`` of IE840."""

    event_report_number: str | None = None
    ms_of_submission_event_report_reference: str | None = None
    reference_number_of_excise_office: str
    member_state_of_event: str


@frozen(kw_only=True)
class EventReport:
    """``EventReport`` of IE840."""

    date_of_event: date
    place_of_event: Text
    excise_officer_identification: str | None = None
    submitting_person: str
    submitting_person_code: str
    submitting_person_complement: Text | None = None
    changed_transport_arrangement: TransportArrangement | None = None
    comments: Text | None = None


@frozen(kw_only=True)
class EvidenceOfEvent:
    """``EvidenceOfEvent`` of IE840."""

    issuing_authority: Text | None = None
    evidence_type_code: str
    reference_of_evidence: Text
    image_of_evidence: bytes | None = None
    evidence_type_complement: Text | None = None


@frozen(kw_only=True)
class BodyEventReport:
    """``BodyEventReport`` of IE840."""

    event_type_code: str
    associated_information: Text | None = None
    body_record_unique_reference: int | None = None
    description_of_the_goods: str | None = None
    cn_code: str | None = None
    additional_code: str | None = None
    indicator_of_shortage_or_excess: IndicatorOfShortageOrExcess | None = None
    observed_shortage_or_excess: Decimal | None = None


@frozen(kw_only=True)
class IE840:
    """IE840 (C_EVT_DAT): event report."""

    BODY: ClassVar[str] = "EventReportEnvelope"

    header: Header
    attributes: Attributes
    header_event_report: HeaderEventReport
    excise_movement: ExciseMovement | None = None
    other_accompanying_document: OtherAccompanyingDocument | None = None
    event_report: EventReport
    evidence_of_event: tuple[EvidenceOfEvent, ...] = repeated(0, 9)
    new_transport_arranger_trader: TransportTrader | None = None
    new_transporter_trader: TransportTrader | None = None
    transport_details: tuple[TransportDetails, ...] = repeated(0, 99)
    body_event_report: tuple[BodyEventReport, ...] = repeated(0, 99)
