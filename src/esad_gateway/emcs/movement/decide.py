"""The one entry: a movement, what happened, and a stamp in; a decision out."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp, sequence_of, status_request
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement.deciders import begin, change_overdue, follow, journey_over
from esad_gateway.emcs.movement.tables import REFUSED_STATES, TABLES, trigger_of
from esad_gateway.emcs.movement.values import (
    Decision,
    Early,
    Movement,
    Origin,
    OutOfSequence,
    Send,
    Side,
    Trigger,
    Version,
)


def decide(
    movement: Movement | None, message: Message, side: Side, stamp: Stamp, origin: Origin = Origin.TRADER
) -> Decision | OutOfSequence | Early:
    """Decide what a message does to a movement.

    ``movement`` is our view of it on ``side``, ``None`` when there is none; ``stamp`` gives the time, the national
    profile and the identities a decision may use. Returns a Decision; OutOfSequence when the state forbids the
    message; Early when another message must come first, so that this one has to wait. Not checked here: content rules
    and stateful rules (``emcs.rules``), the signer, duplicates of the message.
    """
    trigger = trigger_of(message)
    state = movement.state if movement else StatusType.NONE
    if origin is Origin.ADMINISTRATION and (waiting := _early(movement, message, side, trigger, stamp)):
        return waiting
    if movement and origin is Origin.ADMINISTRATION and _known_already(movement, message, trigger):
        return Decision(movement=movement)
    after = TABLES[side].get((state, trigger))
    if after is None or (movement and not _in_its_place(movement, trigger, origin)):
        return OutOfSequence(state, trigger)
    if movement is None:
        return begin(message, after, stamp)
    decision = follow(movement, message, trigger, origin, after, stamp)
    if trigger in _CHANGES_OF_DESTINATION and side is Side.DISPATCH and decision.movement:
        return replace(decision, movement=replace(decision.movement, previous=_version(movement)))
    return decision


def due_at(movement: Movement) -> tuple[datetime, Trigger] | None:
    """The clock that runs on a movement: when it ends and what that triggers; ``None`` when none runs.

    Clocks run at dispatch only: TIM_EAD_ESAD until a report of receipt, TIM_CHS after a rejection or refusal
    (domain facts 4.3). Each fires once.
    """
    if movement.side is Side.DESTINATION:
        return None
    if movement.state is StatusType.ACCEPTED and not movement.asked:
        return movement.limit, Trigger.JOURNEY_OVER
    if movement.state in REFUSED_STATES and movement.change_due is not None:
        return movement.change_due, Trigger.CHANGE_OVERDUE
    return None


def decide_clock(movement: Movement, stamp: Stamp) -> Decision | None:
    """Decide what a clock that has ended does; ``None`` when none has: then it fired before, or the state moved on."""
    due = due_at(movement)
    if due is None or due[0] > stamp.now:
        return None
    return _CLOCKS[due[1]](movement, stamp)


_CLOCKS = MappingProxyType({Trigger.JOURNEY_OVER: journey_over, Trigger.CHANGE_OVERDUE: change_overdue})


def _known_already(movement: Movement, message: Message, trigger: Trigger) -> bool:
    """Whether this is a report sent again on our question (TR9121) that had come after all: filed, not refused."""
    resent = message.header.correlation_identifier is not None
    return resent and trigger in _ABOUT_RECEIPT and movement.state is not StatusType.ACCEPTED


def _in_its_place(movement: Movement, trigger: Trigger, origin: Origin) -> bool:
    """Whether this sender may say this of goods that are on their way there, or coming back (scenario S11)."""
    if movement.side is Side.DESTINATION or trigger not in _ABOUT_RECEIPT:
        return True
    if origin is Origin.TRADER:
        return movement.returning and trigger is Trigger.RECEIPT_ACCEPTED
    return not movement.returning


_ABOUT_RECEIPT = frozenset(
    {
        Trigger.RECEIPT_ACCEPTED,
        Trigger.RECEIPT_REFUSED,
        Trigger.RECEIPT_PARTIALLY_REFUSED,
        Trigger.ALERT,
        Trigger.REJECTION,
    }
)


def _early(movement: Movement | None, message: Message, side: Side, trigger: Trigger, stamp: Stamp) -> Early | None:
    """Whether an administration's message has to wait: for its e-SAD, for a change before it, or for an answer."""
    if trigger in _FIRST:
        return None
    if movement is None:
        return Early(trigger) if side is Side.DESTINATION else None
    sequence = sequence_of(message)
    if sequence is None:
        return None
    # Sequence numbers are given at dispatch: only destination can be behind.
    if side is Side.DESTINATION and sequence > movement.sequence + (trigger in _CHANGES_OF_DESTINATION):
        return Early(trigger)
    if movement.version(sequence) and trigger in _ABOUT_RECEIPT:
        return Early(trigger, _question(movement, message, stamp))
    return None


def _question(movement: Movement, message: Message, stamp: Stamp) -> tuple[Send, ...]:
    """What to ask about a report that crossed our change on the wire: which of the two holds, their status tells.

    Nothing where the report was sent again on our question: asked once more, it would be sent once more, without end.
    """
    if message.header.correlation_identifier is not None:
        return ()
    return (Send(message=status_request(movement, stamp), to=movement.other),)


_FIRST = frozenset(
    {
        Trigger.VALIDATED_DOCUMENT,
        Trigger.STATUS_REQUESTED,
        Trigger.STATUS_KNOWN,
        Trigger.NEGATIVE_ACKNOWLEDGEMENT,
    }
)
_CHANGES_OF_DESTINATION = frozenset({Trigger.CHANGE_OF_PLACE, Trigger.RETURN})


def _version(movement: Movement) -> Version:
    return Version(
        sequence=movement.sequence,
        state=movement.state,
        consignee=movement.consignee,
        delivery_place=movement.delivery_place,
        destination_type=movement.destination_type,
        limit=movement.limit,
        previous=movement.previous,
    )
