"""What may stand in the items of a message: plausible values by the name and the kind of an item."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, get_args, get_type_hints

from esad_gateway.emcs.messages.fields import Text
from esad_gateway.frozen import frozen

_NOON: Final = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - documents leave the zone out
_VALUES: Final[Mapping[str, Sequence[Any]]] = MappingProxyType(
    {
        "language": ("en",),
        "street_number": ("7",),
        "street_name": ("Example street",),
        "postcode": ("00-001",),
        "city": ("Example city",),
        "trader_name": ("Example Ltd",),
        "trader_excise_number": ("PL00000000203", "LT00000000101"),
        "traderid": ("LT00000000102", "PL00000000201"),
        "reference_of_tax_warehouse": ("LT00000000101",),
        "vat_number": ("LT100000000000",),
        "eori_number": ("LT100000000000",),
        "commercial_seal_identification": ("SEAL-0001",),
        "shipping_marks": ("MARKS 1",),
        "identity_of_transport_units": ("AAA 001",),
        "kind_of_packages": ("BX", "VL"),
        "excise_product_code": ("W200", "B000"),
        "cn_code": ("22042138", "22030009"),
        "size_of_producer": (800,),
        "degree_plato": (Decimal(12),),
        "number_of_packages": (10, 0),
        "phone_number": ("+370 5 000 0000",),
        "fax_number": ("+370 5 000 0001",),
        "email_address": ("trader@example.org",),
        "reference_number": ("LT001000", "PL002000"),
        "reference_number_of_excise_office": ("LT001000", "PL002000"),
        "reference_number_of_control_office": ("LT001000",),
        "requesting_office": ("LT001000",),
        "member_state_code": ("LT", "PL"),
        "country_code": ("LT",),
        "administrative_reference_code": ("26PL000000000000001P9",),
        "correlation_identifier": ("5d9f2c1e-6b1a-4c55-8f0e-0a7c1b2d3e4f",),
        "control_report_reference": ("LT00000000000011",),
        "event_report_number": ("LT00000000000022",),
        "observed_shortage_or_excess": (Decimal(10),),
        "refused_quantity": (Decimal(20),),
        "sequence_number": (1, 2),
        "journey_time": ("D05",),
    }
)
_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fiscal_mark": "Banderole A-0001",
        "designation_of_origin": "Wine with a protected geographical indication",
        "brand_name_of_products": "Example brand",
        "maturation_period_or_age_of_products": "2 years",
        "independent_small_producers_declaration": "The producer is an independent small producer",
        "seal_information": "Seal of the consignor",
        "commercial_description": "Goods in packages for retail sale",
        "other_information": "Harvest of 2024",
    }
)
_ITEMS: Final[dict[type[Any], tuple["MessageItem", ...]]] = {}
_CODES: Final = ("1", "2", "3", "0", "5", "AB", "LT")
_BY_TYPE: Final[Mapping[type, Sequence[Any]]] = MappingProxyType(
    {
        bool: (True, False),
        int: (1, 2, 2026),
        Decimal: (Decimal(10), Decimal(1), Decimal("0.5")),
        datetime: (_NOON,),
        date: (_NOON.date(),),
        time: (_NOON.time(),),
        bytes: (b"%PDF-1.7 an image of a document",),
    }
)


@frozen
class MessageItem:
    """One item of a group: its name, the kind of its values, and how many there may be (``None``: no bound)."""

    name: str
    kind: Any
    least: int
    most: int | None
    repeated: bool

    @property
    def optional(self) -> bool:
        """Whether it may be left out."""
        return self.least == 0

    @property
    def is_group(self) -> bool:
        """Whether items stand in it."""
        return is_dataclass(self.kind) and self.kind is not Text


def items_of(group: type[Any]) -> tuple[MessageItem, ...]:
    """The items of a group, in their order."""
    known = _ITEMS.get(group)
    if known is None:
        hints = get_type_hints(group)
        known = _ITEMS[group] = tuple(_item(one, hints[one.name]) for one in fields(group))
    return known


def values_for(item: MessageItem) -> Iterator[Any]:
    """Values that may stand in an item, the likeliest first; of a group the fullest first, and then the barest."""
    if item.is_group:
        yield _group(item.kind, bare=False)
        yield _group(item.kind, bare=True)
    elif item.kind is Text:
        yield Text(_TEXTS.get(item.name, "As agreed with the consignee"), "en")
    elif issubclass(item.kind, Enum):
        yield from item.kind
    else:
        yield from _VALUES.get(item.name, ()) or _BY_TYPE.get(item.kind, _CODES)


def _group(kind: Any, *, bare: bool) -> Any:
    wanted = [item for item in items_of(kind) if not (bare and item.optional)]
    return kind(**{item.name: _one(item) for item in wanted})


def _one(item: MessageItem) -> Any:
    first = next(iter(values_for(item)))
    return (first,) * max(item.least, 1) if item.repeated else first


def _item(field: Field[Any], hint: Any) -> MessageItem:
    kind = next((one for one in get_args(hint) if isinstance(one, type) and one is not type(None)), hint)
    occurs = field.metadata.get("occurs")
    least, most = occurs or (int(field.default is MISSING), 1)
    return MessageItem(field.name, kind, least, most, occurs is not None)
