"""What is wrong with a document that shows without any state: its header, its content, and that nobody may send it.

To check a document by itself, this is all that is needed of the procedure.
"""

from collections.abc import Iterator
from datetime import datetime

from esad_gateway.emcs import messages
from esad_gateway.emcs.identifiers import Malformed, MemberState
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.kinds import is_validated, written_by_trader
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import Context, content_faults
from esad_gateway.emcs.rules.catalogue import (
    NOT_FOR_DUTY_PAID,
    NOT_READY,
    OTHER_SENDER,
    WITHIN_ONE_STATE,
    WRONG_RECIPIENT,
)
from esad_gateway.emcs.rules.mechanism import fault, in_document_order
from esad_gateway.emcs.rules.part import part_faults
from esad_gateway.emcs.rules.places import in_header, place_in
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.place import WHOLE, at
from esad_gateway.unread import guarded, where_read

SUSPENSION_ONLY = frozenset({"IE825", "IE829", "IE839"})
"""Splitting and export: messages that no schema here knows, because duty paid has no use for them."""


def content(
    name: str,
    message: Message | None,
    origin: Origin,
    now: datetime,
    profile: NationalProfile,
    release: str | None = None,
) -> Faults:
    """What is wrong with a document that shows without any state, in document order, by the rules of its ``release``.

    ``name`` is that of its root element (``IE815``), ``message`` is ``None`` when no schema accepts it: then nothing is
    found but that nobody may send a message of that name here. Rules on content are asked for messages of traders and
    offices and for e-SADs: the state of dispatch answers for the content of what it sends, and the state of destination
    checks structure and uniqueness (domain facts 5.1, division of labour). The few rules on IE801 ask whether it is
    an e-SAD of duty paid at all. The header of a validated copy is left alone: it goes to another administration, and
    no trader submits it. Not checked: the signature, and every rule that needs the registry or the movement.
    """
    if message is None:
        return no_such_message(name) if name in SUSPENSION_ONLY else ()
    if origin is Origin.ADMINISTRATION and not isinstance(message, messages.IE801):
        return ()
    context = Context(now=now, profile=profile, release=release)
    heading = () if is_validated(message) else heading_faults(message, profile)
    if isinstance(message, messages.IE815) and (unserved := _unserved(message, context)):
        return in_document_order(message, heading + unserved + content_faults(message, context))
    return heading + content_faults(message, context)


def content_of_part(draft: "messages.IE815", now: datetime, profile: NationalProfile, release: str | None) -> Faults:
    """What :func:`content` finds in a trader's draft as far as it could be read, but for its header.

    Values that could not be read are ``UNREAD`` in it. What asks for one says nothing, so what is told is true whatever
    that value is.
    """
    part, context = guarded(draft), Context(now=now, profile=profile, release=release)
    nothing: Faults = ()
    unserved = where_read(lambda: _unserved(part, context), nothing)
    return in_document_order(draft, unserved + part_faults(draft, context))


def no_such_message(name: str) -> Faults:
    """The fault of a message that exists for duty suspension only, such as a cancellation (IE810) (code 15)."""
    return (fault(NOT_FOR_DUTY_PAID, WHOLE / name, name),)


def heading_faults(message: Message, profile: NationalProfile) -> Faults:
    """What is wrong with the header of a trader's message: it goes to, and names as sender, its own administration.

    Who wrote it is told by its signature; the header has room for administrations only. Messages that no trader writes
    have no such faults. Not checked: whether the message is one that a trader submits, or a validated copy, which goes
    to the other administration.
    """
    return tuple(_heading_faults(message, profile)) if written_by_trader(type(message)) else ()


def _unserved(draft: "messages.IE815", context: Context) -> Faults:
    """The fault of a draft to a consignee in a member state to which this gateway can send no e-SAD on that day."""
    number = draft.consignee_trader.traderid if draft.consignee_trader else None
    place = place_in(draft, at("ConsigneeTrader/Traderid"))
    if not number:
        return ()
    if number[:2] == draft.consignor_trader.trader_excise_number[:2]:
        return (fault(WITHIN_ONE_STATE, place, number),)
    first = context.profile.esad_from.get(number[:2])
    if first is None or first <= context.dispatched_on(draft):
        return ()
    hint = said("hint.esad_from", state=number[:2], first=first.isoformat())
    return (fault(NOT_READY, place, number, hint=hint),)


def _heading_faults(message: Message, profile: NationalProfile) -> Iterator[Fault]:
    sender, recipient = message.header.message_sender, message.header.message_recipient
    if sender != profile.address:
        hint = said("hint.give_as_sender", address=profile.address)
        yield fault(OTHER_SENDER, in_header(message, "MessageSender"), sender, hint=hint)
    if recipient != profile.address:
        hint = _to_us_or_elsewhere(profile.address, recipient)
        yield fault(WRONG_RECIPIENT, in_header(message, "MessageRecipient"), recipient, hint=hint)


def _to_us_or_elsewhere(address: str, recipient: str) -> Said:
    """Our own ``address``, and where else the message may have to go, when there is such an administration."""
    try:
        MemberState(recipient.removeprefix("NDEA."))
    except Malformed as refusal:
        return said("hint.give_not_there", address=address, problem=refusal.why)
    return said("hint.give_or_send", address=address, other=recipient)
