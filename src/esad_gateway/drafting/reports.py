"""What consignees find when goods arrive, and the report of receipt (IE818) that says so."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import (
    BodyEadEsad,
    ConsigneeTrader,
    ExciseMovement,
    Office,
    UnsatisfactoryReason,
)
from esad_gateway.emcs.messages.ie818 import Attributes, BodyReportOfReceiptExport, ReportOfReceiptExport
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.identities import header
from esad_gateway.texts import ENGLISH, say

SHORTAGE, OTHER = "2", "0"
"""Reason codes of an unsatisfactory receipt (BC46): shortage, and what the text says."""

_SATISFACTORY: Final = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
_UNSATISFACTORY: Final = GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY


@frozen(kw_only=True)
class Found:
    """What a consignee found on arrival, in the unit of each line's product, by the number of the line.

    ``shortages`` and ``excesses`` were observed, ``refused`` was not taken in; ``reason`` says why, in English. Without
    one that is said in the ``language`` of the consignee.
    """

    shortages: Mapping[int, Decimal] = field(default_factory=dict)
    excesses: Mapping[int, Decimal] = field(default_factory=dict)
    refused: Mapping[int, Decimal] = field(default_factory=dict)
    reason: str = ""
    language: str = ENGLISH

    def line(self, line: BodyEadEsad) -> BodyReportOfReceiptExport:
        """What a report says about a line of the e-SAD."""
        number = line.body_record_unique_reference
        short, more = self.shortages.get(number), self.excesses.get(number)
        return BodyReportOfReceiptExport(
            body_record_unique_reference=number,
            indicator_of_shortage_or_excess=_indicator(short, more),
            observed_shortage_or_excess=short or more,
            excise_product_code=line.excise_product_code,
            refused_quantity=self.refused.get(number),
            unsatisfactory_reason=(self._why(short),),
        )

    def names(self, line: BodyEadEsad) -> bool:
        """Whether anything was found about a line."""
        return line.body_record_unique_reference in {*self.shortages, *self.excesses, *self.refused}

    def _why(self, short: Decimal | None) -> UnsatisfactoryReason:
        usual = Said("sim.missing") if short else Said("sim.otherwise")
        return UnsatisfactoryReason(
            unsatisfactory_reason_code=SHORTAGE if short and not self.reason else OTHER,
            complementary_information=in_own_words(self.reason, usual, self.language),
        )


def in_own_words(reason: str, usual: Said, language: str) -> Text:
    """A reason as it was given, in English; without one what a trader says usually, in its own language."""
    return Text(reason, ENGLISH) if reason else Text(say(usual, language), language)


def report(e_sad: IE801, now: datetime, office: str, shortages: Mapping[int, Decimal] | None = None) -> IE818:
    """A report of receipt for ``e_sad``: all of it arrived on the day of dispatch, except what ``shortages`` name.

    ``shortages`` are missing quantities by line, in the unit of the line's product.
    """
    conclusion = _UNSATISFACTORY if shortages else _SATISFACTORY
    return reported(e_sad, now, office, conclusion, Found(shortages=shortages or {}))


def reported(
    e_sad: IE801,
    now: datetime,
    office: str,
    conclusion: GlobalConclusionOfReceipt,
    found: Found,
    arrived: date | None = None,
) -> IE818:
    """A report of receipt with a ``conclusion``, of goods that ``arrived`` on a day (that of dispatch by default).

    It lists the lines about which something was ``found``; all of them when everything is refused (C140).
    """
    return IE818(
        header=header((receiver(e_sad).traderid or "")[:2], now),
        attributes=Attributes(),
        consignee_trader=receiver(e_sad),
        excise_movement=movement_of(e_sad),
        destination_office=Office(reference_number=office),
        report_of_receipt_export=ReportOfReceiptExport(
            date_of_arrival_of_excise_products=arrived or e_sad.ead_esad.date_of_dispatch,
            global_conclusion_of_receipt=conclusion,
        ),
        body_report_of_receipt_export=tuple(_lines(e_sad, conclusion, found)),
    )


def movement_of(e_sad: IE801) -> ExciseMovement:
    """The movement of an e-SAD, in the version that it is."""
    return ExciseMovement(
        administrative_reference_code=e_sad.excise_movement.administrative_reference_code,
        sequence_number=e_sad.header_ead_esad.sequence_number,
    )


def receiver(e_sad: IE801) -> ConsigneeTrader:
    """Who reports on an e-SAD: its consignee, as it names it. Raises ValueError where it names none (C116)."""
    if e_sad.consignee_trader is None:
        raise ValueError("an e-SAD has a consignee (C116)")
    return e_sad.consignee_trader


def consignor_who_receives(e_sad: IE801) -> ConsigneeTrader:
    """The consignor of an e-SAD as the one who receives: the goods return."""
    consignor = e_sad.consignor_trader
    return ConsigneeTrader(
        traderid=consignor.trader_excise_number,
        trader_name=consignor.trader_name,
        street_name=consignor.street_name,
        street_number=consignor.street_number,
        postcode=consignor.postcode,
        city=consignor.city,
        language=consignor.language,
    )


def as_it_stands(e_sad: IE801, sequence: int, *, returning: bool) -> IE801:
    """An e-SAD as its changes of destination have left it: in the version ``sequence``, and who receives the goods."""
    standing = replace(e_sad, header_ead_esad=replace(e_sad.header_ead_esad, sequence_number=sequence))
    return replace(standing, consignee_trader=consignor_who_receives(e_sad)) if returning else standing


def _lines(e_sad: IE801, conclusion: GlobalConclusionOfReceipt, found: Found) -> Iterator[BodyReportOfReceiptExport]:
    whole = conclusion is GlobalConclusionOfReceipt.REFUSED
    return (found.line(line) for line in e_sad.body_ead_esad if whole or found.names(line))


def _indicator(short: Decimal | None, more: Decimal | None) -> IndicatorOfShortageOrExcess | None:
    if short:
        return IndicatorOfShortageOrExcess.SHORTAGE
    return IndicatorOfShortageOrExcess.EXCESS if more else None
