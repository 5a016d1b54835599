"""What a member state has decided about guarantees, with sources and marks."""

from collections.abc import Mapping

from esad_gateway.ais.figures import LegalFigure
from esad_gateway.ais.guarantees.guarantee import SecuredShare
from esad_gateway.ais.terms import Term
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class GuaranteeLaw:
    """All that guarantees go by. Amounts are in ``currency``, with so many ``decimals`` at most.

    ``shares`` is how many hundredths of the basis are to be secured. A quarter has ``periods`` tax periods, by which
    its duty is divided; an average has to differ from the basis by more than ``threshold`` hundredths of it before
    another amount is proposed. Within ``cover`` a new security follows one that has ended, and people are told
    ``notice`` days before that.
    """

    shares: Mapping[SecuredShare, LegalFigure]
    periods: LegalFigure
    threshold: LegalFigure
    cover: Term
    notice: LegalFigure
    currency: str = "EUR"
    decimals: int = 2
