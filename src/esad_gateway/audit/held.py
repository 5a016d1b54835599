"""What is or was held: the entries that were kept for mailboxes are proved like those that stand there."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from esad_gateway.audit.filed import Filed
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import Entry, Outcome
from esad_gateway.store import tables
from esad_gateway.store.documents import BODY, SIGNER, WHOLE
from esad_gateway.store.rows import entries_of, entry_text

_document = tables.document.c
_DOCUMENTS = select(_document.sha256, _document.mailbox, *BODY, SIGNER).select_from(WHOLE)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row of ``held``: its entries as if they stood in their mailboxes, and what is wrong with it by itself."""

    id: int
    arc: str
    destination: str
    held_at: str
    due: str
    filed: Sequence[Filed]
    problems: Sequence[Said]


def kept(connection: Connection, arcs: Sequence[str]) -> Iterator[HeldRow]:
    """What is or was held of some movements."""
    for row in connection.execute(select(tables.held).where(tables.held.c.arc.in_(arcs))):
        entries, problem = _read(row.entries)
        # Traders may get a copy of their own, in their own times.
        wanted = _DOCUMENTS.where(_document.sha256.in_({entry.document for entry in entries}))
        documents = {document.sha256: document for document in connection.execute(wanted)}
        if missing := [entry for entry in entries if entry.document not in documents]:
            entries, problem = (), said("found.held_gone", mailbox=missing[0].mailbox)
        filed = [_filed(row, entry, documents[entry.document]) for entry in entries]
        problems = (problem,) if problem else tuple(_problems(row, entries))
        yield HeldRow(row.id, row.arc, row.destination, row.held_at, row.due, filed, problems)


def _read(text: str) -> tuple[Sequence[Entry], Said | None]:
    try:
        entries = entries_of(text)
        return entries, None if entry_text(entries) == text else Said("found.entries_changed")
    except StoreDamaged:
        return (), Said("found.entries_unread")


def _problems(row: Any, entries: Sequence[Entry]) -> Iterator[Said]:
    """What entries do not say that is to be sent to an administration and to stand in its mailbox."""
    fresh = {(entry.seq, entry.direction, entry.outcome) for entry in entries}
    if fresh != {(0, "out", Outcome.ACCEPTED)} or {entry.arc for entry in entries} != {row.arc}:
        yield Said("found.entries_other")
    if (row.destination, row.identifier, row.document) not in {
        (entry.mailbox, entry.identifier, entry.document) for entry in entries
    }:
        yield said("found.entries_lack", destination=row.destination)


def _filed(row: Any, entry: Entry, document: Any) -> Filed:
    return Filed(
        **asdict(entry),
        recorded_at=row.held_at,
        body=document.body,
        certificates=document.certificates,
        fingerprint=document.fingerprint,
        received_by=document.mailbox,
        receipt=None,
    )
