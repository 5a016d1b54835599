"""Terms of the deadline board in Lithuania."""

from typing import Final

from esad_gateway.ais.board.law import BoardLaw
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit

_NOTICE: Final = "notice of the State Tax Inspectorate on the e-SAD, February 2023"

BOARD: Final = BoardLaw(
    report=Term(rule="RCV-2", number=5, unit=Unit.WORKING_DAYS, provenance=Provenance(_NOTICE, Mark.SOURCE)),
    report_awaited=Term(
        rule="RCV-2",
        number=0,
        unit=Unit.CALENDAR_DAYS,
        provenance=Provenance(f"{_NOTICE}: it names arrival, which is reported with the goods", Mark.INFERRED),
    ),
)
"""All of them."""
