"""What became of the goods, line by line, by the reports that one side took: kept apart from the movement itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.messages import IE818
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.lines import current_quantities

_TAKEN = frozenset(
    {
        GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY,
        GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY,
    }
)


@dataclass
class Ledger:
    """Per line of a movement: what was sent, what is left to be received, what was received, and what is missing."""

    sent: Mapping[int, Decimal]
    left: dict[int, Decimal] = field(init=False)
    received: dict[int, Decimal] = field(init=False)
    missing: dict[int, Decimal] = field(init=False)

    def __post_init__(self) -> None:
        self.left = dict(self.sent)
        self.received = dict.fromkeys(self.sent, Decimal(0))
        self.missing = dict.fromkeys(self.sent, Decimal(0))

    def takes(self, report: IE818) -> None:
        """Book a report of receipt: what is neither missing nor refused was received."""
        conclusion = report.report_of_receipt_export.global_conclusion_of_receipt
        partial = conclusion is GlobalConclusionOfReceipt.PARTIALLY_REFUSED
        if not partial and conclusion not in _TAKEN:
            return
        lines = {line.body_record_unique_reference: line for line in report.body_report_of_receipt_export}
        for reference, left in list(self.left.items()):
            line = lines.get(reference)
            short = line is not None and line.indicator_of_shortage_or_excess is IndicatorOfShortageOrExcess.SHORTAGE
            missing = (line.observed_shortage_or_excess or Decimal(0)) if line is not None and short else Decimal(0)
            refused = (line.refused_quantity or Decimal(0)) if line is not None and partial else Decimal(0)
            self.received[reference] += left - missing - refused
            self.missing[reference] += missing
            self.left[reference] = refused

    def check(self, movement: Movement) -> None:
        """That no line has more than was sent of it, and that the movement knows what is left."""
        for line in movement.lines:
            reference = line.reference
            parts = (self.received[reference], self.missing[reference], self.left[reference])
            assert min(parts) >= 0, (line, parts)
            assert sum(parts) == line.quantity == self.sent[reference], (line, parts)
            assert line.refused is None or line.refused <= line.quantity
        if any(self.left.values()):
            assert dict(current_quantities(movement)) == self.left
