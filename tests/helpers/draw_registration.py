"""Draws the manual's page on registrations: ``python tests/helpers/draw_registration.py`` writes it anew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Final

from esad_gateway.ais.provenance import Provenance
from esad_gateway.ais.registration.acts import OFFICIAL, VALUES, ActKind, ActValues
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.ais.registration.flaws import CaseFlaw
from esad_gateway.ais.registration.law import Procedure
from esad_gateway.ais.registration.states import AFTER, FIRST, moves
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Said
from esad_gateway.profiles.lithuania.registration import REGISTRATION as LAW
from esad_gateway.texts import say

FILLED: Final = frozenset({"seed", "valid_from", "certificate", "goods", "places"})
"""What the desk gives where a registration leaves it out."""

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "registration.md"

INTRODUCTION: Final = """# Registration cases

Who wants to receive or send goods under an e-SAD asks to be registered; the request, what follows, and the decision are
a case. This page is drawn from the tables in `esad_gateway.ais.registration.states`, which decide, and from the data of
Lithuania in `esad_gateway.profiles.lithuania.registration`: `python tests/helpers/draw_registration.py`.

An act that does not follow in the state of its case is refused with code 92, and is told what stands. What an official
decides is always an act of an official; a term that has ended makes a candidate, which is shown with its reason, and
changes nothing. Acts in **bold** are for officials alone; the others are the applicant's, and officials write down what
comes on paper. The same act by the same hand once more is the same act.

Marks: S stands in a document of the administration, V in another named source, I is inferred, NF was looked for and not
found. Terms and numbers may be decided otherwise in `settings.toml`, by the number of their requirement, and by the
name of the term where a requirement has several.
"""


def page() -> str:
    """The whole page."""
    return "\n".join(
        [INTRODUCTION, *_machines(), *_values(), *_requests(), *_terms(), *_channels(), *_refusals()],
    )


def _machines() -> Iterator[str]:
    alike: dict[tuple[bool, bool], list[Procedure]] = defaultdict(list)
    for one in LAW.procedures:
        alike[one.secured, one.reducible].append(one)
    for procedures in alike.values():
        names = ", ".join(_status(one.status) for one in procedures)
        yield from _machine(f"{names[0].upper()}{names[1:]}", procedures[0])


def _machine(title: str, procedure: Procedure) -> Iterator[str]:
    reached = _reached(procedure)
    yield f"## {title}\n\n```mermaid\nstateDiagram-v2"
    yield from (f'    state "{_state(state)}" as {state.name}' for state in reached)
    yield f"    [*] --> {FIRST.name}: {_act(ActKind.SUBMIT)}"
    yield from _arrows(procedure, reached)
    yield "```\n\n| State | What may be done |\n|---|---|"
    for state in reached:
        told = ", ".join(_marked(kind) for kind in moves(procedure, state))
        yield f"| {_state(state)} | {told or 'nothing'} |"
    yield ""


def _reached(procedure: Procedure) -> list[CaseState]:
    found, left = {FIRST}, [FIRST]
    while left:
        after = set(moves(procedure, left.pop()).values()) - found
        found |= after
        left += after
    return [state for state in AFTER if state in found]


def _arrows(procedure: Procedure, reached: Iterable[CaseState]) -> Iterator[str]:
    arrows = defaultdict(list)
    for before in reached:
        for kind, after in moves(procedure, before).items():
            if before is not after:
                arrows[before, after].append(_act(kind))
    for (before, after), acts in arrows.items():
        yield f"    {before.name} --> {after.name}: {', '.join(acts)}"


def _values() -> Iterator[str]:
    yield "## What an act takes\n\n| Act | Name | Its values | May be left out |\n|---|---|---|---|"
    for kind, values in VALUES.items():
        needed, optional = _fields(kind, values)
        yield f"| {_marked(kind)} | `{kind}` | {needed} | {optional} |"
    yield "\n`esad case act NUMBER NAME` takes them as `--set NAME=VALUE`, or lists and objects in a file of JSON."
    yield ""


def _fields(kind: ActKind, values: type[ActValues]) -> tuple[str, str]:
    filled = FILLED if kind is ActKind.REGISTER else frozenset[str]()
    optional = [one.name for one in fields(values) if one.default is not MISSING or one.name in filled]
    needed = [one.name for one in fields(values) if one.name not in optional]
    return " ".join(f"`{one}`" for one in needed), " ".join(f"`{one}`" for one in optional)


def _requests() -> Iterator[str]:
    yield "## What a request must have\n\n| Item | Statuses | Requirement | Source |\n|---|---|---|---|"
    rows = defaultdict(set)
    for procedure in LAW.procedures:
        for one in procedure.needs:
            rows[one.need, one.rule, _source(one.provenance)].add(procedure.status)
    for (need, rule, source), statuses in sorted(rows.items()):
        yield f"| `{need}` | {_statuses(statuses)} | {rule} | {source} |"
    yield "\nGoods that need a licence, by category (which activities are regulated was not found, NF): " + "; ".join(
        f"{_status(one.status)}: {' '.join(sorted(one.regulated))}" for one in LAW.procedures if one.regulated
    )
    yield ""


def _terms() -> Iterator[str]:
    yield "## Terms\n\n| Name | For | Statuses | Term | Requirement | Source |\n|---|---|---|---|---|---|"
    for name, one in LAW.terms.items():
        term, purpose = one.term, one.purpose.replace("_", " ")
        count = f"{term.number} {term.unit.replace('_', ' ')}"
        source = _source(term.provenance)
        yield f"| `{name}` | {purpose} | {_statuses(one.statuses)} | {count} | {term.rule} | {source} |"
    yield ""


def _channels() -> Iterator[str]:
    yield "## Channels\n\n| Act | Statuses | Channel | Signed | Requirement | Source |\n|---|---|---|---|---|---|"
    for one in LAW.channels:
        acts = ", ".join(_act(kind) for kind in ActKind if kind in one.acts)
        signed = "" if one.signature is None else say(Said(f"case.signed.{one.signature}"))
        channel = say(Said(f"case.by.{one.channel}"))
        yield f"| {acts} | {_statuses(one.statuses)} | {channel} | {signed} | {one.rule} | {_source(one.provenance)} |"
    yield ""


def _refusals() -> Iterator[str]:
    yield "## What is refused\n\n| Name | Why |\n|---|---|"
    yield from (f"| `{flaw}` | {say(Said(f'case.{flaw}.text'))} |" for flaw in CaseFlaw)
    yield ""


def _marked(kind: ActKind) -> str:
    return f"**{_act(kind)}**" if kind in OFFICIAL else _act(kind)


def _act(kind: ActKind) -> str:
    return say(Said(f"case.act.{kind}"))


def _state(state: CaseState) -> str:
    return say(Said(f"case.state.{state}"))


def _status(status: OperatorType) -> str:
    return say(Said(f"operator.{status}"))


def _statuses(statuses: Iterable[OperatorType]) -> str:
    return ", ".join(_status(one) for one in OperatorType if one in set(statuses))


def _source(provenance: Provenance) -> str:
    return f"{provenance.source} ({provenance.mark})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
