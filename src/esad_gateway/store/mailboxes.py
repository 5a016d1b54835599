"""The read model: mailboxes and movements of one SEED number. It writes acknowledgements, and nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    true,
    union_all,
    update,
)

from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.ports.reading import (
    LARGEST_PAGE,
    Acknowledged,
    Listed,
    MailboxQuery,
    MovementQuery,
    Noted,
    Page,
    Reads,
)
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, among, as_keys, looking, reading, writing
from esad_gateway.store.delegations import signed_on_page
from esad_gateway.store.documents import BODY, body_of
from esad_gateway.store.effects import notes_about
from esad_gateway.store.rows import listed_of_row, moment, movement_of_row
from esad_gateway.store.store import SqlStore

_message = tables.message.c
_movement = tables.movement.c

_LAST_SEQ = select(tables.mailbox.c.last_seq).where(tables.mailbox.c.name == bindparam("mailbox"))
_NUMBERS = select(tables.mailbox.c.name, tables.mailbox.c.last_seq).order_by(tables.mailbox.c.name)
_BODY = (
    select(*BODY)
    .select_from(tables.message.join(tables.document).join(tables.carried))
    .where(_message.mailbox == bindparam("mailbox"), _message.seq == bindparam("number"))
)
_ROW = select(tables.message).where(_message.mailbox == bindparam("mailbox"), _message.seq == bindparam("number"))
_RECORDED = select(_message.recorded_at).where(
    _message.mailbox == bindparam("mailbox"), _message.seq == bindparam("number")
)
_SIGNED_ABOUT = (
    select(tables.message)
    .join(
        tables.signed_for,
        (tables.signed_for.c.mailbox == _message.mailbox) & (tables.signed_for.c.seq == _message.seq),
    )
    .where(_message.mailbox == bindparam("mailbox"), _message.arc == bindparam("arc"))
    .order_by(_message.seq)
)
_ACKNOWLEDGE = (
    update(tables.message)
    .where(
        _message.mailbox == bindparam("owner"),
        _message.seq == bindparam("number"),
        _message.acknowledged_at.is_(None),
    )
    .values(acknowledged_at=bindparam("at"))
)
_EVERY = (
    select(_message.seq, _message.acknowledged_at)
    .where(_message.mailbox == bindparam("mailbox"))
    .order_by(_message.seq)
)
_THROUGH = _EVERY.where(_message.seq <= bindparam("through"), tables.UNREAD).limit(bindparam("most"))
# A trader sees its own side only: the consignor what dispatch knows, the consignee what destination knows.
_VIEWS: dict[str, tuple[Any, Column[Any]]] = {
    "consignor": (tables.AT_DISPATCH, _movement.consignor),
    "consignee": (tables.AT_DESTINATION, _movement.consignee),
}


PUT_BACK: Final = timedelta(days=1)
"""By how much the clock of a gateway may have been put back, and messages since a moment are all found."""

MOST_READ: Final = 5000
"""How many messages are acknowledged at once: others that write wait meanwhile."""

FEW_DUE: Final = 1000
"""Up to how many movements of a trader that are due are sorted rather than looked for."""


class Mailboxes:
    """Reads one administration's store, one SEED number at a time. Not checked: who may read (``gateway.access``)."""

    def __init__(self, store: SqlStore, few_due: int = FEW_DUE) -> None:
        self._store = store
        self._few = few_due

    def page(self, mailbox: str, query: MailboxQuery) -> Page:
        """The messages of a mailbox after a number. A mailbox that does not exist is empty."""
        most = min(query.limit, LARGEST_PAGE)
        wanted: dict[str, Any] = {"mailbox": mailbox, "after": query.after, "most": most}
        wanted |= {"type": query.type, "arc": query.arc, "way": query.direction}
        statement = page_question(_kind(query), of_movement=bool(query.arc), unread=query.unread, **_narrower(query))
        if query.kinds is not None:
            wanted |= as_keys(sorted(query.kinds))
        with looking(self._store.reader) as driver:
            last = driver.value(_LAST_SEQ, {"mailbox": mailbox}) or 0
            if query.since is not None:
                begins = _before(driver, mailbox, last, query.since - PUT_BACK)
                wanted |= {"since": moment(query.since), "after": max(query.after, begins)}
            rows = driver.rows(statement, wanted)
            listed = _told(driver, mailbox, tuple(listed_of_row(row) for row in rows))
        return Page(listed, listed[-1].seq if len(listed) == most else last)

    def last_numbers(self) -> Mapping[str, int]:
        """The number of the last message in each mailbox that there is, by its name."""
        with looking(self._store.reader) as driver:
            return {row["name"]: row["last_seq"] for row in driver.rows(_NUMBERS)}

    def entry(self, mailbox: str, seq: int) -> Listed | None:
        """One line of a mailbox."""
        with looking(self._store.reader) as driver:
            rows = driver.rows(_ROW, {"mailbox": mailbox, "number": seq})
            return next(iter(_told(driver, mailbox, tuple(map(listed_of_row, rows)))), None)

    def signed_about(self, mailbox: str, arc: str) -> tuple[Listed, ...]:
        """What agents have signed for the owner of a mailbox about a movement, oldest first."""
        with looking(self._store.reader) as driver:
            rows = driver.rows(_SIGNED_ABOUT, {"mailbox": mailbox, "arc": arc})
            return _told(driver, mailbox, tuple(map(listed_of_row, rows)))

    def body(self, mailbox: str, seq: int) -> bytes | None:
        """The exact bytes of a message, as received or sent."""
        with looking(self._store.reader) as driver:
            rows = driver.rows(_BODY, {"mailbox": mailbox, "number": seq})
        return body_of(rows[0]) if rows else None

    def acknowledge(self, mailbox: str, seq: int, at: datetime) -> Listed | None:
        """Note that the owner has read a message; the first time counts. Returns the line, if there is one."""
        with writing(self._store.writer) as connection:
            connection.execute(_ACKNOWLEDGE, {"owner": mailbox, "number": seq, "at": moment(at)})
        return self.entry(mailbox, seq)

    def acknowledge_all(self, mailbox: str, reads: Reads, at: datetime) -> Acknowledged:
        """Note that the owner has read many messages, all of them or none; the first time of each counts."""
        with writing(self._store.writer) as connection:
            asked = _EVERY.where(_message.seq.in_(reads.numbers)) if reads.numbers else _THROUGH
            values = {
                "mailbox": mailbox,
                **({} if reads.numbers else {"through": reads.through, "most": MOST_READ + 1}),
            }
            found = connection.execute(asked, values).all()
            changed = tuple(row.seq for row in found if row.acknowledged_at is None)[:MOST_READ]
            if changed:
                connection.execute(
                    _ACKNOWLEDGE, [{"owner": mailbox, "number": number, "at": moment(at)} for number in changed]
                )
        there = {row.seq for row in found}
        missing = tuple(number for number in dict.fromkeys(reads.numbers) if number not in there)
        return Acknowledged(changed=changed, missing=missing, complete=len(found) <= MOST_READ)

    def movements(self, seed: str, query: MovementQuery) -> tuple[Movement, ...]:
        """The movements that a trader takes part in, by ARC.

        Both sides of a movement stand on one page: the next page begins behind an ARC. So there may be one more than
        the limit.
        """
        with reading(self._store.reader) as connection:
            rows = (
                connection.execute(_movements_of(seed, query, self._few_due(connection, seed, query))).mappings().all()
            )
        most = min(query.limit, LARGEST_PAGE)
        whole = most + 1 if len(rows) > most and rows[most]["arc"] == rows[most - 1]["arc"] else most
        return tuple(movement_of_row(row) for row in rows[:whole])

    def _few_due(self, connection: Connection, seed: str, query: MovementQuery) -> Collection[str]:
        """The roles in which few movements are due: sorting those costs less than passing all the others by.

        Where many are due, the walk in the order of the list soon has a page of them.
        """
        if query.due_before is None or query.state:
            return ()
        counts = {role: _many_due(role, seed, query, self._few) for role in _roles(query)}
        return [role for role, count in counts.items() if connection.execute(count).scalar_one() <= self._few]

    def movement(self, seed: str, arc: str) -> tuple[Movement, ...]:
        """One movement by ARC, as each side knows it on which the trader takes part; empty for a stranger."""
        with looking(self._store.reader) as driver:
            rows = driver.rows(movement_question(), {"trader": seed, "number": arc})
        return tuple(movement_of_row(row) for row in rows)

    def notes(self, arc: str, sides: Collection[Side]) -> tuple[Noted, ...]:
        """What national law has noted about one movement, of messages that acted on these sides, oldest first."""
        with reading(self._store.reader) as connection:
            return tuple(noted for noted in notes_about(connection, {arc}) if noted.side in sides)


