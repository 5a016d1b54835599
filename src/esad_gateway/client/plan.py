"""What each method of a client does, as steps; the same for the one that waits and the one that does not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from esad_gateway.client import operations, steps
from esad_gateway.client.cursor import Cursor
from esad_gateway.client.refused import checked
from esad_gateway.client.request import UploadRequest
from esad_gateway.client.steps import ReceivedMessage, Retry, Steps
from esad_gateway.client.values import (
    AcknowledgedMessages,
    Batch,
    BatchDocument,
    MailboxEntry,
    MailboxPage,
    MovementView,
    OperatorView,
    Receipt,
    Verdict,
)
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import Message

FEW: Final = 500
"""How many are asked for at once."""

HEADER: Final = "header"


class Signer(Protocol):
    """Signs documents: what :func:`esad_gateway.client.load_signer` makes, or one of your own, a smart card say."""

    def sign_document(self, document: bytes) -> bytes:
        """Return the document with its signature as the last child of its root (ESAD-SIG-1)."""
        ...


@frozen(kw_only=True)
class ClientPlan:
    """What a client knows: whose mailbox it reads, who signs for it, how often it tries."""

    seed: str | None
    signer: Signer | None
    retry: Retry

    @property
    def own(self) -> str:
        """The SEED number. Raises NotConfigured when none was given."""
        if self.seed is None:
            raise NotConfigured(Said("client.no_seed"))
        return self.seed

    def sign(self, document: bytes) -> bytes:
        """Sign a document. Raises NotConfigured when nobody signs."""
        if self.signer is None:
            raise NotConfigured(Said("client.no_signer"))
        return self.signer.sign_document(document)

    def compose(self, fields: "Mapping[str, Any] | Message") -> Steps[bytes]:
        """Have a document made, with a header where there is none."""
        plain = fields if isinstance(fields, Mapping) else _plain(fields)
        answer = yield from steps.asked(operations.compose(plain), checked, self.retry)
        return answer.body

    def validate(self, document: bytes) -> Steps[Verdict]:
        """Have a document judged."""
        return steps.value(operations.validate(document), Verdict, self.retry)

    def submit(self, document: bytes) -> Steps[Receipt]:
        """Submit a signed document."""
        return steps.submitted(document, self.retry)

    def hand_over(self, message: "Message") -> Steps[Receipt]:
        """Compose a message with a fresh header, sign and submit it."""
        fields = {name: content for name, content in _plain(message).items() if name != HEADER}
        document = yield from self.compose(fields)
        return (yield from self.submit(self.sign(document)))

    def about(self, made: "Callable[[str], Message]", office: str | None) -> Steps[Receipt]:
        """Hand over the message that is made for an office: the one named, or that of the trader in the register."""
        if office is None:
            office = (yield from self.operator(self.own, None)).office
        return (yield from self.hand_over(made(office)))

    def messages(self, query: Mapping[str, Any]) -> Steps[MailboxPage]:
        """A page of the mailbox."""
        return steps.value(operations.messages(self.own, **query), MailboxPage, self.retry)

    def message(self, seq: int) -> Steps[bytes]:
        """The bytes of a message."""
        answer = yield from steps.asked(operations.message(self.own, seq), checked, self.retry)
        return answer.body

    def fields(self, seq: int) -> Steps[Mapping[str, Any]]:
        """The fields of a message."""
        answer = yield from steps.asked(operations.message_view(self.own, seq), checked, self.retry)
        return answer.json()

    def acknowledge(self, seq: int) -> Steps[MailboxEntry]:
        """Note that a message was read."""
        return steps.value(operations.acknowledge(self.own, seq), MailboxEntry, self.retry)

    def acknowledge_all(self, numbers: Sequence[int], through: int | None) -> Steps[AcknowledgedMessages]:
        """Note that many messages were read."""
        return steps.all_acknowledged(self.own, list(numbers), through, self.retry)

    def follow(
        self,
        handle: Callable[[ReceivedMessage], Any],
        cursor: Cursor,
        query: Mapping[str, Any],
        seconds: float | None,
    ) -> Steps[int]:
        """Follow the mailbox."""
        return steps.followed(self.own, handle, cursor, query, seconds, self.retry)

    def wait_for_message(self, query: Mapping[str, Any], after: int, within: float) -> Steps[ReceivedMessage]:
        """Wait for a message."""
        return steps.awaited_message(self.own, query, after, within, self.retry)

    def wait_for_state(self, arc: str, states: tuple[str, ...], within: float) -> Steps[MovementView]:
        """Wait for a state."""
        return steps.awaited_state(self.own, arc, states, within, self.retry)

    def movements(self, query: Mapping[str, Any]) -> Steps[tuple[MovementView, ...]]:
        """All movements that are asked for."""
        return steps.every_movement(self.own, query, self.retry)

    def movement(self, arc: str) -> Steps[MovementView]:
        """One movement."""
        return steps.value(operations.movement(self.own, arc), MovementView, self.retry)

    def operator(self, seed: str, on: date | None) -> Steps[OperatorView]:
        """What the register says."""
        return steps.value(operations.operator(seed, on=on), OperatorView, self.retry)

    def administration(self) -> Steps[Mapping[str, Any]]:
        """What the administration says of itself."""
        answer = yield from steps.asked(operations.administration(), checked, self.retry)
        return answer.json()

    def upload(self, file: Path, kind: str, mode: str, fields: Mapping[str, str], key: str | None) -> Steps[Batch]:
        """Hand in a file of rows."""
        given = {"kind": kind, "mode": mode, **fields}
        told = UploadRequest(name=file.name, key=key or _key(file, given), fields=given)
        return steps.value(operations.upload(self.own, file, told), Batch, self.retry)

    def batch(self, batch: str) -> Steps[Batch]:
        """How far a batch has come."""
        return steps.value(operations.batch(self.own, batch), Batch, self.retry)

    def wait_for_batch(self, batch: str, within: float) -> Steps[Batch]:
        """Wait for the end of a batch."""
        return steps.awaited_batch(self.own, batch, within, self.retry)

    def batch_documents(self, batch: str, outcome: str | None) -> Steps[tuple[BatchDocument, ...]]:
        """The documents of a batch."""
        return steps.every_document(self.own, batch, {"outcome": outcome, "limit": FEW}, self.retry)

    def change_batch(self, batch: str, change: str) -> Steps[Batch]:
        """Have a batch withdrawn, or go on."""
        return steps.value(operations.change_batch(self.own, batch, change), Batch, self.retry)

    def corrections(self, batch: str, file: Path) -> Steps[None]:
        """Write the rows of a batch that are to be mended, in place of the file that is there."""
        beside = file.with_name(f"{file.name}.part")
        try:
            with beside.open("wb") as to:
                checked((yield operations.corrections(self.own, batch, to)))
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)


def _plain(message: "Message") -> Mapping[str, Any]:
    from esad_gateway.xml.plain import message_to_plain  # noqa: PLC0415 - who only submits does without

    return message_to_plain(message)


def _key(file: Path, fields: Mapping[str, str]) -> str:
    """The Idempotency-Key of a file: the same whenever the same is handed in in the same way."""
    with file.open("rb") as content:
        digest = file_digest(content, "sha256")
    return sha256(repr((digest.hexdigest(), sorted(fields.items()))).encode()).hexdigest()
