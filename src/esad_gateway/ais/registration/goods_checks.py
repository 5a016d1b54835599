"""What is wrong with goods and places, in a request and on a certificate."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.law import RequestNeed
from esad_gateway.ais.registration.looked import Looked
from esad_gateway.ais.registration.request import GoodsPlace, RequestedGoods
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.faults import Fault
from esad_gateway.place import Place

_T = TypeVar("_T")
_CENT: Final = Decimal("0.01")
_TOO_MUCH: Final = Decimal(10**12)
"""No quantity of goods and no amount of money comes near; what is larger could not be reckoned with to the cent."""
_SHOWN: Final = 40


class HasCertificate(Protocol):
    """What has goods and places as a certificate has them."""

    @property
    def goods(self) -> tuple[RequestedGoods, ...]: ...  # noqa: D102 - said above
    @property
    def places(self) -> tuple[GoodsPlace, ...]: ...  # noqa: D102


def goods_faults(goods: Sequence[RequestedGoods], where: Place, looked: Looked) -> Iterator[Fault]:
    """Unknown products and tariff groups, quantities that are none, and goods that stand there twice."""
    rule = looked.procedure.rule
    for number, one in enumerate(goods, 1):
        at = where.numbered(number)
        yield from _product_faults(one, at, looked)
        for name, quantity in (("monthly", one.monthly), ("quantity", one.quantity)):
            if quantity is not None and not is_amount(quantity):
                yield fault(CaseFlaw.QUANTITY, rule, at / name, shown(quantity))
    for number, one in _repeated(goods, lambda each: (each.product, each.tariff_group)):
        yield fault(CaseFlaw.GOODS_TWICE, rule, where.numbered(number), f"{one.product} {one.tariff_group}")


def places_faults(places: Sequence[GoodsPlace], where: Place, looked: Looked) -> Iterator[Fault]:
    """Places without an address, and those that stand there twice."""
    rule = looked.procedure.rule
    for number, one in enumerate(places, 1):
        for name, text in (("street", one.street), ("city", one.city)):
            if not text.strip():
                yield missing(rule, where.numbered(number) / name)
    for number, one in _repeated(places, plain_place):
        yield fault(CaseFlaw.PLACE_TWICE, rule, where.numbered(number), f"{one.street}, {one.city}")


def certificate_faults(
    goods: Sequence[RequestedGoods], places: Sequence[GoodsPlace], looked: Looked
) -> Iterator[Fault]:
    """What shall stand on a certificate is complete, and stands there once."""
    rule = looked.procedure.rule
    yield from goods_faults(goods, place("goods"), looked)
    yield from places_faults(places, place("places"), looked)
    for name, given, need in (("goods", goods, RequestNeed.GOODS), ("places", places, RequestNeed.PLACES)):
        if not given and looked.needs(need):
            yield missing(rule, place(name))
    yield from unmeasured(goods, RequestNeed.QUANTITY, looked)


def unmeasured(goods: Sequence[RequestedGoods], need: RequestNeed, looked: Looked) -> Iterator[Fault]:
    """Goods without the quantity that their status is about: that of a month, or that of the one consignment."""
    if looked.needs(need):
        numbered = enumerate(goods, 1)
        lacking = (number for number, one in numbered if getattr(one, need) is None)
        yield from (missing(looked.procedure.rule, place("goods", number, need)) for number in lacking)


def granted_faults(
    goods: Sequence[RequestedGoods], places: Sequence[GoodsPlace], asked: HasCertificate, looked: Looked
) -> Iterator[Fault]:
    """Nothing is granted that nobody has asked for: goods by product and tariff group, and places."""
    rule = looked.procedure.decision_rule
    wanted = {(one.product, one.tariff_group): one.quantity for one in asked.goods}
    for number, one in enumerate(goods, 1):
        key = one.product, one.tariff_group
        if key not in wanted or _more(one.quantity, wanted[key]):
            yield fault(CaseFlaw.NOT_REQUESTED, rule, place("goods", number), f"{one.product} {one.tariff_group}")
    known = set(map(plain_place, asked.places))
    for number, where in enumerate(places, 1):
        if plain_place(where) not in known:
            yield fault(CaseFlaw.NOT_REQUESTED, rule, place("places", number), f"{where.street}, {where.city}")


def missing(rule: str, where: Place) -> Fault:
    """That something must stand at a place, and does not."""
    return fault(CaseFlaw.MISSING, rule, where, None, place=str(where))


def plain_place(one: GoodsPlace) -> tuple[str, ...]:
    """A place as it is compared: small letters and single blanks."""
    return tuple(" ".join(text.casefold().split()) for text in (one.street, one.city, one.postcode))


def is_amount(number: Decimal) -> bool:
    """Whether it is a number above zero that is not absurdly large."""
    return number.is_finite() and 0 < number < _TOO_MUCH


def shown(number: Decimal) -> str:
    """A number as it is shown to who gave it, whatever its length."""
    return str(number)[:_SHOWN]


def amount_faults(amount: Decimal, rule: str, where: Place) -> Iterator[Fault]:
    """An amount of money is above zero, and has whole cents."""
    if not is_amount(amount):
        yield fault(CaseFlaw.AMOUNT, rule, where, shown(amount))
    elif amount % _CENT:
        yield fault(CaseFlaw.CENTS, rule, where, shown(amount))


def _more(quantity: Decimal | None, asked: Decimal | None) -> bool:
    return quantity is not None and asked is not None and quantity > asked


def _product_faults(one: RequestedGoods, at: Place, looked: Looked) -> Iterator[Fault]:
    rule, groups = looked.procedure.rule, looked.facts.tariff_groups
    if one.product not in EXCISE_PRODUCTS:
        yield fault(CaseFlaw.PRODUCT, rule, at / "product", one.product)
    if groups is None:
        return
    if one.tariff_group not in groups:
        known = ", ".join(sorted(groups))
        yield fault(CaseFlaw.TARIFF_GROUP, rule, at / "tariff_group", one.tariff_group, known=known)
    elif one.product not in groups[one.tariff_group] and one.product in EXCISE_PRODUCTS:
        told = {"product": one.product, "held": ", ".join(sorted(groups[one.tariff_group]))}
        yield fault(CaseFlaw.OTHER_GROUP, rule, at / "tariff_group", one.tariff_group, **told)


def _repeated(things: Iterable[_T], key: Callable[[_T], Hashable]) -> Iterator[tuple[int, _T]]:
    """Those that stand there already, each with its position."""
    seen: set[Hashable] = set()
    for number, one in enumerate(things, 1):
        if key(one) in seen:
            yield number, one
        seen.add(key(one))
