"""Registration cases in the store: looked up, decided and written in one transaction with the register."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.registration.acts import VALUES, ActKind, CaseAct
from esad_gateway.ais.registration.case import CaseState, NoticeOutcome, RegistrationCase
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import ComposeRefused
from esad_gateway.frozen import frozen
from esad_gateway.ports.national.cases import CasePaper, CaseRow
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row, among, as_keys, deciding
from esad_gateway.store.national import case_tables, people_tables
from esad_gateway.store.national.acts import note_act
from esad_gateway.store.rows import as_written, moment, operator_of_row
from esad_gateway.store.seal import note_change
from esad_gateway.store.store import SqlStore
from esad_gateway.store.stored import CASE_ACT, TOLD, read, written
from esad_gateway.store.transaction import SqlTransaction
from esad_gateway.store.upserts import adding, replacing
from esad_gateway.xml.plain import group_from_plain, group_to_plain

_case = case_tables.registration_case.c
_act = case_tables.case_act.c
_paper = case_tables.case_paper.c
_number = people_tables.entity_number.c
_operator = tables.operator.c

ACTS: Final = select(case_tables.case_act).where(among(_act.case_number)).order_by(_act.case_number, _act.seq)
"""The acts of some cases."""

_OF_ENTITY = select(_case.number).where(_case.entity == bindparam("of")).order_by(_case.number)
_OF_NUMBER = select(_case.entity).where(_case.number == bindparam("of"))
_OWNER = select(_number.entity).where(_number.seed == bindparam("of"))
_NUMBERS = (
    select(tables.operator)
    .join(people_tables.entity_number, _number.seed == _operator.seed)
    .where(_number.entity == bindparam("of"))
    .order_by(_operator.seed, _operator.valid_from)
)
_PEERS = select(tables.peer.c.address).order_by(tables.peer.c.address)
_OFFICES = select(tables.office.c.reference)
_LAST = select(case_tables.number_line.c.last).where(case_tables.number_line.c.name == bindparam("of"))
_HELD = select(_paper.digest).where(_paper.entity == bindparam("of"), _paper.digest == bindparam("which"))

_SET_CASE = replacing(case_tables.registration_case, "number")
_ADD_ACT = insert(case_tables.case_act)
_ADD_NOTICE = insert(case_tables.case_notice)
_SET_LINE = replacing(case_tables.number_line, "name")
_ADD_ENTITY = adding(people_tables.entity)
_ADD_NUMBER = adding(people_tables.entity_number)
_ADD_PAPER = adding(case_tables.case_paper)
_ADD_CONTENT = adding(case_tables.paper_content)


@frozen(kw_only=True)
class CaseRecords:
    """What an act adds: ``row`` is how its case stands from then on, ``act`` the last of ``case``.

    ``told`` are the IE713 that tell others, by address and identifier; ``numbers`` belong to the entity of the case
    from now on; ``lines`` are the last numbers that were given, by pattern.
    """

    row: CaseRow
    act: CaseAct
    name: str
    notices: Sequence[NoticeOutcome] = ()
    told: Sequence[tuple[str, str]] = ()
    numbers: Collection[str] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


class CaseTransaction(SqlTransaction):
    """A transaction in which a case is looked up and written, beside the register and what tells others of it."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.connection = connection

    def case(self, number: str) -> RegistrationCase | None:
        """A case with all its acts; ``None`` where there is none."""
        return self._cases([number]).get(number)

    def cases_of(self, entity: str) -> Sequence[RegistrationCase]:
        """All cases of an applicant, by number."""
        numbers = [row["number"] for row in self._driver.rows(_OF_ENTITY, {"of": entity})]
        return list(self._cases(numbers).values())

    def entity_of(self, seed: str) -> str | None:
        """To whom a number belongs; ``None`` where that is not known."""
        return self._driver.value(_OWNER, {"of": seed})  # type: ignore[no-any-return]

    def records_of_entity(self, entity: str) -> tuple[Operator, ...]:
        """What the register says of all numbers of an entity."""
        return tuple(operator_of_row(row) for row in self._driver.rows(_NUMBERS, {"of": entity}))

    def peers(self) -> tuple[str, ...]:
        """The administrations that we know, by address."""
        return tuple(row["address"] for row in self._driver.rows(_PEERS))

    def offices(self) -> frozenset[str] | None:
        """The list of offices; ``None`` where it is not kept."""
        return frozenset(row["reference"] for row in self._driver.rows(_OFFICES)) or None

    def last_of_line(self, name: str) -> int:
        """The last number that was given by a pattern, 0 before the first."""
        return int(self._driver.value(_LAST, {"of": name}) or 0)

    def has_paper(self, entity: str, digest: str) -> bool:
        """Whether an entity has handed in a paper with that digest."""
        return self._driver.value(_HELD, {"of": entity, "which": digest}) is not None

    def add(self, records: CaseRecords) -> None:
        """Write an act and what follows from it, under the write lock."""
        row, act, connection = records.row, records.act, self.connection
        connection.execute(_ADD_ENTITY, {"code": row.entity, "name": records.name})
        connection.execute(_SET_CASE, _row_of_case(row))
        connection.execute(_ADD_ACT, _row_of_act(row, act, records.told))
        notices = [_row_of_notice(row, act, one) for one in records.notices]
        for statement, rows in (
            (_ADD_NOTICE, notices),
            (_ADD_NUMBER, [{"seed": seed, "entity": row.entity} for seed in records.numbers]),
            (_SET_LINE, [{"name": name, "last": last} for name, last in records.lines.items()]),
        ):
            if rows:
                connection.execute(statement, rows)
        detail = {"state": row.state.value, **({"number": row.seed} if row.seed else {})}
        note_act(connection, act.by, act.at, f"case.{act.kind}", row.number, detail)
        note_change(connection, of_directory=False)

    def _cases(self, numbers: Collection[str]) -> Mapping[str, RegistrationCase]:
        rows = self._driver.rows(ACTS, as_keys(numbers)) if numbers else ()
        return {number: RegistrationCase(number=number, acts=tuple(acts)) for number, acts in _by_case(rows).items()}


