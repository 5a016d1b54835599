"""What is known about each member state, and the national profile that is made of it.

Nothing here is set by anybody: settings say what an administration decides otherwise.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.profiles.lt import LT
from esad_gateway.profiles.others import OTHERS
from esad_gateway.profiles.state import START, State

STATES: Final[Mapping[str, State]] = MappingProxyType(dict(sorted({"LT": LT, **OTHERS}.items())))
"""Every member state by the code of its national administration."""


def late() -> dict[str, date]:
    """The first day on which member states took part in the e-SAD, where they began late and the day is known."""
    return {code: one.esad_from for code, one in STATES.items() if one.esad_from and one.esad_from > START}


def profile_of(state: str) -> NationalProfile:
    """The profile of a member state that has decided nothing for itself yet. Raises ``KeyError`` for another code.

    Its traders write UTC; calendars of states are left out: they take long to load, and only reports ask them.
    """
    return made_of(state, STATES[state])


def made_of(code: str, state: State) -> NationalProfile:
    """The profile that follows from what is known of a member state: what changes, from its day on."""
    first = NationalProfile(
        state=code,
        time_zone=ZoneInfo(state.zone),
        language=state.language,
        esad_from=MappingProxyType(late()),
        rules=state.rules,
        rules_off=state.rules_off,
        law=state.law,
    )
    later = sorted({*(row.first for row in state.formalities), *(row.first for row in state.journeys)} - {START})
    changes = tuple((day, _on(day, state, first)) for day in later)
    return replace(_on(START, state, first), changes=changes)


def _on(day: date, state: State, profile: NationalProfile) -> NationalProfile:
    """The profile with what is known of a state on a day."""
    formalities = [row.days for row in state.formalities if row.first <= day] or [0]
    maxima: list[Mapping[str, int]] = [row.days for row in state.journeys if row.first <= day] or [{}]
    return replace(profile, formalities=timedelta(days=formalities[-1]), maximum_journey_days=maxima[-1])


__all__ = ["START", "STATES", "State", "late", "made_of", "profile_of"]
