"""The one entry: a movement, what happened, and a stamp in; a decision out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.kinds import SENT_AGAIN, trigger_of
from esad_gateway.emcs.messages.subject import LAST_SEQUENCE, sequence_of
from esad_gateway.emcs.messages.triggers import Origin, Side, Trigger
from esad_gateway.emcs.movement.changes import rolled_back
from esad_gateway.emcs.movement.deciders import begin, change_overdue, follow, follow_late, journey_over
from esad_gateway.emcs.movement.tables import (
    BROUGHT_BY,
    CHANGES_OF_DESTINATION,
    CLOSED,
    REFUSED_STATES,
    STATUS_ANSWERS,
    TABLES,
)
from esad_gateway.emcs.movement.values import Decision, Early, Effect, Movement, OutOfSequence, Version


def decide(
    movement: Movement | None, message: Message, side: Side, stamp: Stamp, origin: Origin = Origin.TRADER
) -> Decision | OutOfSequence | Early:
    """Decide what a message does to a movement.

    ``movement`` is our view of it on ``side``, ``None`` when there is none; ``stamp`` gives the time, the national
    profile and the identities a decision may use. Returns a Decision; OutOfSequence when the state, or for another
    administration's message the version, forbids the message; Early when another message must come first, so that
    this one has to wait. Not checked here: content rules and stateful rules (``emcs.rules``), the signer, duplicates
    of the message.
    """
    trigger = trigger_of(message)
    if origin is Origin.ADMINISTRATION and (decided := _out_of_turn(movement, message, side, trigger, stamp)):
        return decided
    state = movement.state if movement else StatusType.NONE
    after = TABLES[side].get((state, trigger))
    if after is None or (movement and not _in_its_place(movement, trigger, origin)):
        return OutOfSequence(state, trigger)
    if movement is None:
        return begin(message, after, stamp)
    decision = follow(movement, message, trigger, origin, after, stamp)
    if trigger in CHANGES_OF_DESTINATION and side is Side.DISPATCH and decision.movement:
        return replace(decision, movement=replace(decision.movement, versions=(*movement.versions, _version(movement))))
    return decision


def due_at(movement: Movement) -> tuple[datetime, Trigger] | None:
    """The clock that runs on a movement: when something is due of it and what that triggers; ``None`` when none runs.

    The transition tables say in which states: at dispatch only, TIM_EAD_ESAD until a report of receipt, TIM_CHS after a
    rejection or refusal (domain facts 4.3). Each fires once; the first one twice, where nobody answers it.
    """
    table = TABLES[movement.side]
    return next((ends for ends in movement.running if (movement.state, ends[1]) in table), None)


def awaited(movement: Movement) -> tuple[datetime, Trigger] | None:
    """What a trader owes to a movement now, and until when: a report of receipt, or a change of destination.

    ``None`` when nobody owes anything, or when the other side alone knows until when.
    """
    if movement.state is StatusType.ACCEPTED:
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


def sent_again(
    sent: Iterable[Message], decision: Decision, question: Message, stamp: Stamp, to: str
) -> tuple[Message, ...]:
    """What a decision sends again out of what was ``sent`` to administration ``to``, oldest first (TR9121).

    Every message is sent once, as it was, with a new identity, correlated with ``question``. A report that is held
    was not sent, and is not lost.
    """
    known = [one for one in sent if type(one).__name__ in SENT_AGAIN]
    lacked = {(trigger_of(one), sequence_of(one)): one for one in known if trigger_of(one) in decision.resend}
    identifier = question.header.message_identifier
    return tuple(replace(one, header=stamp.header(to, identifier)) for one in lacked.values())


_CLOCKS = MappingProxyType({Trigger.JOURNEY_OVER: journey_over, Trigger.CHANGE_OVERDUE: change_overdue})


def _out_of_turn(
    movement: Movement | None, message: Message, side: Side, trigger: Trigger, stamp: Stamp
) -> Decision | OutOfSequence | Early | None:
    """What becomes of a message that comes too early, again, or after its version; ``None`` for one in its turn."""
    if _early(movement, message, side, trigger):
        return Early(trigger)
    if movement is None:
        return None
    if _known_already(movement, message, trigger):
        return Decision(movement=movement, effect=Effect.KNOWN)
    if trigger is Trigger.SHORTAGE_EXPLAINED and _explains_earlier(movement, message):
        return Decision(movement=movement, forward_to=(movement.party,), effect=Effect.NOTED)
    return _of_another_version(movement, message, trigger, stamp)


def _known_already(movement: Movement, message: Message, trigger: Trigger) -> bool:
    """Whether this is a message sent again on our question (TR9121) that had come after all: filed, not refused."""
    if message.header.correlation_identifier is None:
        return False
    sequence = sequence_of(message)
    if trigger in CHANGES_OF_DESTINATION:
        return sequence is not None and sequence <= movement.sequence
    if trigger in _ABOUT_RECEIPT:
        then = movement.version(sequence) if sequence is not None else None
        return (then or movement).state is not StatusType.ACCEPTED
    return trigger is Trigger.VALIDATED_DOCUMENT or BROUGHT_BY.get(movement.state) is trigger


def _explains_earlier(movement: Movement, message: Message) -> bool:
    """Whether a shortage is explained that was reported before we changed the destination."""
    before = movement.version(sequence_of(message) or movement.sequence)
    return before is not None and (before.state, Trigger.SHORTAGE_EXPLAINED) in TABLES[movement.side]


def _of_another_version(
    movement: Movement, message: Message, trigger: Trigger, stamp: Stamp
) -> Decision | OutOfSequence | None:
    """What becomes of a change that is not the next one, or of a report of another version; ``None`` for the latest.

    A report that was on its way when we changed the destination counts for the version that it names. Destination
    cannot have received the goods in that version when it has reported on a later one.
    """
    sequence, refused = sequence_of(message), OutOfSequence(movement.state, trigger)
    if trigger in CHANGES_OF_DESTINATION:
        return None if sequence == movement.sequence + 1 else refused
    if trigger not in _ABOUT_RECEIPT or sequence is None or sequence == movement.sequence:
        return None
    before = movement.version(sequence)
    if before is None or movement.state in CLOSED:
        return refused
    then = rolled_back(movement, before)
    after = TABLES[movement.side].get((then.state, trigger))
    if after is None or not _in_its_place(then, trigger, Origin.ADMINISTRATION):
        return refused
    if after in CLOSED and movement.states_since(before) != {StatusType.ACCEPTED}:
        return refused
    return follow_late(movement, before, message, trigger, after, stamp)


def _in_its_place(movement: Movement, trigger: Trigger, origin: Origin) -> bool:
    """Whether this sender may say this of goods that are on their way there, or coming back (scenario S11).

    Once they come back, destination takes no other change of destination, so that none is made; and none is made that
    could not be numbered.
    """
    if movement.side is Side.DESTINATION:
        return True
    if trigger in CHANGES_OF_DESTINATION:
        return not movement.returning and movement.sequence < LAST_SEQUENCE
    if trigger not in _ABOUT_RECEIPT:
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


def _early(movement: Movement | None, message: Message, side: Side, trigger: Trigger) -> bool:
    """Whether an administration's message has to wait: for its e-SAD, or for a change before it.

    Sequence numbers are given at dispatch, so only destination can be behind.
    """
    if trigger in _FIRST or side is Side.DISPATCH:
        return False
    if movement is None:
        return True
    sequence = sequence_of(message)
    return trigger in CHANGES_OF_DESTINATION and sequence is not None and sequence > movement.sequence + 1


_FIRST = frozenset(
    {
        Trigger.VALIDATED_DOCUMENT,
        Trigger.STATUS_REQUESTED,
        *STATUS_ANSWERS,
        Trigger.NEGATIVE_ACKNOWLEDGEMENT,
    }
)


def _version(movement: Movement) -> Version:
    return Version(
        sequence=movement.sequence,
        state=movement.state,
        consignee=movement.consignee,
        delivery_place=movement.delivery_place,
        destination_type=movement.destination_type,
        limit=movement.limit,
        transport_mode=movement.transport_mode,
        report=movement.report,
    )
