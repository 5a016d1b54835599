"""The terms of the deadline board that no other part of the national domain has."""

from esad_gateway.ais.terms import Term
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class BoardLaw:
    """By which terms a board reckons.

    ``report`` counts from the arrival of the goods, which nobody knows before it is reported; until then the board
    counts ``report_awaited`` from the end of the journey. ``destination`` counts from the moment at which the
    consignor's time to give a destination is over, ``number`` from the last day of a temporary number. What
    secures duty is reckoned by the law of guarantees.
    """

    report: Term
    report_awaited: Term
    destination: Term
    number: Term
