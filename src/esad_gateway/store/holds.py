"""Reports of receipt that are held for fiscal formalities: they are listed, and released before their time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, select

from esad_gateway.store import tables
from esad_gateway.store.database import reading, writing
from esad_gateway.store.rows import entries_of
from esad_gateway.store.store import SqlStore, release_held

_held = tables.held.c

_ALL = select(tables.held).order_by(_held.held_at, _held.id)
_WAITING = _ALL.where(_held.released_at.is_(None))
_OF = _ALL.where(_held.arc == bindparam("arc"))
_WAITING_OF = _OF.where(_held.released_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A message that is or was held: for which mailboxes, since when, and until when at most.

    ``released_at`` is ``None`` while the message is held. ``released_by`` is the account that released it, ``None``
    when its time had come. Moments are ISO 8601 in UTC.
    """

    arc: str
    type: str
    to: tuple[str, ...]
    since: str
    until: str
    released_at: str | None
    released_by: str | None


class Holds:
    """The held messages of one administration's store."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def waiting(self) -> Sequence[Hold]:
        """What is held, oldest first."""
        return self._read(_WAITING)

    def every(self) -> Sequence[Hold]:
        """What is or ever was held, oldest first."""
        return self._read(_ALL)

    def of(self, arc: str) -> Sequence[Hold]:
        """What is or ever was held of a movement, oldest first."""
        return self._read(_OF, arc=arc)

    def release(self, arc: str, at: datetime, by: str) -> Sequence[Hold]:
        """Release what is held of a movement, as if its time had come; returns what was held.

        ``by`` names who does it, for auditors to read. A running gateway delivers the messages at its next look at the
        outbox. Raises StoreUnavailable.
        """
        with writing(self._store.writer) as connection:
            rows = connection.execute(_WAITING_OF, {"arc": arc}).mappings().all()
            if rows:
                release_held(connection, rows, at, by)
        return [_hold(row) for row in rows]

    def _read(self, statement: Select[Any], **values: str) -> Sequence[Hold]:
        with reading(self._store.reader) as connection:
            return _holds(connection, statement, values)


def holds_of(connection: Connection, arc: str) -> Sequence[Hold]:
    """What is or ever was held of a movement, in a transaction that there is already."""
    return _holds(connection, _OF, {"arc": arc})


def _holds(connection: Connection, statement: Select[Any], values: dict[str, str]) -> Sequence[Hold]:
    return [_hold(row) for row in connection.execute(statement, values).mappings()]


def _hold(row: RowMapping) -> Hold:
    entries = entries_of(row["entries"])
    return Hold(
        arc=row["arc"],
        type=entries[0].type,
        to=tuple(entry.mailbox for entry in entries),
        since=row["held_at"],
        until=row["due"],
        released_at=row["released_at"],
        released_by=row["released_by"],
    )
