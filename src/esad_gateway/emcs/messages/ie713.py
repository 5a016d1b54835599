"""IE713: changes to the register of economic operators, or an extract of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from esad_gateway.emcs.administration_codes import (
    ModificationType,
    OperatorRoleCode,
    OperatorTypeCode,
    SeedMessageType,
    TemporaryOperatorTypeCode,
)
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE713."""

    incremental_message_type: SeedMessageType


@frozen(kw_only=True)
class Action:
    """What happens to a record, from which day on, and who says so (R007)."""

    operation: ModificationType
    activation_date: date
    action_identification: str
    responsible_data_manager: str | None = None
    modification_date_and_time: datetime | None = None


@frozen(kw_only=True)
class Address:
    """Where a trader or a tax warehouse is."""

    country_code: str
    street_name: str
    street_number: str | None = None
    city: str
    postcode: str


@frozen(kw_only=True)
class NameAndAddress:
    """Name and address in one language."""

    name: str
    address: Address
    language: str


@frozen(kw_only=True)
class OperatorRole:
    """``OperatorRole`` of IE713."""

    operator_role_code: OperatorRoleCode


@frozen(kw_only=True)
class ExciseProductsCategory:
    """A whole category of products (T, B, W, I, S, E)."""

    excise_products_category_code: str


@frozen(kw_only=True)
class ExciseProduct:
    """An excise product."""

    excise_product_code: str


@frozen(kw_only=True)
class UsingTaxWarehouse:
    """``UsingTaxWarehouse`` of IE713."""

    reference_of_tax_warehouse: str


@frozen(kw_only=True)
class TraderAuthorisation:
    """``TraderAuthorisation`` of IE713."""

    trader_excise_number: str
    vat_number: str | None = None
    authorisation_begin_date: date
    authorisation_end_date: date | None = None
    operator_type_code: OperatorTypeCode
    reference_number_of_excise_office: str
    global_excise_trader_identifier: str | None = None
    action: Action
    name_and_address: tuple[NameAndAddress, ...] = repeated(1, 99)
    operator_role: tuple[OperatorRole, ...] = repeated(0, 9)
    excise_products_category: tuple[ExciseProductsCategory, ...] = repeated(0, 999)
    excise_product: tuple[ExciseProduct, ...] = repeated(0, 999)
    using_tax_warehouse: tuple[UsingTaxWarehouse, ...] = repeated(0, 999)


@frozen(kw_only=True)
class TaxWarehouse:
    """``TaxWarehouse`` of IE713."""

    reference_of_tax_warehouse: str
    validity_begin_date: date
    validity_end_date: date | None = None
    reference_number_of_excise_office: str
    action: Action
    name_and_address: tuple[NameAndAddress, ...] = repeated(1, 99)
    excise_products_category: tuple[ExciseProductsCategory, ...] = repeated(0, 999)
    excise_product: tuple[ExciseProduct, ...] = repeated(0, 999)


@frozen(kw_only=True)
class LinkedToTemporaryAuthorisationTrader:
    """``LinkedToTemporaryAuthorisationTrader`` of IE713."""

    trader_excise_number: str | None = None
    trader_name: str
    street_name: str
    street_number: str | None = None
    postcode: str
    city: str
    language: str


@frozen(kw_only=True)
class TemporaryAuthorisationDetails:
    """``TemporaryAuthorisationDetails`` of IE713."""

    excise_product_code: str
    quantity: Decimal


@frozen(kw_only=True)
class TemporaryAuthorisation:
    """``TemporaryAuthorisation`` of IE713."""

    temporary_authorisation_reference: str
    operator_type_code: TemporaryOperatorTypeCode
    reference_number_of_issuance_office: str
    date_of_expiry: date
    reusable_temporary_authorisation_flag: bool
    vat_number: str | None = None
    authorisation_begin_date: date
    small_wine_producer: bool | None = None
    action: Action
    name_and_address: tuple[NameAndAddress, ...] = repeated(1, 99)
    linked_to_temporary_authorisation_trader: LinkedToTemporaryAuthorisationTrader | None = None
    temporary_authorisation_details: tuple[TemporaryAuthorisationDetails, ...] = repeated(1, 999)


@frozen(kw_only=True)
class IE713:
    """IE713 (C_QRO_DAT): changes to the register of economic operators, or an extract of it."""

    BODY: ClassVar[str] = "IncrementalUpdateOfEconomicOperators"

    header: Header
    attributes: Attributes
    trader_authorisation: tuple[TraderAuthorisation, ...] = repeated(0, None)
    tax_warehouse: tuple[TaxWarehouse, ...] = repeated(0, None)
    temporary_authorisation: tuple[TemporaryAuthorisation, ...] = repeated(0, None)
