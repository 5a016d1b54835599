"""What is held back, or was: its entries stand in the mailboxes since it was released, and not before."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from esad_gateway.audit.findings import placed
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import Entry
from esad_gateway.store import tables
from esad_gateway.store.rows import entries_of

_message = tables.message.c

_GIVEN = select(
    _message.mailbox,
    _message.type,
    _message.identifier,
    _message.correlation,
    _message.sequence,
    _message.document,
    _message.recorded_at,
).where(_message.arc == bindparam("arc"), _message.direction == "out")


def holds(connection: Connection) -> Iterator[Said]:
    """Find what is wrong with held messages. Not checked: their entries, and whether they had to be held."""
    for row in connection.execute(select(tables.held)):
        entries = entries_of(row.entries)
        given = {tuple(one) for one in connection.execute(_GIVEN, {"arc": row.arc})}
        problems = (_released if row.released_at else _kept)(row, entries, given)
        place = said("found.held_message", identifier=row.identifier, arc=row.arc)
        yield from (placed(place, problem) for problem in problems)


def _kept(row: Any, _: Sequence[Entry], given: set[tuple[Any, ...]]) -> Iterator[Said]:
    if row.released_by is not None:
        yield said("found.let_go", who=row.released_by)
    if not given:
        yield Said("found.nothing_given")
    for mailbox, *_rest, document, since in given:
        if document == row.document:
            yield said("found.held_and_given", mailbox=mailbox, since=since)


def _released(row: Any, entries: Sequence[Entry], given: set[tuple[Any, ...]]) -> Iterator[Said]:
    for one in entries:
        columns = (one.mailbox, one.type, one.identifier, one.correlation, one.sequence, one.document)
        if (*columns, row.released_at) not in given:
            yield said("found.released_not_given", at=row.released_at, mailbox=one.mailbox)
    if row.released_by is None and row.released_at < row.due:
        yield said("found.released_early", at=row.released_at)