@contextmanager
def case_transaction(store: SqlStore) -> Iterator[CaseTransaction]:
    """A transaction that asks first and then writes. Raises StoreUnavailable when it cannot be committed."""
    with deciding(store.writer) as connection:
        transaction = CaseTransaction(connection)
        yield transaction
    store.committed(transaction.last_numbers)


def write_paper(connection: Connection, paper: CasePaper, body: bytes, name: str, by: DoneBy) -> None:
    """Keep a paper of an entity called ``name``; one that is there already stays as it was handed in first."""
    connection.execute(_ADD_ENTITY, {"code": paper.entity, "name": name})
    connection.execute(_ADD_CONTENT, {"digest": paper.digest, "body": body})
    values = {name: getattr(paper, name) for name in ("entity", "digest", "name", "media", "size", "by")}
    if connection.execute(_ADD_PAPER, {**values, "at": moment(paper.at)}).rowcount:
        note_act(connection, by, paper.at, "case.paper", paper.entity, {"name": paper.name, "digest": paper.digest})
        note_change(connection, of_directory=False)


def entity_of_case(driver: Driver, number: str) -> str | None:
    """Whose case it is; ``None`` where there is none."""
    return driver.value(_OF_NUMBER, {"of": number})  # type: ignore[no-any-return]


@as_written
def act_of_row(row: Row) -> CaseAct:
    """The act of a row of ``case_act``."""
    kind = ActKind(row["act"])
    by = DoneBy(kind=ActorKind(row["kind"]), name=row["name"], seed=row["seed"], role=row["role"], entity=row["entity"])
    try:
        values = group_from_plain(read(CASE_ACT, row["content"]), VALUES[kind])
    except ComposeRefused as refused:
        raise ValueError(str(refused)) from refused
    on = date.fromisoformat(row["on_day"]) if row["on_day"] else None
    return CaseAct(kind=kind, at=datetime.fromisoformat(row["at"]), by=by, values=values, on=on)


def act_text(act: CaseAct) -> str:
    """The values of an act as stored text."""
    return written(CASE_ACT, group_to_plain(act.values))


def told_text(told: Sequence[tuple[str, str]]) -> str:
    """Who was told, as stored text."""
    return written(TOLD, list(told))


@as_written
def case_of_row(row: Row) -> CaseRow:
    """The row of ``registration_case`` as lists show it."""
    return CaseRow(
        number=row["number"],
        entity=row["entity"],
        status=OperatorType(row["status"]),
        state=CaseState(row["state"]),
        seed=row["seed"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        acts=row["acts"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )


@as_written
def told_of_row(row: Row) -> tuple[tuple[str, str], ...]:
    """Who was told of the act of a row, by which IE713."""
    return tuple((peer, identifier) for peer, identifier in read(TOLD, row["told"]))


def _by_case(rows: Iterable[Row]) -> dict[str, list[CaseAct]]:
    found: dict[str, list[CaseAct]] = {}
    for row in rows:
        found.setdefault(row["case_number"], []).append(act_of_row(row))
    return found


def _row_of_case(row: CaseRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "entity": row.entity,
        "status": row.status.value,
        "state": row.state.value,
        "seed": row.seed,
        "due": row.due and row.due.isoformat(),
        "acts": row.acts,
        "changed_at": moment(row.changed_at),
    }


def _row_of_act(row: CaseRow, act: CaseAct, told: Sequence[tuple[str, str]]) -> dict[str, Any]:
    by = act.by
    return {
        "case_number": row.number,
        "seq": row.acts,
        "at": moment(act.at),
        "on_day": act.on and act.on.isoformat(),
        "act": act.kind.value,
        **{name: getattr(by, name) for name in ("name", "seed", "role", "entity")},
        "kind": by.kind.value,
        "content": act_text(act),
        "told": told_text(told),
    }


def _row_of_notice(row: CaseRow, act: CaseAct, notice: NoticeOutcome) -> dict[str, Any]:
    return {
        "case_number": row.number,
        "seq": row.acts,
        "entity": notice.to,
        "at": moment(act.at),
        "act": notice.about.value,
        "channel": notice.channel.value,
        "until": notice.until and notice.until.day.isoformat(),
        "rule": notice.until and notice.until.term.rule,
    }
