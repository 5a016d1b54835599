"""Movements of which the states of a world have heard, whoever has begun them."""

from esad_gateway.emcs.movement import Movement
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.world.emcs import Emcs


def movement_in(emcs: Emcs, arc: str | None) -> Movement | None:
    """The movement of an ARC as a state of the world knows it; ``None`` where none has heard of it.

    Without an ARC it is the only one that there is. Raises UnreadableInput when there are more, or none.
    """
    if arc is None:
        arcs = {one.arc for home, seed in emcs.world.mailboxes() for one in home.entries(seed) if one.arc}
        if len(arcs) != 1:
            raise UnreadableInput(said("sim.which_movement", count=len(arcs)))
        (arc,) = arcs
    found = (one for home, seed in emcs.world.mailboxes() for one in home.runtime.mailboxes.movement(seed, arc))
    return next(found, None)
