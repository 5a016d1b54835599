"""A message as it stands in a mailbox, with its document."""

from dataclasses import dataclass

from esad_gateway.audit.findings import message
from esad_gateway.faults import Said
from esad_gateway.ports.reading import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Entry):
    """An entry with its document as it is packed, and the receipt when it was received; the moment is as stored."""

    recorded_at: str
    body: bytes
    certificates: bytes
    fingerprint: str
    received_by: str | None
    receipt: str | None

    @property
    def place(self) -> Said:
        """Where it stands, in words."""
        return message(self.seq, self.mailbox)
