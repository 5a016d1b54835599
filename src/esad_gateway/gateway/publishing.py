"""Our own messages as documents: written out and signed, once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.procedure import Issue
from esad_gateway.ports.crypto import Signer
from esad_gateway.ports.writing import Document
from esad_gateway.xml.binding import Binder


@dataclass(frozen=True, slots=True)
class Publication:
    """A message of our own, signed: the document that will ever be sent, and its digest.

    ``for_traders`` is the document that stands in traders' mailboxes instead, where their times are others.
    """

    message: Message
    document: Document
    sha256: bytes
    for_traders: "Publication | None" = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Signs what our administration issues; ``signer`` is what signs at this moment."""

    signer: Callable[[], Signer]
    binder: Binder

    def publish(self, issue: Issue) -> Publication:
        """The documents of a message: one, or two where traders get it in their own time."""
        own = self._signed(issue.message)
        return replace(own, for_traders=self._signed(issue.for_traders)) if issue.for_traders else own

    def _signed(self, message: Message) -> Publication:
        signer = self.signer()
        body = signer.sign_form(self.binder.form(message))
        return Publication(message, Document(body, signer.fingerprint), hashlib.sha256(body).digest())
