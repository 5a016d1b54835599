"""The declaration of a month as a projection of its receipts, by capacity and tariff group (DEC-1, DEC-6).

Nothing of it is kept until it is filed. Every figure has the lines of documents from which it comes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from esad_gateway.ais.declarations.amiss import DECLARED, declaration_fault
from esad_gateway.ais.declarations.forms import DUTY_ANNEX, DeclarationForm, DeclarationLaw
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.ais.duty.assessing import LineDuty, assess
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Fault, Faults
from esad_gateway.frozen import frozen
from esad_gateway.place import Place

_NOTHING: Final = Decimal(0)


class FigureSource(NamedTuple):
    """A line of a document that a figure comes from.

    ``quantity`` and ``rates`` are in what the tariff counts, ``duty`` is in EUR to the cent; nothing where it is
    suspended.
    """

    route: Route
    document: str
    line: int
    day: date
    quantity: Decimal
    duty: Decimal


class CoveredReceipt(NamedTuple):
    """A receipt that a declaration covers, in the version of its document."""

    document: str
    sequence: int


@frozen(kw_only=True)
class DeclaredFigure:
    """What a declaration says of a tariff ``group`` in an ``annex``, under its ``row`` where the form has a fixed one.

    ``quantity`` is in ``measure``, ``duty`` in EUR to the cent. ``sources`` are all lines that make it.
    """

    annex: str
    row: str
    group: str
    measure: str
    quantity: Decimal
    duty: Decimal
    sources: tuple[FigureSource, ...] = ()

    @property
    def key(self) -> str:
        """What it is asked for by: ``D/110``, ``S/30/210``."""
        return "/".join(filter(None, (self.annex, self.row, self.group)))

    @property
    def content(self) -> "DeclaredFigure":
        """The same without its sources: what is written on the form."""
        return replace(self, sources=())


@frozen(kw_only=True)
class DeclarationDraft:
    """What a capacity has to declare of a period, as far as it is known.

    ``form`` is ``None`` where the status declares nothing then. ``faults`` say what is in the way of filing.
    """

    seed: str
    status: OperatorType
    period: TaxPeriod
    form: DeclarationForm | None
    figures: tuple[DeclaredFigure, ...] = ()
    covered: tuple[CoveredReceipt, ...] = ()
    faults: Faults = ()

    @property
    def duty(self) -> Decimal:
        """The duty that is declared, in EUR: that of the annex of duty."""
        return sum((one.duty for one in self.figures if one.annex == DUTY_ANNEX), _NOTHING)

    @property
    def content(self) -> tuple[DeclaredFigure, ...]:
        """The figures as they are written on the form."""
        return tuple(one.content for one in self.figures)

    def figure(self, key: str) -> DeclaredFigure | None:
        """The figure of a key such as ``D/110``."""
        return next((one for one in self.figures if one.key == key), None)


@frozen(kw_only=True)
class DeclarationBasis:
    """By what a draft is made: what is decided about declarations and about duty, ``None`` where no tariff is known."""

    law: DeclarationLaw
    duty: DutyLaw | None


def drafted(
    seed: str, status: OperatorType, period: TaxPeriod, receipts: Iterable[GoodsReceipt], basis: DeclarationBasis
) -> DeclarationDraft:
    """The declaration that follows from the receipts of a capacity in a period.

    Receipts that cannot be declared are told, each with its document and line, and leave the figures of others as they
    are. Not checked: that the receipts are those of the capacity, and whether the period is over
    (:mod:`esad_gateway.ais.declarations.filing`).
    """
    form = basis.law.form_of(status, period)
    known = sorted(receipts, key=lambda one: (one.day, one.document, one.sequence))
    covered = tuple(CoveredReceipt(one.document, one.sequence) for one in known)
    draft = DeclarationDraft(seed=seed, status=status, period=period, form=form, covered=covered)
    if form is None:
        return replace(draft, faults=tuple(_undeclared(draft, known)))
    faults: list[Fault] = []
    found: dict[tuple[str, str], list[FigureSource]] = {}
    for receipt in known:
        faults += _amiss(receipt, form, basis.duty)
        if basis.duty is not None and receipt.route in form.routes:
            faults += _added(receipt, form, basis.duty, found)
    return replace(draft, figures=tuple(_figures(form, found)), faults=tuple(faults))


def _undeclared(draft: DeclarationDraft, receipts: Sequence[GoodsReceipt]) -> Iterator[Fault]:
    if receipts:
        yield declaration_fault(
            "no_form", DECLARED / "period", draft.period, status=draft.status.value, seed=draft.seed
        )


def _amiss(receipt: GoodsReceipt, form: DeclarationForm, duty: DutyLaw | None) -> Iterator[Fault]:
    """What is wrong with a receipt as a whole."""
    if duty is None:
        yield declaration_fault("no_tariffs", _route(receipt), receipt.document, arc=_arc(receipt))
    if receipt.route not in form.routes:
        wine = receipt.route is Route.MVV
        name = "wine_temporary" if wine else "route"
        yield declaration_fault(name, _route(receipt), receipt.route, arc=_arc(receipt), document=receipt.document)
    elif form.suspended and not receipt.in_warehouse:
        yield declaration_fault("wine_outside", _route(receipt), receipt.document, arc=_arc(receipt))


def _added(
    receipt: GoodsReceipt, form: DeclarationForm, law: DutyLaw, found: dict[tuple[str, str], list[FigureSource]]
) -> Sequence[Fault]:
    """Add what a receipt brings of each tariff group; what cannot be assessed of it is told."""
    assessed = assess([_goods(line) for line in receipt.lines], receipt.day, law)
    for one in assessed.lines:
        source = _source(receipt, one, suspended=bool(form.suspended))
        found.setdefault((one.group.code, one.measure.value), []).append(source)
    return [*_told(receipt, assessed.faults)] if assessed.faults else ()


def _told(receipt: GoodsReceipt, faults: Faults) -> Iterator[Fault]:
    for fault in faults:
        place = Place((*_place(receipt).steps, *fault.place.steps), in_data=True)
        yield replace(fault, rule="DEC-1", place=place, arc=_arc(receipt))


def _source(receipt: GoodsReceipt, one: LineDuty, *, suspended: bool) -> FigureSource:
    number = receipt.lines[one.line - 1].number
    duty = _NOTHING if suspended else one.amount
    return FigureSource(receipt.route, receipt.document, number, receipt.day, one.quantity, duty)


def _goods(line: ReceivedLine) -> ExciseGoods:
    return ExciseGoods(
        quantity=line.quantity,
        product=line.product,
        cn_code=line.cn_code,
        strength=line.strength,
        net_mass=line.net_mass,
    )


def _figures(
    form: DeclarationForm, found: Mapping[tuple[str, str], Sequence[FigureSource]]
) -> Iterator[DeclaredFigure]:
    """The figures of every annex that takes these goods, each with all that makes it."""
    rows = ((form.suspended, form.suspended_row),) if form.suspended else tuple((one, "") for one in form.annexes)
    made = [
        (group, measure, sum((one.quantity for one in sources), _NOTHING), sum((one.duty for one in sources), _NOTHING))
        for (group, measure), sources in sorted(found.items())
    ]
    for annex, row in rows:
        for group, measure, quantity, duty in made:
            yield DeclaredFigure(
                annex=annex,
                row=row,
                group=group,
                measure=measure,
                quantity=quantity,
                duty=duty,
                sources=tuple(found[group, measure]),
            )


def _place(receipt: GoodsReceipt) -> Place:
    return DECLARED / "receipts" / receipt.document


def _route(receipt: GoodsReceipt) -> Place:
    return _place(receipt) / "route"


def _arc(receipt: GoodsReceipt) -> str | None:
    return receipt.document if receipt.route is Route.ESAD else None
