"""Messages that a defect of ours kept from being decided: their rows, and how operators see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Engine, RowMapping, bindparam, func, null, select, update

from esad_gateway.ports.writing import Document, Ended, Undecided
from esad_gateway.store import tables
from esad_gateway.store.database import Row, among, reading, writing
from esad_gateway.store.packing import pack, unpack
from esad_gateway.store.rows import moment
from esad_gateway.store.stopped import EVERY, WAITING, ended_of_row
from esad_gateway.store.upserts import adding

_undecided = tables.undecided.c
_ALL = select(tables.undecided).order_by(_undecided.at, _undecided.reference)
_FOUND = _ALL.where(_undecided.body.is_not(None), _undecided.reference == bindparam("which"))
_MANY = select(func.count()).select_from(tables.undecided).where(tables.UNDECIDED)

OF_SIGNERS = select(tables.undecided).where(tables.UNDECIDED, among(_undecided.signer, _undecided.identifier))
ADD = adding(tables.undecided)
DECIDED = (
    update(tables.undecided)
    .where(_undecided.reference == bindparam("which"))
    # The bytes stand in the mailbox from now on, with all others.
    .values(body=null(), decided_at=bindparam("moment"), decided_by=bindparam("who"), dropped=null())
)

# What a person gave up and comes again runs into the defect anew.
REOPEN = (
    update(tables.undecided)
    .where(_undecided.reference == bindparam("which"), _undecided.dropped.is_not(None), _undecided.body.is_not(None))
    .values(decided_at=null(), decided_by=null(), dropped=null())
)
_DROP = (
    update(tables.undecided)
    .where(tables.UNDECIDED, _undecided.reference.in_(bindparam("which", expanding=True)))
    .values(decided_at=bindparam("moment"), decided_by=bindparam("who"), dropped=bindparam("why"))
    .returning(_undecided.reference)
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
    """What is or was undecided, as a line of a list; moments are ISO 8601 in UTC.

    ``what`` says whether it is a message, a parked message, or the clock of a movement, which has no sender, type and
    identifier. ``decided_at`` is when it was decided or dropped, ``None`` while it is not; ``decided_by`` is who asked
    for that, and ``dropped`` why it is not to be decided.
    """

    reference: str
    what: str
    since: str
    sender: str
    type: str
    identifier: str
    arc: str | None
    reason: str
    decided_at: str | None
    decided_by: str | None
    dropped: str | None


class UndecidedMessages:
    """What a defect kept from being decided in one administration's store: messages, parked ones, and clocks."""

    def __init__(self, reader: Engine) -> None:
        self._reader = reader

    def count(self) -> int:
        """How much waits for an operator."""
        with reading(self._reader) as connection:
            return int(connection.execute(_MANY).scalar_one()) + len(connection.execute(WAITING).all())

    def waiting(self) -> Sequence[Trouble]:
        """What waits for an operator, oldest first."""
        return [one for one in self.every() if one.decided_at is None]

    def every(self) -> Sequence[Trouble]:
        """All that is or ever was undecided, oldest first."""
        with reading(self._reader) as connection:
            messages = [_trouble(row) for row in connection.execute(_ALL).mappings()]
            stopped = [_trouble_of_stopped(row) for row in connection.execute(EVERY).mappings()]
        return sorted((*messages, *stopped), key=attrgetter("since", "reference"))

    def find(self, reference: str) -> Undecided | Ended | None:
        """What is undecided under a reference, or was dropped: a message with its bytes, or what a defect has stopped.

        ``None`` when nothing is.
        """
        with reading(self._reader) as connection:
            row = connection.execute(_FOUND, {"which": reference}).mappings().first()
            stopped = [ended_of_row(one) for one in connection.execute(WAITING).mappings()]
        if row is not None:
            return undecided_of_row(row)
        return next((one for one in stopped if one.reference == reference), None)


def drop(writer: Engine, references: Collection[str], at: datetime, by: str, why: str) -> Collection[str]:
    """Decide that messages are not decided; their bytes stay, with who gave them up and why.

    Returns which of the references were those of undecided messages. Clocks and parked messages are not given up.
    Raises StoreUnavailable.
    """
    with writing(writer) as connection:
        values = {"which": list(references), "moment": moment(at), "who": by, "why": why}
        return connection.execute(_DROP, values).scalars().all()


def _trouble(row: RowMapping) -> Trouble:
    names = ("reference", "sender", "type", "identifier", "arc", "reason", "decided_at", "decided_by", "dropped")
    return Trouble(what="message", since=row["at"], **{name: row[name] for name in names})


def _trouble_of_stopped(row: RowMapping) -> Trouble:
    what = ended_of_row(row)
    return Trouble(
        reference=what.reference,
        what="parked message" if what.mailbox else str(what),
        sender=what.mailbox,
        type=row["type"] or "",
        identifier=row["identifier"] or "",
        dropped=None,
        **{name: row[name] for name in ("since", "arc", "reason", "decided_at", "decided_by")},
    )
