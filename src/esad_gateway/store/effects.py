"""What national law makes of messages, written by a writer a kind and read where the law asks for it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, insert, select

from esad_gateway.emcs.effects import LegalEffect, Note
from esad_gateway.emcs.movement import Side
from esad_gateway.ports.reading import Noted
from esad_gateway.store import tables
from esad_gateway.store.chain import digest_of_notes
from esad_gateway.store.database import Driver, Row, among, as_keys
from esad_gateway.store.rows import as_written, moment
from esad_gateway.store.stored import NOTE, read, written

_note = tables.note.c
_ADD_NOTES = insert(tables.note)
_OLDEST_FIRST = (_note.noted_at, _note.id)

NOTES: Final = select(tables.note).where(among(_note.kind, _note.subject)).order_by(*_OLDEST_FIRST)
"""The notes of some kinds about some subjects, oldest first."""

_ABOUT = select(tables.note).where(among(_note.arc)).order_by(_note.arc, *_OLDEST_FIRST)

Writer: TypeAlias = Callable[[Driver, Iterable[Noted]], None]


def write_effects(driver: Driver, effects: Iterable[Noted]) -> None:
    """Write what follows from a group of messages in national law, each kind by its writer."""
    by_kind: dict[type[LegalEffect], list[Noted]] = {}
    for one in effects:
        by_kind.setdefault(type(one.effect), []).append(one)
    for kind, several in by_kind.items():
        WRITERS[kind](driver, several)


def digests(effects: Iterable[Noted]) -> dict[tuple[str, int], bytes | None]:
    """What the log of a movement keeps of notes, by the message that led to them: mailbox and number."""
    rows: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for one in effects:
        rows.setdefault((one.mailbox, one.seq), []).append(note_row(one))
    return {message: digest_of_notes(notes) for message, notes in rows.items()}


def notes_about(connection: Connection, arcs: Collection[str]) -> Sequence[Noted]:
    """The notes about some movements, by ARC, oldest first."""
    return [noted_of_row(row) for row in note_rows(connection, arcs)]


def note_rows(connection: Connection, arcs: Collection[str]) -> Sequence[dict[str, Any]]:
    """The same as rows."""
    return [dict(row) for row in connection.execute(_ABOUT, as_keys(arcs)).mappings()]


@as_written
def noted_of_row(row: Row) -> Noted:
    """The note of a row, with the message that led to it."""
    note = Note(kind=row["kind"], subject=row["subject"], arc=row["arc"], values=read(NOTE, row["content"]))
    return Noted(note, datetime.fromisoformat(row["noted_at"]), Side(row["side"]), row["mailbox"], row["seq"])


def note_row(noted: Noted) -> Mapping[str, Any]:
    """A note as a row."""
    note = noted.effect
    return {
        "kind": note.kind,
        "subject": note.subject,
        "arc": note.arc,
        "side": noted.side,
        "mailbox": noted.mailbox,
        "seq": noted.seq,
        "noted_at": moment(noted.at),
        "content": written(NOTE, dict(note.values)),
    }


def _write_notes(driver: Driver, notes: Iterable[Noted]) -> None:
    driver.many(_ADD_NOTES, [note_row(note) for note in notes])


WRITERS: Final[Mapping[type[LegalEffect], Writer]] = MappingProxyType({Note: _write_notes})
"""The writer of each kind of effect."""
