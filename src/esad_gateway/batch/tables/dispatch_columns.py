"""The columns of dispatches under a fallback document, which lead into a draft of an e-SAD (IE815) of duty paid.

What may come several times there has columns with a number: so many as :data:`MOST` says.
"""

from types import MappingProxyType
from typing import Any, Final

from esad_gateway.batch.tables import readers
from esad_gateway.batch.tables.column import Column, address, column, several
from esad_gateway.batch.tables.goods import CN, COUNT, DAY, DEGREES, PACKAGE, PRODUCT, QUANTITY, SEED, STRENGTH
from esad_gateway.batch.tables.readers import Reader, codes
from esad_gateway.emcs.codes import (
    CategoryOfWineProduct,
    DestinationTypeCode,
    GuarantorTypeCode,
    TransportArrangement,
)
from esad_gateway.emcs.rules.code_lists import DUTY_PAID_DRAFT_DESTINATIONS, LANGUAGES, TRANSPORT_MODES, TRANSPORT_UNITS

MOST: Final = MappingProxyType({"packages": 5, "units": 3, "documents": 5, "guarantors": 2})
"""Kinds of packages of a line, transport units, documents beside the fallback document, and guarantors of a table."""

_USUAL: Final = frozenset({"fallback_document", "transport_seal", "brand"})
"""Columns that many tables have, though the example of a template has nothing in them."""

_MASS: Final = readers.amount("amount", 16, 6)
_TEXT: Final = readers.name("text", 350)
_SEAL: Final = readers.name("text", 35)
_NUMBER: Final = readers.name("document", 35, strict=True)
_UNIT: Final = readers.choice(codes(TRANSPORT_UNITS, group="transport_unit"))
_DESTINATIONS: Final = codes(sorted(DUTY_PAID_DRAFT_DESTINATIONS, reverse=True), group="destination")


