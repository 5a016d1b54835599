"""Movements: the state of a consignment at dispatch and at destination, and how a message changes it.

``values`` says what a movement and a decision are, ``tables`` which state follows which, ``lacked`` what is sent again,
``deciders`` what else follows;
``decide`` is the one entry, and pure: who is told what, and the movement after.
"""

from esad_gateway.emcs.messages.kinds import SENT_AGAIN, SIDES, trigger_of
from esad_gateway.emcs.messages.triggers import RECEIPTS, Origin, Side, Trigger, submitting_side
from esad_gateway.emcs.movement.decide import awaited, decide, decide_clock, due_at, sent_again
from esad_gateway.emcs.movement.standing import Role, may_write, parties_in, role_in, writer_of
from esad_gateway.emcs.movement.tables import DESTINATION, DISPATCH, TABLES
from esad_gateway.emcs.movement.values import (
    Decision,
    Early,
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
    "Decision",
    "Early",
    "Line",
    "Movement",
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