def _kind(query: MailboxQuery) -> str:
    """Whether a query is about a type of messages that is frequent or rare, or about all of them."""
    return ("frequent" if query.type in tables.FREQUENT else "rare") if query.type else ""


def _narrower(query: MailboxQuery) -> Mapping[str, bool]:
    return {
        "one_way": query.direction is not None,
        "since": query.since is not None,
        "kinds": query.kinds is not None,
    }


def _before(driver: Driver, mailbox: str, last: int, since: datetime) -> int:
    """A number of a mailbox up to which nothing was recorded since then, where its clock was not put back by more.

    Found by halving, as numbers have no gap: of five million messages 23 are looked at, and no index is needed.
    """
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        at = driver.value(_RECORDED, {"mailbox": mailbox, "number": middle})
        low, high = (low, middle - 1) if at is None or at >= moment(since) else (middle, high)
    return low


def _told(driver: Driver, mailbox: str, listed: tuple[Listed, ...]) -> tuple[Listed, ...]:
    """Lines of a mailbox with the agents that have signed them; hardly any mailbox has one."""
    signed = signed_on_page(driver, mailbox, listed[0].seq, listed[-1].seq) if listed else {}
    if not signed:
        return listed
    agents = ((one, signed.get(one.seq, (None, None))) for one in listed)
    return tuple(replace(one, signed_by=agent, delegation=number) for one, (agent, number) in agents)


