"""What the two traders of a movement may send: right, or wrong in one way that a rule has to find.

Every message is made from the movement as its trader's administration has it, and from a drawn value that knows nothing
of it; so hypothesis can make both smaller independently.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess, SubmitterType
from esad_gateway.emcs.messages import IE813, IE815, IE818, IE819, IE837, IE871, ie818, ie871
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import UnsatisfactoryReason
from esad_gateway.emcs.movement import Line, Movement, Side
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.emcs.rules.lines import current_quantities
from helpers.playbook import NOW
from helpers.protocol import CONSIGNEE, CONSIGNOR, alert, change, delay, receipt, returned, shortage, this, way_back
from helpers.samples import draft, evolve

ACCEPTED = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
UNSATISFACTORY = GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY
REFUSED = GlobalConclusionOfReceipt.REFUSED
PARTIALLY_REFUSED = GlobalConclusionOfReceipt.PARTIALLY_REFUSED

NOBODY = "PL00000000999"
"""A consignee that has no part in the movement."""

FAR_AWAY = 9
"""The reference of a line that no e-SAD here has."""

_PRODUCTS = frozenset({"W200", "B000"})


def _operator(seed: str, operator_type: OperatorType, office: str) -> Operator:
    return Operator(
        seed=seed,
        name=seed,
        operator_type=operator_type,
        office=office,
        valid_from=date(2023, 2, 13),
        products=_PRODUCTS,
    )


REGISTER: Mapping[str, Operator] = MappingProxyType(
    {
        CONSIGNOR: _operator(CONSIGNOR, OperatorType.CERTIFIED_CONSIGNOR, "LT001000"),
        CONSIGNEE: _operator(CONSIGNEE, OperatorType.CERTIFIED_CONSIGNEE, "PL001000"),
    }
)
"""What SEED knows of the two traders of the playbooks."""


@dataclass(frozen=True)
class Share:
    """What a report says of a line, in percent of what is there to be received of it; ``excess`` turns it round."""

    missing: int = 0
    refused: int = 0
    excess: bool = False


@dataclass(frozen=True)
class Report:
    """A report of receipt before it is about anything; ``mistake`` is a key of :data:`MISTAKES`, or empty."""

    conclusion: GlobalConclusionOfReceipt
    shares: tuple[Share, ...]
    mistake: str = ""


_PERCENT = st.sampled_from([0, 0, 10, 33, 50, 100])
_SHARES = st.builds(Share, missing=_PERCENT, refused=_PERCENT, excess=st.sampled_from([False, False, True]))
_QUANTITIES = st.integers(1, 5_000_000).map(lambda number: Decimal(number) / 1000)


def drafts() -> st.SearchStrategy[IE815]:
    """Drafts with one to three lines of any quantity."""
    return st.lists(_QUANTITIES, min_size=1, max_size=3).map(draft_of)


def draft_of(quantities: Sequence[Decimal]) -> IE815:
    """A draft for goods that leave today, with these quantities."""
    sample = draft({"ead_esad_draft.date_of_dispatch": NOW.date()})
    kinds = sample.body_ead_esad
    lines = tuple(
        replace(kinds[index % len(kinds)], body_record_unique_reference=index + 1, quantity=quantity)
        for index, quantity in enumerate(quantities)
    )
    return replace(sample, body_ead_esad=lines)


def reports(*conclusions: GlobalConclusionOfReceipt) -> st.SearchStrategy[Report]:
    """Reports with one of these conclusions, of which some are wrong."""
    return st.builds(
        Report,
        conclusion=st.sampled_from(conclusions),
        shares=st.tuples(_SHARES, _SHARES, _SHARES),
        mistake=st.sampled_from([*[""] * 4 * len(MISTAKES), *MISTAKES]),
    )


def report_of(drawn: Report, movement: Movement, today: date, sequence: int) -> IE818:
    """What the trader on the side of ``movement`` reports of it."""
    message = returned(sequence) if movement.side is Side.DISPATCH else receipt(drawn.conclusion, sequence)
    message = evolve(
        message,
        {
            "report_of_receipt_export.date_of_arrival_of_excise_products": today,
            "report_of_receipt_export.global_conclusion_of_receipt": drawn.conclusion,
            "body_report_of_receipt_export": () if drawn.conclusion is ACCEPTED else _body(drawn, movement),
        },
    )
    return MISTAKES[drawn.mistake][1](message, movement) if drawn.mistake else message


def _body(drawn: Report, movement: Movement) -> tuple[ie818.BodyReportOfReceiptExport, ...]:
    left = current_quantities(movement)
    lines = [
        _line(line, left[line.reference], share, drawn.conclusion)
        for line, share in zip(movement.lines, drawn.shares, strict=False)
    ]
    if drawn.conclusion is PARTIALLY_REFUSED and not any(line.refused_quantity for line in lines):
        first = next(index for index, line in enumerate(movement.lines) if left[line.reference])
        everything = Share(refused=100)
        lines[first] = _line(movement.lines[first], left[movement.lines[first].reference], everything, drawn.conclusion)
    return tuple(lines)


def _line(
    line: Line, left: Decimal, share: Share, conclusion: GlobalConclusionOfReceipt
) -> ie818.BodyReportOfReceiptExport:
    observed = _part(left, share.missing)
    refused = Decimal(0)
    if conclusion is PARTIALLY_REFUSED:
        refused = _part(left if share.excess else left - observed, share.refused)
    kind = IndicatorOfShortageOrExcess.EXCESS if share.excess else IndicatorOfShortageOrExcess.SHORTAGE
    return ie818.BodyReportOfReceiptExport(
        body_record_unique_reference=line.reference,
        indicator_of_shortage_or_excess=kind if observed else None,
        observed_shortage_or_excess=observed or None,
        excise_product_code=line.product,
        refused_quantity=refused or None,
        unsatisfactory_reason=(UnsatisfactoryReason(unsatisfactory_reason_code="2"),),
    )


def _part(quantity: Decimal, percent: int) -> Decimal:
    return (quantity * percent / 100).quantize(Decimal("0.001"))


Mistake = Callable[[Any, Movement], Any]


def _put(path: str, value: object) -> Mistake:
    return lambda message, _: evolve(message, {path: value})


def _too_much(report: IE818, movement: Movement) -> IE818:
    """One unit more is refused of the first line than there was left of it."""
    first = movement.lines[0]
    line = ie818.BodyReportOfReceiptExport(
        body_record_unique_reference=first.reference,
        excise_product_code=first.product,
        refused_quantity=current_quantities(movement)[first.reference] + 1,
        unsatisfactory_reason=(UnsatisfactoryReason(unsatisfactory_reason_code="2"),),
    )
    return evolve(report, {_CONCLUSION: PARTIALLY_REFUSED, _BODY: (line,)})


def _with_line(**changes: Any) -> Mistake:
    """An unsatisfactory report on the first line, with changes."""

    def spoilt(report: IE818, movement: Movement) -> IE818:
        line = _line(movement.lines[0], current_quantities(movement)[1], Share(), UNSATISFACTORY)
        return evolve(report, {_CONCLUSION: UNSATISFACTORY, _BODY: (replace(line, **changes),)})

    return spoilt


def _too_early(report: IE818, movement: Movement) -> IE818:
    return evolve(report, {_ARRIVAL: movement.dispatched_at.date() - timedelta(days=1)})


def _tomorrow(report: IE818, _: Movement) -> IE818:
    day = report.report_of_receipt_export.date_of_arrival_of_excise_products + timedelta(days=1)
    return evolve(report, {_ARRIVAL: day})


_CONCLUSION = "report_of_receipt_export.global_conclusion_of_receipt"
_ARRIVAL = "report_of_receipt_export.date_of_arrival_of_excise_products"
_BODY = "body_report_of_receipt_export"

MISTAKES: Mapping[str, tuple[str, Mistake]] = MappingProxyType(
    {
        "more than there is": ("BR025", _too_much),
        "somebody else's goods": ("BR021", _put("consignee_trader.traderid", NOBODY)),
        "a line that does not exist": ("R058", _with_line(body_record_unique_reference=FAR_AWAY)),
        "another product": ("BR024", _with_line(excise_product_code="S200")),
        "refused in an acceptance": ("C095", _with_line(refused_quantity=Decimal(1))),
        "no reason": ("C159", _with_line(unsatisfactory_reason=())),
        "arrived tomorrow": ("BR023", _tomorrow),
        "arrived before it left": ("BR056", _too_early),
        "no office": ("C105", _put("destination_office", None)),
    }
)
"""What can be wrong with a report, and the rule that finds it."""


CHANGES: Mapping[str, tuple[IE813, str]] = MappingProxyType(
    {
        "to another place": (change(place="PL-A"), ""),
        "to a third place": (change(place="PL-B"), ""),
        "to a fourth place in 20 days": (change(place="PL-C", journey_time="D20"), ""),
        "back": (way_back(), ""),
        "to somebody else": (evolve(change(), {"destination_changed.new_consignee_trader.traderid": NOBODY}), "BR050"),
        "to no place": (evolve(change(), {"destination_changed.delivery_place_trader": None}), "C165"),
        "for too long": (change(journey_time="D92"), "R054"),
        "back to the consignee": (
            evolve(way_back(), {"destination_changed.new_consignee_trader.traderid": CONSIGNEE}),
            "BR050",
        ),
    }
)
"""Changes of destination, each with the rule that refuses it, if one does for sure."""

ALERTS: Mapping[str, tuple[IE819, str]] = MappingProxyType(
    {
        "alert": (alert(rejected=False), ""),
        "rejection": (alert(rejected=True), ""),
        "without a reason": (evolve(alert(rejected=True), {"alert_or_rejection_of_ead_esad_reason": ()}), "C032"),
        "by somebody else": (evolve(alert(rejected=True), {"consignee_trader.traderid": NOBODY}), "BR021"),
    }
)
"""Alerts and rejections, as :data:`CHANGES`."""


def _of_no_line(submitter: SubmitterType) -> IE871:
    line = ie871.BodyAnalysis(
        excise_product_code="W200",
        body_record_unique_reference=FAR_AWAY,
        explanation=Text("Broken bottles", "en"),
    )
    return replace(shortage(submitter), body_analysis=(line,))


EXPLANATIONS: Mapping[str, Mapping[str, tuple[IE837 | IE871, str]]] = MappingProxyType(
    {
        state: MappingProxyType(
            {
                "a delay": (delay(submitter), ""),
                "a shortage": (shortage(submitter), ""),
                "for somebody else": (
                    evolve(delay(submitter), {"attributes.submitter_identification": NOBODY}),
                    "R072",
                ),
                "a line that does not exist": (_of_no_line(submitter), "R231"),
            }
        )
        for state, submitter in (("LT", SubmitterType.CONSIGNOR), ("PL", SubmitterType.CONSIGNEE))
    }
)
"""Explanations of a delay or a shortage by the trader of a state, as :data:`CHANGES`."""


def mostly_right(names: Mapping[str, tuple[Any, str]]) -> st.SearchStrategy[str]:
    """Names of messages; those that a rule refuses are drawn less often."""
    right = [name for name, (_, refused_by) in names.items() if not refused_by]
    return st.sampled_from([*right * 4, *names])


def about(message: Any, sequence: int) -> Any:
    """A trader's message about another version of the movement."""
    return replace(message, excise_movement=this(sequence))
