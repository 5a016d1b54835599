"""IE815: draft of an e-AD or e-SAD, submitted by the consignor."""

from datetime import date, time
from typing import ClassVar

from esad_gateway.emcs.codes import DestinationTypeCode, OriginTypeCode, SubmissionType, TransportArrangement
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import (
    BodyEadEsad,
    ComplementConsigneeTrader,
    ConsigneeTrader,
    ConsignorTrader,
    DeliveryPlaceTrader,
    DocumentCertificate,
    Header,
    ImportCustomsDeclaration,
    MovementGuarantee,
    Office,
    PlaceOfDispatchTrader,
    TransportDetails,
    TransportMode,
    TransportTrader,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE815."""

    submission_message_type: SubmissionType
    deferred_submission_flag: bool | None = None


@frozen(kw_only=True)
class HeaderEadEsad:
    """``HeaderEadEsad`` of IE815."""

    destination_type_code: DestinationTypeCode
    journey_time: str
    transport_arrangement: TransportArrangement


@frozen(kw_only=True)
class EadEsadDraft:
    """``EadEsadDraft`` of IE815."""

    local_reference_number: str
    invoice_number: str
    invoice_date: date | None = None
    origin_type_code: OriginTypeCode
    date_of_dispatch: date
    time_of_dispatch: time | None = None
    import_customs_declaration: tuple[ImportCustomsDeclaration, ...] = repeated(0, 9)


@frozen(kw_only=True)
class IE815:
    """IE815 (N_EAD_SUB): draft of an e-AD or e-SAD, submitted by the consignor."""

    BODY: ClassVar[str] = "SubmittedDraftOfEADESAD"

    header: Header
    attributes: Attributes
    consignee_trader: ConsigneeTrader | None = None
    consignor_trader: ConsignorTrader
    place_of_dispatch_trader: PlaceOfDispatchTrader | None = None
    dispatch_import_office: Office | None = None
    complement_consignee_trader: ComplementConsigneeTrader | None = None
    delivery_place_trader: DeliveryPlaceTrader | None = None
    delivery_place_customs_office: Office | None = None
    competent_authority_dispatch_office: Office
    transport_arranger_trader: TransportTrader | None = None
    first_transporter_trader: TransportTrader | None = None
    document_certificate: tuple[DocumentCertificate, ...] = repeated(0, 9)
    header_ead_esad: HeaderEadEsad
    transport_mode: TransportMode
    movement_guarantee: MovementGuarantee
    body_ead_esad: tuple[BodyEadEsad, ...] = repeated(1, 999)
    ead_esad_draft: EadEsadDraft
    transport_details: tuple[TransportDetails, ...] = repeated(1, 99)
