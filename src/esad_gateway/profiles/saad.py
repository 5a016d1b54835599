"""The SAAD list of a member state, out of what its profile says and of when the other states began the e-SAD."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from esad_gateway.ais.saad.law import Admission, SaadLaw
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.profiles import STATES
from esad_gateway.profiles.state import START


def saad_law(state: str, calendar: Calendar, told: Mapping[str, date] | None = None) -> SaadLaw:
    """The SAAD list that ``state`` keeps, a code of :data:`.STATES`; ``calendar`` is its own.

    ``told`` are the first days of the e-SAD that the administration knows better (setting ``esad_from``). Where nobody
    knows the day, documents on paper are taken without an end. Raises ``KeyError`` for another code.
    """
    known = STATES[state]
    rows = tuple(row for one in known.saad for row in _rows(one, state, told or {}))
    return SaadLaw(state=state, calendar=calendar, entering=known.saad_entering, admissions=rows)


def _rows(admission: Admission, own: str, told: Mapping[str, date]) -> Iterator[Admission]:
    if not admission.until_esad:
        yield admission
        return
    for code, state in STATES.items():
        first = told.get(code, state.esad_from)
        if code != own and (first is None or first > START):
            last = first and first - timedelta(days=1)
            source = "settings.toml, esad_from" if code in told else state.esad_source
            dispatched = replace(admission.dispatched, last=last, last_source=source)
            yield replace(admission, states=frozenset({code}), dispatched=dispatched)
