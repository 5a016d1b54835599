"""Excise tariffs of Lithuania from 2023 on (chapter 2.5), every figure with its source and mark.

A figure that was not found has no row. Codes of tariff groups that were not found are placeholders that begin with X,
as no real one does; ``tariffs.toml`` in the data directory says better.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from esad_gateway.ais.duty.goods import GoodsUse
from esad_gateway.ais.duty.law import (
    ANY_STRENGTH,
    DutyLaw,
    DutyRate,
    DutyUnit,
    Measure,
    PartKind,
    RatePart,
    StrengthBand,
    Tariff,
    TariffGroup,
)
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.faults import Said

_FIRST: Final = date(2023, 1, 1)


class _Span(NamedTuple):
    first: date
    last: date
    source: str
    mark: Mark


_OF_2026: Final = "percentages in the press, 2025-10 to 2026-01, computed"
_OF_YEARS: Final = "a published percentage on the rate of the year before, computed"
_SPANS: Final = MappingProxyType(
    {
        "2023": _Span(date(2023, 1, 1), date(2023, 12, 31), "aktualijos.lt 2022-11-25 (law XIV-446)", Mark.VERIFIED),
        "2024": _Span(date(2024, 1, 1), date(2024, 12, 31), "VMI KM1255, KM1361", Mark.VERIFIED),
        "2025": _Span(date(2025, 1, 1), date(2025, 12, 31), "Ministry of Finance, Excise Duties", Mark.VERIFIED),
        "2026": _Span(date(2026, 1, 1), date(2026, 12, 31), _OF_2026, Mark.INFERRED),
        "2026 first half": _Span(date(2026, 1, 1), date(2026, 6, 30), _OF_2026, Mark.INFERRED),
    }
)


class _Figure(NamedTuple):
    """A figure, and what its span does not say of it."""

    text: str
    mark: Mark | None = None
    kind: PartKind = PartKind.SPECIFIC
    source: str = ""


def _inferred(text: str, source: str = "follows from other years (2.5)") -> _Figure:
    return _Figure(text, Mark.INFERRED, source=source)


def _of_gas(text: str) -> _Figure:
    return _inferred(text, "texts of 2016 to 2020")


def _remembered(text: str) -> _Figure:
    return _Figure(text, Mark.REMEMBERED, source="from memory of the law")


def _co2(text: str) -> _Figure:
    return _Figure(text, None, PartKind.CO2)


def _percent(text: str) -> _Figure:
    return _Figure(text, None, PartKind.AD_VALOREM)


def _minimum(text: str) -> _Figure:
    return _Figure(text, None, PartKind.MINIMUM)


class _Row(NamedTuple):
    """A row of the table of rates; a figure that is only a text is as sure as its span."""

    tariff: str
    unit: DutyUnit
    figures: Mapping[str, str | _Figure | tuple[_Figure, ...]]
    use: GoodsUse | None = None
    band: StrengthBand = ANY_STRENGTH


_LOW_WINE: Final = StrengthBand(up_to=Decimal("8.5"))
_HIGH_WINE: Final = StrengthBand(above=Decimal("8.5"))
_LOW_INTERMEDIATE: Final = StrengthBand(up_to=Decimal(15))
_HIGH_INTERMEDIATE: Final = StrengthBand(above=Decimal(15))
_HL: Final = DutyUnit.HECTOLITRE
_DEGREE: Final = DutyUnit.HECTOLITRE_DEGREE
_PURE: Final = DutyUnit.HECTOLITRE_PURE
_THOUSAND: Final = DutyUnit.THOUSAND_PIECES
_KG: Final = DutyUnit.KILOGRAM
_KL: Final = DutyUnit.THOUSAND_LITRES
_T: Final = DutyUnit.TONNE
_MWH: Final = DutyUnit.MEGAWATT_HOUR

_ALCOHOL: Final = (
    _Row("beer", _DEGREE, {"2023": "8.60", "2024": "9.46", "2025": "10.97", "2026": "12.74"}),
    _Row(
        "beer",
        _DEGREE,
        {"2023": _inferred("4.30"), "2024": _inferred("4.73"), "2025": "5.485", "2026": "6.37"},
        GoodsUse.SMALL_BREWERY,
    ),
    _Row("wine", _HL, {"2023": "93", "2024": "109", "2025": "127", "2026": "148"}, None, _LOW_WINE),
    _Row("wine", _HL, {"2023": "199", "2024": "219", "2025": "254", "2026": "296"}, None, _HIGH_WINE),
    _Row("intermediate", _HL, {"2023": "216", "2024": "234", "2025": "292", "2026": "365"}, None, _LOW_INTERMEDIATE),
    _Row("intermediate", _HL, {"2023": "308", "2024": "333", "2025": "370", "2026": "411"}, None, _HIGH_INTERMEDIATE),
    _Row("ethyl_alcohol", _PURE, {"2023": "2310", "2024": "2467", "2025": "2778", "2026": "3131"}),
)

_TOBACCO: Final = (
    _Row(
        "cigarettes",
        _THOUSAND,
        {
            "2023": (_Figure("79.6"), _percent("25"), _minimum("130")),
            "2025": (_Figure("92.6"), _percent("25"), _minimum("149.7")),
        },
    ),
    _Row("cigars", _KG, {"2023": "79", "2025": "109.7", "2026": "126.7"}),
    _Row("smoking_tobacco", _KG, {"2025": "123.5", "2026": "135.2"}),
    _Row("heated_tobacco", _THOUSAND, {"2025": "89.4", "2026 first half": "100.6"}),
    _Row("e_liquid", DutyUnit.MILLILITRE, {"2025": "0.63", "2026 first half": "1.56"}),
)

_ENERGY: Final = (
    _Row(
        "unleaded_petrol",
        _KL,
        {
            "2023": _inferred("466"),
            "2024": "466",
            "2025": (_Figure("466"), _co2("47")),
            "2026": (_Figure("466"), _co2("96")),
        },
    ),
    _Row(
        "leaded_petrol",
        _KL,
        {"2023": _inferred("579.24"), "2024": "579.24", "2025": (_Figure("579.24"), _co2("47"))},
    ),
    _Row("kerosene", _KL, {"2023": _inferred("330.17"), "2024": "330.17"}),
    _Row(
        "gas_oil",
        _KL,
        {"2024": "410", "2025": (_Figure("466"), _co2("53.6")), "2026": (_Figure("500"), _co2("53.6"))},
    ),
    _Row("marked_gas_oil", _KL, {"2024": "60"}, GoodsUse.HEATING),
    _Row(
        "marked_gas_oil",
        _KL,
        {"2024": "60", "2025": _inferred("85", _OF_YEARS), "2026": "110"},
        GoodsUse.FARMING,
    ),
    _Row("lubricants", _KL, {"2024": "410"}),
    _Row("lubricants", _KL, {"2024": "60"}, GoodsUse.HEATING),
    _Row("heavy_fuel_oil", _T, {"2024": "15.06"}),
    _Row("heavy_fuel_oil", _KL, {"2024": "410"}, GoodsUse.NON_CONFORMING),
    _Row("heavy_fuel_oil", _KL, {"2024": "60"}, GoodsUse.HEATING),
    _Row("lpg", _T, {"2024": "304.10", "2025": _inferred("371", _OF_YEARS), "2026": "427"}),
    _Row("natural_gas", _MWH, {"2023": _of_gas("0.54"), "2024": _of_gas("0.54")}, GoodsUse.HEATING_BUSINESS),
    _Row("natural_gas", _MWH, {"2023": _of_gas("1.08"), "2024": _of_gas("1.08")}, GoodsUse.HEATING),
    _Row("natural_gas", _MWH, {"2023": _of_gas("0"), "2024": _of_gas("0")}, GoodsUse.MOTOR),
    _Row("electricity", _MWH, dict.fromkeys(("2023", "2024", "2025", "2026"), _remembered("0.52")), GoodsUse.BUSINESS),
    _Row("electricity", _MWH, dict.fromkeys(("2023", "2024", "2025", "2026"), _remembered("1.01"))),
)


def _rates() -> Iterator[DutyRate]:
    for row in (*_ALCOHOL, *_TOBACCO, *_ENERGY):
        for name, figures in row.figures.items():
            span = _SPANS[name]
            yield DutyRate(
                tariff=row.tariff,
                unit=row.unit,
                first=span.first,
                last=span.last,
                use=row.use,
                band=row.band,
                parts=tuple(_part(one, span) for one in _several(figures)),
            )


def _several(figures: str | _Figure | tuple[_Figure, ...]) -> tuple[_Figure, ...]:
    if isinstance(figures, str):
        return (_Figure(figures),)
    return (figures,) if isinstance(figures, _Figure) else figures


def _part(figure: _Figure, span: _Span) -> RatePart:
    return RatePart(
        figure.kind, Decimal(figure.text), Provenance(figure.source or span.source, figure.mark or span.mark)
    )


_CLASSIFIER: Final = "VMI order 156 of 2002-06-14, classifier of tariff groups"
_NO_CODE: Final = "the code was not found in VMI order 156; placeholder"


def _group(
    code: str, tariff: str, products: str = "", cn_codes: str = "", measure: Measure = Measure.LITRES
) -> TariffGroup:
    known = code.isdigit()
    return TariffGroup(
        code=code,
        tariff=tariff,
        products=frozenset(products.split()),
        cn_codes=tuple(cn_codes.split()),
        first=_FIRST,
        measure=measure,
        placeholder=not known,
        provenance=Provenance(_CLASSIFIER, Mark.VERIFIED) if known else Provenance(_NO_CODE, Mark.NOT_FOUND),
    )


_GROUPS: Final = (
    _group("110", "beer", "B000"),
    _group("210", "wine", "W200"),
    _group("X22", "wine", "W300"),
    _group("X30", "intermediate", "I000"),
    _group("X40", "ethyl_alcohol", "S200 S300 S400 S500"),
    _group("X50", "cigarettes", "T200"),
    _group("X51", "cigars", "T300"),
    _group("X52", "smoking_tobacco", "T400 T500"),
    _group("X53", "heated_tobacco", "T500", "240411"),
    _group("X54", "e_liquid"),
    _group("X55", "smoking_tobacco", measure=Measure.KILOGRAMS),
    _group("X60", "unleaded_petrol", "E420"),
    _group("X61", "leaded_petrol", "E410"),
    _group("X62", "kerosene", "E450 E460"),
    _group("X63", "gas_oil", "E430"),
    _group("X64", "marked_gas_oil", "E440"),
    _group("X65", "lubricants"),
    _group("X66", "heavy_fuel_oil", "E470"),
    _group("X67", "lpg", "E500"),
    _group("X70", "natural_gas", measure=Measure.MEGAWATT_HOURS),
    _group("X71", "electricity", measure=Measure.MEGAWATT_HOURS),
)

DUTY: Final = DutyLaw(
    state="LT",
    tariffs=tuple(Tariff(name, Said(f"duty.tariff.{name}")) for name in dict.fromkeys(one.tariff for one in _GROUPS)),
    groups=_GROUPS,
    rates=tuple(_rates()),
    tax_point=Provenance("the day of receipt in Lithuania (2.5)", Mark.INFERRED),
    cents=Provenance("a line to the nearest cent, half a cent up (2.5)", Mark.INFERRED),
)
"""The tariffs of Lithuania, and the groups of goods that have them."""
