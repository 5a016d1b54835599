"""Every injected fault by its name, and what users read about them."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.injected import (
    content_faults,
    crypto_faults,
    identity_faults,
    order_faults,
    transport_faults,
)
from esad_gateway.simulator.injected.model import FaultKind, InjectedFault
from esad_gateway.texts import ENGLISH, say

_MODULES: Final = (transport_faults, order_faults, identity_faults, content_faults, crypto_faults)

INJECTED: Final[Mapping[str, InjectedFault]] = MappingProxyType(
    {fault.name: fault for module in _MODULES for fault in module.FAULTS}
)
"""The faults by their names, kind after kind."""


def fault_named(name: str) -> InjectedFault:
    """The fault of a name. Raises UnreadableInput, which says what was meant perhaps, for one that there is not."""
    if name not in INJECTED:
        raise UnreadableInput(said("injected.unknown", name=name, near=_near(name, INJECTED)))
    return INJECTED[name]


def faults_of(*kinds: FaultKind) -> tuple[InjectedFault, ...]:
    """The faults of some kinds, all of them without any."""
    return tuple(fault for fault in INJECTED.values() if not kinds or fault.kind in kinds)


def fault_list(language: str = ENGLISH) -> Iterator[tuple[InjectedFault, str, str]]:
    """Each fault, what happens, and what a good counterpart does, in a language."""
    for fault in INJECTED.values():
        yield fault, say(fault.about, language), say(fault.good_counterpart, language)


def _near(name: str, names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(get_close_matches(name, every, n=3, cutoff=0.4) or every)
