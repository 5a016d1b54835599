"""Profiles of member states for commands that need no settings."""

from datetime import UTC
from zoneinfo import ZoneInfo

from esad_gateway.calendars import TIME_ZONES
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import UnreadableInput


def profile_of(state: str, *, local_times: bool = False) -> NationalProfile:
    """A profile with the time zone of ``state``, whose traders write UTC or ``local_times``, and no other choices.

    Raises UnreadableInput.
    """
    if state not in TIME_ZONES:
        raise UnreadableInput(f"{state!r} is no national administration; expected one of {', '.join(TIME_ZONES)}")
    zone = ZoneInfo(TIME_ZONES[state])
    return NationalProfile(state=state, time_zone=zone, trader_zone=zone if local_times else UTC)
