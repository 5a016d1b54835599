"""Profiles of member states for commands that need no settings: the time zone of each national administration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import UnreadableInput

TIME_ZONES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AT": "Europe/Vienna",
        "BE": "Europe/Brussels",
        "BG": "Europe/Sofia",
        "CY": "Asia/Nicosia",
        "CZ": "Europe/Prague",
        "DE": "Europe/Berlin",
        "DK": "Europe/Copenhagen",
        "EE": "Europe/Tallinn",
        "EL": "Europe/Athens",
        "ES": "Europe/Madrid",
        "FI": "Europe/Helsinki",
        "FR": "Europe/Paris",
        "HR": "Europe/Zagreb",
        "HU": "Europe/Budapest",
        "IE": "Europe/Dublin",
        "IT": "Europe/Rome",
        "LT": "Europe/Vilnius",
        "LU": "Europe/Luxembourg",
        "LV": "Europe/Riga",
        "MT": "Europe/Malta",
        "NL": "Europe/Amsterdam",
        "PL": "Europe/Warsaw",
        "PT": "Europe/Lisbon",
        "RO": "Europe/Bucharest",
        "SE": "Europe/Stockholm",
        "SI": "Europe/Ljubljana",
        "SK": "Europe/Bratislava",
        "XI": "Europe/Belfast",
    }
)


def profile_of(state: str) -> NationalProfile:
    """A profile with the time zone of ``state`` and no choices of its own. Raises UnreadableInput."""
    if state not in TIME_ZONES:
        raise UnreadableInput(f"{state!r} is no national administration; expected one of {', '.join(TIME_ZONES)}")
    return NationalProfile(state=state, time_zone=ZoneInfo(TIME_ZONES[state]))
