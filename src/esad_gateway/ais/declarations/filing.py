"""Whether a declaration may be filed as somebody asks for it, and what is filed then (DEC-1 to DEC-7).

What was filed is never changed. A correction says the whole declaration anew, in the form of its period, under the
next number.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.declarations.amiss import DECLARED, declaration_fault
from esad_gateway.ais.declarations.forms import DeclarationForm, DeclarationLaw, Settling
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.projecting import CoveredReceipt, DeclarationDraft, DeclaredFigure
from esad_gateway.ais.terms import TermEnd, due
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.faults import Fault, Faults
from esad_gateway.frozen import frozen

_NOTHING: Final = Decimal(0)


class DeclarationState(StrEnum):
    """How a capacity stands with the declaration of a period."""

    OPEN = "open"
    """The period is not over."""
    DUE = "due"
    LATE = "late"
    """It should have been filed, and was not."""
    FILED = "filed"
    TO_BE_CORRECTED = "to_be_corrected"
    """What is known now is not what was filed."""
    EMPTY = "empty"
    """Nothing was received; nothing is filed unless somebody asks for it (DEC-7)."""


@frozen(kw_only=True)
class FilingAsked:
    """How somebody wants to file: a value that is ``None`` is as the form has it.

    ``form`` is its name, ``payer_type`` what box 3 says, ``number`` what box 8 says, empty for nothing. ``zero``: also
    where there is nothing to declare.
    """

    form: str | None = None
    payer_type: str | None = None
    number: str | None = None
    zero: bool = False


@frozen(kw_only=True)
class DutySecured:
    """What secures the duty of a temporary number: money that is ``available`` (EUR), or a ``surety``."""

    available: Decimal = _NOTHING
    surety: bool = False


@frozen(kw_only=True)
class FiledDeclaration:
    """A declaration as it was filed at a moment (aware); ``number`` is 0, or that of the correction.

    ``box_number`` is what box 8 says. ``set_off`` (EUR) is taken from the deposit, and ``to_pay`` is left; both are
    those of the whole declaration, so that the last one of a period counts. ``to_pay`` below zero was set off too much:
    what is given back, an official decides.
    """

    seed: str
    status: OperatorType
    period: TaxPeriod
    number: int
    form: str
    version: str
    payer_type: str
    box_number: str
    figures: tuple[DeclaredFigure, ...]
    covered: tuple[CoveredReceipt, ...]
    duty: Decimal
    settling: Settling
    set_off: Decimal = _NOTHING
    to_pay: Decimal = _NOTHING
    filed_at: datetime
    by: DoneBy
    late: bool = False

    def says(self, draft: DeclarationDraft) -> bool:
        """Whether it says what a draft says."""
        return self.figures == draft.content and sorted(self.covered) == sorted(draft.covered)


@frozen(kw_only=True)
class FilingTaken:
    """The declaration that stands; ``again`` where it had been filed already as it was asked for."""

    declaration: FiledDeclaration
    again: bool = False


@frozen(kw_only=True)
class FilingRefused:
    """Why nothing was filed: every reason at once."""

    faults: Faults


@frozen(kw_only=True)
class FilingCase:
    """What is known when somebody files: the ``law``, the ``calendar`` of the state, and the moment ``now`` (aware).

    ``filed`` are the declarations of the capacity for this period, the oldest first; ``secured`` is what secures its
    duty.
    """

    law: DeclarationLaw
    calendar: Calendar
    now: datetime
    by: DoneBy
    filed: Sequence[FiledDeclaration] = ()
    secured: DutySecured = DutySecured()

    @property
    def today(self) -> date:
        """The day in the state."""
        return self.now.astimezone(self.calendar.zone).date()


@frozen(kw_only=True)
class DeclaredMonth:
    """How a number stands with a month: who it is, what it has to declare, what it has filed, and until when."""

    name: str
    entity: str
    draft: DeclarationDraft
    state: DeclarationState
    until: TermEnd
    filed: tuple[FiledDeclaration, ...] = ()

    @property
    def last(self) -> FiledDeclaration | None:
        """What was filed last."""
        return self.filed[-1] if self.filed else None


def declaration_due(period: TaxPeriod, law: DeclarationLaw, calendar: Calendar) -> TermEnd:
    """Until when the declaration of a period is filed and paid (DEC-2)."""
    return due(period.last, law.due, calendar)


def declaration_state(draft: DeclarationDraft, case: FilingCase) -> DeclarationState:
    """How it stands with what a draft says."""
    if case.filed:
        return DeclarationState.FILED if case.filed[-1].says(draft) else DeclarationState.TO_BE_CORRECTED
    if case.today <= draft.period.last:
        return DeclarationState.OPEN
    if not draft.covered:
        return DeclarationState.EMPTY
    late = declaration_due(draft.period, case.law, case.calendar).late(case.now)
    return DeclarationState.LATE if late else DeclarationState.DUE


def decide_filing(draft: DeclarationDraft, asked: FilingAsked, case: FilingCase) -> FilingTaken | FilingRefused:
    """What becomes of a wish to file what a draft says.

    What is there already as it is asked for is answered as the first time; anything else is the next correction. The
    duty of a temporary status is set off against its deposit as far as that goes; where a surety secures it, that is
    left to an official (DEC-5).
    """
    faults = (*draft.faults, *_faults(draft, asked, case))
    if faults or draft.form is None:
        return FilingRefused(faults=faults)
    last = case.filed[-1] if case.filed else None
    if last is not None and last.says(draft):
        return FilingTaken(declaration=last, again=True)
    return FilingTaken(declaration=_filed(draft, draft.form, case))


def _filed(draft: DeclarationDraft, form: DeclarationForm, case: FilingCase) -> FiledDeclaration:
    settling = Settling.OFFICIAL if form.settling is Settling.SET_OFF and case.secured.surety else form.settling
    set_off = case.filed[-1].set_off if case.filed else _NOTHING
    if settling is Settling.SET_OFF:
        set_off = max(set_off, min(draft.duty, case.secured.available + set_off))
    return FiledDeclaration(
        seed=draft.seed,
        status=draft.status,
        period=draft.period,
        number=len(case.filed),
        form=form.name,
        version=form.version,
        payer_type=form.payer_type,
        box_number=draft.seed if form.numbered else "",
        figures=draft.content,
        covered=draft.covered,
        duty=draft.duty,
        settling=settling,
        set_off=set_off,
        to_pay=_NOTHING if settling is Settling.OFFICIAL else draft.duty - set_off,
        filed_at=case.now,
        by=case.by,
        late=declaration_due(draft.period, case.law, case.calendar).late(case.now),
    )


def _faults(draft: DeclarationDraft, asked: FilingAsked, case: FilingCase) -> Iterator[Fault]:
    """What is wrong with the wish itself."""
    period, place = draft.period, DECLARED / "period"
    if case.today < period.first:
        yield declaration_fault("future", place, period, today=case.today.isoformat())
    elif case.today <= period.last:
        yield declaration_fault("running", place, period, last=period.last.isoformat())
    if draft.form is not None:
        yield from _boxes(draft, draft.form, asked)
        if not draft.covered and not case.filed and not asked.zero:
            yield declaration_fault("zero", place, period, seed=draft.seed)
    elif not draft.covered:
        yield declaration_fault("unknown", place, period, status=draft.status.value, seed=draft.seed)


def _boxes(draft: DeclarationDraft, form: DeclarationForm, asked: FilingAsked) -> Iterator[Fault]:
    """What is wrong with the form and the boxes that were asked for."""
    if asked.form not in {None, form.name}:
        yield declaration_fault("form", DECLARED / "form", asked.form, form=form.name, period=str(draft.period))
    if asked.payer_type not in {None, form.payer_type}:
        name = "payer" if form.numbered else "payer_temporary"
        yield declaration_fault(name, DECLARED / "payerType", asked.payer_type, payer=form.payer_type)
    if asked.number is None:
        return
    if form.numbered and asked.number != draft.seed:
        yield declaration_fault("number", DECLARED / "number", asked.number, seed=draft.seed, form=form.name)
    if not form.numbered and asked.number:
        yield declaration_fault("number_filled", DECLARED / "number", asked.number, form=form.name)
