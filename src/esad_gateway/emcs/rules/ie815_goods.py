"""Rules on the lines of IE815: products, strengths, packages and wine."""

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import CategoryOfWineProduct, GuarantorTypeCode, SubmissionType
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.groups import BodyEadEsad, Package, WineProduct
from esad_gateway.emcs.rules.cn_codes import FIRST_DAYS
from esad_gateway.emcs.rules.code_lists import (
    COUNTRIES,
    ENERGY_PRODUCTS,
    EXCISE_PRODUCTS,
    UNLISTED_PRODUCT,
    taxes_by_plato,
)
from esad_gateway.emcs.rules.mechanism import Context, Finding
from esad_gateway.emcs.rules.packages import PACKAGES
from esad_gateway.emcs.rules.patterns import ABSENT, OPTIONAL, REQUIRED, Need
from esad_gateway.faults import said
from esad_gateway.place import at

LEAST_STRENGTH: Final = Decimal("0.5")
MOST_STRENGTH: Final = Decimal(100)

_DUTY_PAID: Final = SubmissionType.DUTY_PAID_B2B  # a member of an enumeration is slow to reach in Python 3.11
# What is not in the list is BC36's, and optional for everybody else.
_STRENGTH: Final = MappingProxyType(
    {code: REQUIRED if product.strength else ABSENT for code, product in EXCISE_PRODUCTS.items()}
)
_PLATO: Final = MappingProxyType(
    {code: REQUIRED if product.plato else ABSENT for code, product in EXCISE_PRODUCTS.items()}
)
_DENSITY: Final = MappingProxyType(
    {code: REQUIRED if product.density else ABSENT for code, product in EXCISE_PRODUCTS.items()}
)
_NUMBER: Final = MappingProxyType({kind: REQUIRED if counted else ABSENT for kind, counted in PACKAGES.items()})
_ALIAS_OF_GREECE: Final = "GR"
_ALL_ZEROS: Final = "00000000"


def duty_paid(message: IE815) -> bool:
    """Whether the draft says that it is one for duty paid."""
    return message.attributes.submission_message_type is _DUTY_PAID


def r060(message: IE815, _context: Context) -> Iterator[Finding]:
    """The lines are numbered 1 to n, each number once; in which order they stand does not matter."""
    seen = set()
    last = len(message.body_ead_esad)
    for position, line in enumerate(message.body_ead_esad, 1):
        reference = line.body_record_unique_reference
        if reference in seen or reference > last:
            yield Finding(at("BodyEadEsad", position, "BodyRecordUniqueReference"), reference)
        seen.add(reference)


def bc36(message: IE815, _context: Context) -> Iterator[Finding]:
    """The excise product is in the list. R263 allows duty paid the whole of it, S600 included."""
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.excise_product_code not in EXCISE_PRODUCTS:
            yield Finding(at("BodyEadEsad", position, "ExciseProductCode"), line.excise_product_code)


def r215(message: IE815, _context: Context) -> Iterator[Finding]:
    """Goods move without a guarantee only when they are energy products (R216: by sea or through a pipeline)."""
    if message.movement_guarantee.guarantor_type_code is not GuarantorTypeCode.NO_GUARANTEE:
        return
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.excise_product_code not in ENERGY_PRODUCTS:
            yield Finding(at("BodyEadEsad", position, "ExciseProductCode"), line.excise_product_code)


def r232(message: IE815, _context: Context) -> Iterator[Finding]:
    """What must be greater than zero is.

    Of the items that the rule stands at, the schema holds all but one to it; only a CN code may be all zeros there.
    """
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.cn_code == _ALL_ZEROS:
            yield Finding(at("BodyEadEsad", position, "CnCode"), line.cn_code)


def r211(message: IE815, context: Context) -> Iterator[Finding]:
    """The CN code is one of those that the excise product may be declared with on the day of dispatch.

    BR018 asks the same of the register. A product that is not in its list is BC36's, a code of zeros R232's.
    """
    day = context.dispatched_on(message)
    for position, line in enumerate(message.body_ead_esad, 1):
        first = FIRST_DAYS.get((line.cn_code, line.excise_product_code))
        if (first is None or day < first) and _has_cn_codes(line):
            hint = said("hint.cn_code", code=line.cn_code, product=line.excise_product_code, day=day.isoformat())
            yield Finding(at("BodyEadEsad", position, "CnCode"), line.cn_code, hint)


