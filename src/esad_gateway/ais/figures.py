"""What an administration may decide otherwise in national law: figures (terms, other numbers), and choices (words).

Each part of a national domain keeps them as rows in values of its own, and registers them nowhere: they are found in
the domain by what they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class LegalFigure:
    """A number of national law that is no term: minutes, a share, how many. ``rule`` is that of the requirement."""

    rule: str
    number: Decimal
    provenance: Provenance


@frozen(kw_only=True)
class LegalChoice:
    """What is ``chosen``, ``among`` some words or, where there are none, as any text, because no source says it."""

    rule: str
    chosen: str
    among: tuple[str, ...] = ()
    provenance: Provenance


@frozen(kw_only=True)
class Decided:
    """What an administration has decided of a figure; ``unit`` and ``rolls`` are a term's, ``None`` as they were."""

    number: Decimal
    unit: Unit | None = None
    rolls: bool | None = None


Row: TypeAlias = Term | LegalFigure
Place: TypeAlias = tuple[str, ...]
"""The fields and keys that lead to a figure."""

_Domain = TypeVar("_Domain")
_Kind = TypeVar("_Kind", Row, LegalChoice)
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})
_SETTINGS: Final = Provenance("settings.toml, [national]", Mark.DECIDED)
_LAST_DAY: Final = 31


def figures_of(domain: object) -> Mapping[str, Row]:
    """Every figure that can be decided otherwise, by its name.

    That is the number of its requirement (``RC-4``). Where figures of one requirement differ, as much follows as tells
    them apart of what their part calls them: ``RC-13_notice``.
    """
    return _named(_rows(domain))


def choices_of(domain: object) -> Mapping[str, LegalChoice]:
    """Every choice that can be made otherwise, by its name, which is made as that of a figure."""
    return _named(_choices(domain))


def wrong(domain: object, decisions: Mapping[str, Decided], choices: Mapping[str, str] = _NONE) -> tuple[Said, ...]:
    """All that is wrong with decisions: names that nothing has, and what a figure or choice cannot be."""
    known, open_to = figures_of(domain), choices_of(domain)
    return (
        *(fault for name, one in decisions.items() for fault in _faults(name, one, known)),
        *(fault for name, one in choices.items() for fault in _choice_faults(name, one, open_to)),
    )


def decided(domain: _Domain, decisions: Mapping[str, Decided], choices: Mapping[str, str] = _NONE) -> _Domain:
    """The domain with what an administration has decided, which names the settings as its source.

    Not checked: what :func:`wrong` finds; a name that nothing has changes nothing.
    """
    of_figures = {place: decisions[name] for place, name in _names(_rows(domain)).items() if name in decisions}
    of_choices = {place: choices[name] for place, name in _names(_choices(domain)).items() if name in choices}
    changes: dict[Place, Decided | str] = {**of_figures, **of_choices}
    changed: _Domain = _with(domain, (), changes) if changes else domain
    return changed


def _rows(domain: object) -> dict[Place, Row]:
    return {place: one for place, one in _found(domain, ()) if not isinstance(one, LegalChoice)}


def _choices(domain: object) -> dict[Place, LegalChoice]:
    return {place: one for place, one in _found(domain, ()) if isinstance(one, LegalChoice)}


def _named(found: Mapping[Place, _Kind]) -> Mapping[str, _Kind]:
    return {name: found[place] for place, name in _names(found).items()}


def _found(value: object, place: Place) -> Iterator[tuple[Place, Row | LegalChoice]]:
    if isinstance(value, Row | LegalChoice):
        yield place, value
        return
    for name, one in _parts(value):
        yield from _found(one, (*place, name))


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((str(key), one) for key, one in value.items())
    elif isinstance(value, tuple):
        yield from ((str(number), one) for number, one in enumerate(value, start=1))
    elif is_dataclass(value) and not isinstance(value, type):
        yield from ((one.name, getattr(value, one.name)) for one in fields(value))


def _names(found: Mapping[Place, _Kind]) -> Mapping[Place, str]:
    """The name of each figure; those that say the same of one requirement share it, wherever they stand."""
    of_rule: dict[str, dict[Place, _Kind]] = {}
    for place, row in found.items():
        of_rule.setdefault(row.rule, {})[place] = row
    return {place: _name(place, row.rule, row, of_rule[row.rule]) for place, row in found.items()}


def _name(place: Place, rule: str, row: object, alike: Mapping[Place, object]) -> str:
    if all(other == row for other in alike.values()):
        return rule
    ends = (place[-length:] for length in range(1, len(place) + 1))
    end = next(end for end in ends if sum(other[-len(end) :] == end for other in alike) == 1)
    return "_".join((rule, *end))


def _faults(name: str, one: Decided, known: Mapping[str, Row]) -> Iterator[Said]:
    if name not in known:
        yield said("board.no_figure", name=name, known=", ".join(sorted(known)))
        return
    row = known[name]
    if isinstance(row, LegalFigure):
        if (one.unit, one.rolls) != (None, None):
            yield said("board.no_term", name=name)
        return
    if one.number != int(one.number):
        yield said("board.no_whole_number", name=name, given=str(one.number))
    if (one.unit or row.unit) is Unit.DAY_OF_NEXT_MONTH and not 1 <= one.number <= _LAST_DAY:
        yield said("board.no_day_of_month", name=name, given=str(one.number))


def _choice_faults(name: str, chosen: str, known: Mapping[str, LegalChoice]) -> Iterator[Said]:
    if name not in known:
        yield said("board.no_choice", name=name, known=", ".join(sorted(known)))
    elif known[name].among and chosen not in known[name].among:
        yield said("board.not_among", name=name, among=", ".join(known[name].among), given=chosen)


def _with(value: Any, place: Place, changes: Mapping[Place, Decided | str]) -> Any:
    """``value``, which stands at ``place``, with what has been decided below it; the same where nothing has."""
    if place in changes:
        return _decided(value, changes[place])
    below = {name: _with(one, (*place, name), changes) for name, one in _parts(value)}
    if all(below[name] is one for name, one in _parts(value)):
        return value
    make: Callable[[Any, Sequence[Any]], Any] = next(make for kind, make in _MADE if isinstance(value, kind))
    return make(value, list(below.values()))


def _decided(row: Any, one: Decided | str) -> Any:
    if isinstance(one, str):
        return replace(row, chosen=one, provenance=_SETTINGS)
    if isinstance(row, LegalFigure):
        return replace(row, number=one.number, provenance=_SETTINGS)
    unit, rolls = one.unit or row.unit, row.rolls if one.rolls is None else one.rolls
    return replace(row, number=int(one.number), unit=unit, rolls=rolls, provenance=_SETTINGS)


_MADE: Final[tuple[tuple[type, Callable[[Any, Sequence[Any]], Any]], ...]] = (
    (Mapping, lambda value, parts: MappingProxyType(dict(zip(value, parts, strict=True)))),
    (tuple, lambda _, parts: tuple(parts)),
    (object, lambda value, parts: replace(value, **dict(zip((one.name for one in fields(value)), parts, strict=True)))),
)
"""How a value of a kind is made anew of its parts."""
