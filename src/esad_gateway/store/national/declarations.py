"""Receipts as the store has them, by capacity and month, and declarations as they were filed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.declarations.filing import FiledDeclaration
from esad_gateway.ais.declarations.forms import DeclarationLaw, Settling
from esad_gateway.ais.declarations.noted import RECEIPT, receipt_in, receipts_key
from esad_gateway.ais.declarations.period import TaxPeriod, periods_between
from esad_gateway.ais.declarations.projecting import CoveredReceipt, DeclaredFigure
from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.ais.saad.record import SaadLine, Source, Status
from esad_gateway.ais.terms import due
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.store import batch_tables, tables
from esad_gateway.store.database import Driver, Row, among, as_keys
from esad_gateway.store.national.declaration_tables import declaration
from esad_gateway.store.national.people_tables import entity_number
from esad_gateway.store.rows import as_written, moment
from esad_gateway.store.saad import NEWEST_VERSION, entry_of
from esad_gateway.store.seal import note_change
from esad_gateway.store.stored import DECLARATION, NOTE, read, written

_note, _record, _filed = tables.note.c, batch_tables.saad_record.c, declaration.c

_NOTED: Final = (
    select(_note.subject, _note.arc, _note.content)
    .where(_note.kind == RECEIPT, among(_note.subject))
    .order_by(_note.subject, _note.id)
)
_STANDING: Final = (_record.status != Status.WITHDRAWN.value, NEWEST_VERSION)
_BETWEEN: Final = _record.received.between(bindparam("first"), bindparam("last"))
_ENTERED: Final = (
    select(_record.id, _record.version, _record.entry)
    .where(_record.trader == bindparam("trader"), _BETWEEN, *_STANDING)
    .order_by(_record.number)
)
_NOTED_SEEDS: Final = (
    select(_note.subject)
    .where(_note.kind == RECEIPT, _note.subject.between(bindparam("first"), bindparam("last")))
    .distinct()
)
_ENTERED_SEEDS: Final = select(_record.trader).where(_BETWEEN, *_STANDING).distinct()
_FILED_SEEDS: Final = select(_filed.seed).where(_filed.period == bindparam("period")).distinct()
_FILED_OF: Final = (
    select(declaration)
    .where(_filed.seed == bindparam("whose"), _filed.period.between(bindparam("first"), bindparam("last")))
    .order_by(_filed.period, _filed.number)
)
_ENTITY: Final = select(entity_number.c.entity).where(entity_number.c.seed == bindparam("whose"))
_ADD: Final = insert(declaration)


def receipts_of(driver: Driver, seed: str, months: Sequence[TaxPeriod]) -> Iterator[GoodsReceipt]:
    """What a number has received in months that follow each other: by reports and by the SAAD list."""
    subjects = [receipts_key(seed, one.first).subject for one in months]
    yield from map(_noted, driver.rows(_NOTED, as_keys(subjects)))
    days = {"first": months[0].first.isoformat(), "last": months[-1].last.isoformat()}
    for row in driver.rows(_ENTERED, {"trader": seed, **days}):
        yield _entered(row)


def open_declarations(
    driver: Driver, seed: str, law: DeclarationLaw, calendar: Calendar, today: date
) -> Iterator[DueItem]:
    """The months that are over and still to be declared, or to be corrected since something else was received.

    ``today`` is a day of the state. What a tariff that was told later would change is no item: figures are not made.
    """
    first = min((one.first for one in law.forms), default=today)
    months = [one for one in periods_between(first, today) if one.last < today]
    if not months:
        return
    received: defaultdict[TaxPeriod, set[CoveredReceipt]] = defaultdict(set)
    for one in receipts_of(driver, seed, months):
        received[TaxPeriod.of(one.day)].add(CoveredReceipt(one.document, one.sequence))
    covered = {one.period: set(one.covered) for one in filed_of(driver, seed, months[0], months[-1])}
    for month in months:
        if received[month] != covered.get(month, set()):
            end = due(month.last, law.due, calendar)
            yield DueItem(kind=DueKind.DECLARATION, seed=seed, about=str(month), since=month.last, end=end)


def receivers_in(driver: Driver, period: TaxPeriod) -> Sequence[str]:
    """The numbers that have received something in a month, or declared it, in their order."""
    month = str(period)
    noted = driver.rows(_NOTED_SEEDS, {"first": f"{month} ", "last": f"{month}~"})
    entered = driver.rows(_ENTERED_SEEDS, {"first": period.first.isoformat(), "last": period.last.isoformat()})
    filed = driver.rows(_FILED_SEEDS, {"period": month})
    seeds = {row["subject"].partition(" ")[2] for row in noted}
    return sorted(seeds | {row["trader"] for row in entered} | {row["seed"] for row in filed})


def filed_of(driver: Driver, seed: str, first: TaxPeriod, last: TaxPeriod) -> tuple[FiledDeclaration, ...]:
    """What a number has filed for the months from ``first`` to ``last``, in the order of months and numbers."""
    rows = driver.rows(_FILED_OF, {"whose": seed, "first": str(first), "last": str(last)})
    return tuple(map(declaration_of_row, rows))


def entity_of(driver: Driver, seed: str) -> str:
    """The code of the taxpayer to whom a number belongs; empty where nobody has said it."""
    return str(driver.value(_ENTITY, {"whose": seed}) or "")


def add_declaration(connection: Connection, filed: FiledDeclaration) -> None:
    """Add a declaration under the write lock. Not checked: that its number is the next one; its key refuses another."""
    connection.execute(
        _ADD,
        {
            "seed": filed.seed,
            "period": str(filed.period),
            "number": filed.number,
            "filed_at": moment(filed.filed_at),
            "content": declaration_text(filed),
        },
    )
    note_change(connection, of_directory=False)


@as_written
def _noted(row: Row) -> GoodsReceipt:
    return receipt_in(row["subject"], row["arc"], read(NOTE, row["content"]))


@as_written
def _entered(row: Row) -> GoodsReceipt:
    entry = entry_of(row["entry"])
    return GoodsReceipt(
        seed=entry.consignee,
        route=Route.MVV if entry.source is Source.WINE else Route.SAAD,
        day=entry.received,
        document=row["id"],
        lines=tuple(_line(number, line) for number, line in enumerate(entry.lines, 1)),
        sequence=row["version"],
        in_warehouse=entry.in_warehouse,
    )


def _line(number: int, line: SaadLine) -> ReceivedLine:
    quantity = line.quantity - (line.shortage or 0) + (line.excess or 0)
    return ReceivedLine(number, line.product, quantity, line.cn_code, line.strength, line.plato)


_FIGURE: Final = ("annex", "row", "group", "measure", "quantity", "duty")
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "status": OperatorType,
    "form": str,
    "version": str,
    "payer_type": str,
    "box_number": str,
    "duty": Decimal,
    "settling": Settling,
    "set_off": Decimal,
    "to_pay": Decimal,
    "late": bool,
}


def declaration_text(filed: FiledDeclaration) -> str:
    """What is kept of a declaration beside its number, period and moment."""
    by = filed.by
    plain = {
        **{name: getattr(filed, name) for name in _READ},
        "figures": [[getattr(one, name) for name in _FIGURE] for one in filed.figures],
        "covered": [[*one] for one in filed.covered],
        "by": [by.kind.value, by.name, by.seed, by.role, by.entity],
    }
    return written(DECLARATION, plain)


@as_written
def declaration_of_row(row: Row) -> FiledDeclaration:
    """The declaration of a row."""
    plain = read(DECLARATION, row["content"])
    kind, name, seed, role, entity = plain["by"]
    values = {name: reads(plain[name]) for name, reads in _READ.items()}
    return FiledDeclaration(
        seed=row["seed"],
        period=TaxPeriod.read(row["period"]),
        number=row["number"],
        filed_at=datetime.fromisoformat(row["filed_at"]),
        figures=tuple(_figure(one) for one in plain["figures"]),
        covered=tuple(CoveredReceipt(document, sequence) for document, sequence in plain["covered"]),
        by=DoneBy(kind=ActorKind(kind), name=name, seed=seed, role=role, entity=entity),
        **values,
    )


def _figure(plain: Iterable[Any]) -> DeclaredFigure:
    annex, row, group, measure, quantity, duty = plain
    return DeclaredFigure(
        annex=annex, row=row, group=group, measure=measure, quantity=Decimal(quantity), duty=Decimal(duty)
    )
