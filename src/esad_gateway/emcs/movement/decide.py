"""The one entry: a movement, a message, and a stamp in; a decision out."""

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement.deciders import DECIDERS
from esad_gateway.emcs.movement.tables import TABLES, trigger_of
from esad_gateway.emcs.movement.values import Decision, Movement, OutOfSequence, Side


def decide(movement: Movement | None, message: Message, side: Side, stamp: Stamp) -> Decision | OutOfSequence:
    """Decide what a message does to a movement.

    ``movement`` is our view of it on ``side``, ``None`` when there is none; ``stamp`` gives the time, the national
    profile and the identities a decision may use. Returns a Decision, or OutOfSequence when the state forbids it.
    Not checked here: content rules and stateful rules (``emcs.rules``), the signer, duplicates of the message.
    """
    state = movement.state if movement else StatusType.NONE
    trigger = trigger_of(message)
    after = TABLES[side].get((state, trigger))
    if after is None:
        return OutOfSequence(state, trigger)
    return DECIDERS[(side, type(message))](movement, message, after, stamp)
