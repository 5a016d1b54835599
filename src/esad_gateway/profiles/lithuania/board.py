"""Terms of the deadline board in Lithuania."""

from typing import Final

from esad_gateway.ais.board.law import BoardLaw
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit

_NOTICE: Final = "notice of the State Tax Inspectorate on the e-SAD, February 2023"


def _same_day(rule: str, source: str) -> Term:
    """A term that is over with the day from which it counts."""
    return Term(rule=rule, number=0, unit=Unit.CALENDAR_DAYS, provenance=Provenance(source, Mark.INFERRED))


BOARD: Final = BoardLaw(
    report=Term(rule="RCV-2", number=5, unit=Unit.WORKING_DAYS, provenance=Provenance(_NOTICE, Mark.SOURCE)),
    report_awaited=_same_day("RCV-2", f"{_NOTICE}: it counts from arrival, which nobody knows before the report"),
    destination=_same_day("TIM_CHS", "time to change the destination, of the movement itself"),
    number=_same_day("CCE-6", f"{_NOTICE}: 30 days"),
)
"""All of them."""
