"""Business code lists: the codes that the schema leaves open, with their meaning.

An unknown code here is a fault of a rule, not of the schema. The closed lists are enums in
:mod:`esad_gateway.emcs.codes`.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import DestinationTypeCode, GlobalConclusionOfReceipt

DUTY_PAID_DESTINATIONS: Final = frozenset(
    {
        DestinationTypeCode.CERTIFIED_CONSIGNEE,
        DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE,
        DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH,
    }
)
"""Destination types of duty-paid movements (R258)."""

DUTY_PAID_DRAFT_DESTINATIONS: Final = DUTY_PAID_DESTINATIONS - {DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH}
"""Destination types that a duty-paid draft may name (R196); a return comes about by a change of destination only."""

RECEIPT_CONCLUSIONS: Final = frozenset(
    {
        GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
        GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY,
        GlobalConclusionOfReceipt.REFUSED,
        GlobalConclusionOfReceipt.PARTIALLY_REFUSED,
    }
)
"""Conclusions of a receipt (TC16); the others of that list belong to export."""

SATISFACTORY_CONCLUSIONS: Final = frozenset(
    {
        GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
        GlobalConclusionOfReceipt.EXIT_ACCEPTED_AND_SATISFACTORY,
    }
)
"""Conclusions that leave nothing to say about single lines (C140, C159)."""

TRANSPORT_MODES: Final = MappingProxyType(
    {
        "0": "other",
        "1": "sea",
        "2": "rail",
        "3": "road",
        "4": "air",
        "5": "postal consignment",
        "7": "fixed transport installations",
        "8": "inland waterway",
    }
)
"""BC67."""

TRANSPORT_UNITS: Final = MappingProxyType(
    {"1": "container", "2": "vehicle", "3": "trailer", "4": "tractor", "5": "fixed transport installation"}
)
"""BC35."""

UNITS_OF_MEASURE: Final = MappingProxyType(
    {"1": "kg", "2": "litre at 15 °C", "3": "litre at 20 °C", "4": "1000 pieces"},
)
"""BC52."""

UNSATISFACTORY_REASONS: Final = MappingProxyType(
    {
        "0": "other",
        "1": "excess",
        "2": "shortage",
        "3": "goods damaged",
        "4": "broken seal",
        "5": "reported by the export system",
        "7": "quantity above the temporary authorisation",
    }
)
"""BC46."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExciseProduct:
    """An excise product of BC36: the unit its quantity is given in (BC52) and what has to be said about it."""

    unit: str
    strength: bool = False
    plato: bool = False
    density: bool = False


_BY_WEIGHT: Final = ExciseProduct(unit="1")
_BY_PIECE: Final = ExciseProduct(unit="4")
_ALCOHOL: Final = ExciseProduct(unit="3", strength=True)
_BEER: Final = ExciseProduct(unit="3", strength=True, plato=True)
_OIL: Final = ExciseProduct(unit="2", density=True)
_ADDITIVE: Final = ExciseProduct(unit="2")

EXCISE_PRODUCTS: Final = MappingProxyType(
    {
        "B000": _BEER,
        **dict.fromkeys(("W200", "W300", "I000", "S200", "S300", "S400", "S500", "S600"), _ALCOHOL),
        **dict.fromkeys(("T200", "T300"), _BY_PIECE),
        **dict.fromkeys(("T400", "T500"), _BY_WEIGHT),
        **dict.fromkeys(("E200", "E300"), _OIL),
        **dict.fromkeys(("E410", "E420", "E430", "E440", "E450", "E460", "E480", "E490"), _OIL),
        **dict.fromkeys(("E700", "E800", "E910", "E920"), _OIL),
        **dict.fromkeys(("E470", "E500", "E600"), _BY_WEIGHT),
        "E930": _ADDITIVE,
    }
)
"""BC36, as Delegated Regulation (EU) 2022/1636, annex II, lists 10 and 11 give it; duty paid may be all of them."""
