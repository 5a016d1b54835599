"""What comes at the wrong time: out of sequence, about another version, or about a movement that never came."""

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages import IE813, IE818, IE819, Message
from esad_gateway.emcs.messages.subject import LAST_SEQUENCE, arc_place, movement_of, sequence_of
from esad_gateway.emcs.movement import Movement, OutOfSequence, Side, Trigger, trigger_of
from esad_gateway.emcs.rules.arcs import suspension
from esad_gateway.emcs.rules.catalogue import DUPLICATE, OUT_OF_SEQUENCE
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.emcs.rules.places import place_in
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.place import at


def out_of_sequence(message: Message, found: OutOfSequence, movement: Movement | None) -> Faults:
    """The fault of a message that the movement's state does not allow (92), or of a document seen before (26)."""
    repeated = found.trigger in {Trigger.DRAFT, Trigger.VALIDATED_DOCUMENT} and found.state is not StatusType.NONE
    number, more = (DUPLICATE, None) if repeated else (OUT_OF_SEQUENCE, _why(message, found, movement))
    return (about_arc(number, message, more),)


def _why(message: Message, found: OutOfSequence, movement: Movement | None) -> Said:
    if movement and isinstance(message, IE813) and found.state is StatusType.ACCEPTED:
        if movement.returning:
            return Said("hint.staying_on_return")
        if movement.sequence == LAST_SEQUENCE:
            return said("hint.last_version", last=LAST_SEQUENCE)
        return said("hint.next_version", next=movement.sequence + 1)
    if movement and movement.returning and movement.side is Side.DESTINATION and isinstance(message, IE818 | IE819):
        return Said("hint.consignor_reports")
    return said("hint.not_in_state", state=found.state, name=Said(f"state.{found.state}"))


def outdated(message: Message, movement: Movement | None) -> Faults:
    """The fault of a report, alert or change that is about an earlier version of the movement (R255, R059)."""
    sequence = sequence_of(message)
    if movement is None or sequence is None or not isinstance(message, IE813 | IE818 | IE819):
        return ()
    if isinstance(message, IE813):
        known = sequence <= movement.sequence
        return (
            (fault(DUPLICATE, place_in(message, at("UpdateEadEsad/SequenceNumber")), str(sequence)),) if known else ()
        )
    if sequence == movement.sequence:
        return ()
    return (fault("R255", place_in(message, at("ExciseMovement/SequenceNumber")), str(sequence)),)


def unknown(message: Message) -> Faults:
    """The fault of a message about a movement that never came, or that is none of duty paid (BR020)."""
    return (about_arc("BR020", message, _suspension(message)),)


def never_came(message: Message, movement: Movement | None) -> Faults:
    """The fault of a message whose turn never comes: its movement is unknown (90), or the gap never closed (92)."""
    if movement is None:
        return unknown(message)
    return out_of_sequence(message, OutOfSequence(movement.state, trigger_of(message)), movement)


def about_arc(number: str, message: Message, hint: Said | None = None) -> Fault:
    """A fault at the ARC of a message, wherever its structure has it."""
    named = movement_of(message)
    value = named.administrative_reference_code if named else None
    return fault(number, place_in(message, arc_place(message)), value, hint=hint)


def _suspension(message: Message) -> Said | None:
    named = movement_of(message)
    return suspension(named.administrative_reference_code) if named else None
