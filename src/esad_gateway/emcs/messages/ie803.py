"""IE803: notification that a movement was diverted or split."""

from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.codes import NotificationType
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import Header, MovementReference
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class ExciseNotification:
    """``ExciseNotification`` of IE803."""

    notification_type: NotificationType
    notification_date_and_time: datetime
    administrative_reference_code: str
    sequence_number: int


@frozen(kw_only=True)
class IE803:
    """IE803 (C_EAD_NOT): notification that a movement was diverted or split."""

    BODY: ClassVar[str] = "NotificationOfDivertedEADESAD"

    header: Header
    excise_notification: ExciseNotification
    downstream_arc: tuple[MovementReference, ...] = repeated(0, 9)
