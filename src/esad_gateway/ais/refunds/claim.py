"""The refund file of a consignor (REF-1): what was dispatched, what has arrived, and the duty that was paid on that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from esad_gateway.ais.duty.assessing import Assessment, assess
from esad_gateway.ais.duty.goods import ExciseGoods, GoodsUse, goods_of
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.provenance import in_force
from esad_gateway.ais.refunds.law import RefundForm, RefundLaw
from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess, StatusType
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.ie818 import BodyReportOfReceiptExport
from esad_gateway.emcs.rules.mechanism import written
from esad_gateway.faults import Fault, Faults, Said, Value, listed
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, at

REFUND_RULE: Final = "REF-1"
REFUND_FAULTS: Final = (
    "not_consignor",
    "not_delivered",
    "nothing_received",
    "paid_on",
    "paid_later",
    "proof",
    "line",
)
"""The names of all faults; their sentences are ``refund.NAME.text`` and ``refund.NAME.hint``."""

DELIVERED: Final = frozenset({StatusType.DELIVERED, StatusType.PARTIALLY_REFUSED})
"""States in which goods have arrived that are not coming back."""

_NOTHING: Final = Decimal(0)
_LONGEST_PROOF: Final = 350


@frozen(kw_only=True)
class PaidLine:
    """What no message says of a line of the e-SAD, by its number: what its rate was claimed for, and its price."""

    line: int
    use: GoodsUse | None = None
    retail_price: Decimal | None = None
    pieces_in_package: int | None = None
    pieces: int | None = None


@frozen(kw_only=True)
class PaidDuty:
    """That duty was paid ``on`` a day, and the number of the document that proves it, such as a declaration."""

    on: date | None = None
    proof: str = ""
    lines: tuple[PaidLine, ...] = repeated(0, 999)


@frozen(kw_only=True)
class RefundFacts:
    """What is known of a movement: who claims, its state, its e-SAD, and the report of its receipt if there is one."""

    seed: str
    state: StatusType
    e_sad: IE801
    report: IE818 | None = None


@frozen(kw_only=True)
class RefundLine:
    """What became of a line of the e-SAD: ``received`` is what stays with the consignee, at most what was sent."""

    reference: int
    product: str
    dispatched: Decimal
    refused: Decimal
    shortage: Decimal
    excess: Decimal
    received: Decimal


@frozen(kw_only=True)
class RefundClaim:
    """What a consignor claims back: lines, the duty on what was received, the proof, and the forms that it takes.

    ``assessment`` has the lines of which something was received, in the order of the e-SAD.
    """

    arc: str
    consignor: str
    consignee: str
    dispatched: date
    arrived: date
    lines: tuple[RefundLine, ...]
    paid: PaidDuty
    assessment: Assessment
    forms: tuple[RefundForm, ...]


def claim(facts: RefundFacts, paid: PaidDuty, today: date, duty: DutyLaw, law: RefundLaw) -> RefundClaim | Faults:
    """The claim that a consignor may hand in for a movement, or everything that is in the way of it.

    Duty is that of what was received, at the rates of the day on which it was paid; shortages, and what was refused,
    are shown and not claimed. Not checked: that it was paid, and that the proof is about these goods: that is for the
    administration, which decides on the claim.
    """
    report = facts.report
    amiss = (*_standing(facts), *_paid_amiss(facts, paid, today))
    if amiss or report is None or paid.on is None:
        return amiss
    lines = tuple(_lines(facts.e_sad, report))
    if not any(line.received for line in lines):
        return (_fault("nothing_received", _place("report")),)
    assessment = assess(_goods(facts.e_sad, lines, paid), paid.on, duty)
    if assessment.faults:
        return assessment.faults
    consignee = facts.e_sad.consignee_trader
    return RefundClaim(
        arc=facts.e_sad.excise_movement.administrative_reference_code,
        consignor=facts.seed,
        consignee=(consignee.traderid if consignee else None) or "",
        dispatched=facts.e_sad.ead_esad.date_of_dispatch,
        arrived=report.report_of_receipt_export.date_of_arrival_of_excise_products,
        lines=lines,
        paid=paid,
        assessment=assessment,
        forms=tuple(form for form in law.forms if in_force([form], today)),
    )


def _standing(facts: RefundFacts) -> Iterable[Fault]:
    """Who claims is the consignor, and the goods have arrived."""
    consignor = facts.e_sad.consignor_trader.trader_excise_number
    if consignor != facts.seed:
        yield _fault("not_consignor", _place("seed"), facts.seed, consignor=consignor)
    if facts.state not in DELIVERED or facts.report is None:
        yield _fault("not_delivered", _place("state"), facts.state, known=listed(sorted(DELIVERED)))


def _paid_amiss(facts: RefundFacts, paid: PaidDuty, today: date) -> Iterable[Fault]:
    """The day and the proof are given, the day has come, and what is said of lines is said of lines that there are."""
    if paid.on is None:
        yield _fault("paid_on", _place("paid_on"))
    elif paid.on > today:
        yield _fault("paid_later", _place("paid_on"), paid.on, today=today.isoformat())
    if not (0 < len(paid.proof.strip()) <= _LONGEST_PROOF and paid.proof.isprintable()):
        yield _fault("proof", _place("proof"), paid.proof[:_LONGEST_PROOF] or None, most=_LONGEST_PROOF)
    known = [line.body_record_unique_reference for line in facts.e_sad.body_ead_esad]
    told = [line.line for line in paid.lines]
    for number, line in enumerate(told, 1):
        if line not in known or told.count(line) > 1:
            place = Place(at("lines", number, "line").steps, in_data=True)
            yield _fault("line", place, line, known=listed(known))


def _lines(e_sad: IE801, report: IE818) -> Iterable[RefundLine]:
    nothing = report.report_of_receipt_export.global_conclusion_of_receipt is GlobalConclusionOfReceipt.REFUSED
    reported = {one.body_record_unique_reference: one for one in report.body_report_of_receipt_export}
    for line in e_sad.body_ead_esad:
        one = reported.get(line.body_record_unique_reference)
        refused = line.quantity if nothing else (one.refused_quantity if one else None) or _NOTHING
        shortage = _observed(one, IndicatorOfShortageOrExcess.SHORTAGE)
        yield RefundLine(
            reference=line.body_record_unique_reference,
            product=line.excise_product_code,
            dispatched=line.quantity,
            refused=refused,
            shortage=shortage,
            excess=_observed(one, IndicatorOfShortageOrExcess.EXCESS),
            received=max(_NOTHING, line.quantity - refused - shortage),
        )


def _observed(one: BodyReportOfReceiptExport | None, kind: IndicatorOfShortageOrExcess) -> Decimal:
    if one is None or one.indicator_of_shortage_or_excess is not kind:
        return _NOTHING
    return one.observed_shortage_or_excess or _NOTHING


def _goods(e_sad: IE801, lines: Sequence[RefundLine], paid: PaidDuty) -> list[ExciseGoods]:
    told: Mapping[int, PaidLine] = {one.line: one for one in paid.lines}
    sent = {one.body_record_unique_reference: one for one in e_sad.body_ead_esad}
    return [
        _completed(goods_of(sent[line.reference], line.received), told.get(line.reference))
        for line in lines
        if line.received
    ]


def _completed(goods: ExciseGoods, told: PaidLine | None) -> ExciseGoods:
    if told is None:
        return goods
    return replace(
        goods,
        use=told.use,
        retail_price=told.retail_price,
        pieces_in_package=told.pieces_in_package,
        pieces=told.pieces,
    )


def _place(item: str) -> Place:
    return Place(in_data=True) / item


def _fault(name: str, place: Place, value: object = None, /, **values: Value) -> Fault:
    told = tuple(values.items())
    text, hint = Said(f"refund.{name}.text", told), Said(f"refund.{name}.hint", told)
    return Fault(code=REFUND_RULE, rule=REFUND_RULE, place=place, value=written(value), text=text, hint=hint)
