"""Registry records to an IE713 extract, and changes of our own register to the IE713 that tells of them."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.administration_codes import ModificationType, SeedMessageType
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.messages.ie713 import (
    IE713,
    Action,
    Address,
    Attributes,
    ExciseProduct,
    ExciseProductsCategory,
    LinkedToTemporaryAuthorisationTrader,
    NameAndAddress,
    TemporaryAuthorisationDetails,
    TraderAuthorisation,
)
from esad_gateway.emcs.messages.ie713 import TemporaryAuthorisation as TemporaryRecord
from esad_gateway.emcs.registry import LinkedTrader, Operator, TemporaryAuthorisation
from esad_gateway.emcs.seed.changes import Change, RegisterEntry
from esad_gateway.emcs.seed.codes import TEMPORARY, TEMPORARY_CODES, TRADER_CODES

UNKNOWN: Final = "-"
"""What the register does not know and the schema asks for: parts of an address, the name of a counterparty."""

_COUNTRIES: Final = MappingProxyType({"EL": "GR"})
_DEFAULT_LANGUAGE: Final = "en"
_NO_LIMITS: Final = TemporaryAuthorisation()


def extract_of(entries: Sequence[RegisterEntry], header: Header) -> IE713:
    """The IE713 that states ``entries``: it creates every record, from the record's first day on.

    Traders come before temporary authorisations, each in the order given. Not checked: whether it fits
    (:func:`fits_extract`).
    """
    return IE713(
        header=header,
        attributes=Attributes(incremental_message_type=SeedMessageType.EXTRACTION_OF_ECONOMIC_OPERATORS),
        trader_authorisation=tuple(
            _trader(entry, _creation(entry.operator))
            for entry in entries
            if entry.operator.operator_type not in TEMPORARY
        ),
        temporary_authorisation=tuple(
            _temporary(entry, _creation(entry.operator))
            for entry in entries
            if entry.operator.operator_type in TEMPORARY
        ),
    )


def update_of(changes: Sequence[Change], header: Header) -> IE713:
    """The IE713 that tells another administration of ``changes``, each with its operation and its day.

    Traders come before temporary authorisations, each in the order given: one change of a number a message, where
    their order matters. Not checked: whether it fits (:func:`fits_extract`), and whether the changes may be made.
    """
    return IE713(
        header=header,
        attributes=Attributes(incremental_message_type=SeedMessageType.UPDATE_OF_ECONOMIC_OPERATORS),
        trader_authorisation=tuple(
            _trader(_entry(one), _action(one)) for one in changes if one.operator.operator_type not in TEMPORARY
        ),
        temporary_authorisation=tuple(
            _temporary(_entry(one), _action(one)) for one in changes if one.operator.operator_type in TEMPORARY
        ),
    )


def fits_extract(operator: Operator) -> bool:
    """Whether the schema has room for a record: a temporary authorisation must have an end and a quantity."""
    if operator.operator_type not in TEMPORARY:
        return True
    return operator.valid_to is not None and bool(operator.temporary and operator.temporary.quantities)


def _entry(change: Change) -> RegisterEntry:
    return RegisterEntry(change.operator, change.address)


def _trader(entry: RegisterEntry, action: Action) -> TraderAuthorisation:
    operator = entry.operator
    return TraderAuthorisation(
        trader_excise_number=operator.seed,
        authorisation_begin_date=operator.valid_from,
        authorisation_end_date=operator.valid_to,
        operator_type_code=TRADER_CODES[operator.operator_type],
        reference_number_of_excise_office=operator.office,
        action=action,
        name_and_address=(_name_and_address(entry),),
        excise_products_category=tuple(
            ExciseProductsCategory(excise_products_category_code=letter) for letter in sorted(operator.categories)
        ),
        excise_product=tuple(ExciseProduct(excise_product_code=product) for product in sorted(operator.products)),
    )


def _temporary(entry: RegisterEntry, action: Action) -> TemporaryRecord:
    operator = entry.operator
    limits = operator.temporary or _NO_LIMITS
    return TemporaryRecord(
        temporary_authorisation_reference=operator.seed,
        operator_type_code=TEMPORARY_CODES[operator.operator_type],
        reference_number_of_issuance_office=operator.office,
        date_of_expiry=operator.valid_to or operator.valid_from.max,
        reusable_temporary_authorisation_flag=limits.reusable,
        authorisation_begin_date=operator.valid_from,
        small_wine_producer=limits.small_wine_producer or None,
        action=action,
        name_and_address=(_name_and_address(entry),),
        linked_to_temporary_authorisation_trader=_counterparty(limits),
        temporary_authorisation_details=tuple(
            TemporaryAuthorisationDetails(excise_product_code=product, quantity=quantity)
            for product, quantity in sorted(limits.quantities.items())
        ),
    )


def _action(change: Change) -> Action:
    return Action(operation=change.operation, activation_date=change.activation, action_identification=change.action)


def _creation(operator: Operator) -> Action:
    return Action(
        operation=ModificationType.CREATE,
        activation_date=operator.valid_from,
        action_identification=f"{operator.seed}-{operator.valid_from:%y%m%d}",
    )


def _name_and_address(entry: RegisterEntry) -> NameAndAddress:
    address, state = entry.address, entry.operator.seed[:2]
    return NameAndAddress(
        name=entry.operator.name,
        address=Address(
            country_code=address.get("country", _COUNTRIES.get(state, state)),
            street_name=address.get("street", UNKNOWN),
            street_number=address.get("number"),
            city=address.get("city", UNKNOWN),
            postcode=address.get("postcode", UNKNOWN),
        ),
        language=address.get("language", _DEFAULT_LANGUAGE),
    )


def _counterparty(limits: TemporaryAuthorisation) -> LinkedToTemporaryAuthorisationTrader | None:
    if limits.counterparty is None and limits.linked is None:
        return None
    linked = limits.linked or LinkedTrader(
        name=UNKNOWN, street=UNKNOWN, postcode=UNKNOWN, city=UNKNOWN, language=_DEFAULT_LANGUAGE
    )
    return LinkedToTemporaryAuthorisationTrader(
        trader_excise_number=limits.counterparty,
        trader_name=linked.name,
        street_name=linked.street,
        street_number=linked.number,
        postcode=linked.postcode,
        city=linked.city,
        language=linked.language,
    )
