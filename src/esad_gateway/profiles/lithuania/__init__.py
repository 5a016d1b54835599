"""The national domain of Lithuania: data alone, each part in a module of its own, with sources and marks."""

from typing import Final

from esad_gateway.ais.domain import NationalDomain

DOMAIN: Final = NationalDomain(state="LT")
"""All of it."""
