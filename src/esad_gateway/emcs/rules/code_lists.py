"""Business code lists: the codes that the schema leaves open, with their meaning.

An unknown code here is a fault of a rule, not of the schema. The closed lists are enums in
:mod:`esad_gateway.emcs.codes`.
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import DestinationTypeCode, GlobalConclusionOfReceipt
from esad_gateway.frozen import frozen

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

MODES_WITHOUT_GUARANTEE: Final = frozenset({"1", "7"})
"""R216: by sea or through fixed installations, energy products move without a guarantee."""

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


@frozen(kw_only=True)
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

ENERGY_PRODUCTS: Final = frozenset(code for code in EXCISE_PRODUCTS if code.startswith("E"))
"""The products that R215 calls energy products: category E of BC36."""

UNLISTED_PRODUCT: Final = "S500"
"""The one product without a list of CN codes (R211, BR018)."""

PLATO_STATES: Final[Mapping[str, date | None]] = MappingProxyType(
    dict.fromkeys("AT BE BG CZ DE EL ES IT LU MT PL PT RO".split()) | {"NL": date(2023, 12, 31)}  # noqa: SIM905 - 13 lines
)
"""Member states that tax beer by degree Plato (C048), and until which day, ``None`` for no end."""


def taxes_by_plato(state: str, day: date) -> bool:
    """Whether a member state taxes beer by degree Plato on a day."""
    return state in PLATO_STATES and day <= (PLATO_STATES[state] or date.max)


LANGUAGES: Final = frozenset(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()  # noqa: SIM905
)
"""BC12: the official languages of the Union."""

DOCUMENT_TYPES: Final = frozenset(str(number) for number in range(20))
"""BC106: 0 other to 19 certificate of an independent small producer; TARIC document codes come besides."""

TARIC_DOCUMENT_CODE: Final = re.compile(r"[A-Z0-9]{4}")
"""A document by its TARIC code, such as C658; the codes themselves are not in BC106."""

WINE_ZONES: Final = frozenset({"1", "2", "3", "4", "5", "6"})
"""BC40: A, B, C I, C II, C III (a), C III (b)."""

WINE_OPERATIONS: Final = frozenset(str(number) for number in range(13))
"""BC41: 0 none to 12 other."""

ALERT_REASONS: Final = frozenset({"0", "1", "2", "3"})
"""BC22: other, not concerned, products do not match, quantities do not match."""

DELAY_EXPLANATIONS: Final = frozenset({"0", "1", "2", "3", "4", "5", "6"})
"""BC51: other, cancelled or pending transaction, investigation, weather, strike, accident."""

INTERRUPTION_REASONS: Final = frozenset({"0", "1", "2", "3", "4"})
"""BC26: other, fraud suspected, goods destroyed, lost or stolen, requested at a control."""

CLOSURE_REJECTION_REASONS: Final = frozenset({"0", "1", "2"})
"""BC108: other, the evidence does not justify it, the reason does not."""

EVENT_TYPES: Final = frozenset({"0", "1", "2", "3", "6", "7"})
"""BC15: other, accident, goods destroyed, stolen, stolen with the vehicle, transhipment."""

EVENT_SUBMITTERS: Final = frozenset({"0", "1", "2", "3", "4", "5"})
"""BC34: other, consignor, consignee, transporter, excise officer, other official."""

EVIDENCE_TYPES: Final = frozenset({"0", "2", "3", "4"})
"""BC01: other, police report, another report, customs report; 1 is reserved."""

OTHER: Final = "0"
"""What every list of reasons and types calls its entry for everything else; it asks for a text."""

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET
FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XC
XI XK XL XS YE YT ZA ZM ZW
"""

COUNTRIES: Final = frozenset(_COUNTRIES.split())
"""Countries as EMCS writes them: those of ISO 3166 with EL for GR (R218), and the Union's own X codes."""
