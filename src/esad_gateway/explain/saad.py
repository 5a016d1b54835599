"""Explanations of the SAAD list: its rules, and which documents may stand in it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.saad.law import Admission, EntryTerm, SaadLaw, Span
from esad_gateway.ais.saad.record import Source
from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.rules.registrations import spoken
from esad_gateway.explain.answer import Explanation, Line, chosen, head, label
from esad_gateway.explain.meanings import error_meaning
from esad_gateway.faults import Said, said
from esad_gateway.texts import in_every_language, say

_LIST: Final = "SAAD"

SAAD_TERMS: Final[Mapping[str, frozenset[Source]]] = MappingProxyType(
    {
        _LIST: frozenset(Source),
        "MVV": frozenset({Source.WINE}),
        "FBK": frozenset({Source.PAPER, Source.FALLBACK}),
    }
)
"""What may be asked about beside the rules, with the documents that it means."""


def saad_rule(number: str, wanted: Sequence[str]) -> Explanation:
    """A rule of the SAAD list by its number, one of :data:`.SAAD_RULES`."""
    one = SAAD_RULES[number]
    text, hint, meaning = Said(f"{number}.text"), Said(f"{number}.hint"), error_meaning(one.code)
    described = {
        "kind": "rule",
        "rule": number,
        "code": one.code,
        "meaning": in_every_language(meaning),
        "text": in_every_language(text),
        "hint": say(hint),
        "hints": in_every_language(hint),
        "applies": [{"record": _LIST, "path": one.path, "stateful": one.stateful}],
        "source": one.source,
    }
    lines: list[Line] = [(head(label(said("told.rule", number=number), wanted)),)]
    lines += [f"  {told}" for told in chosen(text, wanted)]
    lines += [f"  {label(said('told.hint', hint=told), wanted)}" for told in chosen(hint, wanted)]
    means = " / ".join(chosen(meaning, wanted))
    framed = (
        said("told.answered_with", code=one.code.value, meaning=means),
        said("told.applies_to", message=_LIST, path=one.path, asks=_asks(stateful=one.stateful)),
        said("saad.written_in", source=one.source),
    )
    return Explanation(as_json=described, lines=[*lines, *(f"  {label(told, wanted)}" for told in framed)])


def documents(name: str, law: SaadLaw, wanted: Sequence[str]) -> Explanation:
    """Which documents of a name of :data:`SAAD_TERMS` may stand in the list of a state: from where, when, for whom."""
    kinds = [kind for kind in Source if kind in SAAD_TERMS[name]]
    rows = [row for row in law.admissions if not row.documents.isdisjoint(kinds)]
    described = {
        "kind": "documents",
        "asked": name,
        "state": law.state,
        "admissions": [_row_json(row) for row in rows],
        "entering": _entering_json(law.entering),
    }
    lines: list[Line] = [(head(f"{name}: {', '.join(label(_kind(kind), wanted) for kind in kinds)}"),)]
    if not rows:
        return Explanation(
            as_json=described, lines=[*lines, f"  {label(said('saad.no_list', state=law.state), wanted)}"]
        )
    for row in rows:
        first, *others = _row(row)
        lines += [f"  {label(first, wanted)}", *(f"    {label(one, wanted)}" for one in others)]
    framed = (Said("saad.term"), Said("saad.no_message"))
    return Explanation(as_json=described, lines=[*lines, *(f"  {label(one, wanted)}" for one in framed)])


def _entering_json(term: EntryTerm) -> dict[str, object]:
    """Until when something is entered in time, and who says so."""
    said_by = term.provenance
    return {
        "workingDays": term.days,
        "requirements": list(term.rules),
        "source": said_by.source,
        "mark": said_by.mark.value,
    }


def period_said(period: Span) -> tuple[Said, ...]:
    """From when on, and until when, each with its source; an end that nobody knows is said to be one."""
    first = said("saad.period_since", day=str(period.first), source=period.first_source)
    last = said("saad.period_until", day=str(period.last), source=period.last_source)
    unknown = said("saad.period_open", source=period.last_source)
    ends = last if period.last else unknown if period.last_source else None
    return tuple(one for one in (first if period.first else None, ends) if one is not None)


def _row(row: Admission) -> Iterator[Said]:
    states = ", ".join(sorted(row.states)) if row.states else Said("saad.every_state")
    kinds = tuple(_kind(one) for one in Source if one in row.documents)
    yield said("saad.from_states", documents=kinds, states=states)
    yield from (said("saad.day_dispatched", period=one) for one in period_said(row.dispatched))
    yield from (said("saad.day_received", period=one) for one in period_said(row.received))
    yield said("saad.who", capacities=_spoken(row.capacities))
    if row.into_warehouse:
        yield said("saad.into_warehouse", capacities=_spoken(row.into_warehouse))
    if row.products:
        yield said("saad.products", products=", ".join(sorted(row.products)))
    yield said("saad.written_in", source=row.source)
    if row.remark:
        yield row.remark


def _row_json(row: Admission) -> dict[str, Any]:
    return {
        "documents": sorted(row.documents),
        "states": sorted(row.states) if row.states else None,
        "dispatched": _period_json(row.dispatched),
        "received": _period_json(row.received),
        "capacities": sorted(row.capacities),
        "into_warehouse": sorted(row.into_warehouse),
        "products": sorted(row.products) if row.products else None,
        "source": row.source,
        "remark": row.remark and in_every_language(row.remark),
    }


def _period_json(period: Span) -> dict[str, str | None]:
    return {
        "first": period.first.isoformat() if period.first else None,
        "first_source": period.first_source or None,
        "last": period.last.isoformat() if period.last else None,
        "last_source": period.last_source or None,
    }


def _kind(kind: Source) -> Said:
    return Said(f"saad.kind_{kind}")


def _spoken(capacities: AbstractSet[OperatorType]) -> tuple[Said, ...]:
    return tuple(spoken(one) for one in sorted(capacities))


def _asks(*, stateful: bool) -> Said:
    return Said("told.asks_state") if stateful else Said("told.asks_content")
