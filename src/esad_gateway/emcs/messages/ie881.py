"""IE881: answer to a request for manual closure."""

from datetime import date
from typing import ClassVar

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import BodyManualClosure, Header, SupportingDocuments
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE881."""

    administrative_reference_code: str
    sequence_number: int
    date_of_arrival_of_excise_products: date | None = None
    global_conclusion_of_receipt: GlobalConclusionOfReceipt | None = None
    complementary_information: Text | None = None
    manual_closure_request_reason_code: str
    manual_closure_request_reason_code_complement: Text | None = None
    manual_closure_request_accepted: bool
    manual_closure_rejection_reason_code: str | None = None
    manual_closure_rejection_complement: Text | None = None


@frozen(kw_only=True)
class IE881:
    """IE881 (C_MNC_RES): answer to a request for manual closure."""

    BODY: ClassVar[str] = "ManualClosureResponse"

    header: Header
    attributes: Attributes
    supporting_documents: tuple[SupportingDocuments, ...] = repeated(0, 9)
    body_manual_closure: tuple[BodyManualClosure, ...] = repeated(0, 999)
