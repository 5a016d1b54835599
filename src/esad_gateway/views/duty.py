"""Views of duty: each step of an assessment, and the rates of a day, with where they are written."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from esad_gateway.ais.duty.assessing import Assessment, LineDuty, PartDuty
from esad_gateway.ais.duty.law import (
    DutyLaw,
    DutyRate,
    PartKind,
    RatePart,
    StrengthBand,
    TariffGroup,
    every_rate_of,
    groups_on,
)
from esad_gateway.ais.provenance import Provenance
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import fault_json, in_every_language


@frozen
class DutyStep:
    """One step: ``what`` it finds out, how that is ``reckoned``, how much it makes in EUR, and who says so."""

    what: Said
    reckoned: Said
    eur: str | None = None
    provenance: Provenance | None = None


def steps(line: LineDuty, law: DutyLaw) -> Iterator[DutyStep]:
    """The steps from goods to their duty."""
    unit = Said(f"duty.unit.{line.rate.unit}")
    named = line.goods.product or line.goods.cn_code or line.group.code
    group = said("duty.reckoned.goods", goods=named, group=line.group.code, tariff=title_of(law, line.group.tariff))
    yield DutyStep(Said("duty.step.goods"), group, None, line.group.provenance)
    yield DutyStep(Said("duty.step.quantity"), _quantity(line, unit))
    for one in line.parts:
        yield DutyStep(_step(one), _part(one, line, unit), plain(one.amount), one.part.provenance)
    rounded = said("duty.reckoned.cents", exact=plain(line.exact))
    yield DutyStep(Said("duty.step.amount"), rounded, str(line.amount), law.cents)


def assessment_view(made: Assessment, law: DutyLaw) -> dict[str, Any]:
    """An assessment: amounts are texts, so that nobody reads them as binary numbers.

    Where a line could not be assessed there is no sum, since it would be too little.
    """
    return {
        "state": law.state,
        "on": made.day.isoformat(),
        "taxPoint": _source(law.tax_point),
        "currency": "EUR",
        "lines": [_line_view(line, law) for line in made.lines],
        "exact": None if made.faults else plain(made.exact),
        "amount": None if made.faults else f"{made.amount:.2f}",
        "faults": [fault_json(fault) for fault in made.faults],
    }


def rates_view(law: DutyLaw, day: date, code: str | None = None) -> dict[str, Any]:
    """The rates on a day, of every tariff group or of one; a group without a rate of that day is listed with none."""
    groups = [one for one in groups_on(law, day) if code in {None, one.code}]
    return {
        "state": law.state,
        "on": day.isoformat(),
        "currency": "EUR",
        "groups": [_group_view(one, day, law) for one in groups],
    }


def title_of(law: DutyLaw, tariff: str) -> Said:
    """What the law says that a tariff is of."""
    return next((one.title for one in law.tariffs if one.name == tariff), said("said.as_it_is", text=tariff))


def plain(amount: Decimal) -> str:
    """A number as it is written, without zeros at its end."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def band_text(band: StrengthBand) -> str:
    """A band of strengths in % vol, in signs."""
    low = "" if band.above is None else f"> {plain(band.above)}"
    high = "" if band.up_to is None else f"<= {plain(band.up_to)}"
    return " ".join(filter(None, (low, high)))


def _line_view(line: LineDuty, law: DutyLaw) -> dict[str, Any]:
    return {
        "line": line.line,
        "product": line.goods.product,
        "cnCode": line.goods.cn_code,
        "tariffGroup": _named_group(line.group),
        "quantity": plain(line.quantity),
        "measure": line.measure,
        "taxed": plain(line.taxed),
        "rate": _rate_view(line.rate),
        "parts": [{**_part_view(one.part), "eur": plain(one.amount)} for one in line.parts],
        "exact": plain(line.exact),
        "amount": f"{line.amount:.2f}",
        "steps": [_step_view(one) for one in steps(line, law)],
    }


def _step_view(step: DutyStep) -> dict[str, Any]:
    return {
        "what": in_every_language(step.what),
        "reckoned": in_every_language(step.reckoned),
        "eur": step.eur,
        **(_source(step.provenance) if step.provenance else {}),
    }


def _group_view(group: TariffGroup, day: date, law: DutyLaw) -> dict[str, Any]:
    return {
        **_named_group(group),
        "title": in_every_language(title_of(law, group.tariff)),
        "products": sorted(group.products),
        "cnCodes": list(group.cn_codes),
        "rates": [
            {**_rate_view(one), "parts": [_part_view(part) for part in one.parts]}
            for one in every_rate_of(law, group.tariff, day)
        ],
    }


def _named_group(group: TariffGroup) -> dict[str, Any]:
    return {"code": group.code, "placeholder": group.placeholder, "tariff": group.tariff, **_source(group.provenance)}


def _rate_view(rate: DutyRate) -> dict[str, Any]:
    return {
        "tariff": rate.tariff,
        "use": rate.use,
        "above": None if rate.band.above is None else plain(rate.band.above),
        "upTo": None if rate.band.up_to is None else plain(rate.band.up_to),
        "unit": rate.unit,
        "first": rate.first.isoformat(),
        "last": rate.last and rate.last.isoformat(),
    }


def _part_view(part: RatePart) -> dict[str, Any]:
    return {"kind": part.kind, "figure": plain(part.figure), **_source(part.provenance)}


def _source(provenance: Provenance) -> dict[str, str]:
    return {"source": provenance.source, "mark": provenance.mark}


def _quantity(line: LineDuty, unit: Said) -> Said:
    given = said("duty.reckoned.given", quantity=plain(line.quantity), measure=Said(f"duty.measure.{line.measure}"))
    if line.goods.strength is None:
        return said("duty.reckoned.quantity", measured=given, taxed=plain(line.taxed), unit=unit)
    strength = plain(line.goods.strength)
    return said("duty.reckoned.strength", measured=given, strength=strength, taxed=plain(line.taxed), unit=unit)


def _step(one: PartDuty) -> Said:
    return Said(f"duty.step.{one.part.kind}")


def _part(one: PartDuty, line: LineDuty, unit: Said) -> Said:
    figure, taxed = plain(one.part.figure), plain(line.taxed)
    if one.part.kind is not PartKind.AD_VALOREM:
        return said("duty.reckoned.specific", figure=figure, taxed=taxed, unit=unit)
    price, pieces = plain(line.goods.retail_price or Decimal(0)), line.goods.pieces_in_package or 0
    return said("duty.reckoned.ad_valorem", figure=figure, price=price, pieces=pieces, taxed=taxed, unit=unit)
