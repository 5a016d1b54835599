"""The hash chain of a mailbox: each entry is bound to all entries before it, so that none is changed or taken out.

A mailbox keeps the head of its chain only. Who recomputes the chain finds the head again when nothing was changed; that
nobody has written another head is what checkpoints outside the database are for.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from esad_gateway.store import tables

GENESIS: Final = bytes(32)
"""What stands before the first entry of a mailbox."""

_MOVEMENT: Final = tuple(tables.movement.c.keys())
_NOTHING: Final = "\x01"
"""Stands for a value that is not there. No text of XML can hold it, nor the zero character between two values."""


def linked(previous: bytes, row: Mapping[str, Any], receipt: str | None) -> bytes:
    """The head after one more entry: one SHA-256 over the head before it and everything that never changes.

    ``row`` is a row of ``message``; ``receipt`` is the text of the receipt that was given for it, ``None`` for what
    was given to the mailbox. Left out: what became of the entry (its outcome, which the receipt tells as it was given)
    and when its owner acknowledged it.
    """
    values = (
        row["mailbox"],
        str(row["seq"]),
        row["direction"],
        row["type"],
        row["identifier"],
        row["correlation"] or _NOTHING,
        row["arc"] or _NOTHING,
        str(row["sequence"]),
        row["recorded_at"],
        receipt or _NOTHING,
    )
    digests = previous + row["document"] + (row["movement"] or GENESIS)
    return sha256(digests + "\0".join(values).encode()).digest()


def digest_of(row: Mapping[str, Any]) -> bytes:
    """The digest of a row of ``movement``, as an entry about it keeps it."""
    values = [row[name] for name in _MOVEMENT]
    return sha256("\0".join([_NOTHING if value is None else str(value) for value in values]).encode()).digest()
