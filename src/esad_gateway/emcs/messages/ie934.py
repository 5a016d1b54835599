"""IE934: package of messages."""

from typing import ClassVar

from esad_gateway.emcs.administration_codes import TechnicalMessageType
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class MessageBody:
    """``MessageBody`` of IE934."""

    technical_message_type: TechnicalMessageType
    message_data: bytes


@frozen(kw_only=True)
class IE934:
    """IE934 (C_PAC_DAT): package of messages."""

    BODY: ClassVar[str] = "MessagePackage"

    header: Header
    message_body: tuple[MessageBody, ...] = repeated(1, 99)