@cache
def page_question(
    kind: str, *, of_movement: bool, unread: bool, one_way: bool = False, since: bool = False, kinds: bool = False
) -> Select[Any]:
    """A page of a mailbox. Made once for each form of the question: making it takes longer than answering it."""
    statement = select(tables.message).where(
        _message.mailbox == bindparam("mailbox"), _message.seq > bindparam("after")
    )
    if kind:
        statement = statement.where(_message.type == bindparam("type"))
        statement = statement if kind == "frequent" else statement.where(tables.RARE)
    if of_movement:
        statement = statement.where(_message.arc == bindparam("arc"))
    if one_way:
        statement = statement.where(_message.direction == bindparam("way"))
    if since:
        statement = statement.where(_message.recorded_at >= bindparam("since"))
    if unread:
        statement = statement.where(tables.UNREAD)
    if kinds:
        statement = statement.where(among(_message.type))
    return statement.order_by(_message.seq).limit(bindparam("most"))


@cache
def movement_question() -> Any:
    """A movement as each side knows it on which a trader takes part."""
    trader: ColumnElement[str] = bindparam("trader", type_=String())
    number: ColumnElement[str] = bindparam("number", type_=String())
    return union_all(*(_view(role, trader, MovementQuery()).where(_movement.arc == number) for role in _VIEWS))


def _movements_of(seed: str, query: MovementQuery, few: Collection[str]) -> Any:
    # A question for each role, so that each is a walk along an index in the order of the list.
    views = [_view(role, seed, query) if role not in few else _due(role, seed, query) for role in _roles(query)]
    return union_all(*views).order_by("arc", "side").limit(min(query.limit, LARGEST_PAGE) + 1)


def _roles(query: MovementQuery) -> Collection[str]:
    return [query.role] if query.role else _VIEWS


def _many_due(role: str, seed: str, query: MovementQuery, most: int) -> Select[Any]:
    side, party = _VIEWS[role]
    found: Select[Any] = select(literal_column("1")).select_from(tables.movement)
    due = found.where(side, party == seed, _due_by(query)).limit(most + 1)
    return select(func.count()).select_from(due.subquery())


def _due(role: str, seed: str, query: MovementQuery) -> Select[Any]:
    """The movements of a role that are due, found by their day; the ARC is no reason to take another index."""
    side, _ = _VIEWS[role]
    due = _view(role, seed, replace(query, after=None)).where(side, _due_by(query))
    return due.where(_movement.arc.concat("") > query.after) if query.after else due


def _due_by(query: MovementQuery) -> ColumnElement[bool]:
    return literal_column(tables.LIMIT_DAY, String) <= moment(query.due_before)[:10] if query.due_before else true()


def _view(role: str, seed: Any, query: MovementQuery) -> Select[Any]:
    side, party = _VIEWS[role]
    statement = select(tables.movement).where(party == seed)
    if query.state:
        statement = statement.where(side, _movement.state == query.state)
    else:
        # Said otherwise than the partial indexes of this side say it, which have other orders than the list.
        statement = statement.where(side if role == "consignor" else _movement.side.concat("") == Side.DESTINATION)
    if query.due_before:
        statement = statement.where(_movement.limit_at < moment(query.due_before))
    if query.lrn:
        statement = statement.where(_movement.lrn == query.lrn)
    if query.since:
        statement = statement.where(_movement.dispatched_at >= moment(query.since))
    if query.after:
        statement = statement.where(_movement.arc > query.after)
    return statement
