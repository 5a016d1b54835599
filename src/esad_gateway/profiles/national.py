"""The national domain of a member state by name, loaded when it is first asked for: most commands never do."""

import pkgutil
from typing import Any

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.profiles import STATES


def domain_of(state: str) -> NationalDomain | None:
    """The national domain of a member state; ``None`` for one that has none. Raises ``KeyError`` for another code."""
    named = STATES[state].national
    return domain_named(named) if named else None


def domain_named(name: str) -> NationalDomain:
    """The value that a text such as ``package.module:DOMAIN`` names. Not checked: whether it is right for a state."""
    found: Any = pkgutil.resolve_name(name)
    if not isinstance(found, NationalDomain):
        raise TypeError(name)
    return found
