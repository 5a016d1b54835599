"""IE819: alert or rejection of an e-AD or e-SAD."""

from datetime import date, datetime
from typing import ClassVar

from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import ConsigneeTrader, ExciseMovement, Header, Office
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE819."""

    date_and_time_of_validation_of_alert_rejection: datetime | None = None


@frozen(kw_only=True)
class AlertOrRejection:
    """``AlertOrRejection`` of IE819."""

    date_of_alert_or_rejection: date
    ead_esad_rejected_flag: bool


@frozen(kw_only=True)
class AlertOrRejectionOfEadEsadReason:
    """``AlertOrRejectionOfEadEsadReason`` of IE819."""

    alert_or_rejection_of_movement_reason_code: str
    complementary_information: Text | None = None


@frozen(kw_only=True)
class IE819:
    """IE819 (C_REJ_DAT): alert or rejection of an e-AD or e-SAD."""

    BODY: ClassVar[str] = "AlertOrRejectionOfEADESAD"

    header: Header
    attributes: Attributes
    consignee_trader: ConsigneeTrader | None = None
    excise_movement: ExciseMovement
    destination_office: Office
    alert_or_rejection: AlertOrRejection
    alert_or_rejection_of_ead_esad_reason: tuple[AlertOrRejectionOfEadEsadReason, ...] = repeated(0, 9)
