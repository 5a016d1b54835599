"""Declarations in the world: what a number has to declare, what it has filed, and filing it under the write lock."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.declarations.filing import (
    DeclarationState,
    DeclaredMonth,
    DutySecured,
    FiledDeclaration,
    FilingAsked,
    FilingCase,
    FilingRefused,
    FilingTaken,
    decide_filing,
    declaration_due,
    declaration_state,
)
from esad_gateway.ais.declarations.period import TaxPeriod, periods_between
from esad_gateway.ais.declarations.projecting import DeclarationBasis, DeclaredFigure, drafted
from esad_gateway.ais.declarations.receipt import GoodsReceipt
from esad_gateway.ais.guarantees.checking import GuaranteeStanding
from esad_gateway.ais.guarantees.guarantee import EntryKind, Guarantee, GuaranteeEntry, GuaranteeKind
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.guarantees.ledger import least_left
from esad_gateway.emcs.registry import Operator, as_of
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.errors import NationalRefused, NotFound
from esad_gateway.faults import listed, said
from esad_gateway.national.tariffs import duty_law
from esad_gateway.settings import Settings
from esad_gateway.store.database import Driver, looking, writing
from esad_gateway.store.national.acts import note_act
from esad_gateway.store.national.declarations import (
    add_declaration,
    entity_of,
    filed_of,
    receipts_of,
    receivers_in,
)
from esad_gateway.store.national.guarantees import add_entry, settle, standing_of
from esad_gateway.store.operators import records_of
from esad_gateway.store.store import SqlStore

_NOBODY: Final = DoneBy(kind=ActorKind.LAW, name="DEC-2")

FILED_ACT: Final = "declaration.filed"
"""What the trace of acts calls it."""


@dataclass(frozen=True, slots=True)
class DeclarationDesk:
    """The declarations of one administration's traders.

    ``now`` tells the moment (aware); ``guarantees`` is the law of guarantees, ``None`` where there is none, so that
    nothing is set off and nothing released.
    """

    store: SqlStore
    basis: DeclarationBasis
    calendar: Calendar
    now: Callable[[], datetime]
    guarantees: GuaranteeLaw | None = None

    def month(self, seed: str, period: TaxPeriod) -> DeclaredMonth:
        """How a number stands with one month. Raises NotFound for a number that was not registered by its end."""
        with looking(self.store.reader) as driver:
            return self._months(driver, seed, (period,), self.now())[0]

    def months(self, seed: str) -> tuple[DeclaredMonth, ...]:
        """The months of a number of which there is something to say, the newest first, and the one that runs.

        Raises NotFound for a number that is not registered.
        """
        now = self.now()
        today = now.astimezone(self.calendar.zone).date()
        with looking(self.store.reader) as driver:
            begins = min((one.valid_from for one in records_of(driver, seed)), default=today)
            first = max(begins, min(one.first for one in self.basis.law.forms))
            found = self._months(driver, seed, periods_between(min(first, today), today), now)
        running = TaxPeriod.of(today)
        told = (one for one in found if one.draft.period == running or one.state is not DeclarationState.EMPTY)
        return tuple(sorted(told, key=lambda one: one.draft.period.first, reverse=True))

    def every(self, period: TaxPeriod) -> Iterator[DeclaredMonth]:
        """All numbers that have received something in a month, or declared it, one after the other."""
        now = self.now()
        with looking(self.store.reader) as driver:
            for seed in receivers_in(driver, period):
                yield self._months(driver, seed, (period,), now)[0]

    def figure(self, seed: str, period: TaxPeriod, key: str) -> DeclaredFigure:
        """The figure of a key such as ``D/110``, with what it comes from. Raises NotFound."""
        draft = self.month(seed, period).draft
        found = draft.figure(key)
        if found is None:
            keys = listed(one.key for one in draft.figures)
            raise NotFound(said("declaration.no_figure", figure=key, period=str(period), seed=seed, figures=keys))
        return found

    def filed(self, seed: str, period: TaxPeriod, number: int | None = None) -> tuple[DeclaredMonth, FiledDeclaration]:
        """A declaration that was filed, the last one without a ``number``, with its month. Raises NotFound."""
        month = self.month(seed, period)
        for one in reversed(month.filed):
            if number in {None, one.number}:
                return month, one
        if number is None:
            raise NotFound(said("declaration.file_first", seed=seed, period=str(period)))
        raise NotFound(said("declaration.nothing_filed", seed=seed, period=str(period), number=number))

    def receivers(self, period: TaxPeriod) -> int:
        """How many numbers :meth:`every` tells."""
        with looking(self.store.reader) as driver:
            return len(receivers_in(driver, period))

    def file(self, seed: str, period: TaxPeriod, asked: FilingAsked, by: DoneBy) -> FilingTaken:
        """File the declaration of a month as it follows from what is known under the write lock.

        What secures its receipts is released, and the duty of a temporary number set off, in the same transaction.
        Raises NotFound as :meth:`month` does, and NationalRefused with every fault; then nothing has changed.
        """
        with writing(self.store.writer) as connection:
            driver, now = Driver(connection), self.now()
            month = self._months(driver, seed, (period,), now)[0]
            standing = standing_of(driver, seed, self.calendar.zone, lambda: now)
            answer = decide_filing(month.draft, asked, self._case(now, by, month.filed, _secured(standing)))
            if isinstance(answer, FilingRefused):
                raise NationalRefused(answer.faults)
            if not answer.again:
                self._write(connection, answer.declaration, month, standing)
        return answer

    def _write(
        self, connection: Connection, filed: FiledDeclaration, month: DeclaredMonth, standing: GuaranteeStanding
    ) -> None:
        add_declaration(connection, filed)
        name = f"{filed.period}/{filed.number}"
        detail = {"form": filed.form, "duty": str(filed.duty), "setOff": str(filed.set_off)}
        note_act(connection, filed.by, filed.filed_at, FILED_ACT, f"{filed.seed} {name}", detail)
        if self.guarantees is None:
            return
        more = filed.set_off - (month.last.set_off if month.last else 0)
        for entry in _set_off(more, filed, standing):
            add_entry(connection, filed.seed, entry, standing, self.guarantees)
        settle(connection, filed.seed, [one.document for one in filed.covered], filed.filed_at, name)

    def _months(self, driver: Driver, seed: str, periods: Sequence[TaxPeriod], now: datetime) -> list[DeclaredMonth]:
        records = records_of(driver, seed)
        receipts: defaultdict[TaxPeriod, list[GoodsReceipt]] = defaultdict(list)
        for one in receipts_of(driver, seed, periods):
            receipts[TaxPeriod.of(one.day)].append(one)
        filed: defaultdict[TaxPeriod, list[FiledDeclaration]] = defaultdict(list)
        for declared in filed_of(driver, seed, periods[0], periods[-1]):
            filed[declared.period].append(declared)
        entity = entity_of(driver, seed)
        return [
            self._month(_registered(records, seed, one), entity, one, receipts[one], filed[one], now) for one in periods
        ]

    def _month(
        self,
        operator: Operator,
        entity: str,
        period: TaxPeriod,
        receipts: Sequence[GoodsReceipt],
        filed: Sequence[FiledDeclaration],
        now: datetime,
    ) -> DeclaredMonth:
        draft = drafted(operator.seed, operator.operator_type, period, receipts, self.basis)
        return DeclaredMonth(
            name=operator.name,
            entity=entity,
            draft=draft,
            state=declaration_state(draft, self._case(now, _NOBODY, filed)),
            until=declaration_due(period, self.basis.law, self.calendar),
            filed=tuple(filed),
        )

    def _case(
        self, now: datetime, by: DoneBy, filed: Sequence[FiledDeclaration], secured: DutySecured | None = None
    ) -> FilingCase:
        return FilingCase(
            law=self.basis.law, calendar=self.calendar, now=now, by=by, filed=filed, secured=secured or DutySecured()
        )


def _registered(records: Sequence[Operator], seed: str, period: TaxPeriod) -> Operator:
    """The record of a number that counts at the end of a month."""
    found = as_of(records, period.last)
    if found is None:
        raise NotFound(said("declaration.nobody", seed=seed))
    return found


def _deposits(standing: GuaranteeStanding) -> list[tuple[Guarantee, Decimal]]:
    """The deposits of a number, each with what is left of it."""
    today = standing.now.astimezone(standing.zone).date()
    held = [one for one in standing.guarantees if one.kind is GuaranteeKind.DEPOSIT and one.counts_on(today)]
    return [(one, least_left(standing.lines, one.number, standing.now)) for one in held]


def _secured(standing: GuaranteeStanding) -> DutySecured:
    """What secures a number: money, or somebody's word where there is no money."""
    today = standing.now.astimezone(standing.zone).date()
    deposits = _deposits(standing)
    others = any(one.counts_on(today) for one in standing.guarantees if one.kind is not GuaranteeKind.DEPOSIT)
    return DutySecured(available=sum((left for _, left in deposits), Decimal(0)), surety=others and not deposits)


