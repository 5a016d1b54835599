"""Notes of national law: whether they are as they were written, and what there was of them when a message came."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Connection, Select, literal_column, select, union

from esad_gateway.audit.findings import message, placed
from esad_gateway.emcs.effects import NoteKey
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import Noted
from esad_gateway.store import tables
from esad_gateway.store.chain import digest_of_notes
from esad_gateway.store.database import as_keys
from esad_gateway.store.effects import NOTES, noted_of_row

_message, _document = tables.message.c, tables.document.c
_log, _note = tables.movement_log.c, tables.note.c

_AT_ONCE: Final = 1000
_PLACE: Select[Any] = select(literal_column("document.rowid")).join_from(
    tables.message, tables.document, _document.sha256 == _message.document
)

_NOTED = union(
    select(_note.mailbox, _note.seq), select(_log.mailbox, _log.seq).where(_log.notes.is_not(None))
).subquery()
_BESIDE = (
    select(_NOTED, _log.notes.label("digest"), *(column for column in _note if column.name not in _NOTED.c))
    .outerjoin_from(_NOTED, tables.movement_log, (_log.mailbox == _NOTED.c.mailbox) & (_log.seq == _NOTED.c.seq))
    .outerjoin(tables.note, (_note.mailbox == _NOTED.c.mailbox) & (_note.seq == _NOTED.c.seq))
    .order_by(_NOTED.c.mailbox, _NOTED.c.seq, _note.id)
)


class Asked(NamedTuple):
    """The notes that the law asks for, when the message ``seq`` of ``mailbox`` about ``arc`` is answered at ``at``."""

    keys: frozenset[NoteKey]
    arc: str
    at: datetime
    mailbox: str
    seq: int


Memory: TypeAlias = Callable[[Asked], Sequence[Noted]]
"""Tells what was noted of other movements before a message was answered, oldest first."""


def nothing_noted(_asked: Asked) -> Sequence[Noted]:
    """The memory of a store without notes."""
    return ()


def noted_before(connection: Connection, asked: Asked) -> Sequence[Noted]:
    """What a store says was noted of other movements before a message was answered, oldest first.

    Messages of one group have one moment; then what counts is the order in which their documents were added. A note
    that cannot be read is left out: that it is damaged is told of its own movement.
    """
    found = []
    for row in connection.execute(NOTES, as_keys(asked.keys)).mappings():
        with suppress(StoreDamaged):
            if row["arc"] != asked.arc and _is_before(connection, noted := noted_of_row(row), asked):
                found.append(noted)
    return found


def _is_before(connection: Connection, noted: Noted, asked: Asked) -> bool:
    if noted.at != asked.at:
        return noted.at < asked.at
    return _place(connection, noted.mailbox, noted.seq) < _place(connection, asked.mailbox, asked.seq)


def notes(connection: Connection) -> Iterator[Said]:
    """Notes that are not as they were written, which the log of their movement knows by digest."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_BESIDE).mappings()
    for (mailbox, seq), beside in groupby(rows, itemgetter("mailbox", "seq")):
        kept = list(beside)
        if digest_of_notes(row for row in kept if row["id"] is not None) != kept[0]["digest"]:
            yield placed(said("found.notes", message=message(seq, mailbox)), Said("found.other_notes"))


def _place(connection: Connection, mailbox: str, seq: int) -> int:
    """Where the document of a message stands among all; before all others when there is none."""
    found: Any = connection.execute(_PLACE.where(_message.mailbox == mailbox, _message.seq == seq)).scalar()
    return found or 0
