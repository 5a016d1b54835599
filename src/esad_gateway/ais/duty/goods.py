"""Goods as duty is assessed on them: one line, whatever document it stands in."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.frozen import frozen

_SHARE: Final = Decimal("1e-12")


class GoodsUse(StrEnum):
    """What goods are for or who made them, where a rate goes by that. It is claimed, never derived."""

    SMALL_BREWERY = "small_brewery"
    """Beer of an independent small brewery, of the quantity that has the lower rate."""
    HEATING = "heating"
    """Fuel for heating, marked where the law asks for it."""
    HEATING_BUSINESS = "heating_business"
    """Gas for heating, used by a business."""
    FARMING = "farming"
    """Marked gas oil for farming and aquaculture."""
    BUSINESS = "business"
    """Electricity used by a business."""
    MOTOR = "motor"
    """Gas as motor fuel."""
    NON_CONFORMING = "non_conforming"
    """Heavy fuel oil that does not meet the requirements."""


@frozen(kw_only=True)
class ExciseGoods:
    """One line of goods.

    ``product`` is an excise product code (``W200``), ``tariff_group`` a code of the national classifier, ``cn_code``
    has eight digits; what is not given follows from the others where it can. ``quantity`` is in the unit that EMCS has
    for the product: litres, kilograms, thousands of pieces; goods that EMCS does not know are given in the unit of
    their tariff group. ``strength`` is the actual one in % vol; a degree ``plato`` is read in order to be refused,
    since beer is taxed by its strength. ``net_mass`` (kg), ``litres`` and ``pieces`` (single ones) are asked for
    where the tariff counts otherwise than EMCS. ``retail_price`` is the maximum retail price in EUR, with all taxes,
    of a package of ``pieces_in_package`` pieces. Nothing is checked here: :mod:`esad_gateway.ais.duty.assessing` does.
    """

    quantity: Decimal
    product: str | None = None
    tariff_group: str | None = None
    cn_code: str | None = None
    strength: Decimal | None = None
    plato: Decimal | None = None
    net_mass: Decimal | None = None
    litres: Decimal | None = None
    pieces: int | None = None
    retail_price: Decimal | None = None
    pieces_in_package: int | None = None
    use: GoodsUse | None = None


@frozen(kw_only=True)
class DutyQuestion:
    """What somebody asks the duty of: ``goods``, at the rates ``on`` a day; ``None`` is the present one."""

    goods: tuple[ExciseGoods, ...] = repeated(0, None)
    on: date | None = None


class EnteredLine(Protocol):
    """A line of the SAAD list, or one like it: what was entered by hand about goods without an e-SAD."""

    @property
    def product(self) -> str: ...  # noqa: D102 - as ExciseGoods says
    @property
    def cn_code(self) -> str: ...  # noqa: D102
    @property
    def quantity(self) -> Decimal: ...  # noqa: D102
    @property
    def strength(self) -> Decimal | None: ...  # noqa: D102


def goods_of(line: BodyEadEsad, quantity: Decimal | None = None) -> ExciseGoods:
    """The goods of a line of an e-SAD; ``quantity`` is what was received, where that is not what was sent.

    The net mass is that of the same share of the line, to a millionth of a milligram. A message says neither a retail
    price nor what goods are for.
    """
    mass = line.net_mass if quantity is None else (line.net_mass * quantity / line.quantity).quantize(_SHARE)
    return ExciseGoods(
        product=line.excise_product_code,
        cn_code=line.cn_code,
        quantity=line.quantity if quantity is None else quantity,
        strength=line.alcoholic_strength_by_volume_in_percentage,
        net_mass=mass,
    )


def goods_of_entry(line: EnteredLine, quantity: Decimal | None = None) -> ExciseGoods:
    """The goods of a line of the SAAD list; ``quantity`` is what was received, where that is not what was sent."""
    return ExciseGoods(
        product=line.product,
        cn_code=line.cn_code,
        quantity=line.quantity if quantity is None else quantity,
        strength=line.strength,
    )
