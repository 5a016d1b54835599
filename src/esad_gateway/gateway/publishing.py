"""Our own messages as documents: written out and signed, once."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import structlog

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.procedure import Issue
from esad_gateway.ports.crypto import Signer
from esad_gateway.ports.writing import Document
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.readers import Writing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Publication:
    """A message of our own as a signed document, with its digest. Every try sends these bytes.

    ``for_traders`` is a second document of the same message, for the mailboxes of traders. It is ``None`` when traders
    read the first one: the same clock and the same release.
    """

    message: Message
    document: Document
    sha256: bytes
    for_traders: "Publication | None" = None

    def documents(self) -> Iterator[tuple[bytes, Document]]:
        """Its one or two documents, by digest."""
        yield self.sha256, self.document
        if self.for_traders is not None:
            yield from self.for_traders.documents()


@dataclass(frozen=True, slots=True)
class Publisher:
    """Signs what our administration issues; ``signer`` signs at this moment, ``writing`` says what writes for whom."""

    signer: Callable[[], Signer]
    writing: Writing

    def publish(self, issue: Issue) -> Publication:
        """Sign a message: once, and once more when traders get it in local time or in another release."""
        written = [self.writing.binder_for(reader) for reader in (issue.to, *issue.mailboxes[:1]) if reader]
        own = self._signed(issue.message, written[0])
        if issue.for_traders is None and written[0] is written[-1]:
            return own
        return replace(own, for_traders=self._signed(issue.for_traders or issue.message, written[-1]))

    def _signed(self, message: Message, binder: Binder) -> Publication:
        signer = self.signer()
        body = signer.sign_form(binder.form(message))
        if left_out := binder.left_out(message):
            header = message.header
            log.warning(
                "the release of a reader has no place for all of a message",
                release=binder.release,
                type=type(message).__name__,
                identifier=header.message_identifier,
                recipient=header.message_recipient,
                left_out=left_out,
            )
        return Publication(message, Document(body, signer.fingerprint), hashlib.sha256(body).digest())
