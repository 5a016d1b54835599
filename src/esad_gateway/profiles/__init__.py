"""What is known about each member state, and the national profile that is made of it.

Nothing here is set by anybody: settings say what an administration decides otherwise.
"""

from collections.abc import Mapping
from datetime import date
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
    own = STATES[state]
    return NationalProfile(
        state=state,
        time_zone=ZoneInfo(own.zone),
        language=own.language,
        esad_from=MappingProxyType(late()),
        rules=own.rules,
        rules_off=own.rules_off,
        law=own.law,
    )


__all__ = ["START", "STATES", "State", "late", "profile_of"]
