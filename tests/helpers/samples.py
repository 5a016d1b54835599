"""Valid drafts and reports of receipt as values, and a way to change one thing deep inside them.

They fit the facts of ``fixtures/messages/case.toml`` (see :mod:`helpers.case`), and nothing is wrong with them.
"""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    GlobalConclusionOfReceipt,
    GuarantorTypeCode,
    IndicatorOfShortageOrExcess,
    OriginTypeCode,
    SubmissionType,
    TransportArrangement,
)
from esad_gateway.emcs.messages import IE815, IE818, ie815, ie818
from esad_gateway.emcs.messages.groups import (
    BodyEadEsad,
    ConsigneeTrader,
    ConsignorTrader,
    DeliveryPlaceTrader,
    ExciseMovement,
    Header,
    MovementGuarantee,
    Office,
    Package,
    PlaceOfDispatchTrader,
    TransportDetails,
    TransportMode,
    UnsatisfactoryReason,
)
from esad_gateway.simulator.making.changing import evolve

__all__ = ["ACCEPTED", "HEADER", "draft", "evolve", "report"]

HEADER = Header(
    message_sender="NDEA.LT",
    message_recipient="NDEA.LT",
    date_of_preparation=date(2026, 3, 2),
    time_of_preparation=time(9, 59, 30),
    message_identifier="sample-1",
)

_DRAFT = IE815(
    header=HEADER,
    attributes=ie815.Attributes(submission_message_type=SubmissionType.DUTY_PAID_B2B),
    consignee_trader=ConsigneeTrader(
        traderid="PL00000000201",
        trader_name="Przykład Sp. z o.o.",
        street_name="ul. Przykładowa",
        postcode="00-001",
        city="Warszawa",
        language="pl",
    ),
    consignor_trader=ConsignorTrader(
        trader_excise_number="LT00000000101",
        trader_name="UAB Pavyzdys",
        street_name="Pavyzdžio g.",
        postcode="LT-01001",
        city="Vilnius",
        language="lt",
    ),
    place_of_dispatch_trader=PlaceOfDispatchTrader(
        trader_name="UAB Pavyzdys",
        street_name="Sandėlio g.",
        postcode="LT-01001",
        city="Vilnius",
        language="lt",
    ),
    delivery_place_trader=DeliveryPlaceTrader(
        traderid="PL00000000201",
        trader_name="Przykład Sp. z o.o.",
        street_name="ul. Magazynowa",
        postcode="00-001",
        city="Warszawa",
        language="pl",
    ),
    competent_authority_dispatch_office=Office(reference_number="LT001000"),
    header_ead_esad=ie815.HeaderEadEsad(
        destination_type_code=DestinationTypeCode.CERTIFIED_CONSIGNEE,
        journey_time="D05",
        transport_arrangement=TransportArrangement.CONSIGNOR,
    ),
    transport_mode=TransportMode(transport_mode_code="3"),
    movement_guarantee=MovementGuarantee(guarantor_type_code=GuarantorTypeCode.CONSIGNEE),
    body_ead_esad=(
        BodyEadEsad(
            body_record_unique_reference=1,
            excise_product_code="W200",
            cn_code="22042138",
            quantity=Decimal(900),
            gross_mass=Decimal(1480),
            net_mass=Decimal(890),
            alcoholic_strength_by_volume_in_percentage=Decimal("12.5"),
            package=(Package(kind_of_packages="BX", number_of_packages=200),),
        ),
        BodyEadEsad(
            body_record_unique_reference=2,
            excise_product_code="B000",
            cn_code="22030009",
            quantity=Decimal(1000),
            gross_mass=Decimal("1090.5"),
            net_mass=Decimal("1010.25"),
            alcoholic_strength_by_volume_in_percentage=Decimal("5.2"),
            degree_plato=Decimal(12),
            package=(Package(kind_of_packages="PX", number_of_packages=2),),
        ),
    ),
    ead_esad_draft=ie815.EadEsadDraft(
        local_reference_number="LT-2026-000003",
        invoice_number="PAV-0003",
        origin_type_code=OriginTypeCode.DUTY_PAID,
        date_of_dispatch=date(2026, 3, 3),
    ),
    transport_details=(TransportDetails(transport_unit_code="2", identity_of_transport_units="AAA 001"),),
)

_REPORT = IE818(
    header=HEADER,
    attributes=ie818.Attributes(),
    consignee_trader=ConsigneeTrader(
        traderid="LT00000000102",
        trader_name="UAB Bandymas",
        street_name="Bandymų g.",
        postcode="LT-44001",
        city="Kaunas",
        language="lt",
    ),
    excise_movement=ExciseMovement(administrative_reference_code="26PL000000000000001P9", sequence_number=1),
    delivery_place_trader=DeliveryPlaceTrader(
        traderid="LT00000000102",
        trader_name="UAB Bandymas",
        street_name="Bandymų g.",
        postcode="LT-44001",
        city="Kaunas",
        language="lt",
    ),
    destination_office=Office(reference_number="LT001000"),
    report_of_receipt_export=ie818.ReportOfReceiptExport(
        date_of_arrival_of_excise_products=date(2026, 3, 2),
        global_conclusion_of_receipt=GlobalConclusionOfReceipt.PARTIALLY_REFUSED,
    ),
    body_report_of_receipt_export=(
        ie818.BodyReportOfReceiptExport(
            body_record_unique_reference=1,
            indicator_of_shortage_or_excess=IndicatorOfShortageOrExcess.SHORTAGE,
            observed_shortage_or_excess=Decimal(10),
            excise_product_code="W200",
            refused_quantity=Decimal(90),
            unsatisfactory_reason=(UnsatisfactoryReason(unsatisfactory_reason_code="2"),),
        ),
        ie818.BodyReportOfReceiptExport(
            body_record_unique_reference=2,
            excise_product_code="B000",
            unsatisfactory_reason=(UnsatisfactoryReason(unsatisfactory_reason_code="3"),),
        ),
    ),
)

ACCEPTED: dict[str, Any] = {
    "report_of_receipt_export.global_conclusion_of_receipt": GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
    "body_report_of_receipt_export": (),
}
"""What makes the sample report one of full acceptance."""


def draft(changes: Mapping[str, Any] | None = None) -> IE815:
    """A draft e-SAD for wine and beer from Lithuania to Poland, with ``changes`` as :func:`evolve` takes them."""
    return evolve(_DRAFT, changes or {})


def report(changes: Mapping[str, Any] | None = None) -> IE818:
    """A report of receipt that refuses a part of the wine, with ``changes`` as :func:`evolve` takes them."""
    return evolve(_REPORT, changes or {})
