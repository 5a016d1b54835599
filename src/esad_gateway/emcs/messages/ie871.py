"""IE871: explanation of a shortage or excess."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import ConsigneeTrader, ConsignorTrader, ExciseMovement, Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE871."""

    submitter_type: SubmitterType
    date_and_time_of_validation_of_explanation_on_shortage: datetime | None = None


@frozen(kw_only=True)
class Analysis:
    """``Analysis`` of IE871."""

    date_of_analysis: date
    global_explanation: Text


@frozen(kw_only=True)
class BodyAnalysis:
    """``BodyAnalysis`` of IE871."""

    excise_product_code: str
    body_record_unique_reference: int
    explanation: Text
    actual_quantity: Decimal | None = None


@frozen(kw_only=True)
class IE871:
    """IE871 (C_SHR_EXP): explanation of a shortage or excess."""

    BODY: ClassVar[str] = "ExplanationOnReasonForShortage"

    header: Header
    attributes: Attributes
    consignee_trader: ConsigneeTrader | None = None
    excise_movement: ExciseMovement
    consignor_trader: ConsignorTrader | None = None
    analysis: Analysis | None = None
    body_analysis: tuple[BodyAnalysis, ...] = repeated(0, 999)
