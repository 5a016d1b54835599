"""Data groups that several messages share; field order is the order of the elements in the XML."""

from datetime import date, time
from decimal import Decimal

from esad_gateway.emcs.codes import (
    CategoryOfWineProduct,
    FunctionalErrorCodes,
    GuarantorTypeCode,
    IndicatorOfShortageOrExcess,
    OtherAccompanyingDocumentType,
    TraderPersonType,
)
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Header:
    """Sender, recipient, time of preparation (UTC) and identity of a message; its elements are in the TMS namespace."""

    message_sender: str
    message_recipient: str
    date_of_preparation: date
    time_of_preparation: time
    message_identifier: str
    correlation_identifier: str | None = None


@frozen(kw_only=True)
class ConsigneeTrader:
    """The consignee; ``traderid`` is an excise number or a temporary authorisation reference (R045)."""

    traderid: str | None = None
    trader_name: str
    street_name: str
    street_number: str | None = None
    postcode: str
    city: str
    eori_number: str | None = None
    language: str


@frozen(kw_only=True)
class ConsignorTrader:
    """The consignor, by excise number or temporary authorisation reference (R044)."""

    trader_excise_number: str
    trader_name: str
    street_name: str
    street_number: str | None = None
    postcode: str
    city: str
    language: str


@frozen(kw_only=True)
class PlaceOfDispatchTrader:
    """Where the goods leave from."""

    reference_of_tax_warehouse: str | None = None
    trader_name: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    language: str | None = None


@frozen(kw_only=True)
class Office:
    """An excise office, by its reference number."""

    reference_number: str


@frozen(kw_only=True)
class ComplementConsigneeTrader:
    """The exempted consignee's certificate; never for duty paid."""

    member_state_code: str
    serial_number_of_certificate_of_exemption: str | None = None


@frozen(kw_only=True)
class DeliveryPlaceTrader:
    """Where the goods are delivered."""

    traderid: str | None = None
    trader_name: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    language: str | None = None


@frozen(kw_only=True)
class TransportTrader:
    """The arranger of the transport or the transporter."""

    vat_number: str | None = None
    trader_name: str
    street_name: str
    street_number: str | None = None
    postcode: str
    city: str
    language: str


@frozen(kw_only=True)
class DocumentCertificate:
    """A document that accompanies the goods."""

    document_type: str | None = None
    document_reference: str | None = None
    document_description: Text | None = None
    reference_of_document: Text | None = None


@frozen(kw_only=True)
class TransportMode:
    """The mode of transport at the start of the movement."""

    transport_mode_code: str
    complementary_information: Text | None = None


@frozen(kw_only=True)
class GuarantorTrader:
    """A guarantor (C017 says how many)."""

    trader_excise_number: str | None = None
    trader_name: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    city: str | None = None
    postcode: str | None = None
    vat_number: str | None = None
    language: str | None = None


@frozen(kw_only=True)
class MovementGuarantee:
    """Who guarantees the movement."""

    guarantor_type_code: GuarantorTypeCode
    guarantor_trader: tuple[GuarantorTrader, ...] = repeated(0, 2)


@frozen(kw_only=True)
class Package:
    """Packages of one kind."""

    kind_of_packages: str
    number_of_packages: int | None = None
    shipping_marks: str | None = None
    commercial_seal_identification: str | None = None
    seal_information: Text | None = None


@frozen(kw_only=True)
class WineOperation:
    """One oenological operation."""

    wine_operation_code: str


@frozen(kw_only=True)
class WineProduct:
    """What wine law asks about a wine."""

    wine_product_category: CategoryOfWineProduct
    wine_growing_zone_code: str | None = None
    third_country_of_origin: str | None = None
    other_information: Text | None = None
    wine_operation: tuple[WineOperation, ...] = repeated(0, 99)


@frozen(kw_only=True)
class BodyEadEsad:
    """One line of the document: a product, its quantity and its packages."""

    body_record_unique_reference: int
    excise_product_code: str
    cn_code: str
    quantity: Decimal
    gross_mass: Decimal
    net_mass: Decimal
    alcoholic_strength_by_volume_in_percentage: Decimal | None = None
    degree_plato: Decimal | None = None
    fiscal_mark: Text | None = None
    fiscal_mark_used_flag: bool | None = None
    designation_of_origin: Text | None = None
    size_of_producer: int | None = None
    density: Decimal | None = None
    commercial_description: Text | None = None
    brand_name_of_products: Text | None = None
    maturation_period_or_age_of_products: Text | None = None
    independent_small_producers_declaration: Text | None = None
    package: tuple[Package, ...] = repeated(1, 99)
    wine_product: WineProduct | None = None


