"""Parked messages as rows, and back."""

from datetime import datetime
from typing import Any

from esad_gateway.ports.writing import Document, Parked, Waiting
from esad_gateway.store.database import Row
from esad_gateway.store.documents import body_of
from esad_gateway.store.rows import moment


def waiting_of_row(row: Row) -> Waiting:
    """The parked message of a row of ``parked``, with its document."""
    parked = Parked(
        arc=row["arc"],
        mailbox=row["mailbox"],
        seq=row["seq"],
        document=row["document"],
        until=datetime.fromisoformat(row["until"]),
    )
    return Waiting(parked, Document(body_of(row), row["fingerprint"]))


def parked_row(parked: Parked) -> dict[str, Any]:
    """A parked message as a row of ``parked``."""
    return {
        "mailbox": parked.mailbox,
        "seq": parked.seq,
        "arc": parked.arc,
        "document": parked.document,
        "until": moment(parked.until),
    }
