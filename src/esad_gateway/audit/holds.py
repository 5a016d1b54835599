"""What is held back, or was: its entries stand in the mailboxes since it was released, and not before."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

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


def holds(connection: Connection) -> Iterator[str]:
    """Find what is wrong with held messages. Not checked: their entries, and whether they had to be held."""
    for row in connection.execute(select(tables.held)):
        entries = entries_of(row.entries)
        given = {tuple(one) for one in connection.execute(_GIVEN, {"arc": row.arc})}
        problems = (_released if row.released_at else _kept)(row, entries, given)
        yield from (f"held message {row.identifier} about {row.arc}: {problem}" for problem in problems)


def _kept(row: Any, _: Sequence[Entry], given: set[tuple[Any, ...]]) -> Iterator[str]:
    if row.released_by is not None:
        yield f"{row.released_by} let it go, and it is held"
    if not given:
        yield "nothing was ever given to anybody about its movement"
    for mailbox, *_rest, document, at in given:
        if document == row.document:
            yield f"it is held, and stands in mailbox {mailbox} since {at}"


def _released(row: Any, entries: Sequence[Entry], given: set[tuple[Any, ...]]) -> Iterator[str]:
    for one in entries:
        columns = (one.mailbox, one.type, one.identifier, one.correlation, one.sequence, one.document)
        if (*columns, row.released_at) not in given:
            yield f"it was released at {row.released_at}, and does not stand in mailbox {one.mailbox} since then"
    if row.released_by is None and row.released_at < row.due:
        yield f"nobody let it go at {row.released_at}, before its time"
