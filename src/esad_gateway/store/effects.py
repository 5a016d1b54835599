"""What national law makes of messages, written by a writer a kind and read where the law asks for it."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy import insert, select

from esad_gateway.emcs.effects import LegalEffect, Note
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row, among
from esad_gateway.store.stored import NOTE, read, written

_note = tables.note.c
_ADD_NOTES = insert(tables.note)

NOTES: Final = select(tables.note).where(among(_note.kind, _note.subject)).order_by(_note.id)
"""The notes of some kinds about some subjects, oldest first."""

Writer: TypeAlias = Callable[[Driver, Iterable[Any], str], None]


def write_effects(driver: Driver, effects: Iterable[LegalEffect], at: str) -> None:
    """Write what follows from a group of messages in national law, each kind by its writer."""
    by_kind: dict[type[LegalEffect], list[LegalEffect]] = {}
    for one in effects:
        by_kind.setdefault(type(one), []).append(one)
    for kind, several in by_kind.items():
        WRITERS[kind](driver, several, at)


def note_of_row(row: Row) -> Note:
    """The note of a row."""
    return Note(kind=row["kind"], subject=row["subject"], arc=row["arc"], values=read(NOTE, row["content"]))


def _write_notes(driver: Driver, notes: Iterable[Note], at: str) -> None:
    driver.many(_ADD_NOTES, [note_row(note, at) for note in notes])


def note_row(note: Note, at: str) -> Mapping[str, str]:
    """A note as a row."""
    content = written(NOTE, dict(note.values))
    return {"kind": note.kind, "subject": note.subject, "arc": note.arc, "noted_at": at, "content": content}


WRITERS: Final[Mapping[type[LegalEffect], Writer]] = MappingProxyType({Note: _write_notes})
"""The writer of each kind of effect."""