def r219(message: IE815, _context: Context) -> Iterator[Finding]:
    """The gross mass of a line is not below its net mass."""
    for position, line in enumerate(message.body_ead_esad, 1):
        if line.gross_mass < line.net_mass:
            hint = said("hint.net_mass", net=str(line.net_mass))
            yield Finding(at("BodyEadEsad", position, "GrossMass"), line.gross_mass, hint)


def r237(message: IE815, _context: Context) -> Iterator[Finding]:
    """An alcoholic strength lies between 0.5 and 100."""
    for position, line in enumerate(message.body_ead_esad, 1):
        strength = line.alcoholic_strength_by_volume_in_percentage
        if strength is not None and not LEAST_STRENGTH <= strength <= MOST_STRENGTH:
            yield Finding(at("BodyEadEsad", position, "AlcoholicStrengthByVolumeInPercentage"), strength)


def r251(message: IE815, _context: Context) -> Iterator[Finding]:
    """Packages counted as none are packed with others of the same marks that are counted.

    Without marks that is C203's to say.
    """
    packages = [package for line in message.body_ead_esad for package in line.package]
    if 0 not in [package.number_of_packages for package in packages]:
        return
    counted = {package.shipping_marks for package in packages if package.number_of_packages}
    for position, line in enumerate(message.body_ead_esad, 1):
        for number, package in enumerate(line.package, 1):
            marks = package.shipping_marks
            if package.number_of_packages == 0 and marks is not None and marks not in counted:
                yield Finding(at("BodyEadEsad", position, "Package", number, "NumberOfPackages"), 0)


def r051(message: IE815, _context: Context) -> Iterator[Finding]:
    """The origin of an imported wine is a country outside the Union, which Northern Ireland is not for excise."""
    for position, line in enumerate(message.body_ead_esad, 1):
        country = line.wine_product.third_country_of_origin if line.wine_product else None
        if country is not None and not _third_country(country):
            yield Finding(at("BodyEadEsad", position, "WineProduct/ThirdCountryOfOrigin"), country)


def strength_needed(line: BodyEadEsad, _message: IE815) -> Need:
    """C047: whether a product's alcoholic strength is given; C152 asks less of beer and follows from this."""
    return _STRENGTH.get(line.excise_product_code, OPTIONAL)


def plato_needed(line: BodyEadEsad, message: IE815) -> Need:
    """C048: beer has a degree Plato when the state of dispatch or of destination taxes it by that."""
    need = _PLATO.get(line.excise_product_code, OPTIONAL)
    if need is not REQUIRED:
        return need
    states = (message.consignor_trader.trader_excise_number[:2], _state_of_destination(message))
    day = message.ead_esad_draft.date_of_dispatch
    return REQUIRED if any(state and taxes_by_plato(state, day) for state in states) else OPTIONAL


def density_needed(line: BodyEadEsad, _message: IE815) -> Need:
    """C049: whether a product's density is given."""
    return _DENSITY.get(line.excise_product_code, OPTIONAL)


def number_needed(package: Package, _message: object) -> Need:
    """C073: packages that can be counted are, and goods in bulk are not."""
    return _NUMBER.get(package.kind_of_packages, OPTIONAL)


def third_country_needed(wine: WineProduct, _message: object) -> Need:
    """C045: an imported wine names its country, and no other does."""
    return REQUIRED if wine.wine_product_category is CategoryOfWineProduct.IMPORTED else ABSENT


def _has_cn_codes(line: BodyEadEsad) -> bool:
    product = line.excise_product_code
    return product in EXCISE_PRODUCTS and product != UNLISTED_PRODUCT and line.cn_code != _ALL_ZEROS


def _state_of_destination(message: IE815) -> str | None:
    consignee = message.consignee_trader
    return consignee.traderid[:2] if consignee and consignee.traderid else None


def _third_country(code: str) -> bool:
    return code in COUNTRIES and code not in NATIONAL_ADMINISTRATIONS and code != _ALIAS_OF_GREECE
