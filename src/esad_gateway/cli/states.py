"""Profiles of member states for commands that need no settings."""

from zoneinfo import ZoneInfo

from esad_gateway.calendars import TIME_ZONES
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import UnreadableInput


def profile_of(state: str) -> NationalProfile:
    """A profile with the time zone of ``state`` and no choices of its own. Raises UnreadableInput."""
    if state not in TIME_ZONES:
        raise UnreadableInput(f"{state!r} is no national administration; expected one of {', '.join(TIME_ZONES)}")
    return NationalProfile(state=state, time_zone=ZoneInfo(TIME_ZONES[state]))
