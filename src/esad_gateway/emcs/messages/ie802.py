"""IE802: reminder that a deadline of a movement has passed."""

from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.codes import ReminderMessageType
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import ExciseMovement, Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE802."""

    date_and_time_of_issuance_of_reminder: datetime
    reminder_information: Text | None = None
    limit_date_and_time: datetime
    reminder_message_type: ReminderMessageType


@frozen(kw_only=True)
class IE802:
    """IE802 (C_EXC_REM): reminder that a deadline of a movement has passed."""

    BODY: ClassVar[str] = "ReminderMessageForExciseMovement"

    header: Header
    attributes: Attributes
    excise_movement: ExciseMovement
