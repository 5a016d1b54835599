"""Drafts to begin with: one a kind of goods, of today, that is valid as it stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.codes import CategoryOfWineProduct
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import BodyEadEsad, Package, WineProduct
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, draft_now
from esad_gateway.xml.plain import message_to_plain


class Goods(StrEnum):
    """The kinds of goods that a draft can begin with."""

    WINE = "wine"
    BEER = "beer"
    SPIRITS = "spirits"
    ENERGY = "energy"
    TOBACCO = "tobacco"


LINES: Final[Mapping[Goods, BodyEadEsad]] = MappingProxyType(
    {
        Goods.WINE: BodyEadEsad(
            body_record_unique_reference=1,
            excise_product_code="W200",
            cn_code="22042138",
            quantity=Decimal(900),
            gross_mass=Decimal(1480),
            net_mass=Decimal(890),
            alcoholic_strength_by_volume_in_percentage=Decimal("12.5"),
            commercial_description=Text("White wine in bottles of 0.75 l", "en"),
            package=(Package(kind_of_packages="BX", number_of_packages=200),),
            wine_product=WineProduct(wine_product_category=CategoryOfWineProduct("3")),
        ),
        Goods.BEER: BodyEadEsad(
            body_record_unique_reference=1,
            excise_product_code="B000",
            cn_code="22030009",
            quantity=Decimal(1000),
            gross_mass=Decimal("1090.5"),
            net_mass=Decimal("1010.25"),
            alcoholic_strength_by_volume_in_percentage=Decimal("5.2"),
            degree_plato=Decimal(12),
            commercial_description=Text("Lager beer in cans of 0.5 l", "en"),
            package=(Package(kind_of_packages="PX", number_of_packages=2),),
        ),
        Goods.SPIRITS: BodyEadEsad(
            body_record_unique_reference=1,
            excise_product_code="S200",
            cn_code="22086011",
            quantity=Decimal(420),
            gross_mass=Decimal(740),
            net_mass=Decimal(400),
            alcoholic_strength_by_volume_in_percentage=Decimal(40),
            commercial_description=Text("Vodka in bottles of 0.7 l", "en"),
            package=(Package(kind_of_packages="CT", number_of_packages=100),),
        ),
        Goods.ENERGY: BodyEadEsad(
            body_record_unique_reference=1,
            excise_product_code="E430",
            cn_code="27101944",
            quantity=Decimal(20000),
            gross_mass=Decimal(16800),
            net_mass=Decimal(16800),
            density=Decimal(840),
            commercial_description=Text("Diesel in a tank vehicle", "en"),
            package=(Package(kind_of_packages="VL"),),
        ),
        Goods.TOBACCO: BodyEadEsad(
            body_record_unique_reference=1,
            excise_product_code="T200",
            cn_code="24022090",
            quantity=Decimal(100),
            gross_mass=Decimal(130),
            net_mass=Decimal(90),
            commercial_description=Text("Cigarettes in packets of 20", "en"),
            package=(Package(kind_of_packages="CT", number_of_packages=10),),
        ),
    }
)
"""A line of each kind of goods."""

BY_PRODUCT: Final[Mapping[str, Goods]] = MappingProxyType(
    {usual.excise_product_code: goods for goods, usual in LINES.items()}
)
"""The kinds of goods by their excise product codes."""


def exact(quantity: Decimal | float) -> Decimal:
    """A quantity as it is written: 0.7 is seven tenths. Raises UnreadableInput for what is no number."""
    try:
        found = Decimal(str(quantity))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise UnreadableInput(said("sim.quantity", found=f"{quantity!r:.80}"))
    return found


def line(goods: Goods, quantity: Decimal | float | None = None) -> BodyEadEsad:
    """A line of an e-SAD of these goods; of another ``quantity``, in the unit of the product, its masses follow."""
    usual = LINES[goods]
    if quantity is None:
        return usual
    wanted = exact(quantity)
    times = wanted / usual.quantity
    try:
        masses = {name: round(getattr(usual, name) * times, 3).normalize() for name in ("gross_mass", "net_mass")}
    except InvalidOperation:  # beyond what can be reckoned with, and what a gateway takes: it is for that to say
        masses = {}
    return replace(usual, quantity=wanted, **masses)


def wine(litres: Decimal | float) -> BodyEadEsad:
    """A line of still wine (W200)."""
    return line(Goods.WINE, litres)


def beer(litres: Decimal | float) -> BodyEadEsad:
    """A line of beer (B000)."""
    return line(Goods.BEER, litres)


def spirits(litres: Decimal | float) -> BodyEadEsad:
    """A line of spirits (S200)."""
    return line(Goods.SPIRITS, litres)


def diesel(litres: Decimal | float) -> BodyEadEsad:
    """A line of gas oil (E430), in litres at 15 °C."""
    return line(Goods.ENERGY, litres)


def cigarettes(thousands: Decimal | float) -> BodyEadEsad:
    """A line of cigarettes (T200), in thousands of pieces."""
    return line(Goods.TOBACCO, thousands)


def draft_of(goods: Goods, now: datetime) -> dict[str, Any]:
    """A draft of an e-SAD from Lithuania to Poland as plain data, which may be reported on at the day of ``now``.

    Its header names sender and recipient only: what else is in one belongs to the moment at which it is composed.
    """
    draft = draft_now(Parties(OPERATORS[0], OPERATORS[2]), now)
    plain = message_to_plain(replace(draft, body_ead_esad=(LINES[goods],)))
    addresses = {name: plain["header"][name] for name in ("message_sender", "message_recipient")}
    return {**plain, "header": addresses}
