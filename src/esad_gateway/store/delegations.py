"""Delegations in the store: what traders let agents do. No row is changed but for its end, which comes once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from esad_gateway.emcs.delegation import Delegation, faults_of
from esad_gateway.errors import UnreadableInput
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row, among, as_keys
from esad_gateway.store.rows import as_written, moment
from esad_gateway.store.seal import note_change

_row = tables.delegation.c
_done = tables.signed_for.c

_EVERY: Final = select(tables.delegation).order_by(_row.number)
_THOSE: Final = select(tables.delegation).where(among(_row.number)).order_by(_row.number)
_ADD: Final = insert(tables.delegation).returning(_row.number)
_NOTE: Final = insert(tables.signed_for)
_SIGNED: Final = select(_done.seq, _row.agent, _row.number).join(tables.delegation, _row.number == _done.delegation)
_ABOUT: Final = (
    _SIGNED.add_columns(_done.mailbox)
    .join(tables.message, (tables.message.c.mailbox == _done.mailbox) & (tables.message.c.seq == _done.seq))
    .where(tables.message.c.arc == bindparam("arc"))
)
_ON_PAGE: Final = _SIGNED.where(
    _done.mailbox == bindparam("mailbox"), _done.seq.between(bindparam("first"), bindparam("last"))
)


def add_delegations(connection: Connection, given: Sequence[Delegation], at: datetime) -> tuple[Delegation, ...]:
    """Add delegations, all of them or none; returns them with their numbers.

    One that is there already, word for word, is not added again. Raises UnreadableInput with everything that is wrong
    with them. Not checked: whether their traders are registered and their agents have certificates.
    """
    before = delegations(Driver(connection))
    known = {one.content: one for one in before}
    new = [one for one in given if one.content not in known]
    if faults := faults_of(new, before):
        raise UnreadableInput(*faults)
    for one in new:
        number = connection.execute(_ADD, _row_of(one, at)).scalar_one()
        known[one.content] = replace(one, number=number)
    if new:
        note_change(connection, of_directory=True)
    return tuple(known[one.content] for one in given)


def delegations(driver: Driver) -> tuple[Delegation, ...]:
    """Every delegation that there is or was, by number."""
    return tuple(map(delegation_of_row, driver.rows(_EVERY)))


def delegations_by_number(driver: Driver, numbers: Collection[int]) -> Mapping[int, Delegation]:
    """Those with these numbers, as they stand now."""
    return {row["number"]: delegation_of_row(row) for row in driver.rows(_THOSE, as_keys([*map(str, numbers)]))}


def by_agent(rows: Collection[Delegation]) -> Mapping[str, tuple[Delegation, ...]]:
    """Delegations by the agents to whom they were given."""
    found: defaultdict[str, tuple[Delegation, ...]] = defaultdict(tuple)
    for one in rows:
        found[one.agent] += (one,)
    return dict(found)


def write_signed_for(driver: Driver, signed_for: Mapping[tuple[str, int], int]) -> None:
    """Note under which delegations messages were signed, by mailbox and number."""
    rows = ({"mailbox": mailbox, "seq": seq, "delegation": one} for (mailbox, seq), one in signed_for.items())
    driver.many(_NOTE, rows)


def signed_on_page(driver: Driver, mailbox: str, first: int, last: int) -> Mapping[int, tuple[str, int]]:
    """The agents that have signed messages of a mailbox, each with its delegation, by number of the message."""
    rows = driver.rows(_ON_PAGE, {"mailbox": mailbox, "first": first, "last": last})
    return {row["seq"]: (row["agent"], row["number"]) for row in rows}


def signed_about(connection: Connection, arc: str) -> Mapping[tuple[str, int], tuple[str, int]]:
    """The agents that have signed messages about a movement, each with its delegation, by mailbox and number."""
    rows = connection.execute(_ABOUT, {"arc": arc})
    return {(row.mailbox, row.seq): (row.agent, row.number) for row in rows}


@as_written
def delegation_of_row(row: Row) -> Delegation:
    """The delegation of a row of ``delegation``."""
    return Delegation(
        number=row["number"],
        trader=row["trader"],
        agent=row["agent"],
        signs=frozenset(row["signs"].split()),
        reads=frozenset(row["reads"].split()),
        since=datetime.fromisoformat(row["since"]),
        until=datetime.fromisoformat(row["until"]) if row["until"] else None,
        revoked_at=datetime.fromisoformat(row["revoked_at"]) if row["revoked_at"] else None,
    )


def _row_of(one: Delegation, at: datetime) -> dict[str, Any]:
    return {
        "trader": one.trader,
        "agent": one.agent,
        "signs": " ".join(sorted(one.signs)),
        "reads": " ".join(sorted(one.reads)),
        "since": moment(one.since),
        "until": moment(one.until) if one.until else None,
        "given_at": moment(at),
        "revoked_at": moment(one.revoked_at) if one.revoked_at else None,
    }
