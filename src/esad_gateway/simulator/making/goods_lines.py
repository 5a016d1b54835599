"""Lines of a document for every excise product, with what has to be said about it."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

from esad_gateway.emcs.codes import CategoryOfWineProduct
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import BodyEadEsad, Package, WineProduct
from esad_gateway.emcs.rules.cn_codes import FIRST_DAYS
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, UNLISTED_PRODUCT
from esad_gateway.simulator.goods import LINES
from esad_gateway.simulator.making.case import MadeCase

T = TypeVar("T")

USUAL: Final = "W200"
"""The goods that test data speaks of as it is shipped."""

_UNITS: Final = MappingProxyType({"1": Decimal(1000), "2": Decimal(20000), "3": Decimal(900), "4": Decimal(100)})
"""How much of it a line has, by the unit that a product is measured in (BC52)."""

_STRENGTHS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {"B000": Decimal("5.2"), "W200": Decimal("12.5"), "W300": Decimal(11), "I000": Decimal(18)}
)
_WINES: Final = frozenset({"W200", "W300"})


@cache
def line_of(product: str, day: date) -> BodyEadEsad:
    """A line of an excise product, with a CN code that it may have on a day. Raises KeyError for no product of BC36."""
    known = {line.excise_product_code: line for line in LINES.values()}
    if product in known:
        return replace(known[product], cn_code=cn_code(product, day))
    kind, quantity = EXCISE_PRODUCTS[product], _UNITS[EXCISE_PRODUCTS[product].unit]
    return BodyEadEsad(
        body_record_unique_reference=1,
        excise_product_code=product,
        cn_code=cn_code(product, day),
        quantity=quantity,
        gross_mass=quantity,
        net_mass=quantity * Decimal("0.8"),
        alcoholic_strength_by_volume_in_percentage=_STRENGTHS.get(product, Decimal(40)) if kind.strength else None,
        degree_plato=Decimal(12) if kind.plato else None,
        density=Decimal(840) if kind.density else None,
        commercial_description=Text(f"Goods of the excise product {product}", "en"),
        package=(Package(kind_of_packages="VL") if product[0] == "E" else _BOXES,),
        wine_product=WineProduct(wine_product_category=CategoryOfWineProduct("3")) if product in _WINES else None,
    )


def cn_code(product: str, day: date) -> str:
    """A CN code that a product may be declared with on a day."""
    if product == UNLISTED_PRODUCT:
        return "22071000"
    return min(code for (code, one), first in FIRST_DAYS.items() if one == product and first <= day)


def in_goods(value: T, product: str, day: date) -> T:
    """A message in which the usual goods are those of another product, with CN codes that there are on a day."""
    return _changed(value, lambda group: _of(group, product, day))


def _of(group: Any, product: str, day: date) -> Any:
    usual = getattr(group, "excise_product_code", None) == USUAL
    if isinstance(group, BodyEadEsad):
        if usual and product != USUAL:
            return replace(line_of(product, day), body_record_unique_reference=group.body_record_unique_reference)
        first = FIRST_DAYS.get((group.cn_code, group.excise_product_code))
        return group if first and first <= day else replace(group, cn_code=cn_code(group.excise_product_code, day))
    return replace(group, excise_product_code=product) if usual else group


def _changed(value: T, change: Callable[[Any], Any]) -> T:
    """``value`` with every group in it as ``change`` has it, inner ones first."""
    if isinstance(value, tuple):
        return tuple(_changed(one, change) for one in value)  # type: ignore[return-value]
    if not is_dataclass(value):
        return value
    new = {one.name: _changed(getattr(value, one.name), change) for one in fields(value)}
    return change(replace(value, **new))  # type: ignore[no-any-return,type-var]


def case_in_goods(case: MadeCase, product: str) -> MadeCase:
    """What such messages are judged against: movements are of it, and whoever may have the usual goods may have it."""
    movements = {
        arc: replace(one, lines=tuple(replace(line, product=_as(line.product, product)) for line in one.lines))
        for arc, one in case.movements.items()
    }
    operators = {seed: _allowed(one, product) for seed, one in case.facts.operators.items()}
    used = {(seed, _as(one, product)): quantity for (seed, one), quantity in case.facts.used.items()}
    return replace(case, movements=movements, facts=replace(case.facts, operators=operators, used=used))


def _as(product: str, other: str) -> str:
    return other if product == USUAL else product


def _allowed(operator: Any, product: str) -> Any:
    limits = operator.temporary
    if USUAL in operator.products:
        operator = replace(operator, products=operator.products - {USUAL} | {product})
    if limits is None:
        return operator
    quantities = {_as(one, product): quantity for one, quantity in limits.quantities.items()}
    return replace(operator, temporary=replace(limits, quantities=quantities))


_BOXES: Final = Package(kind_of_packages="BX", number_of_packages=200)
