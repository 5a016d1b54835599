"""A client of a gateway for integrators: compose, sign, submit, follow a mailbox, report a receipt, hand in tables.

:class:`GatewayClient` waits for each answer, :class:`AsyncGatewayClient` is awaited; both do the same steps. What the
gateway answers are frozen values, what it refuses are exceptions with every fault. Loading this costs what HTTP costs.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from esad_gateway.client.async_gateway import AsyncGatewayClient
from esad_gateway.client.cursor import Cursor, CursorFile
from esad_gateway.client.gateway import GatewayClient
from esad_gateway.client.plan import Signer
from esad_gateway.client.refused import NotProven, ProblemAnswered, TooLate
from esad_gateway.client.steps import ReceivedMessage, Retry
from esad_gateway.client.values import (
    AcknowledgedMessages,
    Batch,
    BatchDocument,
    DocumentRefused,
    Due,
    GoodsLine,
    MadeReport,
    MailboxEntry,
    MailboxPage,
    MovementView,
    OperatorView,
    Receipt,
    ReplyEntry,
    ToldFault,
    Verdict,
)

if TYPE_CHECKING:
    from esad_gateway.client.signers import DocumentSigner

__all__ = [
    "AcknowledgedMessages",
    "AsyncGatewayClient",
    "Batch",
    "BatchDocument",
    "Cursor",
    "CursorFile",
    "DocumentRefused",
    "Due",
    "GatewayClient",
    "GoodsLine",
    "MadeReport",
    "MailboxEntry",
    "MailboxPage",
    "MovementView",
    "NotProven",
    "OperatorView",
    "ProblemAnswered",
    "Receipt",
    "ReceivedMessage",
    "ReplyEntry",
    "Retry",
    "Signer",
    "ToldFault",
    "TooLate",
    "Verdict",
    "load_signer",
]


def load_signer(
    key: Path | str, certificate: Path | str | None = None, *, password: bytes | None = None
) -> "DocumentSigner":
    """A signer from a key file and its certificate: PEM, or PKCS #12 (``.p12``, ``.pfx``), which holds both.

    Of a PEM file without a ``certificate`` beside it, its own first certificate is taken. ``password`` opens the key.
    Raises NotConfigured when a file cannot be read or holds something else, and when they do not fit each other or
    ESAD-SIG-1.
    """
    from esad_gateway.client.signers import signer_of  # noqa: PLC0415 - who only reads does without cryptography

    return signer_of(Path(key), None if certificate is None else Path(certificate), password)
