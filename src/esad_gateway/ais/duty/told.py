"""What an administration knows better than the rows that are shipped: rates and codes of groups, laid over them.

A rate that is told counts on its days instead of what stood there; the source is the administration's own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from esad_gateway.ais.duty.amiss import duty_fault
from esad_gateway.ais.duty.goods import GoodsUse
from esad_gateway.ais.duty.law import DutyLaw, DutyRate, DutyUnit, PartKind, RatePart, StrengthBand, TariffGroup
from esad_gateway.ais.provenance import Mark, Provenance, in_force, overlapping
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.faults import Faults, listed
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, at

_ONE_DAY: Final = timedelta(days=1)
_MOST: Final = 999
_TOO_MUCH: Final = Decimal(10) ** 9
_CODE: Final = re.compile("[0-9]{3}")


@frozen(kw_only=True)
class ToldRate:
    """A rate as the administration writes it: the figures of its parts in EUR a unit, ``ad_valorem`` in per cent.

    ``above`` and ``up_to`` are the band of strengths, as the tariff has it; ``unit`` is that of the tariff if left out.
    """

    tariff: str
    first: date
    source: str
    last: date | None = None
    use: GoodsUse | None = None
    above: Decimal | None = None
    up_to: Decimal | None = None
    unit: DutyUnit | None = None
    specific: Decimal | None = None
    co2: Decimal | None = None
    ad_valorem: Decimal | None = None
    minimum: Decimal | None = None

    @property
    def figures(self) -> tuple[tuple[PartKind, Decimal], ...]:
        """The figures that are given, in the order in which a rate shows them."""
        given = ((kind, getattr(self, kind)) for kind in PartKind)
        return tuple((kind, figure) for kind, figure in given if figure is not None)


@frozen(kw_only=True)
class ToldGroup:
    """The real code of a tariff group that is a placeholder here."""

    placeholder: str
    code: str
    source: str


@frozen(kw_only=True)
class ToldTariffs:
    """All that an administration tells: a file ``tariffs.toml``."""

    rate: tuple[ToldRate, ...] = repeated(0, _MOST)
    group: tuple[ToldGroup, ...] = repeated(0, _MOST)


def laid_over(law: DutyLaw, told: ToldTariffs) -> DutyLaw | Faults:
    """The law with what is told instead of what it had, or everything that is amiss with what is told.

    Not checked: whether the figures are right.
    """
    rates = tuple(_rate(law, one) for one in told.rate)
    faults = (*_rates_amiss(law, told.rate, rates), *_groups_amiss(law, told.group))
    if faults:
        return faults
    kept = tuple(part for one in law.rates for part in _left(one, rates))
    return replace(law, rates=(*kept, *rates), groups=tuple(_named(law.groups, told.group)))


def _rate(law: DutyLaw, told: ToldRate) -> DutyRate:
    provenance = Provenance(told.source.strip(), Mark.DECIDED)
    return DutyRate(
        tariff=told.tariff,
        unit=told.unit or _unit(law, told),
        first=told.first,
        last=told.last,
        use=told.use,
        band=StrengthBand(told.above, told.up_to),
        parts=tuple(RatePart(kind, figure, provenance) for kind, figure in told.figures),
    )


def _unit(law: DutyLaw, told: ToldRate) -> DutyUnit:
    """The unit that the tariff had last for this use, or else for any."""
    of_tariff = [one for one in law.rates if one.tariff == told.tariff]
    found = [one for one in of_tariff if one.use == told.use] or of_tariff
    return max(found, key=lambda one: one.first).unit if found else DutyUnit.KILOGRAM


def _rates_amiss(law: DutyLaw, told: Sequence[ToldRate], rates: Sequence[DutyRate]) -> Faults:
    alone = (fault for place, one in enumerate(told, 1) for fault in _rate_amiss(law, one, place))
    return (*alone, *_days_amiss(law, rates))


def _rate_amiss(law: DutyLaw, told: ToldRate, number: int) -> Faults:
    bands = {(one.band.above, one.band.up_to) for one in law.rates if one.tariff == told.tariff}
    known = bool(bands)
    amiss = (
        ("tariff", told.tariff, "told_tariff", not known),
        ("above", _band(told.above, told.up_to), "told_band", known and (told.above, told.up_to) not in bands),
        ("last", told.last, "told_days", told.last is not None and told.last < told.first),
        ("source", told.source, "told_source", not told.source.strip()),
        ("specific", None, "told_figure", not any(kind is not PartKind.MINIMUM for kind, _ in told.figures)),
        *((kind, str(figure), "told_negative", not _is_figure(figure)) for kind, figure in told.figures),
    )
    tariffs = listed(one.name for one in law.tariffs)
    several = listed(sorted(_band(*one) for one in bands), "; ")
    return tuple(
        duty_fault(name, _place("rate", number, item), value, tariffs=tariffs, bands=several)
        for item, value, name, wrong in amiss
        if wrong
    )


def _days_amiss(law: DutyLaw, rates: Sequence[DutyRate]) -> Faults:
    """Rows of one thing that count on one day both, and days between two of them on which nothing does."""
    numbers = {id(one): number for number, one in enumerate(rates, 1)}
    found: list[tuple[str, DutyRate, date]] = []
    for key in dict.fromkeys(map(_key, rates)):
        rows = sorted((one for one in rates if _key(one) == key), key=lambda one: one.first)
        known = [one for one in law.rates if _key(one) == key]
        found += [("told_overlap", later, later.first) for _, later in overlapping(rows)]
        found += [("told_gap", later, day) for day, later in _gaps(rows) if in_force(known, day) is None]
    return tuple(
        duty_fault(name, _place("rate", numbers[id(row)], "first"), row.first, tariff=row.tariff, day=day.isoformat())
        for name, row, day in found
    )


def _gaps(rows: Sequence[DutyRate]) -> Iterator[tuple[date, DutyRate]]:
    for one, later in pairwise(rows):
        if one.last is not None and one.last + _ONE_DAY < later.first:
            yield one.last + _ONE_DAY, later


def _groups_amiss(law: DutyLaw, told: Sequence[ToldGroup]) -> Faults:
    placeholders = {one.code for one in law.groups if one.placeholder}
    taken = [one.code for one in law.groups] + [one.code for one in told]
    return tuple(
        duty_fault(name, _place("group", number, item), getattr(one, item), groups=listed(sorted(placeholders)))
        for number, one in enumerate(told, 1)
        for item, name, wrong in (
            ("placeholder", "told_placeholder", one.placeholder not in placeholders),
            ("placeholder", "told_twice", [other.placeholder for other in told].count(one.placeholder) > 1),
            ("code", "told_code", not _CODE.fullmatch(one.code)),
            ("code", "told_twice", taken.count(one.code) > 1),
            ("source", "told_source", not one.source.strip()),
        )
        if wrong
    )


def _named(groups: Iterable[TariffGroup], told: Sequence[ToldGroup]) -> Iterator[TariffGroup]:
    real = {one.placeholder: one for one in told}
    for group in groups:
        if (one := real.get(group.code)) is None:
            yield group
        else:
            provenance = Provenance(one.source.strip(), Mark.DECIDED)
            yield replace(group, code=one.code, placeholder=False, provenance=provenance)


def _left(row: DutyRate, told: Sequence[DutyRate]) -> Sequence[DutyRate]:
    """What is left of the days of a row where others are told for some of them."""
    left = [row]
    for one in told:
        if _key(one) == _key(row):
            left = [part for whole in left for part in _without(whole, one)]
    return left


def _without(row: DutyRate, told: DutyRate) -> Iterator[DutyRate]:
    if row.first < told.first:
        before = told.first - _ONE_DAY
        yield replace(row, last=before if row.last is None else min(row.last, before))
    if told.last is not None and (row.last is None or told.last < row.last):
        yield replace(row, first=max(row.first, told.last + _ONE_DAY))


def _key(rate: DutyRate) -> tuple[str, GoodsUse | None, StrengthBand]:
    return rate.tariff, rate.use, rate.band


def _band(above: Decimal | None, up_to: Decimal | None) -> str:
    return f"{above or 0} < % vol" + (f" <= {up_to}" if up_to is not None else "")


def _is_figure(given: Decimal) -> bool:
    return given.is_finite() and 0 <= given < _TOO_MUCH


def _place(table: str, number: int, item: str) -> Place:
    return Place(at(table, number, item).steps, in_data=True)
