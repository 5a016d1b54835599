"""Who may write: the header of a trader's message, and the role that a message belongs to.

Both are answers of the gateway itself: the rulebook takes for granted that a message comes from where it should.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.identifiers import MemberState
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
from esad_gateway.emcs.movement import Origin, Role, writer_of
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import arc_place, movement_of
from esad_gateway.emcs.rules.catalogue import NO_STANDING, OTHER_SENDER, WRONG_RECIPIENT
from esad_gateway.emcs.rules.mechanism import fault
from esad_gateway.emcs.signatories import written_by_trader
from esad_gateway.faults import Fault, Faults


def heading_faults(message: Message, profile: NationalProfile) -> Faults:
    """What is wrong with the header of a trader's message: it goes to, and names as sender, its own administration.

    Who wrote it is told by its signature; the header has room for administrations only. Messages that no trader writes
    have no such faults. Not checked: whether the message is one that a trader submits, or a validated copy, which goes
    to the other administration.
    """
    return tuple(_heading_faults(message, profile)) if written_by_trader(type(message)) else ()


def no_standing(message: Message, origin: Origin, role: Role) -> Faults:
    """The fault of a message from somebody who takes part in its movement, but not in the role that may write it.

    ``role`` is the writer's own. Its texts say both roles, in both languages.
    """
    writer, act = writer_of(message, origin), _ACTS.get(type(message), _ANY_ACT)
    own = _named(message, origin)
    found = fault(NO_STANDING, *own, hint=_HINTS.get(type(message)))
    return (
        replace(
            found,
            en=f"You are the {role} of this movement; only the {writer} may {act[0]}.",
            lt=f"Šiame gabenime esate {_LITHUANIAN[role]}; {act[1]} gali tik {_LITHUANIAN[writer]}.",
        ),
    )


def _heading_faults(message: Message, profile: NationalProfile) -> Iterator[Fault]:
    place = f"/{type(message).__name__}/Header"
    sender, recipient = message.header.message_sender, message.header.message_recipient
    if sender != profile.address:
        hint = f"This is {profile.address}: give that as sender. Who wrote the message is told by its signature."
        yield fault(OTHER_SENDER, f"{place}/MessageSender", sender, hint=hint)
    if recipient != profile.address:
        hint = f"This is {profile.address}: give that as recipient{_or_elsewhere(recipient)}."
        yield fault(WRONG_RECIPIENT, f"{place}/MessageRecipient", recipient, hint=hint)


def _or_elsewhere(recipient: str) -> str:
    """Where else the message may have to go, when there is such an administration."""
    state = recipient.removeprefix("NDEA.")
    try:
        MemberState(state)
    except ValueError as refusal:
        return f"; {refusal}"
    return f", or send the message to {recipient}"


def _named(message: Message, origin: Origin) -> tuple[str, str | None]:
    """The place and value that say in which role a message is written: its submitter type, or else its ARC."""
    body = f"/{type(message).__name__}/Body/{message.BODY}"
    if origin is Origin.TRADER and isinstance(message, IE837 | IE871):
        return f"{body}/Attributes/SubmitterType", message.attributes.submitter_type.value
    named = movement_of(message)
    return f"{body}/{arc_place(message)}", named.administrative_reference_code if named else None


_LITHUANIAN: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.CONSIGNOR: "siuntėjas",
        Role.CONSIGNEE: "gavėjas",
        Role.DISPATCH: "išsiuntimo valstybės narės administracija",
        Role.DESTINATION: "paskirties valstybės narės administracija",
    }
)

_ANY_ACT: Final = ("write this message", "rašyti šį pranešimą")

_ACTS: Final[Mapping[type[Message], tuple[str, str]]] = MappingProxyType(
    {
        IE801: ("send its e-SAD", "siųsti jo e-SAD"),
        IE802: ("remind of it", "apie jį priminti"),
        IE813: ("change its destination", "pakeisti jo paskirties vietą"),
        IE818: ("report its receipt", "pranešti apie prekių gavimą"),
        IE819: ("alert to it or reject it", "dėl jo įspėti arba jį atmesti"),
        IE837: ("explain a delay as this submitter type", "šia pateikėjo rūšimi paaiškinti vėlavimą"),
        IE871: ("explain a shortage as this submitter type", "šia pateikėjo rūšimi paaiškinti trūkumą"),
        IE880: ("ask for its manual closure", "prašyti jį užbaigti rankiniu būdu"),
        IE881: ("answer a request for manual closure", "atsakyti į prašymą užbaigti rankiniu būdu"),
    }
)
"""What a message does to its movement, in English and in Lithuanian."""

_SUBMITTER: Final = (
    f"Give your own role as submitter type: {SubmitterType.CONSIGNOR} consignor, {SubmitterType.CONSIGNEE} consignee."
)

_HINTS: Final[Mapping[type[Message], str]] = MappingProxyType(
    {
        IE818: "The consignee reports what it received; the consignor only goods that came back to it.",
        IE837: _SUBMITTER,
        IE871: _SUBMITTER,
    }
)
