"""IE702: refusal of a common request."""

from typing import ClassVar

from esad_gateway.emcs.administration_codes import CommonRequestRejectionReason
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class FunctionalError:
    """``FunctionalError`` of IE702."""

    common_request_rejection_reason_code: CommonRequestRejectionReason
    error_reason: str
    error_location: str | None = None
    original_attribute_value: str | None = None


@frozen(kw_only=True)
class IE702:
    """IE702 (C_REQ_REF): refusal of a common request."""

    BODY: ClassVar[str] = "RefusalOfCommonRequest"

    header: Header
    functional_error: tuple[FunctionalError, ...] = repeated(1, 999)
