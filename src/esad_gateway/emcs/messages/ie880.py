"""IE880: request to close a movement manually."""

from typing import ClassVar

from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import BodyManualClosure, Header, SupportingDocuments
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE880."""

    administrative_reference_code: str
    sequence_number: int
    manual_closure_request_reason_code: str
    manual_closure_request_reason_code_complement: Text | None = None


@frozen(kw_only=True)
class IE880:
    """IE880 (C_MNC_SUB): request to close a movement manually."""

    BODY: ClassVar[str] = "ManualClosureRequest"

    header: Header
    attributes: Attributes
    supporting_documents: tuple[SupportingDocuments, ...] = repeated(0, 9)
    body_manual_closure: tuple[BodyManualClosure, ...] = repeated(0, 999)
