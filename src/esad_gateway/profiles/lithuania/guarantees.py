"""Guarantees in Lithuania (chapters 1.11 and 2.4): figures with their sources and marks."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.figures import LegalFigure
from esad_gateway.ais.guarantees.guarantee import SecuredShare
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.provenance import Mark, Provenance
from esad_gateway.ais.terms import Term, Unit

_VMI: Final = Provenance("VMI knowledge base, KM1448 to KM1452", Mark.SOURCE)
_PERIODS: Final = Provenance("a quarter has three tax periods, which are calendar months", Mark.INFERRED)
_NOTICE: Final = Provenance("no source says when people are told", Mark.NOT_FOUND)

GUARANTEES: Final = GuaranteeLaw(
    shares=MappingProxyType(
        {
            SecuredShare.WHOLE: LegalFigure(rule="RC-5", number=Decimal(100), provenance=_VMI),
            SecuredShare.TENTH: LegalFigure(rule="RC-6", number=Decimal(10), provenance=_VMI),
            SecuredShare.EXEMPT: LegalFigure(rule="RC-6", number=Decimal(0), provenance=_VMI),
        }
    ),
    periods=LegalFigure(rule="RC-10", number=Decimal(3), provenance=_PERIODS),
    threshold=LegalFigure(rule="RC-10", number=Decimal(5), provenance=_VMI),
    cover=Term(rule="RC-14", number=10, unit=Unit.WORKING_DAYS, provenance=_VMI),
    notice=LegalFigure(rule="RC-13", number=Decimal(30), provenance=_NOTICE),
)
"""What guarantees go by there."""
