"""Explanations of requirements on national procedures: what each says, and the figures that it goes by in a state."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.ais.figures import LegalFigure, figures_of
from esad_gateway.ais.terms import Term
from esad_gateway.explain.answer import Explanation, Line, chosen, head, label
from esad_gateway.faults import Said, said
from esad_gateway.texts import in_every_language

REQUIREMENTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "ACC": 7,
        "ERR": 1,
        "ROL": 4,
        "CCE": 8,
        "CCR": 4,
        "RCV": 4,
        "ISS": 4,
        "FBK": 4,
        "MVV": 5,
        "DEC": 7,
        "REF": 2,
        "RC": 14,
    }
)
"""How many requirements there are in each group."""

EVERY_REQUIREMENT: Final = tuple(
    f"{group}-{number}" for group, most in REQUIREMENTS.items() for number in range(1, most + 1)
)
"""All of them, in their order."""


def requirement(number: str, domain: NationalDomain | None, wanted: Sequence[str]) -> Explanation:
    """What a requirement says, one of :data:`EVERY_REQUIREMENT`, and its figures in a national domain."""
    text, page = Said(f"requirement.{number}"), Said("requirement.page")
    figures = {name: one for name, one in figures_of(domain).items() if one.rule == number}
    described = {
        "kind": "requirement",
        "requirement": number,
        "text": in_every_language(text),
        "figures": [
            {
                "name": name,
                "number": str(one.number),
                "unit": one.unit.value if isinstance(one, Term) else None,
                "source": one.provenance.source,
                "mark": one.provenance.mark.value,
            }
            for name, one in figures.items()
        ],
    }
    lines: list[Line] = [(head(label(said("requirement.head", number=number), wanted)),)]
    lines += [f"  {told}" for told in chosen(text, wanted)]
    lines += [f"  {label(_figure(name, one), wanted)}" for name, one in figures.items()]
    return Explanation(as_json=described, lines=[*lines, f"  {label(page, wanted)}"])


def _figure(name: str, one: Term | LegalFigure) -> Said:
    unit = one.unit.value if isinstance(one, Term) else "none"
    source = one.provenance
    return said(
        "requirement.figure",
        name=name,
        number=str(one.number),
        unit=Said(f"requirement.unit_{unit}"),
        mark=source.mark.value,
        source=source.source,
    )
