"""Who may say what about whose movement: headers, roles, and messages that nobody may send.

These are answers of the gateway itself: the rulebook takes for granted that a message comes from where it should.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.messages import (
    IE801,
    IE802,
    IE813,
    IE818,
    IE819,
    IE837,
    IE871,
    IE880,
    IE881,
    Message,
)
from esad_gateway.emcs.messages.kinds import kind_of
from esad_gateway.emcs.messages.subject import arc_place, movement_of
from esad_gateway.emcs.movement import Movement, Origin, Role, writer_of
from esad_gateway.emcs.procedure.out_of_turn import about_arc, unknown
from esad_gateway.emcs.procedure.stateless import no_such_message
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules.arcs import of_duty_paid
from esad_gateway.emcs.rules.catalogue import (
    NO_STANDING,
    NOT_BETWEEN_ADMINISTRATIONS,
    NOT_FROM_TRADERS,
    WRONG_RECIPIENT,
    WRONG_SENDER,
)
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.emcs.rules.places import in_header, place_in
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.place import WHOLE, Place, at


def not_accepted(message: Message, origin: Origin) -> Faults:
    """The fault of a message that nobody may send through this door (code 15)."""
    name = type(message).__name__
    number = NOT_FROM_TRADERS if origin is Origin.TRADER else NOT_BETWEEN_ADMINISTRATIONS
    return no_such_message(name) if kind_of(message).suspension_only else (fault(number, WHOLE / name, name),)


def no_standing(message: Message, origin: Origin, role: Role) -> Faults:
    """The fault of a message from somebody who takes part in its movement, but not in the role that may write it.

    ``role`` is the writer's own. Its text says both roles.
    """
    writer, act = writer_of(message, origin), type(message).__name__ if type(message) in _ACTS else "any"
    found = fault(NO_STANDING, *_named(message, origin), hint=_HINTS.get(type(message)))
    text = said("said.role", role=_spoken(role), writer=_spoken(writer), act=Said(f"act.{act}"))
    return (replace(found, text=text),)


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
    return (fault(WRONG_RECIPIENT, in_header(message, "MessageRecipient"), recipient),)


def office_faults(message: Message, movement: Movement | None) -> Faults:
    """What is wrong with where our own excise office sends a message: it must name a movement, and its other side."""
    if movement is None:
        named = movement_of(message)
        # What is no ARC of duty paid has been refused for its content.
        return unknown(message) if named is None or of_duty_paid(named.administrative_reference_code) else ()
    recipient = message.header.message_recipient
    if recipient == movement.other:
        return ()
    place = in_header(message, "MessageRecipient")
    return (fault(WRONG_RECIPIENT, place, recipient, hint=said("hint.other_side", address=movement.other)),)


def _peer_faults(message: Message, movement: Movement | None, sender: str, profile: NationalProfile) -> Iterator[Fault]:
    yield from addressee_faults(message, profile)
    if isinstance(message, IE801):
        yield from _document_faults(message, sender, profile)
    elif sender != _expected_sender(message, movement):
        yield from unknown(message)


def _expected_sender(message: Message, movement: Movement | None) -> str | None:
    """Who may write about a movement: its other side; before the movement has arrived, the state of its ARC."""
    if movement:
        return movement.other
    named = movement_of(message)
    return f"NDEA.{named.administrative_reference_code[2:4]}" if named else None


def _document_faults(message: IE801, sender: str, profile: NationalProfile) -> Iterator[Fault]:
    consignee = message.consignee_trader.traderid if message.consignee_trader else None
    if not consignee or consignee[:2] != profile.state:
        # The trader that it names would be given a mailbox here.
        yield fault(WRONG_RECIPIENT, place_in(message, at("ConsigneeTrader/Traderid")), consignee)
    code = message.excise_movement.administrative_reference_code
    if sender != f"NDEA.{code[2:4]}":
        yield about_arc(WRONG_SENDER, message)


def _spoken(role: Role) -> Said:
    return Said(f"role.{role.name}")


def _named(message: Message, origin: Origin) -> tuple[Place, str | None]:
    """The place and value that say in which role a message is written: its submitter type, or else its ARC."""
    if origin is Origin.TRADER and isinstance(message, IE837 | IE871):
        return place_in(message, at("Attributes/SubmitterType")), message.attributes.submitter_type.value
    named = movement_of(message)
    return place_in(message, arc_place(message)), named.administrative_reference_code if named else None


_ACTS: Final = frozenset({IE801, IE802, IE813, IE818, IE819, IE837, IE871, IE880, IE881})
"""Messages whose act on a movement has words of its own (``act.IE818``)."""

_SUBMITTER: Final = said(
    "hint.own_submitter_type", consignor=SubmitterType.CONSIGNOR, consignee=SubmitterType.CONSIGNEE
)

_HINTS: Final[Mapping[type[Message], Said]] = MappingProxyType(
    {IE818: Said("hint.consignee_reports"), IE837: _SUBMITTER, IE871: _SUBMITTER}
)
