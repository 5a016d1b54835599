"""IE904: status request."""

from typing import ClassVar

from esad_gateway.emcs.codes import RequestedMessageType, StatusRequestMessageType, StatusType
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE904."""

    administrative_reference_code: str
    sequence_number: int
    status: StatusType
    last_received_message_type: RequestedMessageType
    status_request_message_type: StatusRequestMessageType | None = None
    national_movement_information_requested_flag: bool


@frozen(kw_only=True)
class IE904:
    """IE904 (C_STD_REQ): status request."""

    BODY: ClassVar[str] = "StatusRequest"

    header: Header
    attributes: Attributes
