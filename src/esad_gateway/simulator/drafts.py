"""What traders write, made from a sample: drafts of e-SADs, and reports of receipt for e-SADs that arrived."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from esad_gateway import resources
from esad_gateway.emcs.messages import IE815, Message
from esad_gateway.emcs.messages.groups import Office
from esad_gateway.emcs.registry import Operator
from esad_gateway.identities import header
from esad_gateway.xml.binding import read as read_message
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

SAMPLE = "messages/ie815/valid/wine-and-beer.xml"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who sends to whom; both are operators of the register."""

    consignor: Operator
    consignee: Operator


def draft(parties: Parties, now: datetime, dispatched_on: date, *, deferred: bool = False) -> IE815:
    """A draft of an e-SAD for wine and beer, with a fresh identifier and local reference number.

    ``deferred`` says that the goods left before the draft was submitted, under a fallback document.
    """
    sample = read_message(parse((resources.fixtures() / SAMPLE).read_bytes()))
    if not isinstance(sample, IE815) or sample.consignee_trader is None or sample.delivery_place_trader is None:
        raise TypeError(SAMPLE)
    consignor, consignee = parties.consignor, parties.consignee
    return replace(
        sample,
        header=header(consignor.seed[:2], now),
        attributes=replace(sample.attributes, deferred_submission_flag=deferred or None),
        consignor_trader=replace(
            sample.consignor_trader, trader_excise_number=consignor.seed, trader_name=consignor.name
        ),
        consignee_trader=replace(sample.consignee_trader, traderid=consignee.seed, trader_name=consignee.name),
        delivery_place_trader=replace(
            sample.delivery_place_trader, traderid=consignee.seed, trader_name=consignee.name
        ),
        competent_authority_dispatch_office=Office(reference_number=consignor.office),
        ead_esad_draft=replace(
            sample.ead_esad_draft,
            local_reference_number=f"{consignor.seed[:2]}-{uuid.uuid4().hex[:12].upper()}",
            date_of_dispatch=dispatched_on,
        ),
    )


def read(document: bytes) -> Message:
    """The message of a document that was read from a mailbox; its signature is not verified here."""
    return read_message(without_signature(parse(document)))
