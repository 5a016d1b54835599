"""The part of national law that knows what was received: it refuses nothing, and notes receipts of our consignees."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from esad_gateway.ais.declarations.noted import goods_in, goods_key, goods_note, receipt_note
from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.law import LegalCase
from esad_gateway.emcs.messages import IE801, IE818, Message
from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.emcs.messages.ie818 import BodyReportOfReceiptExport
from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.emcs.rules.lines import current_quantities
from esad_gateway.faults import Fault
from esad_gateway.frozen import frozen

_MILLIGRAM: Final = Decimal("0.000001")
_SIGN: Final = {IndicatorOfShortageOrExcess.SHORTAGE: -1, IndicatorOfShortageOrExcess.EXCESS: 1}


@frozen
class ReceiptsNoted:
    """An e-SAD for one of our consignees leaves its goods in a note, and a report of receipt what arrived of them.

    Goods that were refused are not received, and what comes back to its consignor is none of these receipts. The
    quantity is that of the e-SAD, less the shortage and more the excess that the report states (RCV-1).
    """

    def asks(self, message: Message) -> Collection[NoteKey]:
        """The goods of the e-SAD that a report of receipt is about."""
        return (goods_key(message.excise_movement.administrative_reference_code),) if isinstance(message, IE818) else ()

    def faults(self, message: Message, case: LegalCase) -> Iterable[Fault]:  # noqa: ARG002 - the port has them
        """Nothing."""
        return ()

    def effects(self, message: Message, after: Movement, case: LegalCase) -> Iterator[Note]:
        """Goods once, with the e-SAD; a receipt with each report that has taken some of them."""
        if after.side is not Side.DESTINATION:
            return
        if isinstance(message, IE801) and case.movement is None:
            yield goods_note(after.arc, map(_line, message.body_ead_esad))
        elif isinstance(message, IE818) and (receipt := _receipt(message, after, case)).lines:
            yield receipt_note(receipt)


RECEIPTS: Final = ReceiptsNoted()
"""That part."""


def _line(body: BodyEadEsad) -> ReceivedLine:
    return ReceivedLine(
        number=body.body_record_unique_reference,
        product=body.excise_product_code,
        quantity=body.quantity,
        cn_code=body.cn_code,
        strength=body.alcoholic_strength_by_volume_in_percentage,
        plato=body.degree_plato,
        net_mass=body.net_mass,
    )


def _receipt(report: IE818, after: Movement, case: LegalCase) -> GoodsReceipt:
    said = report.report_of_receipt_export
    refused = said.global_conclusion_of_receipt is GlobalConclusionOfReceipt.REFUSED
    return GoodsReceipt(
        seed=after.consignee,
        route=Route.ESAD,
        day=said.date_of_arrival_of_excise_products,
        document=after.arc,
        lines=() if refused else tuple(_arrived(report, after, case)),
        sequence=report.excise_movement.sequence_number,
    )


def _arrived(report: IE818, after: Movement, case: LegalCase) -> Iterator[ReceivedLine]:
    """What came of each line; lines of which nothing came are left out.

    Of an e-SAD that came before this law was asked, only what the movement itself knows of its lines is known.
    """
    known = {line.number: line for note in case.notes for line in goods_in(note)}
    reported = {body.body_record_unique_reference: body for body in report.body_report_of_receipt_export}
    movement = case.movement or after
    expected = current_quantities(movement)
    for line in movement.lines:
        goods = known.get(line.reference) or ReceivedLine(line.reference, line.product, line.quantity)
        taken = _taken(expected[line.reference], reported.get(line.reference))
        if taken > 0:
            yield replace(goods, quantity=taken, net_mass=_share(goods, taken))


def _taken(expected: Decimal, report: BodyReportOfReceiptExport | None) -> Decimal:
    """What was taken in of it: a line that the report does not name came as it was expected."""
    if report is None:
        return expected
    sign = _SIGN.get(report.indicator_of_shortage_or_excess, 0) if report.indicator_of_shortage_or_excess else 0
    return expected + sign * (report.observed_shortage_or_excess or 0) - (report.refused_quantity or 0)


def _share(goods: ReceivedLine, taken: Decimal) -> Decimal | None:
    """The net mass of what was taken in, to the milligram: the same share of it as of the quantity."""
    if goods.net_mass is None or taken == goods.quantity:
        return goods.net_mass
    return (goods.net_mass * taken / goods.quantity).quantize(_MILLIGRAM)
