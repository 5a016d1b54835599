"""IE801: e-AD or e-SAD, validated and carrying its ARC."""

from datetime import date, datetime, time
from typing import ClassVar

from esad_gateway.emcs.codes import DestinationTypeCode, OriginTypeCode, TransportArrangement
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
class ExciseMovement:
    """``ExciseMovement`` of IE801."""

    administrative_reference_code: str
    date_and_time_of_validation_of_ead_esad: datetime


@frozen(kw_only=True)
class EadEsad:
    """``EadEsad`` of IE801."""

    local_reference_number: str
    invoice_number: str
    invoice_date: date | None = None
    origin_type_code: OriginTypeCode
    date_of_dispatch: date
    time_of_dispatch: time | None = None
    upstream_arc: str | None = None
    import_customs_declaration: tuple[ImportCustomsDeclaration, ...] = repeated(0, 9)


@frozen(kw_only=True)
class HeaderEadEsad:
    """``HeaderEadEsad`` of IE801."""

    sequence_number: int
    date_and_time_of_update_validation: datetime
    destination_type_code: DestinationTypeCode
    journey_time: str
    transport_arrangement: TransportArrangement


@frozen(kw_only=True)
class IE801:
    """IE801 (C_EAD_VAL): e-AD or e-SAD, validated and carrying its ARC."""

    BODY: ClassVar[str] = "EADESADContainer"

    header: Header
    consignee_trader: ConsigneeTrader | None = None
    excise_movement: ExciseMovement
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
    ead_esad: EadEsad
    header_ead_esad: HeaderEadEsad
    transport_mode: TransportMode
    movement_guarantee: MovementGuarantee
    body_ead_esad: tuple[BodyEadEsad, ...] = repeated(1, 999)
    transport_details: tuple[TransportDetails, ...] = repeated(1, 99)
