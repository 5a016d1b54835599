"""Messages that a defect of ours kept from being decided: their rows, and how operators see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, bindparam, func, null, select, update

from esad_gateway.ports.writing import Document, Undecided
from esad_gateway.store import tables
from esad_gateway.store.database import Row, adding, among, reading
from esad_gateway.store.packing import pack, unpack
from esad_gateway.store.rows import moment

_undecided = tables.undecided.c
_ALL = select(tables.undecided).order_by(_undecided.at, _undecided.reference)
_FOUND = _ALL.where(tables.UNDECIDED, _undecided.reference == bindparam("which"))
_MANY = select(func.count()).select_from(tables.undecided).where(tables.UNDECIDED)

OF_SIGNERS = select(tables.undecided).where(tables.UNDECIDED, among(_undecided.signer, _undecided.identifier))
ADD = adding(tables.undecided)
DECIDED = (
    update(tables.undecided)
    .where(_undecided.reference == bindparam("which"))
    # The bytes stand in the mailbox from now on, with all others.
    .values(body=null(), decided_at=bindparam("moment"), decided_by=bindparam("who"))
)

REASON = update(tables.undecided).where(_undecided.reference == bindparam("which")).values(reason=bindparam("why"))


def undecided_row(one: Undecided) -> dict[str, Any]:
    """A message that is undecided, as a row."""
    return {
        "reference": one.reference,
        "at": moment(one.at),
        "door": one.door,
        "signer": one.signer,
        "sender": one.sender,
        "identifier": one.identifier,
        "type": one.type,
        "arc": one.arc,
        "sha256": one.sha256,
        "body": pack(one.document.body),
        "fingerprint": one.document.fingerprint,
        "reason": one.reason,
    }


def undecided_of_row(row: Row | RowMapping) -> Undecided:
    """A message that is undecided, of its row."""
    return Undecided(
        reference=row["reference"],
        at=datetime.fromisoformat(row["at"]),
        door=row["door"],
        signer=row["signer"],
        sender=row["sender"],
        identifier=row["identifier"],
        type=row["type"],
        arc=row["arc"],
        sha256=row["sha256"],
        document=Document(unpack(row["body"]), row["fingerprint"]),
        reason=row["reason"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A message that is or was undecided, as a line of a list; moments are ISO 8601 in UTC.

    ``decided_at`` is when it was decided, ``None`` while it is not; ``decided_by`` is who asked for that.
    """

    reference: str
    since: str
    sender: str
    type: str
    identifier: str
    arc: str | None
    reason: str
    decided_at: str | None
    decided_by: str | None


class UndecidedMessages:
    """The undecided messages of one administration's store."""

    def __init__(self, reader: Engine) -> None:
        self._reader = reader

    def count(self) -> int:
        """How many messages wait for an operator."""
        with reading(self._reader) as connection:
            return int(connection.execute(_MANY).scalar_one())

    def waiting(self) -> Sequence[Trouble]:
        """The messages that wait for an operator, oldest first."""
        return [one for one in self.every() if one.decided_at is None]

    def every(self) -> Sequence[Trouble]:
        """All messages that are or ever were undecided, oldest first."""
        with reading(self._reader) as connection:
            return [_trouble(row) for row in connection.execute(_ALL).mappings()]

    def find(self, reference: str) -> Undecided | None:
        """The undecided message under a reference, with its bytes; ``None`` when there is none."""
        with reading(self._reader) as connection:
            row = connection.execute(_FOUND, {"which": reference}).mappings().first()
        return undecided_of_row(row) if row is not None else None


def _trouble(row: RowMapping) -> Trouble:
    names = ("reference", "sender", "type", "identifier", "arc", "reason", "decided_at", "decided_by")
    return Trouble(since=row["at"], **{name: row[name] for name in names})
