"""Registration cases to read: lists, single cases with what others were told, notices, and papers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import RegistrationCase
from esad_gateway.ais.registration.request import Channel
from esad_gateway.emcs.messages.ie714 import IE714
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import said
from esad_gateway.ports.national.cases import CaseNotice, CasePaper, CaseQuery, CaseRow, KeptCase, ToldPeer
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row, among, as_keys, reading
from esad_gateway.store.documents import BODY, body_of
from esad_gateway.store.national import case_tables, people_tables
from esad_gateway.store.national.cases import ACTS, act_of_row, case_of_row, told_of_row
from esad_gateway.store.national.guarantees import guarantees_of
from esad_gateway.store.outbox import standings
from esad_gateway.store.rows import as_written
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.binding import read as read_message
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

_case = case_tables.registration_case.c
_paper = case_tables.case_paper.c
_content = case_tables.paper_content.c
_notice = case_tables.case_notice.c
_message = tables.message.c
_movement = tables.movement.c

_CASE = select(case_tables.registration_case).where(_case.number == bindparam("of"))
_CASES = (
    select(case_tables.registration_case)
    .where(_case.number > bindparam("after"))
    .order_by(_case.number)
    .limit(bindparam("most"))
)
_NOTICES = (
    select(case_tables.case_notice)
    .where(_notice.number > bindparam("after"))
    .order_by(_notice.number)
    .limit(bindparam("most"))
)
_PAPER = (
    select(case_tables.case_paper, _content.body)
    .join(case_tables.paper_content, _content.digest == _paper.digest)
    .where(_paper.entity == bindparam("of"), _paper.digest == bindparam("which"))
)
_LAST_DISPATCHES = (
    select(_movement.consignor, func.max(_movement.dispatched_at).label("last"))
    .where(among(_movement.consignor), tables.AT_DISPATCH)
    .group_by(_movement.consignor)
)
_REFUSALS: Final = (
    select(_message.mailbox, _message.correlation, *BODY)
    .select_from(tables.message.join(tables.document).join(tables.carried))
    .where(_message.direction == "in", _message.type == "IE714", _message.mailbox == bindparam("peer"))
    .where(_message.correlation == bindparam("named"))
    .order_by(_message.seq)
)
_OWNER = select(people_tables.entity_number.c.entity).where(people_tables.entity_number.c.seed == bindparam("of"))


class CaseShelf:
    """The cases of one administration. Not checked: who asks."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def find(self, number: str) -> KeptCase | None:
        """A case with all that was done, and who was told; ``None`` where there is none."""
        with reading(self._store.reader) as connection:
            row = connection.execute(_CASE, {"of": number}).mappings().first()
            if row is None:
                return None
            acts = connection.execute(ACTS, as_keys([number])).mappings().all()
            told = {one["seq"]: told_of_row(one) for one in acts if told_of_row(one)}
            case = RegistrationCase(number=number, acts=tuple(map(act_of_row, acts)))
            return KeptCase(row=case_of_row(row), case=case, told=_told(connection, told))

    def page(self, wanted: CaseQuery) -> Sequence[CaseRow]:
        """Cases by number."""
        question: Any = _CASES
        for name in ("entity", "state", "status"):
            if (value := getattr(wanted, name)) is not None:
                question = question.where(_case[name] == str(value))
        with reading(self._store.reader) as connection:
            rows = connection.execute(question, {"after": wanted.after, "most": wanted.limit}).mappings()
            return [case_of_row(row) for row in rows]

    def trade(self, seeds: Collection[str]) -> Mapping[str, tuple[datetime | None, date | None]]:
        """When goods last left under each of these numbers, and the last day of its security; ``None``: no such day."""
        with reading(self._store.reader) as connection:
            rows = connection.execute(_LAST_DISPATCHES, as_keys(sorted(seeds))).mappings()
            last = {row["consignor"]: datetime.fromisoformat(row["last"]) for row in rows}
            ends = {seed: [one.until for one in guarantees_of(Driver(connection), seed)] for seed in seeds}
        return {seed: (last.get(seed), _last_day(ends[seed])) for seed in seeds}

    def notices(self, entity: str | None, after: int, limit: int) -> Sequence[CaseNotice]:
        """What an entity is told, or with ``None`` every entity, oldest first."""
        question = _NOTICES if entity is None else _NOTICES.where(_notice.entity == entity)
        with reading(self._store.reader) as connection:
            rows = connection.execute(question, {"after": after, "most": limit}).mappings()
            return [_notice_of_row(row) for row in rows]

    def paper(self, entity: str, digest: str) -> tuple[CasePaper, bytes] | None:
        """A paper of an entity with its content. Raises StoreDamaged where that is not what was handed in."""
        with reading(self._store.reader) as connection:
            row = connection.execute(_PAPER, {"of": entity, "which": digest}).mappings().first()
        if row is None:
            return None
        if sha256(row["body"]).hexdigest() != digest:
            raise StoreDamaged(said("store.nobody_wrote", words=f"paper {digest[:16]}"))
        return _paper_of_row(row), row["body"]

    def entity_of(self, seed: str) -> str | None:
        """To whom a number belongs; ``None`` where that is not known."""
        with reading(self._store.reader) as connection:
            return connection.execute(_OWNER, {"of": seed}).scalar()


def _last_day(ends: Sequence[date | None]) -> date | None:
    """The last day that anything covers; ``None`` where nothing does, or something has no end."""
    days = [one for one in ends if one is not None]
    return max(days) if days and len(days) == len(ends) else None


def _told(connection: Connection, told: Mapping[int, Sequence[tuple[str, str]]]) -> Mapping[int, tuple[ToldPeer, ...]]:
    stand = standings(connection, [one for several in told.values() for one in several])
    return {
        seq: tuple(
            ToldPeer(
                peer=peer,
                identifier=identifier,
                standing=stand[peer, identifier].standing.name.lower(),
                refused_for=_refused_for(connection, peer, identifier),
            )
            for peer, identifier in several
        )
        for seq, several in told.items()
    }


def _refused_for(connection: Connection, peer: str, identifier: str) -> tuple[str, ...]:
    """What an administration has said against an IE713, in its own words; nothing where it has said nothing."""
    found = []
    for row in connection.execute(_REFUSALS, {"peer": peer, "named": identifier}).mappings():
        message = read_message(without_signature(parse(body_of(row))))
        errors = message.functional_error if isinstance(message, IE714) else ()
        found += [
            f"{one.refusal_of_update_of_economic_operators_reason_code} {one.error_reason or ''}".strip()
            for one in errors
        ]
    return tuple(found)


@as_written
def _notice_of_row(row: Row) -> CaseNotice:
    return CaseNotice(
        number=row["number"],
        case=row["case_number"],
        seq=row["seq"],
        entity=row["entity"],
        at=datetime.fromisoformat(row["at"]),
        act=ActKind(row["act"]),
        channel=Channel(row["channel"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        rule=row["rule"],
    )


@as_written
def _paper_of_row(row: Row) -> CasePaper:
    return CasePaper(
        entity=row["entity"],
        digest=row["digest"],
        name=row["name"],
        media=row["media"],
        size=row["size"],
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
    )
