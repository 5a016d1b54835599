"""What is known of a member state, each fact with where it is written; and what counts where nothing is known."""

from collections.abc import Iterator, Sequence
from typing import Final

from esad_gateway.emcs.rules.code_lists import PLATO_STATES
from esad_gateway.explain.answer import Explanation, Line, head, label
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.profiles import STATES, State
from esad_gateway.texts import in_every_language

_PLATO_LIST: Final = "list of member states and degree Plato (C048)"
_PLATO_LEFT: Final = "release scope document, FESS-312"
_CODES: Final = "Delegated Regulation (EU) 2022/1636, annex II, national administrations (BC11)"
_ZONES: Final = "IANA time zone database"
_HOLIDAYS: Final = "package holidays"


@frozen(kw_only=True)
class ProfileFact:
    """A fact about a member state: what it is about, and where it is written; ``None`` where nothing is known."""

    about: str
    what: Said
    source: str | None

    @property
    def told(self) -> Said:
        """It with its source."""
        return said("member.known", what=self.what, source=self.source) if self.source else self.what


def facts(code: str) -> tuple[ProfileFact, ...]:
    """Everything that is known of a member state, by its code in EMCS. Raises ``KeyError`` for another one."""
    state = STATES[code]
    return tuple(ProfileFact(about=name, what=what, source=source) for name, what, source in _rows(code, state))


def member_state(name: str, wanted: Sequence[str]) -> Explanation | None:
    """A member state by its code, also by the one that its country has elsewhere (GR); ``None`` for no state."""
    code = name if name in STATES else _ALIASES.get(name)
    if code is None:
        return None
    found, title = facts(code), Said(f"country.{code}")
    rows = [{"about": one.about, "what": in_every_language(one.what), "source": one.source} for one in found]
    described = {"kind": "member state", "state": code, "name": in_every_language(title), "facts": rows}
    lines: list[Line] = [(head(label(said("member.head", code=code, name=title), wanted)),)]
    return Explanation(as_json=described, lines=[*lines, *(f"  {label(one.told, wanted)}" for one in found)])


_Row = tuple[str, Said, str | None]


def _rows(code: str, state: State) -> Iterator[_Row]:
    if state.country and state.country[1] is None:
        yield "code", said("member.code", code=code, other=state.country[0]), _CODES
    yield "zone", said("member.zone", zone=state.zone), _ZONES
    first = state.esad_from
    yield "esad", said("member.since", day=str(first)) if first else Said("member.since_unknown"), state.esad_source
    yield _plato(code)
    yield from _decided(state)
    language = said("member.language", language=state.language)
    yield "language", language if state.language_source else Said("member.no_language"), state.language_source or None
    yield "calendar", Said("member.calendar"), _HOLIDAYS
    if eves := state.eves:
        names = ", ".join(eves.names)
        off = said("member.eves_off", names=names) if eves.off else said("member.eves_worked", names=names)
        yield "eves", off, eves.source


def _plato(code: str) -> _Row:
    if code not in PLATO_STATES:
        return "plato", Said("member.no_plato"), _PLATO_LIST
    last = PLATO_STATES[code]
    if last is None:
        return "plato", Said("member.plato"), _PLATO_LIST
    return "plato", said("member.plato_until", day=str(last)), _PLATO_LEFT


def _decided(state: State) -> Iterator[_Row]:
    """What a state decides for itself, from its days on."""
    for one in state.formalities:
        held = said("member.formalities", day=str(one.first), days=f"{one.days:g}")
        yield "formalities", held if one.days else said("member.formalities_none", day=str(one.first)), one.source
    if not state.formalities:
        yield "formalities", Said("member.no_formalities"), None
    for row in state.journeys:
        maxima = ", ".join(f"{mode}: {days}" for mode, days in sorted(row.days.items()))
        yield "journeys", said("member.journeys", day=str(row.first), maxima=maxima), row.source
    if not state.journeys:
        yield "journeys", Said("member.no_journeys"), None


_ALIASES: Final = {state.country[0]: code for code, state in STATES.items() if state.country and not state.country[1]}
