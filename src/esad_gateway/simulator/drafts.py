"""What traders write, made from a sample: drafts of e-SADs, and reports of receipt for e-SADs that arrived."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from esad_gateway import resources
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.messages import ie818 as report_of_receipt
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import ExciseMovement, Header, Office, UnsatisfactoryReason
from esad_gateway.emcs.registry import Operator
from esad_gateway.xml.binding import read as read_message
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

SAMPLE = "messages/ie815/valid/wine-and-beer.xml"
SHORTAGE = "2"
"""Reason code of an unsatisfactory receipt (BC46): shortage."""


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


def report(e_sad: IE801, now: datetime, office: str, shortages: Mapping[int, Decimal] | None = None) -> IE818:
    """A report of receipt for ``e_sad``: all of it arrived on the day of dispatch, except what ``shortages`` name.

    ``shortages`` are missing quantities by line, in the unit of the line's product.
    """
    if e_sad.consignee_trader is None:
        raise ValueError("an e-SAD has a consignee (C116)")
    conclusion = (
        GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY
        if shortages
        else GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
    )
    return IE818(
        header=header(e_sad.consignee_trader.traderid[:2] if e_sad.consignee_trader.traderid else "", now),
        attributes=report_of_receipt.Attributes(),
        consignee_trader=e_sad.consignee_trader,
        excise_movement=ExciseMovement(
            administrative_reference_code=e_sad.excise_movement.administrative_reference_code,
            sequence_number=e_sad.header_ead_esad.sequence_number,
        ),
        destination_office=Office(reference_number=office),
        report_of_receipt_export=report_of_receipt.ReportOfReceiptExport(
            date_of_arrival_of_excise_products=e_sad.ead_esad.date_of_dispatch,
            global_conclusion_of_receipt=conclusion,
        ),
        body_report_of_receipt_export=tuple(
            _short(line.body_record_unique_reference, line.excise_product_code, shortages)
            for line in e_sad.body_ead_esad
            if shortages and line.body_record_unique_reference in shortages
        ),
    )


def header(state: str, now: datetime) -> Header:
    """A trader's header in ``state``: to its own administration, with a fresh identifier."""
    moment = now.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return Header(
        message_sender=f"NDEA.{state}",
        message_recipient=f"NDEA.{state}",
        date_of_preparation=moment.date(),
        time_of_preparation=moment.time(),
        message_identifier=str(uuid.uuid4()),
    )


def read(document: bytes) -> Message:
    """The message of a document that was read from a mailbox; its signature is not verified here."""
    return read_message(without_signature(parse(document)))


def _short(
    reference: int, product: str, shortages: Mapping[int, Decimal]
) -> report_of_receipt.BodyReportOfReceiptExport:
    return report_of_receipt.BodyReportOfReceiptExport(
        body_record_unique_reference=reference,
        indicator_of_shortage_or_excess=IndicatorOfShortageOrExcess.SHORTAGE,
        observed_shortage_or_excess=shortages[reference],
        excise_product_code=product,
        unsatisfactory_reason=(
            UnsatisfactoryReason(
                unsatisfactory_reason_code=SHORTAGE,
                complementary_information=Text("Bottles were missing on arrival", "en"),
            ),
        ),
    )
