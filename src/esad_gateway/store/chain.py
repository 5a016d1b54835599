"""The hash chain of a mailbox: each entry is bound to all entries before it, so that none is changed or taken out.

A mailbox keeps the head of its chain only. Who recomputes the chain finds the head again when nothing was changed; that
nobody has written another head is what checkpoints outside the database are for.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from esad_gateway.store import tables
from esad_gateway.store.database import Row

GENESIS: Final = bytes(32)
"""What stands before the first entry of a mailbox."""

NO_LOG: Final = (0, GENESIS)
"""Number and head of the log of a movement of which nothing was done yet."""

LINKED: Final = (
    *("mailbox", "seq", "direction", "type", "identifier", "correlation", "arc", "sequence", "recorded_at"),
    *("document", "movement"),
)
"""The columns of ``message`` that a chain binds. Left out: what became of the entry (its outcome, which the receipt
tells as it was given) and when its owner acknowledged it."""

_MOVEMENT: Final = tuple(tables.movement.c.keys())
_LOG: Final = tuple(tables.movement_log.c.keys())
_NOTE: Final = tuple(name for name in tables.note.c.keys() if name != "id")  # noqa: SIM118 - columns, not a dict
_NOTHING: Final = "\x01"
"""Stands for a value that is not there. No text of XML can hold it, nor the zero character between two values."""


def linked(previous: bytes, row: Mapping[str, Any], receipt: str | None) -> bytes:
    """The head after one more entry, a row of ``message``; see ``head_after``."""
    return head_after(previous, [row[name] for name in LINKED], receipt)


def head_after(previous: bytes, entry: Sequence[Any], receipt: str | None) -> bytes:
    """The head after one more entry: one SHA-256 over the head before it and everything that never changes.

    ``entry`` has the values of ``LINKED``, in their order; ``receipt`` is the text of the receipt that was given for
    it, ``None`` for what was given to the mailbox.
    """
    mailbox, seq, direction, kind, identifier, correlation, arc, sequence, recorded_at, document, movement = entry
    values = (
        *(mailbox, str(seq), direction, kind, identifier, correlation or _NOTHING, arc or _NOTHING),
        *(str(sequence), recorded_at, receipt or _NOTHING),
    )
    return sha256(previous + document + (movement or GENESIS) + "\0".join(values).encode()).digest()


def logged(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The head of a movement's log after one more row of ``movement_log``."""
    return logged_values(previous, [row[name] for name in _LOG])


def logged_values(previous: bytes, values: Iterable[Any]) -> bytes:
    """The same for the values of a row, in the order of its columns."""
    return sha256(previous + _joined(values)).digest()


def booked(previous: bytes, values: Iterable[Any]) -> bytes:
    """The head of a trader's book after one more version of a record: the values of its row, as columns stand."""
    return sha256(previous + _joined(values)).digest()


def digest_of_notes(rows: Iterable[Row]) -> bytes | None:
    """What a line of a log keeps of the notes beside its message, rows of ``note`` in their order; ``None`` of none."""
    head = b""
    for row in rows:
        head = sha256(head + _joined(row[name] for name in _NOTE)).digest()
    return head or None


def digest_of(row: Mapping[str, Any]) -> bytes:
    """The digest of a row of ``movement``, as an entry about it keeps it."""
    return digest_of_values([row[name] for name in _MOVEMENT])


def digest_of_values(values: Iterable[Any]) -> bytes:
    """The digest of the values of a row of ``movement``, in the order of its columns."""
    return sha256(_joined(values)).digest()


def _joined(values: Iterable[Any]) -> bytes:
    return "\0".join([_NOTHING if value is None else str(value) for value in values]).encode()
