"""Lithuania."""

from datetime import date
from typing import Final

from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.saad.law import Admission, EntryTerm, Span
from esad_gateway.ais.saad.record import Source
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Said
from esad_gateway.profiles.laws import LawByName
from esad_gateway.profiles.state import START, Formalities, State

_NOTICE: Final = "notice of the State Tax Inspectorate on the e-SAD, February 2023"
_DIRECTIVE: Final = "Directive (EU) 2020/262, article 54"
_REGULATION: Final = "Delegated Regulation (EU) 2022/1636, article 10"

_CONSIGNEES: Final = frozenset(
    {
        OperatorType.AUTHORISED_WAREHOUSEKEEPER,
        OperatorType.REGISTERED_CONSIGNEE,
        OperatorType.CERTIFIED_CONSIGNEE,
        OperatorType.TEMPORARY_REGISTERED_CONSIGNEE,
        OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    }
)

SAAD: Final = (
    # What was on its way when the e-SAD began. The old law asked for a confirmation, and for no status.
    Admission(
        documents=frozenset({Source.PAPER}),
        dispatched=Span(last=date(2023, 2, 12), last_source=_REGULATION),
        received=Span(first=START, last=date(2023, 12, 31), first_source=_NOTICE, last_source=_DIRECTIVE),
        capacities=_CONSIGNEES,
        source=f"{_DIRECTIVE}; {_REGULATION}",
    ),
    # FBK-1 to FBK-4. Warehousekeepers and registered consignees become certified for such goods (CCE-5).
    Admission(
        documents=frozenset({Source.PAPER, Source.FALLBACK}),
        dispatched=Span(first=START, first_source=_NOTICE),
        received=Span(first=START, first_source=_NOTICE),
        capacities=frozenset({OperatorType.CERTIFIED_CONSIGNEE, OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE}),
        source=_NOTICE,
        until_esad=True,
    ),
    # MVV-1 to MVV-5.
    Admission(
        documents=frozenset({Source.WINE}),
        received=Span(first=START, first_source=_NOTICE),
        capacities=frozenset(
            {
                OperatorType.AUTHORISED_WAREHOUSEKEEPER,
                OperatorType.REGISTERED_CONSIGNEE,
                OperatorType.CERTIFIED_CONSIGNEE,
            }
        ),
        into_warehouse=frozenset({OperatorType.AUTHORISED_WAREHOUSEKEEPER}),
        products=frozenset({"W200", "W300"}),
        source=_NOTICE,
        remark=Said("saad.poland"),
    ),
)
"""What may be entered in the SAAD list, and when (:class:`~esad_gateway.ais.saad.law.Admission`)."""

LT: Final = State(
    zone="Europe/Vilnius",
    language="lt",
    language_source=_NOTICE,
    saad=SAAD,
    saad_entering=EntryTerm(days=1, rules=("FBK-1", "MVV-2"), provenance=Provenance(_NOTICE, Mark.SOURCE)),
    law=LawByName("esad_gateway.profiles.lithuania.law:LAW"),
    national="esad_gateway.profiles.lithuania:DOMAIN",
    formalities=(Formalities(first=START, days=0, source=f"{_NOTICE}: the duty is declared and paid later"),),
)
