"""An IE713 to changes of the register."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from esad_gateway.emcs.messages.ie713 import (
    IE713,
    LinkedToTemporaryAuthorisationTrader,
    NameAndAddress,
    TemporaryAuthorisationDetails,
    TraderAuthorisation,
)
from esad_gateway.emcs.messages.ie713 import TemporaryAuthorisation as TemporaryRecord
from esad_gateway.emcs.registry import LinkedTrader, Operator, TemporaryAuthorisation
from esad_gateway.emcs.seed.changes import EXTRACTS, Change
from esad_gateway.emcs.seed.codes import TEMPORARIES, TRADERS
from esad_gateway.place import Place, at


def changes_of(message: IE713) -> Iterator[Change]:
    """The changes that the trader and temporary authorisations of ``message`` ask for, in its order.

    Its tax warehouses are left out. If a holder has several names and addresses, the first counts. Not checked:
    whatever the schema does not guarantee.
    """
    extract = message.attributes.incremental_message_type in EXTRACTS
    for position, trader in enumerate(message.trader_authorisation, 1):
        yield _change(
            trader,
            at("TraderAuthorisation", position),
            _trader(trader),
            uses_warehouses=bool(trader.using_tax_warehouse),
            extract=extract,
        )
    for position, temporary in enumerate(message.temporary_authorisation, 1):
        yield _change(temporary, at("TemporaryAuthorisation", position), _temporary(temporary), extract=extract)


def _change(record: TraderAuthorisation | TemporaryRecord, place: Place, operator: Operator, **more: Any) -> Change:
    action = record.action
    return Change(
        place=place,
        operation=action.operation,
        activation=action.activation_date,
        action=action.action_identification,
        operator=operator,
        address=_address(record.name_and_address[0]),
        **more,
    )


def _trader(record: TraderAuthorisation) -> Operator:
    return Operator(
        seed=record.trader_excise_number,
        name=record.name_and_address[0].name,
        operator_type=TRADERS[record.operator_type_code],
        office=record.reference_number_of_excise_office,
        valid_from=record.authorisation_begin_date,
        valid_to=record.authorisation_end_date,
        products=frozenset(item.excise_product_code for item in record.excise_product),
        categories=frozenset(item.excise_products_category_code for item in record.excise_products_category),
    )


def _temporary(record: TemporaryRecord) -> Operator:
    details, linked = record.temporary_authorisation_details, record.linked_to_temporary_authorisation_trader
    return Operator(
        seed=record.temporary_authorisation_reference,
        name=record.name_and_address[0].name,
        operator_type=TEMPORARIES[record.operator_type_code],
        office=record.reference_number_of_issuance_office,
        valid_from=record.authorisation_begin_date,
        valid_to=record.date_of_expiry,
        products=frozenset(item.excise_product_code for item in details),
        temporary=TemporaryAuthorisation(
            counterparty=linked.trader_excise_number if linked else None,
            reusable=record.reusable_temporary_authorisation_flag,
            quantities=_sums(details),
            small_wine_producer=bool(record.small_wine_producer),
            linked=_linked(linked) if linked else None,
        ),
    )


def _sums(details: Iterable[TemporaryAuthorisationDetails]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for item in details:
        sums[item.excise_product_code] = sums.get(item.excise_product_code, Decimal(0)) + item.quantity
    return sums


def _linked(trader: LinkedToTemporaryAuthorisationTrader) -> LinkedTrader:
    return LinkedTrader(
        name=trader.trader_name,
        street=trader.street_name,
        number=trader.street_number,
        postcode=trader.postcode,
        city=trader.city,
        language=trader.language,
    )


def _address(named: NameAndAddress) -> dict[str, str]:
    address = named.address
    number = {"number": address.street_number} if address.street_number else {}
    return {
        "street": address.street_name,
        **number,
        "postcode": address.postcode,
        "city": address.city,
        "language": named.language,
        "country": address.country_code,
    }
