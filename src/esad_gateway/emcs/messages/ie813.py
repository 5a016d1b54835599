"""IE813: change of destination."""

from datetime import date, datetime
from typing import ClassVar

from esad_gateway.emcs.codes import DestinationTypeCode, TransportArrangement
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import (
    ConsigneeTrader,
    DeliveryPlaceTrader,
    Header,
    MovementGuarantee,
    Office,
    TransportDetails,
    TransportTrader,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE813."""

    date_and_time_of_validation_of_change_of_destination: datetime | None = None


@frozen(kw_only=True)
class UpdateEadEsad:
    """``UpdateEadEsad`` of IE813."""

    administrative_reference_code: str
    journey_time: str | None = None
    changed_transport_arrangement: TransportArrangement | None = None
    sequence_number: int | None = None
    invoice_date: date | None = None
    invoice_number: str | None = None
    transport_mode_code: str | None = None
    complementary_information: Text | None = None


@frozen(kw_only=True)
class DestinationChanged:
    """``DestinationChanged`` of IE813."""

    destination_type_code: DestinationTypeCode
    new_consignee_trader: ConsigneeTrader | None = None
    delivery_place_trader: DeliveryPlaceTrader | None = None
    delivery_place_customs_office: Office | None = None
    movement_guarantee: MovementGuarantee | None = None


@frozen(kw_only=True)
class IE813:
    """IE813 (C_UPD_DAT): change of destination."""

    BODY: ClassVar[str] = "ChangeOfDestination"

    header: Header
    attributes: Attributes
    new_transport_arranger_trader: TransportTrader | None = None
    update_ead_esad: UpdateEadEsad
    destination_changed: DestinationChanged
    new_transporter_trader: TransportTrader | None = None
    transport_details: tuple[TransportDetails, ...] = repeated(0, 99)
