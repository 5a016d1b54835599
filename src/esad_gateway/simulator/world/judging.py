"""What a simulated administration would say about a message, before anybody submits it."""

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.emcs.registry import Facts
from esad_gateway.emcs.rules import Context
from esad_gateway.simulator.making.case import MadeCase
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.world import SimulatedWorld


def case_in(world: SimulatedWorld, home: SimulatedState, seed: str, message: Message) -> MadeCase:
    """What a message of a trader of ``home`` is judged against now: the register, and the movement that it is about.

    Left out is what earlier e-SADs took of temporary authorisations, and which local reference numbers are used.
    """
    named = movement_of(message)
    arc = named.administrative_reference_code if named else ""
    movement = home.movement(seed, arc)
    return MadeCase(
        context=Context(now=world.clock.now(), profile=home.runtime.profile.at(world.clock.now())),
        facts=Facts(operators={number: held[0] for number, held in world.operators.items()}),
        movements={arc: movement} if movement else {},
        used_lrns={},
    )
