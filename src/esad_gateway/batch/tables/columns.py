"""The columns of the tables that people upload, as tables: what each is called, what it takes, and where it goes.

A column is known by its ``name`` (in JSON lines and by programs) and by its heading in every language. Headings are
called what AIS's screens and the annexes of Delegated Regulation (EU) 2022/1636 call the data.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.saad.record import Source
from esad_gateway.batch.tables import readers
from esad_gateway.batch.tables.readers import Reader, codes
from esad_gateway.emcs.codes import (
    CategoryOfWineProduct,
    DestinationTypeCode,
    GuarantorTypeCode,
    TransportArrangement,
)
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.rules.code_lists import DUTY_PAID_DRAFT_DESTINATIONS, LANGUAGES, TRANSPORT_MODES, TRANSPORT_UNITS
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import say


class BatchKind(Enum):
    """What the rows of a file are."""

    SAAD = "saad"
    """Entries of the SAAD list, whatever document the goods came with."""
    MVV = "mvv"
    """Entries of the SAAD list for wine that came with a wine accompanying document."""
    DISPATCH = "dispatch"
    """Dispatches under a fallback document, which become deferred e-SADs."""


@frozen(kw_only=True)
class Column:
    """One column.

    ``of_line``: it belongs to the line of goods; other columns are the document's, and say the same in all its rows.
    ``way`` is where its value stands in what becomes of the row: a field of a SAAD entry or line, or elements below the
    body of the IE815; nothing is made of a column without one. ``heading`` and ``about`` are what it is called and what
    it means; ``example`` are values of the two rows of a template, where ``{received}`` and the like are days of late.
    """

    name: str
    heading: Said
    about: Said
    reader: Reader
    required: bool = False
    of_line: bool = False
    way: tuple[str, ...] = ()
    example: tuple[str, str] = ("", "")

    def called(self, language: str) -> str:
        """Its heading in a language."""
        return say(self.heading, language)


@frozen(kw_only=True)
class Layout:
    """The columns of one kind of table.

    ``key`` are the names of those that make rows one document, ``same`` is how two of their texts are compared.
    """

    kind: BatchKind
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    same: Callable[[str], str]

    def named(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)


_ADMINISTRATION: Final = r"[A-Z]{2}"
_SEED: Final = r"[A-Z]{2}[A-Za-z0-9]{11}"

_number = readers.code("seed", _SEED)
_product = readers.code("product", r"[A-Z][A-Z0-9]{3}")
_cn = readers.code("cn", r"[0-9]{8}", digits=8, grouped=True)
_quantity = readers.amount("amount", 15, 3)
_mass = readers.amount("amount", 16, 6)
_strength = readers.amount("amount", 5, 2, sign="%")
_degrees = readers.amount("amount", 5, 2)
_day = readers.day()
_count = readers.whole("whole", 15)
_package = readers.code("package", r"[A-Z0-9]{2}")
_postcode = readers.code("postcode", r"[A-Za-z0-9][A-Za-z0-9 -]{0,9}", digits=5)


def _column(name: str, reader: Reader, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    about = Said(f"about.{name}")
    return Column(name=name, heading=Said(f"column.{name}"), about=about, reader=reader, example=example, **more)


def _saad(name: str, reader: Reader, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    return _column(name, reader, example, way=(name,), **more)


def _goods(name: str, reader: Reader, example: tuple[str, str], **more: Any) -> Column:
    return _saad(name, reader, example, of_line=True, **more)


_CAPACITIES: Final = (
    OperatorType.CERTIFIED_CONSIGNEE,
    OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    OperatorType.REGISTERED_CONSIGNEE,
    OperatorType.TEMPORARY_REGISTERED_CONSIGNEE,
    OperatorType.AUTHORISED_WAREHOUSEKEEPER,
)

_NOTES: Final = _column("notes", readers.name("text", 32_000))
"""The one column that nothing is made of: there is always something that somebody wants to remember."""

_SOURCE: Final = _saad(
    "source", readers.choice(codes(Source, group="source"), Source), ("fallback", "fallback"), required=True
)


def _saad_columns(document: tuple[str, str], state: str, consignor: str, *, wine: bool) -> tuple[Column, ...]:
    """The columns of an entry of the SAAD list, with the examples of its kind."""
    product, cn = (("W200", "W200"), ("22042138", "22042178")) if wine else (("B000", "S200"), ("22030001", "22083030"))
    return (
        _saad("document", readers.name("document", 350, strict=True), document, required=True),
        _saad("state", readers.code("state", _ADMINISTRATION), (state, state), required=True),
        _saad("consignor", readers.name("text", 182), (consignor, consignor), required=True),
        _saad("dispatched", _day, ("{dispatched}", "{dispatched}"), required=True),
        _saad("received", _day, ("{received}", "{received}"), required=True),
        _saad("consignee", _number, ("LT00000000102", "LT00000000102"), required=True),
        _saad(
            "capacity",
            readers.choice(codes(_CAPACITIES, group="operator"), OperatorType),
            ("certified_consignee", "certified_consignee"),
            required=True,
        ),
        _saad("in_warehouse", readers.flag(), ("0", "0")),
        _goods("product", _product, product, required=True),
        _goods("cn_code", _cn, cn, required=True),
        _goods("quantity", _quantity, ("1000", "700.5"), required=True),
        _goods("strength", _strength, ("12.5", "13") if wine else ("5.2", "40")),
        _goods("plato", _degrees, ("", "") if wine else ("12", "")),
        _goods("packages", _count, ("200", "100")),
        _goods("package_kind", _package, ("BX", "BX")),
        _goods("shortage", _quantity, ("", "1.5")),
        _goods("excess", _quantity, ("", "")),
        _NOTES,
    )


_SAAD_KEY: Final = ("state", "consignor", "document")

_PARTS: Final[Mapping[str, tuple[str, Reader, bool]]] = MappingProxyType(
    {
        "name": ("TraderName", readers.name("text", 182), True),
        "street": ("StreetName", readers.name("text", 65), True),
        "street_number": ("StreetNumber", readers.name("text", 11), False),
        "postcode": ("Postcode", _postcode, True),
        "city": ("City", readers.name("text", 50), True),
    }
)
"""The parts of an address: the element, what it takes, and whether an address has to have it."""


def _address(party: str, group: str, examples: tuple[str, ...], *, required: bool) -> tuple[Column, ...]:
    """The columns of name and address of a party, which all have the same parts."""
    return tuple(
        Column(
            name=f"{party}_{part}",
            heading=said("column.of_party", party=Said(f"party.{party}"), part=Said(f"part.{part}")),
            about=Said(f"about.{party}_address"),
            reader=reader,
            required=required and always,
            way=(group, element),
            example=(example, example),
        )
        for (part, (element, reader, always)), example in zip(_PARTS.items(), examples, strict=True)
    )


def _sent(name: str, reader: Reader, way: str, example: tuple[str, str] = ("", ""), **more: Any) -> Column:
    return _column(name, reader, example, way=tuple(way.split("/")), **more)


def _line(name: str, reader: Reader, way: str, example: tuple[str, str], **more: Any) -> Column:
    return _sent(name, reader, f"BodyEadEsad/{way}", example, of_line=True, **more)


_GUARANTORS: Final = ("4", "1", "5")
"""Guarantors of whom no name and address have to be given (TC29, C017)."""

_DESTINATIONS: Final = codes(sorted(DUTY_PAID_DRAFT_DESTINATIONS, reverse=True), group="destination")

_DISPATCH: Final = (
    _sent(
        "local_reference_number",
        readers.name("document", 22, strict=True),
        "EadEsadDraft/LocalReferenceNumber",
        ("{lrn}", "{lrn}"),
        required=True,
    ),
    _sent("fallback_document", readers.name("document", 35, strict=True), "DocumentCertificate/DocumentReference"),
    _sent("dispatched", _day, "EadEsadDraft/DateOfDispatch", ("{dispatched}", "{dispatched}"), required=True),
    _sent("dispatched_at", readers.time_of_day(), "EadEsadDraft/TimeOfDispatch", ("08:00", "08:00")),
    _sent(
        "invoice_number",
        readers.name("document", 35, strict=True),
        "EadEsadDraft/InvoiceNumber",
        ("PAV-0101", "PAV-0101"),
        required=True,
    ),
    _sent("invoice_date", _day, "EadEsadDraft/InvoiceDate", ("{dispatched}", "{dispatched}")),
    _sent(
        "office",
        readers.code("office", r"[A-Z]{2}[A-Z0-9]{6}"),
        "CompetentAuthorityDispatchOffice/ReferenceNumber",
        ("LT001000", "LT001000"),
        required=True,
    ),
    _sent(
        "consignor",
        _number,
        "ConsignorTrader/TraderExciseNumber",
        ("LT00000000101", "LT00000000101"),
        required=True,
    ),
    *_address(
        "consignor",
        "ConsignorTrader",
        ("UAB Pavyzdys", "Pavyzdžio g.", "1", "LT-01001", "Vilnius"),
        required=True,
    ),
    *_address(
        "place_of_dispatch",
        "PlaceOfDispatchTrader",
        ("UAB Pavyzdys", "Sandėlio g.", "7", "LT-01001", "Vilnius"),
        required=False,
    ),
    _sent("consignee", _number, "ConsigneeTrader/Traderid", ("PL00000000201", "PL00000000201"), required=True),
    *_address(
        "consignee",
        "ConsigneeTrader",
        ("Przykład Sp. z o.o.", "ul. Przykładowa", "5", "00-001", "Warszawa"),
        required=True,
    ),
    *_address(
        "place_of_delivery",
        "DeliveryPlaceTrader",
        ("Przykład Sp. z o.o.", "ul. Magazynowa", "12", "00-001", "Warszawa"),
        required=False,
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
    *_address("arranger", "TransportArrangerTrader", ("",) * 5, required=False),
    _sent(
        "transport_mode",
        readers.choice(codes(TRANSPORT_MODES, group="transport_mode")),
        "TransportMode/TransportModeCode",
        ("3", "3"),
        required=True,
    ),
    _sent("transport_information", readers.name("text", 350), "TransportMode/ComplementaryInformation"),
    _sent(
        "transport_unit",
        readers.choice(codes(TRANSPORT_UNITS, group="transport_unit")),
        "TransportDetails/TransportUnitCode",
        ("2", "2"),
        required=True,
    ),
    _sent(
        "transport_identity",
        readers.name("text", 35),
        "TransportDetails/IdentityOfTransportUnits",
        ("AAA 001", "AAA 001"),
    ),
    _sent(
        "guarantor_type",
        readers.choice(codes(_GUARANTORS, group="guarantor"), GuarantorTypeCode),
        "MovementGuarantee/GuarantorTypeCode",
        ("4", "4"),
        required=True,
    ),
    _sent("language", readers.code("language", "|".join(sorted(LANGUAGES))), "ConsignorTrader/@language", ("lt", "lt")),
    _line("product", _product, "ExciseProductCode", ("W200", "B000"), required=True),
    _line("cn_code", _cn, "CnCode", ("22042138", "22030009"), required=True),
    _line("quantity", _quantity, "Quantity", ("900", "1000"), required=True),
    _line("gross_mass", _mass, "GrossMass", ("1480", "1090.5"), required=True),
    _line("net_mass", _mass, "NetMass", ("890", "1010.25"), required=True),
    _line("strength", _strength, "AlcoholicStrengthByVolumeInPercentage", ("12.5", "5.2")),
    _line("plato", _degrees, "DegreePlato", ("", "12")),
    _line("density", _degrees, "Density", ("", "")),
    _line(
        "description",
        readers.name("text", 350),
        "CommercialDescription",
        ("Baltasis vynas, 0,75 l", "Alus, 0,5 l"),
        required=True,
    ),
    _line("brand", readers.name("text", 350), "BrandNameOfProducts", ("", "")),
    _line("packages", _count, "Package/NumberOfPackages", ("200", "2")),
    _line("package_kind", _package, "Package/KindOfPackages", ("BX", "PX"), required=True),
    _line("shipping_marks", readers.name("text", 999), "Package/ShippingMarks", ("", "")),
    _line("fiscal_mark", readers.name("text", 350), "FiscalMark", ("", "")),
    _line("designation_of_origin", readers.name("text", 350), "DesignationOfOrigin", ("", "")),
    _line("size_of_producer", _count, "SizeOfProducer", ("", "")),
    _line("small_producer", readers.name("text", 350), "IndependentSmallProducersDeclaration", ("", "")),
    _line(
        "wine_category",
        readers.choice(codes(CategoryOfWineProduct, group="wine_category"), CategoryOfWineProduct),
        "WineProduct/WineProductCategory",
        ("3", ""),
    ),
    _line("wine_zone", readers.code("wine_zone", r"[1-6]"), "WineProduct/WineGrowingZoneCode", ("", "")),
    _line("third_country", readers.code("country", r"[A-Z]{2}"), "WineProduct/ThirdCountryOfOrigin", ("", "")),
    _NOTES,
)

LAYOUTS: Final[Mapping[BatchKind, Layout]] = MappingProxyType(
    {
        BatchKind.SAAD: Layout(
            kind=BatchKind.SAAD,
            columns=(_SOURCE, *_saad_columns(("{saad}", "{saad}"), "EL", "EL00000000301", wine=False)),
            key=_SAAD_KEY,
            same=readers.bare,
        ),
        BatchKind.MVV: Layout(
            kind=BatchKind.MVV,
            columns=_saad_columns(("{mvv}", "{mvv}"), "FR", "Domaine Exemple", wine=True),
            key=_SAAD_KEY,
            same=readers.bare,
        ),
        BatchKind.DISPATCH: Layout(
            kind=BatchKind.DISPATCH, columns=_DISPATCH, key=("consignor", "local_reference_number"), same=str.strip
        ),
    }
)
