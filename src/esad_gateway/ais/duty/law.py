"""The tariffs of a state, as data: which goods fall under which tariff, and what that is from when until when."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.duty.goods import GoodsUse
from esad_gateway.ais.provenance import Provenance, in_force
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen


class Measure(StrEnum):
    """In what a quantity of goods is given."""

    LITRES = "litres"
    KILOGRAMS = "kilograms"
    THOUSANDS = "thousands"
    """Thousands of pieces."""
    MEGAWATT_HOURS = "megawatt_hours"


MEASURES: Final = MappingProxyType(
    {"1": Measure.KILOGRAMS, "2": Measure.LITRES, "3": Measure.LITRES, "4": Measure.THOUSANDS}
)
"""What the units of EMCS (BC52) are."""


class DutyUnit(StrEnum):
    """What a rate is an amount per."""

    HECTOLITRE_DEGREE = "hl_degree"
    """One per cent of alcohol by volume in a hectolitre."""
    HECTOLITRE = "hl"
    HECTOLITRE_PURE = "hl_pure"
    """A hectolitre of pure alcohol."""
    THOUSAND_PIECES = "thousand"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    THOUSAND_LITRES = "thousand_l"
    TONNE = "t"
    MEGAWATT_HOUR = "mwh"


@frozen(kw_only=True)
class Conversion:
    """How a quantity becomes one in a unit: times ten to the power of ``shift``, and ``by_strength`` times % vol."""

    measure: Measure
    shift: int = 0
    by_strength: bool = False


CONVERSIONS: Final[Mapping[DutyUnit, Conversion]] = MappingProxyType(
    {
        DutyUnit.HECTOLITRE_DEGREE: Conversion(measure=Measure.LITRES, shift=-2, by_strength=True),
        DutyUnit.HECTOLITRE: Conversion(measure=Measure.LITRES, shift=-2),
        DutyUnit.HECTOLITRE_PURE: Conversion(measure=Measure.LITRES, shift=-4, by_strength=True),
        DutyUnit.THOUSAND_PIECES: Conversion(measure=Measure.THOUSANDS),
        DutyUnit.KILOGRAM: Conversion(measure=Measure.KILOGRAMS),
        DutyUnit.MILLILITRE: Conversion(measure=Measure.LITRES, shift=3),
        DutyUnit.THOUSAND_LITRES: Conversion(measure=Measure.LITRES, shift=-3),
        DutyUnit.TONNE: Conversion(measure=Measure.KILOGRAMS, shift=-3),
        DutyUnit.MEGAWATT_HOUR: Conversion(measure=Measure.MEGAWATT_HOURS),
    }
)


class PartKind(StrEnum):
    """What a part of a rate is."""

    SPECIFIC = "specific"
    """EUR per unit."""
    CO2 = "co2"
    """EUR per unit, for the carbon dioxide that burning it sets free."""
    AD_VALOREM = "ad_valorem"
    """Per cent of the maximum retail price."""
    MINIMUM = "minimum"
    """EUR per unit that the others together are at least."""


@frozen
class RatePart:
    """One figure of a rate, in EUR per unit or in per cent, and where it is written."""

    kind: PartKind
    figure: Decimal
    provenance: Provenance


@frozen
class StrengthBand:
    """Strengths in % vol ``above`` one and ``up_to`` another, which belongs to it; ``None`` is no bound."""

    above: Decimal | None = None
    up_to: Decimal | None = None

    def __contains__(self, strength: Decimal) -> bool:
        """Whether a strength lies in it."""
        return (self.above is None or self.above < strength) and (self.up_to is None or strength <= self.up_to)


ANY_STRENGTH: Final = StrengthBand()


@frozen(kw_only=True)
class DutyRate:
    """What a ``tariff`` is from its ``first`` to its ``last`` day, for goods of one use and strength.

    ``use`` ``None`` is the rate of goods for which none of its own is claimed.
    """

    tariff: str
    unit: DutyUnit
    first: date
    last: date | None = None
    use: GoodsUse | None = None
    band: StrengthBand = ANY_STRENGTH
    parts: tuple[RatePart, ...]

    @property
    def by_strength(self) -> bool:
        """Whether one has to know the strength of goods for it."""
        return self.band != ANY_STRENGTH or CONVERSIONS[self.unit].by_strength


@frozen
class Tariff:
    """Goods for which the law has one rate, or one for each use and strength: a ``name``, and what it says of them."""

    name: str
    title: Said


@frozen(kw_only=True)
class TariffGroup:
    """Goods that the national classifier keeps together from a ``first`` to a ``last`` day, and the tariff they have.

    ``products`` are excise product codes, empty for goods that EMCS does not know; then ``measure`` says what their
    quantity is given in. ``cn_codes`` are beginnings of CN codes, empty for all. ``placeholder``: the real code was not
    found, and this one is nobody's.
    """

    code: str
    tariff: str
    products: frozenset[str] = frozenset()
    cn_codes: tuple[str, ...] = ()
    first: date
    last: date | None = None
    measure: Measure = Measure.LITRES
    placeholder: bool = False
    provenance: Provenance

    def holds(self, product: str, cn_code: str) -> bool:
        """Whether goods belong to it by their excise product code and CN code."""
        return product in self.products and (not self.cn_codes or cn_code.startswith(self.cn_codes))

    def measured(self, product: str | None) -> Measure:
        """What the quantity of goods of it is given in, under an excise product code or none."""
        found = EXCISE_PRODUCTS.get(product or min(self.products, default=""))
        return MEASURES[found.unit] if found else self.measure


@frozen(kw_only=True)
class DutyLaw:
    """All that duty is assessed by in ``state``.

    ``tax_point`` says what day the rates of a receipt are those of, ``cents`` how an amount is rounded once it is shown
    or declared; both are as they are because somebody says so.
    """

    state: str
    tariffs: tuple[Tariff, ...] = ()
    groups: tuple[TariffGroup, ...] = ()
    rates: tuple[DutyRate, ...] = ()
    tax_point: Provenance
    cents: Provenance

    def __hash__(self) -> int:
        """Cheap, since it is asked for every line; laws of one state are told apart by equality."""
        return hash(self.state)


@lru_cache(maxsize=1024)
def groups_of(law: DutyLaw, product: str, cn_code: str, day: date) -> tuple[TariffGroup, ...]:
    """The groups to which goods belong on a day: those that name their CN code, else those that name none."""
    found = [one for one in law.groups if one.holds(product, cn_code) and in_force([one], day)]
    return tuple([one for one in found if one.cn_codes] or found)


@lru_cache(maxsize=1024)
def group_coded(law: DutyLaw, code: str, day: date) -> TariffGroup | None:
    """The group that has a code on a day."""
    return in_force((one for one in law.groups if one.code == code), day)


@lru_cache(maxsize=1024)
def rates_of(law: DutyLaw, tariff: str, use: GoodsUse | None, day: date) -> tuple[DutyRate, ...]:
    """The rates of a tariff on a day, one for each band of strengths."""
    every = rows_of(law, tariff, use)
    return tuple(one for one in every if in_force([one], day))


def rows_of(law: DutyLaw, tariff: str, use: GoodsUse | None) -> tuple[DutyRate, ...]:
    """All rates of a tariff for one use, whenever they count."""
    return tuple(one for one in law.rates if one.tariff == tariff and one.use == use)


def groups_on(law: DutyLaw, day: date) -> tuple[TariffGroup, ...]:
    """All groups that there are on a day, by their codes."""
    return tuple(sorted((one for one in law.groups if in_force([one], day)), key=lambda one: one.code))


def every_rate_of(law: DutyLaw, tariff: str, day: date) -> tuple[DutyRate, ...]:
    """All rates of a tariff on a day, of every use and band."""
    return tuple(rate for use in (None, *uses_of(law, tariff)) for rate in rates_of(law, tariff, use, day))


def uses_of(law: DutyLaw, tariff: str) -> tuple[GoodsUse, ...]:
    """The uses that have a rate of their own under a tariff, at some time."""
    found: Iterable[GoodsUse] = {one.use for one in law.rates if one.tariff == tariff and one.use}
    return tuple(sorted(found))
