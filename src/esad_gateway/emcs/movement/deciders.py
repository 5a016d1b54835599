"""What follows from a message that the tables allow: how the movement changes, and who is told.

A trader's message is validated, sent to the other administration and echoed to the trader; our office's message is
issued to both by the administration, which alone others know; another administration's message is forwarded to our
trader. What differs stands in the tables at the end, by side and trigger.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from esad_gateway.emcs.codes import RequestedMessageType, StatusRequestMessageType, StatusType
from esad_gateway.emcs.documents import (
    Stamp,
    control_report,
    diversion,
    event_report,
    issued,
    reminder_of_change,
    reminder_of_report,
    status_request,
    status_response,
    validated,
    validated_document,
)
from esad_gateway.emcs.messages import IE717, IE801, IE815, IE840, IE904, IE905, Message, ie904, ie905
from esad_gateway.emcs.messages.triggers import Origin, Side, Trigger
from esad_gateway.emcs.movement.changes import changed, gone_back, noted, opened, rolled_back
from esad_gateway.emcs.movement.lacked import LACKED
from esad_gateway.emcs.movement.tables import (
    CHANGES_OF_DESTINATION,
    CLOSED,
    HELD_FOR_FORMALITIES,
    STATUS_ANSWERS,
)
from esad_gateway.emcs.movement.values import Decision, Effect, Movement, Send, Stage, Version

Decider: TypeAlias = Callable[[Movement, Any, Stamp], Decision]


def begin(message: Message, state: StatusType, stamp: Stamp) -> Decision:
    """A movement begins, with a draft at dispatch and with the e-SAD at destination; or its status is asked for."""
    return _BEGINNINGS[type(message)](message, state, stamp)


def follow(
    movement: Movement, message: Message, trigger: Trigger, origin: Origin, after: StatusType, stamp: Stamp
) -> Decision:
    """What a message does to a movement that there is; ``after`` is its state from now on."""
    now = changed(replace(movement, state=after), message, trigger, stamp)
    if origin is Origin.ADMINISTRATION:
        now = replace(now, last_message=_last_message(message, now))
    special = _SPECIAL.get((movement.side, origin, trigger))
    return special(now, message, stamp) if special else _TOLD[origin](now, message, stamp)


def follow_late(
    movement: Movement, before: Version, message: Message, trigger: Trigger, after: StatusType, stamp: Stamp
) -> Decision:
    """What a report of an earlier version does when our change of destination crossed it on the wire.

    If the report closes the movement, destination will never take our change: the change is undone and the report
    counts. After any other report destination will take it: the change stays and the report is only recorded.
    ``after`` is the state of that earlier version from now on.
    """
    if after in CLOSED:
        undone = follow(rolled_back(movement, before), message, trigger, Origin.ADMINISTRATION, after, stamp)
        return replace(undone, effect=Effect.UNDONE)
    now = replace(noted(movement, before, message, after, stamp), last_message=_last_message(message, movement))
    return Decision(movement=now, forward_to=(movement.party,), effect=Effect.NOTED)


def journey_over(movement: Movement, stamp: Stamp) -> Decision:
    """TIM_EAD_ESAD: no report of receipt by the limit, so the other side is asked what it knows (scenario S14).

    A question or an answer may be lost like anything else, so who has not answered a day after the limit is asked once
    more; a question that is only asked by then is not doubled.
    """
    question = Send(message=status_request(movement, stamp), to=movement.other)
    asked = _come_to(Stage.ASKED, movement)
    again = asked.journey.due
    over = not movement.journey.runs or again is None or again <= stamp.now
    return Decision(movement=_come_to(Stage.OVER, movement) if over else asked, sends=(question,))


def change_overdue(movement: Movement, stamp: Stamp) -> Decision:
    """TIM_CHS: after a refusal the consignor gave no destination in time, and is reminded (scenario S17)."""
    reminder = Send(message=reminder_of_change(movement, stamp), to=None, mailboxes=(movement.consignor,))
    reminded = movement.change and replace(movement.change, stage=Stage.REMINDED)
    return Decision(movement=replace(movement, change=reminded), sends=(reminder,))


def _tell_of_trader(movement: Movement, message: Message, stamp: Stamp) -> Decision:
    copy = validated(message, stamp, movement)
    return Decision(movement=movement, sends=(Send(message=copy, to=movement.other, mailboxes=(movement.party,)),))


def _issue_for_office(movement: Movement, message: Message, stamp: Stamp) -> Decision:
    order = Send(message=issued(message, stamp, movement), to=movement.other, mailboxes=(movement.party,))
    return Decision(movement=movement, sends=(order,))


def _forward(movement: Movement, _: Message, __: Stamp) -> Decision:
    return Decision(movement=movement, forward_to=(movement.party,))


def _file(movement: Movement, _: Message, __: Stamp) -> Decision:
    return Decision(movement=movement)


def _ask_for_office(movement: Movement, message: Message, stamp: Stamp) -> Decision:
    return Decision(movement=movement, sends=(Send(message=issued(message, stamp, movement), to=movement.other),))


def _report_receipt(movement: Movement, report: Message, stamp: Stamp) -> Decision:
    """S5 to S7: destination has decided at once, and tells the others when the formalities are over."""
    formalities = stamp.profile.at(stamp.now).formalities
    due = stamp.now + formalities if formalities > timedelta(0) else None
    copy = validated(report, stamp, movement)
    sent = Send(message=copy, to=movement.other, mailboxes=(movement.consignee,), not_before=due)
    return Decision(movement=movement, sends=(sent,))


def _report_return(movement: Movement, report: Message, stamp: Stamp) -> Decision:
    """S11: the goods are back, and the consignor says so to its own administration, which echoes the report."""
    copy = validated(report, stamp, movement)
    return Decision(movement=movement, sends=(Send(message=copy, to=None, mailboxes=(movement.consignor,)),))


def _divert(movement: Movement, _: Message, stamp: Stamp) -> Decision:
    """S11 at destination: the consignee learns from an IE803 that the goods go back."""
    notice = Send(message=diversion(movement, stamp), to=None, mailboxes=(movement.consignee,))
    return Decision(movement=movement, sends=(notice,))


def _report_event(movement: Movement, message: Any, stamp: Stamp) -> Decision:
    """S21: an event or control report is validated, and goes to the other administration."""
    copy = _REPORTED[type(message)](message, stamp, movement.other)
    return Decision(movement=movement, sends=(Send(message=copy, to=movement.other),))


def _explain_shortage(movement: Movement, message: Message, stamp: Stamp) -> Decision:
    """S18: dispatch knows of no shortage before it has the report of receipt, so what explains it follows that."""
    told = _tell_of_trader(movement, message, stamp)
    return replace(told, sends=tuple(replace(send, after_held=True) for send in told.sends))


def _answer_status(movement: Movement, request: IE904, stamp: Stamp) -> Decision:
    """S14, S15: say where we stand; and send again what the other side, by its own words, never got."""
    answer = Send(message=status_response(movement, request, stamp), to=request.header.message_sender)
    history = request.attributes.status_request_message_type is StatusRequestMessageType.MOVEMENT_HISTORY
    return Decision(movement=movement, sends=(answer,), resend=_lacked(movement, request.attributes), history=history)


def _lacked(movement: Movement, theirs: ie904.Attributes | ie905.Attributes) -> tuple[Trigger, ...]:
    """What the other side never got, by the status and the version that it says it has."""
    triggers = LACKED[movement.side].get((movement.state, theirs.status), ())
    if theirs.status is StatusType.NONE or theirs.sequence_number < movement.sequence:
        return triggers
    return tuple(trigger for trigger in triggers if trigger not in CHANGES_OF_DESTINATION)


def _begin_at_dispatch(draft: IE815, state: StatusType, stamp: Stamp) -> Decision:
    document = validated_document(draft, stamp)
    movement = opened(document, Side.DISPATCH, state, stamp)
    issued_to = Send(message=document, to=movement.other, mailboxes=(movement.consignor,))
    return Decision(movement=movement, sends=(issued_to,))


def _begin_at_destination(document: IE801, state: StatusType, stamp: Stamp) -> Decision:
    movement = opened(document, Side.DESTINATION, state, stamp)
    return Decision(movement=movement, forward_to=(movement.consignee,))


def _unknown_here(request: IE904, _: StatusType, stamp: Stamp) -> Decision:
    answer = Send(message=status_response(None, request, stamp), to=request.header.message_sender)
    return Decision(movement=None, sends=(answer,))


def _learn_status(movement: Movement, response: IE905, stamp: Stamp) -> Decision:
    """The other side has answered: it lacks what we sent, or never takes our change, or the report is simply late."""
    theirs = response.attributes
    before = movement.version(theirs.sequence_number)
    # What is closed here stays so. A side that can still take our change may yet get it, and is not gone back for.
    if before and movement.state not in CLOSED and theirs.status in CLOSED:
        back = gone_back(movement, before, stamp)
        return Decision(movement=back, forward_to=(movement.consignor,), effect=Effect.UNDONE)
    known = Decision(movement=movement, resend=_lacked(movement, theirs))
    # A side that had not even heard of it gets the document again, and is reminded all the same: it has answered.
    if movement.journey.stage not in {Stage.ASKED, Stage.OVER}:
        return known
    if not _late(movement.state, theirs.status):
        return replace(known, movement=_come_to(Stage.OVER, movement))
    reminder = reminder_of_report(movement, stamp)
    sent = Send(message=reminder, to=movement.other, mailboxes=(movement.consignor,))
    return replace(known, movement=_come_to(Stage.REMINDED, movement), sends=(sent,))


def _come_to(stage: Stage, movement: Movement) -> Movement:
    """The movement with TIM_EAD_ESAD at a further stage."""
    return replace(movement, journey=replace(movement.journey, stage=stage))


def _late(ours: StatusType, theirs: StatusType) -> bool:
    """Whether the report of receipt is late, by our state and by the one that the other side says it has."""
    return ours is StatusType.ACCEPTED and theirs in {StatusType.ACCEPTED, StatusType.NONE}


def _see_status(movement: Movement, response: IE905, _: Stamp) -> Decision:
    """Dispatch has answered our office: it lacks what we sent, or goods that went back have come to their end."""
    ended = movement.returning and movement.state in CLOSED
    told = (movement.consignee,) if ended else ()
    return Decision(movement=movement, forward_to=told, resend=_lacked(movement, response.attributes))


def _ask_after_refusal(movement: Movement, _: Message, stamp: Stamp) -> Decision:
    """A change or an ending of ours was refused: whether it is lacked, the other side's status tells (code 92).

    It is asked once: who refuses the question as well, or what is sent again on its answer, would never come to an end.
    """
    if movement.questioned or not (movement.versions or movement.state in CLOSED):
        return Decision(movement=movement)
    question = Send(message=status_request(movement, stamp), to=movement.other)
    return Decision(movement=replace(movement, questioned=True), sends=(question,))


def _last_message(message: Message, movement: Movement) -> RequestedMessageType:
    name = type(message).__name__
    return RequestedMessageType(name) if name in set(RequestedMessageType) else movement.last_message


_BEGINNINGS: Mapping[type[Message], Callable[[Any, StatusType, Stamp], Decision]] = MappingProxyType(
    {IE815: _begin_at_dispatch, IE801: _begin_at_destination, IE904: _unknown_here}
)

_REPORTED: Mapping[type[Message], Callable[[Any, Stamp, str], Message]] = MappingProxyType(
    {IE840: event_report, IE717: control_report}
)

_TOLD: Mapping[Origin, Decider] = MappingProxyType(
    {Origin.TRADER: _tell_of_trader, Origin.OFFICE: _issue_for_office, Origin.ADMINISTRATION: _forward}
)

_SPECIAL: Mapping[tuple[Side, Origin, Trigger], Decider] = MappingProxyType(
    {
        **{(Side.DESTINATION, Origin.TRADER, trigger): _report_receipt for trigger in HELD_FOR_FORMALITIES},
        (Side.DESTINATION, Origin.TRADER, Trigger.SHORTAGE_EXPLAINED): _explain_shortage,
        (Side.DISPATCH, Origin.TRADER, Trigger.RECEIPT_ACCEPTED): _report_return,
        (Side.DESTINATION, Origin.ADMINISTRATION, Trigger.RETURN): _divert,
        (Side.DISPATCH, Origin.ADMINISTRATION, Trigger.CLOSURE_REQUESTED): _file,
        (Side.DESTINATION, Origin.OFFICE, Trigger.CLOSURE_REQUESTED): _ask_for_office,
        **{(side, Origin.OFFICE, Trigger.EVENT): _report_event for side in Side},
        **{(side, Origin.ADMINISTRATION, Trigger.EVENT): _file for side in Side},
        **{(side, Origin.OFFICE, Trigger.STATUS_REQUESTED): _ask_for_office for side in Side},
        **{(side, Origin.ADMINISTRATION, Trigger.STATUS_REQUESTED): _answer_status for side in Side},
        **{(Side.DISPATCH, Origin.ADMINISTRATION, trigger): _learn_status for trigger in STATUS_ANSWERS},
        **{(Side.DESTINATION, Origin.ADMINISTRATION, trigger): _see_status for trigger in STATUS_ANSWERS},
        (Side.DISPATCH, Origin.ADMINISTRATION, Trigger.NEGATIVE_ACKNOWLEDGEMENT): _ask_after_refusal,
        (Side.DESTINATION, Origin.ADMINISTRATION, Trigger.NEGATIVE_ACKNOWLEDGEMENT): _file,
    }
)
