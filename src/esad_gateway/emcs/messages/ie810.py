"""IE810: cancellation of an e-AD; does not exist for duty paid."""

from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import Header, MovementReference
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE810."""

    date_and_time_of_validation_of_cancellation: datetime | None = None


@frozen(kw_only=True)
class Cancellation:
    """``Cancellation`` of IE810."""

    cancellation_reason_code: str
    complementary_information: Text | None = None


@frozen(kw_only=True)
class IE810:
    """IE810 (C_CAN_DAT): cancellation of an e-AD; does not exist for duty paid."""

    BODY: ClassVar[str] = "CancellationOfEAD"

    header: Header
    attributes: Attributes
    excise_movement_ead: MovementReference
    cancellation: Cancellation
