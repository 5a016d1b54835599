"""How the EMCS of a test begins, as its markers say."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.world.emcs import Emcs

KNOWN: Final = ("begins", "settings", "script", "seed")


def begun(seed: int, marks: Iterable[tuple[tuple[Any, ...], Mapping[str, Any]]]) -> Emcs:
    """EMCS as markers say, each by its positional and its named arguments; those of a later one hold.

    ``seed`` holds where none says another. Raises UnreadableInput for arguments that there are not.
    """
    wanted: dict[str, Any] = {"seed": seed}
    for unnamed, named in marks:
        if unnamed or not named.keys() <= set(KNOWN):
            found = ", ".join((*map(repr, unnamed), *(name for name in named if name not in KNOWN)))
            raise UnreadableInput(said("sim.marker", known=", ".join(KNOWN), found=found))
        wanted |= named
    return Emcs(**wanted)
