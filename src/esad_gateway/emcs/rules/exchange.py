"""What the gateway itself refuses: messages that it does not take, out of sequence, or of the wrong authority."""

from collections.abc import Iterator

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages import IE801, IE818, Message
from esad_gateway.emcs.movement import Movement, Origin, OutOfSequence, Trigger
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules.catalogue import (
    DUPLICATE,
    NOT_BETWEEN_ADMINISTRATIONS,
    NOT_FROM_TRADERS,
    OUT_OF_SEQUENCE,
    WRONG_RECIPIENT,
    WRONG_SENDER,
)
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.emcs.rules.patterns import arc_problem
from esad_gateway.faults import Fault, Faults

_ARC_PATH = "ExciseMovement/AdministrativeReferenceCode"


def not_accepted(message: Message, origin: Origin) -> Faults:
    """The fault of a message that nobody may send through this door (code 15)."""
    number = NOT_FROM_TRADERS if origin is Origin.TRADER else NOT_BETWEEN_ADMINISTRATIONS
    name = type(message).__name__
    return (fault(number, f"/{name}", name),)


def out_of_sequence(message: Message, found: OutOfSequence) -> Faults:
    """The fault of a message that the movement's state does not allow (92), or of a document seen before (26)."""
    repeated = found.trigger in {Trigger.DRAFT, Trigger.VALIDATED_DOCUMENT} and found.state is not StatusType.NONE
    hint = f"In state {found.state} ({found.state.name.lower().replace('_', ' ')}) it cannot be taken."
    number, more = (DUPLICATE, None) if repeated else (OUT_OF_SEQUENCE, hint)
    return (fault(number, _path(message, _ARC_PATH), getattr(_movement(message), _ARC, None), hint=more),)


def peer_faults(message: Message, movement: Movement | None, sender: str, profile: NationalProfile) -> Faults:
    """What is wrong with a message of administration ``sender`` (``NDEA.PL``), before its effect is decided.

    Only the state of dispatch may send an e-SAD and only the state of destination its report of receipt; the report
    names a movement that we know, in its latest version (BR020, R255). Content is the sender's to answer for: not
    checked. ``movement`` is our view of what the message names.
    """
    return tuple(_peer_faults(message, movement, sender, profile))


def _peer_faults(message: Message, movement: Movement | None, sender: str, profile: NationalProfile) -> Iterator[Fault]:
    recipient = message.header.message_recipient
    if recipient != profile.address:
        yield fault(WRONG_RECIPIENT, f"/{type(message).__name__}/Header/MessageRecipient", recipient)
    if isinstance(message, IE801):
        yield from _document_faults(message, sender, profile)
    if isinstance(message, IE818):
        yield from _report_faults(message, movement, sender)


def _document_faults(message: IE801, sender: str, profile: NationalProfile) -> Iterator[Fault]:
    consignee = message.consignee_trader.traderid if message.consignee_trader else None
    if not consignee or consignee[:2] != profile.state:
        # Whoever it names would be given a mailbox here.
        yield fault(WRONG_RECIPIENT, _path(message, "ConsigneeTrader/Traderid"), consignee)
    code = message.excise_movement.administrative_reference_code
    if sender != f"NDEA.{code[2:4]}":
        yield fault(WRONG_SENDER, _path(message, _ARC_PATH), code)
    problem = arc_problem(code)
    if problem:
        yield fault("R030", _path(message, _ARC_PATH), code, hint=problem)


def _report_faults(message: IE818, movement: Movement | None, sender: str) -> Iterator[Fault]:
    named = message.excise_movement
    if movement is None or sender != f"NDEA.{movement.destination_state}":
        # To an administration without a part in it, a movement does not exist.
        yield fault("BR020", _path(message, _ARC_PATH), named.administrative_reference_code)
    elif named.sequence_number != movement.sequence:
        yield fault("R255", _path(message, "ExciseMovement/SequenceNumber"), str(named.sequence_number))


_ARC = "administrative_reference_code"


def _movement(message: Message) -> object:
    return getattr(message, "excise_movement", None)


def _path(message: Message, path: str) -> str:
    return f"/{type(message).__name__}/Body/{message.BODY}/{path}"
