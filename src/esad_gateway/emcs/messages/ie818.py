"""IE818: report of receipt, accepted, refused or partially refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import (
    ConsigneeTrader,
    DeliveryPlaceTrader,
    ExciseMovement,
    Header,
    Office,
    UnsatisfactoryReason,
)
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE818."""

    date_and_time_of_validation_of_report_of_receipt_export: datetime | None = None


@frozen(kw_only=True)
class ReportOfReceiptExport:
    """``ReportOfReceiptExport`` of IE818."""

    date_of_arrival_of_excise_products: date
    global_conclusion_of_receipt: GlobalConclusionOfReceipt
    complementary_information: Text | None = None


@frozen(kw_only=True)
class BodyReportOfReceiptExport:
    """``BodyReportOfReceiptExport`` of IE818."""

    body_record_unique_reference: int
    indicator_of_shortage_or_excess: IndicatorOfShortageOrExcess | None = None
    observed_shortage_or_excess: Decimal | None = None
    excise_product_code: str
    refused_quantity: Decimal | None = None
    unsatisfactory_reason: tuple[UnsatisfactoryReason, ...] = repeated(0, 9)


@frozen(kw_only=True)
class IE818:
    """IE818 (C_DEL_DAT): report of receipt, accepted, refused or partially refused."""

    BODY: ClassVar[str] = "AcceptedOrRejectedReportOfReceiptExport"

    header: Header
    attributes: Attributes
    consignee_trader: ConsigneeTrader
    excise_movement: ExciseMovement
    delivery_place_trader: DeliveryPlaceTrader | None = None
    destination_office: Office | None = None
    report_of_receipt_export: ReportOfReceiptExport
    body_report_of_receipt_export: tuple[BodyReportOfReceiptExport, ...] = repeated(0, 999)
