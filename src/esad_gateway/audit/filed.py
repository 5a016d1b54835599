"""A message as it stands in a mailbox, with its document."""

from typing import NamedTuple


class Filed(NamedTuple):
    """A row of ``message`` with its document, and the receipt when it was received."""

    mailbox: str
    seq: int
    direction: str
    type: str
    identifier: str
    correlation: str | None
    arc: str | None
    sequence: int | None
    outcome: str
    recorded_at: str
    document: bytes
    body: bytes
    fingerprint: str
    received_by: str | None
    receipt: str | None

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"message {self.seq} of {self.mailbox}"
