"""What a certificate lets its trader send, and from where: both are hard limits (RC-1)."""

from collections.abc import Iterable, Iterator

from esad_gateway.ais.registration.acts import NumberGiven
from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.goods_checks import plain_place
from esad_gateway.ais.registration.request import GoodsPlace
from esad_gateway.faults import Fault, Faults, listed
from esad_gateway.place import Place


def outside_certificate(given: NumberGiven, tariff_groups: Iterable[str], start: GoodsPlace) -> Faults:
    """What a certificate does not allow of sending goods of some tariff groups off from a place; all of it.

    Not checked: whether the number is in force.
    """
    return tuple(_outside(given, tariff_groups, start))


def _outside(given: NumberGiven, tariff_groups: Iterable[str], start: GoodsPlace) -> Iterator[Fault]:
    allowed = sorted({one.tariff_group for one in given.goods})
    for number, group in enumerate(tariff_groups, 1):
        if group not in allowed:
            yield _not_certified(given, place("tariff_groups", number), group, allowed)
    if plain_place(start) not in set(map(plain_place, given.places)):
        yield _not_certified(given, place("start"), _address(start), map(_address, given.places))


def _not_certified(given: NumberGiven, where: Place, value: str, allowed: Iterable[str]) -> Fault:
    told = listed(allowed, "; ")
    return fault(CaseFlaw.NOT_CERTIFIED, "RC-1", where, value, certificate=given.certificate, allowed=told)


def _address(one: GoodsPlace) -> str:
    return f"{one.street}, {one.city}"