def _set_off(more: Decimal, filed: FiledDeclaration, standing: GuaranteeStanding) -> Iterator[GuaranteeEntry]:
    """What is taken from each deposit for a declaration, the first one first."""
    name = f"{filed.form} {filed.period}/{filed.number}"
    for held, left in _deposits(standing):
        amount = min(more, left)
        if amount > 0:
            yield GuaranteeEntry(
                kind=EntryKind.SET_OFF,
                amount=amount,
                at=filed.filed_at,
                guarantee=held.number,
                subject=name,
                why=name,
            )
        more -= amount


def declaration_desk(
    store: SqlStore, settings: Settings, now: Callable[[], datetime], root: Path | None = None
) -> DeclarationDesk | None:
    """The desk of the administration whose ``settings`` these are; ``None`` where its state has decided nothing.

    ``root`` is its data directory, for the tariffs that it knows better. Raises NotConfigured where those are wrong.
    """
    domain = settings.national_domain()
    if domain is None or domain.declarations is None:
        return None
    duty = duty_law(domain, root)
    return DeclarationDesk(
        store=store,
        basis=DeclarationBasis(law=domain.declarations, duty=duty),
        calendar=settings.profile().calendar_of(settings.state),
        now=now,
        guarantees=domain.guarantees,
    )
