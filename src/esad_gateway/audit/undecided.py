"""Messages that are undecided: each has the bytes that came, and none of them was decided beside it."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from esad_gateway.store import tables
from esad_gateway.store.packing import unpack
from esad_gateway.store.stopped import WAITING, ended_of_row

_undecided = tables.undecided.c
_document = tables.document.c
_TAKEN = select(_document.sha256).join(tables.undecided, _undecided.sha256 == _document.sha256)


def undecided(connection: Connection) -> Iterator[str]:
    """What is wrong with what is or was undecided."""
    taken = set(connection.execute(_TAKEN).scalars())
    for row in connection.execute(select(tables.undecided).order_by(_undecided.reference)):
        where = f"undecided {row.reference}"
        if (row.body is None) != (row.decided_at is not None and row.dropped is None):
            yield f"{where}: it has its bytes as long as it is undecided, or dropped; here it is not so"
        elif row.body is not None and hashlib.sha256(unpack(row.body)).digest() != row.sha256:
            yield f"{where}: its bytes are not those that came"
        elif row.decided_at is None and row.sha256 in taken:
            yield f"{where}: it stands in a mailbox, and so it was decided"
        if not row.sha256.hex().startswith(row.reference):
            yield f"{where}: it is kept under a reference that is not its own"


def to_decide(connection: Connection) -> Iterator[str]:
    """What a person has to see to: messages, parked ones and clocks, each with why and the command that decides it."""
    waiting = select(tables.undecided).where(tables.UNDECIDED).order_by(_undecided.at, _undecided.reference)
    for row in connection.execute(waiting):
        told = f"undecided {row.reference}: {row.type} {row.identifier} of {row.sender} ran into a defect: {row.reason}"
        yield f"{told}; esad undecided retry {row.reference} decides it once that is mended"
    for one in connection.execute(WAITING).mappings():
        what = ended_of_row(one)
        tried = f"esad undecided retry {what.reference} tries it once that is mended"
        yield f"undecided {what.reference}: the {what} ran into a defect: {one['reason']}; {tried}"
