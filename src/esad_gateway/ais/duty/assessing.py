"""Assesses duty: each line by the rate of its day, every step kept, nothing rounded before the end."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import Final, NamedTuple

from esad_gateway.ais.duty.amiss import (
    MOST_LINES,
    asked_of,
    duty_fault,
    given_measure,
    left_out,
    no_rate,
    place_of,
    wrong_number,
)
from esad_gateway.ais.duty.goods import ExciseGoods, GoodsUse
from esad_gateway.ais.duty.law import (
    CONVERSIONS,
    Conversion,
    DutyLaw,
    DutyRate,
    Measure,
    PartKind,
    RatePart,
    TariffGroup,
    group_coded,
    groups_of,
    rates_of,
)
from esad_gateway.emcs.rules.cn_codes import FIRST_DAYS
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, UNLISTED_PRODUCT
from esad_gateway.faults import Fault, Faults, listed
from esad_gateway.frozen import frozen
from esad_gateway.place import Place

_EXACT: Final = Context(prec=60)
"""Digits enough for the longest amounts, strengths and rates, and for the sum of a year of them."""

_CENT: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)
_ONE: Final = Decimal(1)


@frozen
class PartDuty:
    """What a part of a rate makes for a line, in EUR, unrounded."""

    part: RatePart
    amount: Decimal


@frozen(kw_only=True)
class LineDuty:
    """The duty on one line of goods, step by step.

    ``line`` counts from 1. ``quantity`` is what was taxed, in ``measure``; ``taxed`` is the same in the unit of the
    ``rate``; ``parts`` are what the parts of the rate make, a minimum among them. ``exact`` is the duty in EUR,
    unrounded, and ``amount`` the same in cents.
    """

    line: int
    goods: ExciseGoods
    group: TariffGroup
    rate: DutyRate
    measure: Measure
    quantity: Decimal
    taxed: Decimal
    parts: tuple[PartDuty, ...]
    exact: Decimal
    amount: Decimal


@frozen(kw_only=True)
class Assessment:
    """The duty on goods at the rates of a ``day``: the lines that could be assessed, and why others could not."""

    day: date
    lines: tuple[LineDuty, ...]
    faults: Faults = ()

    @property
    def exact(self) -> Decimal:
        """The duty on all lines in EUR, unrounded."""
        with localcontext(_EXACT):
            return sum((one.exact for one in self.lines), _NOTHING)

    @property
    def amount(self) -> Decimal:
        """The sum of what the lines are in cents: what is declared line by line adds up to it."""
        with localcontext(_EXACT):
            return sum((one.amount for one in self.lines), _NOTHING)


def assess(goods: Sequence[ExciseGoods], day: date, law: DutyLaw) -> Assessment:
    """The duty on ``goods`` at the rates of ``day``, the day of receipt for goods with an e-SAD (2.5).

    Nothing is raised: a line that cannot be assessed has all its faults, and the others are assessed. Rates are those
    of the use that is claimed. Not checked: whether that use is true, how many lines there are
    (:func:`asked_amiss`), and whether a commodity may move under its code.
    """
    lines: list[LineDuty] = []
    faults: list[Fault] = []
    with localcontext(_EXACT):
        for number, one in enumerate(goods, 1):
            judged = _judged(one, number, day, law)
            if isinstance(judged, LineDuty):
                lines.append(judged)
            else:
                faults += judged
    return Assessment(day=day, lines=tuple(lines), faults=tuple(faults))


def asked_amiss(goods: Sequence[ExciseGoods]) -> Faults:
    """What is amiss with a question as a whole: it names no goods, or more than :data:`MOST_LINES` lines."""
    place = Place(in_data=True) / "goods"
    if not goods:
        return (duty_fault("empty", place),)
    return (duty_fault("too_many", place, len(goods), most=MOST_LINES),) if len(goods) > MOST_LINES else ()


def cents(exact: Decimal) -> Decimal:
    """An amount in EUR as it is shown and declared: to the nearest cent, half a cent up."""
    return exact.quantize(_CENT, ROUND_HALF_UP, _EXACT)


def _judged(goods: ExciseGoods, number: int, day: date, law: DutyLaw) -> LineDuty | list[Fault]:
    kind = _Kind(goods.product, goods.cn_code, goods.tariff_group, goods.use, goods.strength)
    known = _rated(kind, day, law)
    if known and all(getattr(goods, item) is not None for item in known.asked):
        faults = list(wrong_number(goods, number))
        return faults or _duty(goods, number, known)
    return _amiss(goods, number, day, law)


class _Kind(NamedTuple):
    """What the group and the rate of goods follow from."""

    product: str | None
    cn_code: str | None
    tariff_group: str | None
    use: GoodsUse | None
    strength: Decimal | None


@frozen
class _Rated:
    """The group and the rate of goods, and what else has to be known of such goods: ``asked``."""

    group: TariffGroup
    rate: DutyRate
    conversion: Conversion
    same: bool
    asked: tuple[str, ...]


@lru_cache(maxsize=4096)
def _rated(kind: _Kind, day: date, law: DutyLaw) -> _Rated | None:
    """What goods of a kind go by on a day, ``None`` where something is amiss with the kind.

    A month has few kinds of goods on many lines, so it is found out once for each.
    """
    goods = ExciseGoods(quantity=_ONE, **kind._asdict())
    group = _group(goods, 1, day, law)
    rates = () if isinstance(group, Fault) else rates_of(law, group.tariff, kind.use, day)
    rate = next((one for one in rates if kind.strength is None or kind.strength in one.band), None)
    if isinstance(group, Fault) or rate is None or (kind.strength is not None and not rate.by_strength):
        return None
    conversion = CONVERSIONS[rate.unit]
    same = conversion.measure is group.measured(kind.product)
    return _Rated(group, rate, conversion, same, tuple(asked_of(goods, group, rate)))


def _amiss(goods: ExciseGoods, number: int, day: date, law: DutyLaw) -> list[Fault]:
    """All that is amiss with goods that have no duty."""
    faults = list(wrong_number(goods, number))
    group = _group(goods, number, day, law)
    if isinstance(group, Fault):
        return [*faults, group]
    rates = rates_of(law, group.tariff, goods.use, day)
    if not rates:
        return [*faults, no_rate(goods, group, day, law, number)]
    faults += left_out(goods, group, rates[0], number)
    return faults or [no_rate(goods, group, day, law, number)]


def _duty(goods: ExciseGoods, number: int, known: _Rated) -> LineDuty:
    conversion, rate = known.conversion, known.rate
    quantity = goods.quantity if known.same else given_measure(goods, conversion.measure) or _NOTHING
    taxed = quantity.scaleb(conversion.shift)
    if conversion.by_strength and goods.strength is not None:
        taxed *= goods.strength
    parts = tuple([PartDuty(part, _made_by(part, taxed, goods)) for part in rate.parts])
    exact = parts[0].amount if len(parts) == 1 else _together(parts)
    return LineDuty(
        line=number,
        goods=goods,
        group=known.group,
        rate=rate,
        measure=conversion.measure,
        quantity=quantity,
        taxed=taxed,
        parts=parts,
        exact=exact,
        amount=cents(exact),
    )


def _together(parts: Iterable[PartDuty]) -> Decimal:
    """What parts make together: the sum of all, or the minimum among them where that is more."""
    least = sum((one.amount for one in parts if one.part.kind is PartKind.MINIMUM), _NOTHING)
    return max(sum((one.amount for one in parts if one.part.kind is not PartKind.MINIMUM), _NOTHING), least)


def _made_by(part: RatePart, taxed: Decimal, goods: ExciseGoods) -> Decimal:
    """What a part of a rate makes; one by the price counts the thousands of pieces that are taxed."""
    if part.kind is not PartKind.AD_VALOREM:
        return taxed * part.figure
    price = (goods.retail_price or _NOTHING) * taxed.scaleb(3) / (goods.pieces_in_package or 1)
    return price * part.figure.scaleb(-2)


def _group(goods: ExciseGoods, number: int, day: date, law: DutyLaw) -> TariffGroup | Fault:
    """The tariff group of a line, by what it says of itself; or the first thing that is in the way."""
    return _code_amiss(goods, number, day) or (
        _told_group(goods, number, day, law) if goods.tariff_group else _found_group(goods, number, day, law)
    )


def _code_amiss(goods: ExciseGoods, number: int, day: date) -> Fault | None:
    product, cn_code = goods.product, goods.cn_code
    if product is None:
        return None
    if product not in EXCISE_PRODUCTS:
        return duty_fault("product", place_of(number, "product"), product)
    first = FIRST_DAYS.get((cn_code or "", product), date.max)
    if cn_code is None or product == UNLISTED_PRODUCT or first <= day:
        return None
    return duty_fault("cn_code", place_of(number, "cn_code"), cn_code, product=product, day=day.isoformat())


def _told_group(goods: ExciseGoods, number: int, day: date, law: DutyLaw) -> TariffGroup | Fault:
    told, place = goods.tariff_group or "", place_of(number, "tariff_group")
    found = group_coded(law, told, day)
    if found is None:
        return duty_fault("group", place, told, day=day.isoformat())
    if goods.product is None or found.holds(goods.product, goods.cn_code or ""):
        return found
    right = (one.code for one in groups_of(law, goods.product, goods.cn_code or "", day))
    return duty_fault("group_product", place, told, product=goods.product, groups=listed(right))


def _found_group(goods: ExciseGoods, number: int, day: date, law: DutyLaw) -> TariffGroup | Fault:
    if goods.product is None and goods.cn_code is None:
        return duty_fault("no_goods", place_of(number, "product"))
    found = _groups(goods.product, goods.cn_code or "", day, law)
    if len(found) == 1:
        return found[0]
    item = "product" if goods.product else "cn_code"
    place, value = place_of(number, item), getattr(goods, item)
    if not found:
        return duty_fault("no_group", place, value, day=day.isoformat())
    return duty_fault("several", place, value, groups=listed(one.code for one in found))


@lru_cache(maxsize=1024)
def _groups(product: str | None, cn_code: str, day: date, law: DutyLaw) -> tuple[TariffGroup, ...]:
    products: Iterable[str] = (product,) if product else _products_of(cn_code, day)
    found = (group for one in products for group in groups_of(law, one, cn_code, day))
    return tuple({group.code: group for group in found}.values())


def _products_of(cn_code: str, day: date) -> Iterable[str]:
    """The excise products that a CN code may be on a day."""
    return (product for (code, product), first in FIRST_DAYS.items() if code == cn_code and first <= day)