def _sent(name: str, reader: Reader, way: str, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    rare = not any(example) and name not in _USUAL
    return column(name, reader, example, way=tuple(way.split("/")), rare=rare, **more)


def _line(name: str, reader: Reader, way: str, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    return _sent(name, reader, f"BodyEadEsad/{way}", example, of_line=True, **more)


_DOCUMENTS: Final = several(
    MOST["documents"],
    "further_document",
    _sent("document_type", readers.code("document_type", "[0-9]{1,2}|[A-Z0-9]{4}"), "DocumentCertificate/DocumentType"),
    _sent("document_reference", _NUMBER, "DocumentCertificate/DocumentReference"),
    _sent("document_description", _TEXT, "DocumentCertificate/DocumentDescription"),
    _sent("reference_of_document", _TEXT, "DocumentCertificate/ReferenceOfDocument"),
)
_UNITS: Final = several(
    MOST["units"],
    "further_unit",
    _sent("transport_unit", _UNIT, "TransportDetails/TransportUnitCode", ("2", "2"), required=True),
    _sent("transport_identity", _SEAL, "TransportDetails/IdentityOfTransportUnits", ("AAA 001", "AAA 001")),
    _sent("transport_seal", _SEAL, "TransportDetails/CommercialSealIdentification"),
    _sent("transport_seal_information", _TEXT, "TransportDetails/SealInformation"),
    _sent("transport_unit_information", _TEXT, "TransportDetails/ComplementaryInformation"),
)
_GUARANTORS: Final = several(
    MOST["guarantors"],
    "further_guarantor",
    _sent("guarantor_number", SEED, "MovementGuarantee/GuarantorTrader/TraderExciseNumber"),
    *address("guarantor", "MovementGuarantee/GuarantorTrader", vat=True),
)
_PACKAGES: Final = several(
    MOST["packages"],
    "further_package",
    _line("packages", COUNT, "Package/NumberOfPackages", ("200", "2")),
    _line("package_kind", PACKAGE, "Package/KindOfPackages", ("BX", "PX"), required=True),
    _line("shipping_marks", readers.name("text", 999), "Package/ShippingMarks"),
    _line("package_seal", _SEAL, "Package/CommercialSealIdentification"),
    _line("package_seal_information", _TEXT, "Package/SealInformation"),
)

_DOCUMENT: Final = (
    _sent(
        "local_reference_number",
        readers.name("document", 22, strict=True),
        "EadEsadDraft/LocalReferenceNumber",
        ("{lrn}", "{lrn}"),
        required=True,
    ),
    _sent("fallback_document", _NUMBER, "DocumentCertificate/DocumentReference"),
    *_DOCUMENTS,
    _sent("dispatched", DAY, "EadEsadDraft/DateOfDispatch", ("{dispatched}", "{dispatched}"), required=True),
    _sent("dispatched_at", readers.time_of_day(), "EadEsadDraft/TimeOfDispatch", ("08:00", "08:00")),
    _sent("invoice_number", _NUMBER, "EadEsadDraft/InvoiceNumber", ("PAV-0101", "PAV-0101"), required=True),
    _sent("invoice_date", DAY, "EadEsadDraft/InvoiceDate", ("{dispatched}", "{dispatched}")),
    _sent(
        "office",
        readers.code("office", r"[A-Z]{2}[A-Z0-9]{6}"),
        "CompetentAuthorityDispatchOffice/ReferenceNumber",
        ("LT001000", "LT001000"),
        required=True,
    ),
    _sent("consignor", SEED, "ConsignorTrader/TraderExciseNumber", ("LT00000000101", "LT00000000101"), required=True),
    *address(
        "consignor", "ConsignorTrader", ("UAB Pavyzdys", "Pavyzdžio g.", "1", "LT-01001", "Vilnius"), required=True
    ),
    *address("place_of_dispatch", "PlaceOfDispatchTrader", ("UAB Pavyzdys", "Sandėlio g.", "7", "LT-01001", "Vilnius")),
    _sent("consignee", SEED, "ConsigneeTrader/Traderid", ("PL00000000201", "PL00000000201"), required=True),
    *address(
        "consignee",
        "ConsigneeTrader",
        ("Przykład Sp. z o.o.", "ul. Przykładowa", "5", "00-001", "Warszawa"),
        required=True,
    ),
    _sent("place_of_delivery", readers.name("text", 16), "DeliveryPlaceTrader/Traderid"),
    *address(
        "place_of_delivery",
        "DeliveryPlaceTrader",
        ("Przykład Sp. z o.o.", "ul. Magazynowa", "12", "00-001", "Warszawa"),
    ),
    _sent(
        "destination_type",
        readers.choice(_DESTINATIONS, DestinationTypeCode),
        "HeaderEadEsad/DestinationTypeCode",
        ("9", "9"),
        required=True,
    ),
    _sent(
        "journey_time",
        readers.code("journey", r"H([01][0-9]|2[0-4])|D([0-8][0-9]|9[0-2])"),
        "HeaderEadEsad/JourneyTime",
        ("D05", "D05"),
        required=True,
    ),
    _sent(
        "transport_arrangement",
        readers.choice(codes(TransportArrangement, group="arrangement"), TransportArrangement),
        "HeaderEadEsad/TransportArrangement",
        ("1", "1"),
        required=True,
    ),
    *address("arranger", "TransportArrangerTrader", vat=True),
    *address("transporter", "FirstTransporterTrader", vat=True),
    _sent(
        "transport_mode",
        readers.choice(codes(TRANSPORT_MODES, group="transport_mode")),
        "TransportMode/TransportModeCode",
        ("3", "3"),
        required=True,
    ),
    _sent("transport_information", _TEXT, "TransportMode/ComplementaryInformation"),
    *_UNITS,
    _sent(
        "guarantor_type",
        readers.choice(codes(GuarantorTypeCode, group="guarantor"), GuarantorTypeCode),
        "MovementGuarantee/GuarantorTypeCode",
        ("4", "4"),
        required=True,
    ),
    *_GUARANTORS,
    _sent("language", readers.code("language", "|".join(sorted(LANGUAGES))), "ConsignorTrader/@language", ("lt", "lt")),
)

_GOODS: Final = (
    _line("product", PRODUCT, "ExciseProductCode", ("W200", "B000"), required=True),
    _line("cn_code", CN, "CnCode", ("22042138", "22030009"), required=True),
    _line("quantity", QUANTITY, "Quantity", ("900", "1000"), required=True),
    _line("gross_mass", _MASS, "GrossMass", ("1480", "1090.5"), required=True),
    _line("net_mass", _MASS, "NetMass", ("890", "1010.25"), required=True),
    _line("strength", STRENGTH, "AlcoholicStrengthByVolumeInPercentage", ("12.5", "5.2")),
    _line("plato", DEGREES, "DegreePlato", ("", "12")),
    _line("density", DEGREES, "Density"),
    _line("description", _TEXT, "CommercialDescription", ("Baltasis vynas, 0,75 l", "Alus, 0,5 l"), required=True),
    _line("brand", _TEXT, "BrandNameOfProducts"),
    *_PACKAGES,
    _line("fiscal_mark", _TEXT, "FiscalMark"),
    _line("designation_of_origin", _TEXT, "DesignationOfOrigin"),
    _line("maturation", _TEXT, "MaturationPeriodOrAgeOfProducts"),
    _line("size_of_producer", COUNT, "SizeOfProducer"),
    _line("small_producer", _TEXT, "IndependentSmallProducersDeclaration"),
    _line(
        "wine_category",
        readers.choice(codes(CategoryOfWineProduct, group="wine_category"), CategoryOfWineProduct),
        "WineProduct/WineProductCategory",
        ("3", ""),
    ),
    _line("wine_zone", readers.code("wine_zone", r"[1-6]"), "WineProduct/WineGrowingZoneCode"),
    _line("third_country", readers.code("country", r"[A-Z]{2}"), "WineProduct/ThirdCountryOfOrigin"),
    _line(
        "wine_operations",
        readers.several("wine_operations", r"[0-9]{1,2}", 99),
        "WineProduct/WineOperation/WineOperationCode",
    ),
    _line("wine_information", _TEXT, "WineProduct/OtherInformation"),
)

DISPATCH: Final = tuple(sorted((*_DOCUMENT, *_GOODS), key=lambda one: one.rare))
"""All of them, without the notes; those that few tables have stand behind the others."""
