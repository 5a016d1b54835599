"""Movements: the state of a consignment at dispatch and at destination, and how a message changes it.

``values`` says what a movement and a decision are, ``tables`` which state follows which, ``lacked`` what is sent again,
``deciders`` what else follows;
``deciding`` is the one entry, and pure: who is told what, and the movement after. ``log`` says what was done and why.
"""

from typing import TYPE_CHECKING

from esad_gateway.emcs.by_need import by_need
from esad_gateway.emcs.messages.kinds import SENT_AGAIN, SIDES, trigger_of
from esad_gateway.emcs.messages.triggers import RECEIPTS, Origin, Side, Trigger, submitting_side

if TYPE_CHECKING:
    from esad_gateway.emcs.movement.deciding import awaited, decide, decide_clock, due_at, sent_again
    from esad_gateway.emcs.movement.log import Act, Occasion
    from esad_gateway.emcs.movement.standing import Role, may_write, parties_in, role_in, writer_of
    from esad_gateway.emcs.movement.tables import DESTINATION, DISPATCH, TABLES
    from esad_gateway.emcs.movement.values import (
        Decision,
        Early,
        Effect,
        Line,
        Movement,
        OutOfSequence,
        Send,
        Stage,
        Timer,
        Version,
    )

__all__ = [
    "DESTINATION",
    "DISPATCH",
    "RECEIPTS",
    "SENT_AGAIN",
    "SIDES",
    "TABLES",
    "Act",
    "Decision",
    "Early",
    "Effect",
    "Line",
    "Movement",
    "Occasion",
    "Origin",
    "OutOfSequence",
    "Role",
    "Send",
    "Side",
    "Stage",
    "Timer",
    "Trigger",
    "Version",
    "awaited",
    "decide",
    "decide_clock",
    "due_at",
    "may_write",
    "parties_in",
    "role_in",
    "sent_again",
    "submitting_side",
    "trigger_of",
    "writer_of",
]

__getattr__ = by_need(
    globals(),
    {
        "deciding": "awaited decide decide_clock due_at sent_again",
        "log": "Act Occasion",
        "standing": "Role may_write parties_in role_in writer_of",
        "tables": "DESTINATION DISPATCH TABLES",
        "values": "Decision Early Effect Line Movement OutOfSequence Send Stage Timer Version",
    },
)
