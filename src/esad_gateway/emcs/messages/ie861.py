"""IE861: basis for the recovery of duties."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import (
    Evidence,
    ExciseMovement,
    Header,
    Office,
    ReferenceControlReport,
    ReferenceEventReport,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE861."""

    date_and_time_of_issuance: datetime


@frozen(kw_only=True)
class Analysis:
    """``Analysis`` of IE861."""

    date_of_analysis: date
    excise_officer_identification: str | None = None
    opening_of_inquiry_planned_flag: bool
    member_state_code_incredit: str
    guarantor_exemption_flag: bool


@frozen(kw_only=True)
class BodyAnalysis:
    """``BodyAnalysis`` of IE861."""

    excise_product_code: str
    body_record_unique_reference: int
    date_of_shortage: date
    observed_shortage: Decimal | None = None
    basis_quantity_for_recovery_of_duties: Decimal
    quantity_initially_dispatched: Decimal | None = None


@frozen(kw_only=True)
class IE861:
    """IE861 (C_RES_DAT): basis for the recovery of duties."""

    BODY: ClassVar[str] = "BasisForRecoveryOfDuties"

    header: Header
    attributes: Attributes
    excise_movement: ExciseMovement
    analysis: Analysis
    body_analysis: tuple[BodyAnalysis, ...] = repeated(0, 999)
    reference_control_report: tuple[ReferenceControlReport, ...] = repeated(0, 9)
    reference_event_report: tuple[ReferenceEventReport, ...] = repeated(0, 9)
    verification_office: Office
    document_evidence: tuple[Evidence, ...] = repeated(0, 9)
