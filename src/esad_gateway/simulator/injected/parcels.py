"""What is on its way, told from its bytes: the states, the message and the movement."""

from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.errors import EnvelopeRefused, MalformedXml, TooLarge
from esad_gateway.simulator.drafts import read
from esad_gateway.simulator.injected.model import ADMINISTRATION, Parcel
from esad_gateway.transport.envelope import document_of


def parcel_of(sender: str, destination: str, document: bytes, identifier: str) -> Parcel:
    """What a state sends to the administration ``destination``; it has written the document itself."""
    message = read(document)
    named = movement_of(message)
    return Parcel(
        sender=sender,
        receiver=destination.removeprefix(ADMINISTRATION),
        type=type(message).__name__,
        identifier=identifier,
        arc=named.administrative_reference_code if named else None,
        document=document,
    )


def parcel_in(envelope: bytes, receiver: str) -> Parcel | None:
    """What has reached a state; ``None`` for what cannot be read, since anybody can send anything."""
    try:
        document = document_of(envelope)
        header = read(document).header
        return parcel_of(
            header.message_sender.removeprefix(ADMINISTRATION),
            ADMINISTRATION + receiver,
            document,
            header.message_identifier,
        )
    except (MalformedXml, TooLarge, EnvelopeRefused, ValueError, LookupError, TypeError):
        return None
