"""What is on its way, told from its bytes: the states, the message and the movement."""

from typing import Final

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.errors import EnvelopeRefused, MalformedXml, TooLarge
from esad_gateway.simulator.drafts import read
from esad_gateway.simulator.injected.model import ADMINISTRATION, TRADERS, Parcel
from esad_gateway.transport.envelope import document_of


def parcel_of(sender: str, destination: str, document: bytes) -> Parcel:
    """What a state sends to the administration ``destination``; it has written the document itself."""
    return _parcel(sender, destination.removeprefix(ADMINISTRATION), read(document), document)


def parcel_in(envelope: bytes, receiver: str) -> Parcel | None:
    """What has reached a state; ``None`` for what cannot be read, since anybody can send anything."""
    try:
        document = document_of(envelope)
        message = read(document)
    except _UNREADABLE:
        return None
    return _parcel(message.header.message_sender.removeprefix(ADMINISTRATION), receiver, message, document)


def submitted(document: bytes, receiver: str) -> Parcel | None:
    """What a trader has submitted to a state; ``None`` for what cannot be read."""
    try:
        message = read(document)
    except _UNREADABLE:
        return None
    return _parcel(TRADERS, receiver, message, document)


def _parcel(sender: str, receiver: str, message: Message, document: bytes) -> Parcel:
    named = movement_of(message)
    return Parcel(
        sender=sender,
        receiver=receiver,
        type=type(message).__name__,
        identifier=message.header.message_identifier,
        arc=named.administrative_reference_code if named else None,
        document=document,
    )


_UNREADABLE: Final = (MalformedXml, TooLarge, EnvelopeRefused, ValueError, LookupError, TypeError)
"""What reading strange bytes can end in."""