@frozen(kw_only=True)
class ImportCustomsDeclaration:
    """The customs declaration of imported goods; never for duty paid."""

    import_customs_declaration_number: str


@frozen(kw_only=True)
class TransportDetails:
    """One transport unit."""

    transport_unit_code: str
    identity_of_transport_units: str | None = None
    commercial_seal_identification: str | None = None
    complementary_information: Text | None = None
    seal_information: Text | None = None


@frozen(kw_only=True)
class FunctionalError:
    """One fault: TC49 code, reason, place and value."""

    error_type: FunctionalErrorCodes
    error_reason: str
    error_location: str | None = None
    original_attribute_value: str | None = None


@frozen(kw_only=True)
class ExciseMovement:
    """The movement a message is about: its ARC and sequence number."""

    administrative_reference_code: str
    sequence_number: int


@frozen(kw_only=True)
class MovementReference:
    """A movement by its ARC alone."""

    administrative_reference_code: str


@frozen(kw_only=True)
class SupportingDocuments:
    """A document that supports a manual closure."""

    supporting_document_description: Text | None = None
    reference_of_supporting_document: Text | None = None
    image_of_document: bytes | None = None
    supporting_document_type: str | None = None


@frozen(kw_only=True)
class BodyManualClosure:
    """One line of a manual closure."""

    body_record_unique_reference: int
    indicator_of_shortage_or_excess: IndicatorOfShortageOrExcess | None = None
    observed_shortage_or_excess: Decimal | None = None
    excise_product_code: str | None = None
    refused_quantity: Decimal | None = None
    complementary_information: Text | None = None


@frozen(kw_only=True)
class UnsatisfactoryReason:
    """Why a receipt or a control was not satisfactory."""

    unsatisfactory_reason_code: str
    complementary_information: Text | None = None


@frozen(kw_only=True)
class ReferenceControlReport:
    """A control report, by its reference."""

    control_report_reference: str


@frozen(kw_only=True)
class ReferenceEventReport:
    """An event report, by its number."""

    event_report_number: str


@frozen(kw_only=True)
class PersonInvolvedInMovementTrader:
    """Who takes part in a movement without an e-AD or e-SAD."""

    trader_excise_number: str | None = None
    traderid: str | None = None
    trader_name: str | None = None
    trader_person_type: TraderPersonType | None = None
    member_state_code: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    phone_number: str | None = None
    fax_number: str | None = None
    email_address: str | None = None
    language: str | None = None


@frozen(kw_only=True)
class GoodsItem:
    """Goods of a movement without an e-AD or e-SAD."""

    description_of_the_goods: str | None = None
    cn_code: str | None = None
    commercial_description_of_the_goods: str | None = None
    additional_code: str | None = None
    quantity: Decimal | None = None
    unit_of_measure_code: str | None = None
    gross_mass: Decimal | None = None
    net_mass: Decimal | None = None


@frozen(kw_only=True)
class MeansOfTransport:
    """The vehicle and the transporter of a movement without an e-AD or e-SAD."""

    trader_name: str
    street_name: str
    street_number: str | None = None
    transporter_country: str
    postcode: str
    city: str
    transport_mode_code: str
    aco_complementary_information: Text | None = None
    registration: str
    country_of_registration: str


@frozen(kw_only=True)
class OtherAccompanyingDocument:
    """The document of goods that move without an e-AD or e-SAD."""

    other_accompanying_document_type: OtherAccompanyingDocumentType
    short_description_of_other_accompanying_document: Text | None = None
    other_accompanying_document_number: str
    other_accompanying_document_date: date
    image_of_other_accompanying_document: bytes | None = None
    member_state_of_dispatch: str
    member_state_of_destination: str
    person_involved_in_movement_trader: tuple[PersonInvolvedInMovementTrader, ...] = repeated(0, 9)
    goods_item: tuple[GoodsItem, ...] = repeated(0, 999)
    means_of_transport: MeansOfTransport | None = None


@frozen(kw_only=True)
class Evidence:
    """What proves a finding."""

    issuing_authority: Text | None = None
    evidence_type_code: str
    evidence_type_complement: Text | None = None
    reference_of_evidence: Text | None = None
    image_of_evidence: bytes | None = None
