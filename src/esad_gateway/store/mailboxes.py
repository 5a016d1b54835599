"""The read model: mailboxes and movements of one SEED number. It writes acknowledgements, and nothing else."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, bindparam, select, union_all, update

from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.ports.reading import LARGEST_PAGE, Listed, MailboxQuery, MovementQuery, Noted, Page
from esad_gateway.store import tables
from esad_gateway.store.database import reading, writing
from esad_gateway.store.documents import BODY, body_of
from esad_gateway.store.effects import notes_about
from esad_gateway.store.rows import listed_of_row, moment, movement_of_row
from esad_gateway.store.store import SqlStore

_message = tables.message.c
_movement = tables.movement.c

_LAST_SEQ = select(tables.mailbox.c.last_seq).where(tables.mailbox.c.name == bindparam("mailbox"))
_BODY = (
    select(*BODY)
    .select_from(tables.message.join(tables.document).join(tables.carried))
    .where(_message.mailbox == bindparam("mailbox"), _message.seq == bindparam("number"))
)
_ROW = select(tables.message).where(_message.mailbox == bindparam("mailbox"), _message.seq == bindparam("number"))
_ACKNOWLEDGE = (
    update(tables.message)
    .where(
        _message.mailbox == bindparam("owner"),
        _message.seq == bindparam("number"),
        _message.acknowledged_at.is_(None),
    )
    .values(acknowledged_at=bindparam("at"))
)
# A trader sees its own side only: the consignor what dispatch knows, the consignee what destination knows.
_VIEWS: dict[str, tuple[Any, Column[Any]]] = {
    "consignor": (tables.AT_DISPATCH, _movement.consignor),
    "consignee": (tables.AT_DESTINATION, _movement.consignee),
}


class Mailboxes:
    """Reads one administration's store, one SEED number at a time. Not checked: who may read (``gateway.access``)."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def page(self, mailbox: str, query: MailboxQuery) -> Page:
        """The messages of a mailbox after a number. A mailbox that does not exist is empty."""
        statement = _filtered(select(tables.message), mailbox, query)
        with reading(self._store.reader) as connection:
            last = connection.execute(_LAST_SEQ, {"mailbox": mailbox}).scalar() or 0
            rows = connection.execute(statement).mappings().all()
        listed = tuple(listed_of_row(row) for row in rows)
        full = len(listed) == min(query.limit, LARGEST_PAGE)
        return Page(listed, listed[-1].seq if full else last)

    def entry(self, mailbox: str, seq: int) -> Listed | None:
        """One line of a mailbox."""
        with reading(self._store.reader) as connection:
            row = connection.execute(_ROW, {"mailbox": mailbox, "number": seq}).mappings().first()
        return listed_of_row(row) if row else None

    def body(self, mailbox: str, seq: int) -> bytes | None:
        """The exact bytes of a message, as received or sent."""
        with reading(self._store.reader) as connection:
            row = connection.execute(_BODY, {"mailbox": mailbox, "number": seq}).mappings().first()
        return body_of(row) if row is not None else None

    def acknowledge(self, mailbox: str, seq: int, at: datetime) -> Listed | None:
        """Note that the owner has read a message; the first time counts. Returns the line, if there is one."""
        with writing(self._store.writer) as connection:
            connection.execute(_ACKNOWLEDGE, {"owner": mailbox, "number": seq, "at": moment(at)})
        return self.entry(mailbox, seq)

    def movements(self, seed: str, query: MovementQuery) -> tuple[Movement, ...]:
        """The movements that a trader takes part in, by ARC."""
        with reading(self._store.reader) as connection:
            rows = connection.execute(_movements_of(seed, query)).mappings().all()
        return tuple(movement_of_row(row) for row in rows)

    def movement(self, seed: str, arc: str) -> tuple[Movement, ...]:
        """One movement by ARC, as each side knows it on which the trader takes part; empty for a stranger."""
        statement = union_all(*(_view(role, seed, MovementQuery()).where(_movement.arc == arc) for role in _VIEWS))
        with reading(self._store.reader) as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(movement_of_row(row) for row in rows)

    def notes(self, arc: str, sides: Collection[Side]) -> tuple[Noted, ...]:
        """What national law has noted about one movement, of messages that acted on these sides, oldest first."""
        with reading(self._store.reader) as connection:
            return tuple(noted for noted in notes_about(connection, {arc}) if noted.side in sides)


def _filtered(statement: Select[Any], mailbox: str, query: MailboxQuery) -> Select[Any]:
    statement = statement.where(_message.mailbox == mailbox, _message.seq > query.after)
    if query.type:
        statement = statement.where(_message.type == query.type)
        statement = statement if query.type in tables.FREQUENT else statement.where(tables.RARE)
    if query.arc:
        statement = statement.where(_message.arc == query.arc)
    if query.unread:
        statement = statement.where(tables.UNREAD)
    return statement.order_by(_message.seq).limit(min(query.limit, LARGEST_PAGE))


def _movements_of(seed: str, query: MovementQuery) -> Any:
    # A question for each role, so that each is a walk along an index in the order of the list.
    views = [_view(role, seed, query) for role in ([query.role] if query.role else _VIEWS)]
    return union_all(*views).order_by("arc", "side").limit(min(query.limit, LARGEST_PAGE))


def _view(role: str, seed: str, query: MovementQuery) -> Select[Any]:
    side, party = _VIEWS[role]
    statement = select(tables.movement).where(side, party == seed)
    if query.state:
        statement = statement.where(_movement.state == query.state)
    if query.due_before:
        statement = statement.where(_movement.limit_at < moment(query.due_before))
    if query.lrn:
        statement = statement.where(_movement.lrn == query.lrn)
    if query.since:
        statement = statement.where(_movement.dispatched_at >= moment(query.since))
    if query.after:
        statement = statement.where(_movement.arc > query.after)
    return statement
