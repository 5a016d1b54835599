"""Messages that are undecided: each has the bytes that came, and none of them was decided beside it."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from esad_gateway.audit.findings import placed
from esad_gateway.faults import Said, said
from esad_gateway.store import tables
from esad_gateway.store.packing import unpack
from esad_gateway.store.stopped import WAITING, ended_of_row

_undecided = tables.undecided.c
_document = tables.document.c
_TAKEN = select(_document.sha256).join(tables.undecided, _undecided.sha256 == _document.sha256)


def undecided(connection: Connection) -> Iterator[Said]:
    """What is wrong with what is or was undecided."""
    taken = set(connection.execute(_TAKEN).scalars())
    for row in connection.execute(select(tables.undecided).order_by(_undecided.reference)):
        where = said("found.undecided", reference=row.reference)
        if (row.body is None) != (row.decided_at is not None and row.dropped is None):
            yield placed(where, Said("found.undecided_bytes"))
        elif row.body is not None and hashlib.sha256(unpack(row.body)).digest() != row.sha256:
            yield placed(where, Said("found.undecided_other"))
        elif row.decided_at is None and row.sha256 in taken:
            yield placed(where, Said("found.undecided_given"))
        if not row.sha256.hex().startswith(row.reference):
            yield placed(where, Said("found.undecided_reference"))


def to_decide(connection: Connection) -> Iterator[Said]:
    """What a person has to see to: messages, parked ones and clocks, each with why and the command that decides it."""
    waiting = select(tables.undecided).where(tables.UNDECIDED).order_by(_undecided.at, _undecided.reference)
    for row in connection.execute(waiting):
        about = {"type": row.type, "identifier": row.identifier, "sender": row.sender, "reason": row.reason}
        told = said("found.defect", **about, reference=row.reference)
        yield placed(said("found.undecided", reference=row.reference), told)
    for one in connection.execute(WAITING).mappings():
        what = ended_of_row(one)
        told = said("found.stopped", what=what.called, reason=one["reason"], reference=what.reference)
        yield placed(said("found.undecided", reference=what.reference), told)
