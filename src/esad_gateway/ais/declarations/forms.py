"""Which form a declaration has, for whom and from when until when: rows of data, each with its source."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.receipt import Route
from esad_gateway.ais.provenance import Provenance, in_force
from esad_gateway.ais.terms import Term
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen

DUTY_ANNEX: Final = "D"
"""The annex that has the duty of each tariff group, by the name that every form gives it."""


class Settling(StrEnum):
    """How the duty that is declared gets paid (DEC-5)."""

    PAID = "paid"
    """The trader pays it."""
    SET_OFF = "set_off"
    """It is set off against the deposit of the one consignment."""
    OFFICIAL = "official"
    """A surety stands where a deposit would: nobody has written what happens then, so an official decides."""


@frozen(kw_only=True)
class DeclarationForm:
    """The form by which a status declares, for periods that begin from its ``first`` to its ``last`` day.

    ``version`` is that of the form, by which a correction of such a period is made as well. ``payer_type`` is what
    box 3 says; ``numbered`` whether box 8 has the number of the capacity, or stays empty. ``annexes`` take what is due
    of each tariff group; goods carried into a warehouse stand in annex ``suspended`` under the row ``suspended_row``.
    """

    name: str
    status: OperatorType
    first: date
    last: date | None = None
    version: str
    payer_type: str
    numbered: bool
    settling: Settling = Settling.PAID
    routes: frozenset[Route]
    annexes: tuple[str, ...] = ()
    suspended: str = ""
    suspended_row: str = ""
    provenance: Provenance


@frozen(kw_only=True)
class DeclarationLaw:
    """What a state has decided about declarations.

    ``due`` is the term from the last day of a period on (DEC-2). ``zero`` says what is written about months without
    receipts (DEC-7), ``surety`` about a surety in place of a deposit (DEC-5).
    """

    forms: tuple[DeclarationForm, ...]
    due: Term
    zero: Provenance
    surety: Provenance

    def form_of(self, status: OperatorType, period: TaxPeriod) -> DeclarationForm | None:
        """The form by which a status declares a period; ``None`` where it declares none."""
        return in_force(self.forms_of(status), period.first)

    def forms_of(self, status: OperatorType) -> Iterable[DeclarationForm]:
        """All forms of a status, whenever they count."""
        return tuple(one for one in self.forms if one.status is status)
