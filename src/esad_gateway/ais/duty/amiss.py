"""What is amiss with a line of goods, as faults that teach. Each has a name, by which its sentences are found."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.duty.law import (
    CONVERSIONS,
    DutyLaw,
    DutyRate,
    Measure,
    PartKind,
    TariffGroup,
    rows_of,
    uses_of,
)
from esad_gateway.emcs.rules.mechanism import written
from esad_gateway.faults import Fault, Said, Value, listed
from esad_gateway.place import Place, at

DUTY_RULE: Final = "2.5"
"""The chapter of the requirements that tariffs stand in."""

DUTY_FAULTS: Final = (
    "amount",
    "strength",
    "plato",
    "no_goods",
    "product",
    "cn_code",
    "group",
    "group_product",
    "no_group",
    "several",
    "use",
    "use_missing",
    "day",
    "missing",
    "needless",
    "too_many",
    "empty",
    "told_tariff",
    "told_band",
    "told_days",
    "told_source",
    "told_figure",
    "told_negative",
    "told_overlap",
    "told_gap",
    "told_placeholder",
    "told_twice",
    "told_code",
)
"""The names of all faults; their sentences are ``duty.NAME.text`` and ``duty.NAME.hint``."""

MOST_LINES: Final = 999
"""Lines that are assessed at once by whoever asks, as many as a document of EMCS has."""

_TOO_MUCH: Final = Decimal(10) ** 12
_MOST_DECIMALS: Final = 12
_MOST_STRENGTH: Final = Decimal(100)
_AMOUNTS: Final = ("quantity", "net_mass", "litres", "pieces", "retail_price", "pieces_in_package")

_GIVEN_AS: Final = {
    Measure.LITRES: "litres",
    Measure.KILOGRAMS: "net_mass",
    Measure.THOUSANDS: "pieces",
    Measure.MEGAWATT_HOURS: "quantity",
}


def duty_fault(name: str, place: Place, value: object = None, /, **values: Value) -> Fault:
    """The fault of a name; ``values`` go into its sentences."""
    told = tuple(values.items())
    text, hint = Said(f"duty.{name}.text", told), Said(f"duty.{name}.hint", told)
    return Fault(code=DUTY_RULE, rule=DUTY_RULE, place=place, value=written(value), text=text, hint=hint)


def place_of(line: int, item: str) -> Place:
    """The place of an item of a line, which counts from 1."""
    return Place(at("goods", line, item).steps, in_data=True)


def wrong_number(goods: ExciseGoods, line: int) -> Iterable[Fault]:
    """Values that are none: amounts, the strength, and a degree Plato, which the tariff does not go by."""
    for item in _AMOUNTS:
        given = getattr(goods, item)
        if given is not None and not _is_amount(Decimal(given)):
            yield duty_fault("amount", place_of(line, item), str(given))
    if goods.strength is not None and not (_is_amount(goods.strength) and goods.strength <= _MOST_STRENGTH):
        yield duty_fault("strength", place_of(line, "strength"), str(goods.strength))
    if goods.plato is not None:
        yield duty_fault("plato", place_of(line, "plato"), str(goods.plato))


def left_out(goods: ExciseGoods, group: TariffGroup, rate: DutyRate, line: int) -> Iterable[Fault]:
    """What a rate asks for and goods do not say, and a strength for which it does not ask."""
    for item in asked_of(goods, group, rate):
        if getattr(goods, item) is None:
            yield duty_fault("missing", place_of(line, item), item=item, tariff=group.tariff)
    if goods.strength is not None and not rate.by_strength:
        yield duty_fault("needless", place_of(line, "strength"), goods.strength, tariff=group.tariff)


def no_rate(goods: ExciseGoods, group: TariffGroup, day: date, law: DutyLaw, line: int) -> Fault:
    """Why a tariff has no rate for goods on a day: it never had one for this use, or nobody knows which it was."""
    rows, uses = rows_of(law, group.tariff, goods.use), uses_of(law, group.tariff)
    if rows:
        known = listed(dict.fromkeys(f"{row.first}/{row.last or '…'}" for row in rows))
        return duty_fault("day", place_of(line, "product"), None, tariff=group.tariff, day=day.isoformat(), known=known)
    name = "use" if goods.use else "use_missing"
    return duty_fault(name, place_of(line, "use"), goods.use, tariff=group.tariff, uses=listed(uses))


def given_measure(goods: ExciseGoods, measure: Measure) -> Decimal | None:
    """What goods say of themselves in a measure other than that of their quantity."""
    given = getattr(goods, _GIVEN_AS[measure])
    return Decimal(given).scaleb(-3) if given is not None and measure is Measure.THOUSANDS else given


def asked_of(goods: ExciseGoods, group: TariffGroup, rate: DutyRate) -> Iterable[str]:
    """What a rate asks for beside the quantity."""
    if rate.by_strength:
        yield "strength"
    measure = CONVERSIONS[rate.unit].measure
    if measure is not group.measured(goods.product):
        yield _GIVEN_AS[measure]
    if any(part.kind is PartKind.AD_VALOREM for part in rate.parts):
        yield "retail_price"
        yield "pieces_in_package"


def _is_amount(given: Decimal) -> bool:
    """Above zero, below a million millions, with no more digits after the point than can be reckoned with exactly."""
    if not given.is_finite():
        return False
    exponent = given.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_MOST_DECIMALS and 0 < given < _TOO_MUCH
