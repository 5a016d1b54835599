"""IE905: status response."""

from typing import ClassVar

from esad_gateway.emcs.codes import RequestedMessageType, StatusType
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE905."""

    administrative_reference_code: str
    sequence_number: int
    status: StatusType
    last_received_message_type: RequestedMessageType


@frozen(kw_only=True)
class IE905:
    """IE905 (C_STD_RSP): status response."""

    BODY: ClassVar[str] = "StatusResponse"

    header: Header
    attributes: Attributes
