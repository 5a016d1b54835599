"""Lithuania."""

from typing import Final

from esad_gateway.profiles.state import State

LT: Final = State(zone="Europe/Vilnius", language="lt")
