"""What the gateway itself refuses: messages that it does not take, out of sequence, or of the wrong authority."""

from collections.abc import Iterator

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import LAST_SEQUENCE, sequence_of
from esad_gateway.emcs.messages import IE801, IE810, IE813, IE818, IE819, Message
from esad_gateway.emcs.movement import Movement, Origin, OutOfSequence, Side, Trigger
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import arc_place, movement_of
from esad_gateway.emcs.rules.arcs import of_duty_paid, suspension
from esad_gateway.emcs.rules.catalogue import (
    DUPLICATE,
    NOT_BETWEEN_ADMINISTRATIONS,
    NOT_FOR_DUTY_PAID,
    NOT_FROM_TRADERS,
    OUT_OF_SEQUENCE,
    WRONG_RECIPIENT,
    WRONG_SENDER,
)
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.faults import Fault, Faults


def not_accepted(message: Message, origin: Origin) -> Faults:
    """The fault of a message that nobody may send through this door (code 15)."""
    name = type(message).__name__
    number = NOT_FROM_TRADERS if origin is Origin.TRADER else NOT_BETWEEN_ADMINISTRATIONS
    return no_such_message(name) if isinstance(message, IE810) else (fault(number, f"/{name}", name),)


SUSPENSION_ONLY = frozenset({"IE825", "IE829", "IE839"})
"""Splitting and export: messages that no schema here knows, because duty paid has no use for them."""


def no_such_message(name: str) -> Faults:
    """The fault of a message that exists for duty suspension only, such as a cancellation (IE810)."""
    return (fault(NOT_FOR_DUTY_PAID, f"/{name}", name),)


def out_of_sequence(message: Message, found: OutOfSequence, movement: Movement | None) -> Faults:
    """The fault of a message that the movement's state does not allow (92), or of a document seen before (26)."""
    repeated = found.trigger in {Trigger.DRAFT, Trigger.VALIDATED_DOCUMENT} and found.state is not StatusType.NONE
    number, more = (DUPLICATE, None) if repeated else (OUT_OF_SEQUENCE, _why(message, found, movement))
    return (_about_arc(number, message, more),)


def _why(message: Message, found: OutOfSequence, movement: Movement | None) -> str:
    if movement and isinstance(message, IE813) and found.state is StatusType.ACCEPTED:
        if movement.returning:
            return "The goods are on their way back to the consignor, and stay so."
        if movement.sequence == LAST_SEQUENCE:
            return f"Version {LAST_SEQUENCE} is the last that a movement can have."
        return f"Version {movement.sequence + 1} of the movement comes next."
    if movement and movement.returning and movement.side is Side.DESTINATION and isinstance(message, IE818 | IE819):
        return "The goods go back to the consignor, who reports their receipt."
    return f"In state {found.state} ({found.state.name.lower().replace('_', ' ')}) it cannot be taken."


def peer_faults(message: Message, movement: Movement | None, sender: str, profile: NationalProfile) -> Faults:
    """What is wrong with who an administration's message comes from and goes to.

    Only the state of dispatch may send an e-SAD, and everything else about a movement only the administration on its
    other side; to anybody else the movement does not exist (BR020). ``sender`` is an address such as ``NDEA.PL``,
    ``movement`` our view of what the message names. Content is the sender's to answer for: not checked; what is asked
    of an e-SAD all the same are the content rules of IE801.
    """
    return tuple(_peer_faults(message, movement, sender, profile))


def addressee_faults(message: Message, profile: NationalProfile) -> Faults:
    """The fault of an administration's message that is addressed to another administration than ours."""
    recipient = message.header.message_recipient
    if recipient == profile.address:
        return ()
    return (fault(WRONG_RECIPIENT, f"/{type(message).__name__}/Header/MessageRecipient", recipient),)


def outdated(message: Message, movement: Movement | None) -> Faults:
    """The fault of a report, alert or change that is about an earlier version of the movement (R255, R059)."""
    sequence = sequence_of(message)
    if movement is None or sequence is None or not isinstance(message, IE813 | IE818 | IE819):
        return ()
    if isinstance(message, IE813):
        known = sequence <= movement.sequence
        return (fault(DUPLICATE, _path(message, "UpdateEadEsad/SequenceNumber"), str(sequence)),) if known else ()
    if sequence == movement.sequence:
        return ()
    return (fault("R255", _path(message, "ExciseMovement/SequenceNumber"), str(sequence)),)


def unknown(message: Message) -> Faults:
    """The fault of a message about a movement that never came, or that is none of duty paid (BR020)."""
    return (_about_arc("BR020", message, _suspension(message)),)


def office_faults(message: Message, movement: Movement | None) -> Faults:
    """What is wrong with where our own excise office sends a message: it must name a movement, and its other side."""
    if movement is None:
        named = movement_of(message)
        # What is no ARC of duty paid has been refused for its content.
        return unknown(message) if named is None or of_duty_paid(named.administrative_reference_code) else ()
    recipient = message.header.message_recipient
    if recipient == movement.other:
        return ()
    path = f"/{type(message).__name__}/Header/MessageRecipient"
    return (fault(WRONG_RECIPIENT, path, recipient, hint=f"The other side of this movement is {movement.other}."),)


def _peer_faults(message: Message, movement: Movement | None, sender: str, profile: NationalProfile) -> Iterator[Fault]:
    yield from addressee_faults(message, profile)
    if isinstance(message, IE801):
        yield from _document_faults(message, sender, profile)
    elif sender != _expected_sender(message, movement):
        yield from unknown(message)


def _expected_sender(message: Message, movement: Movement | None) -> str | None:
    """Who may write about a movement: its other side; as long as it has not arrived, the state of its ARC."""
    if movement:
        return movement.other
    named = movement_of(message)
    return f"NDEA.{named.administrative_reference_code[2:4]}" if named else None


def _document_faults(message: IE801, sender: str, profile: NationalProfile) -> Iterator[Fault]:
    consignee = message.consignee_trader.traderid if message.consignee_trader else None
    if not consignee or consignee[:2] != profile.state:
        # Whoever it names would be given a mailbox here.
        yield fault(WRONG_RECIPIENT, _path(message, "ConsigneeTrader/Traderid"), consignee)
    code = message.excise_movement.administrative_reference_code
    if sender != f"NDEA.{code[2:4]}":
        yield _about_arc(WRONG_SENDER, message)


def _suspension(message: Message) -> str | None:
    named = movement_of(message)
    return suspension(named.administrative_reference_code) if named else None


def _about_arc(number: str, message: Message, hint: str | None = None) -> Fault:
    """A fault at the ARC of a message, wherever its structure has it."""
    named = movement_of(message)
    value = named.administrative_reference_code if named else None
    return fault(number, _path(message, arc_place(message)), value, hint=hint)


def _path(message: Message, path: str) -> str:
    return f"/{type(message).__name__}/Body/{message.BODY}/{path}"
