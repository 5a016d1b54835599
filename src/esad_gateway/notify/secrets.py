"""What webhooks are signed with, and how: HMAC-SHA256 in the form of Standard Webhooks.

No secret is stored. Each is made of the gateway's own key (``keys/webhooks.key``, which its owner alone may read) and
of a salt that stands in the store: so neither the store nor its backups tell it, and it can be made again to sign.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.file_errors import why

PREFIX: Final = "whsec_"
"""How a secret begins as its owner is shown it; behind it stand its bytes in base64."""

_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_PURPOSE: Final = b"esad-gateway webhook secret 1:"


def new_salt() -> bytes:
    """What another secret can be made of."""
    return secrets.token_bytes(_SALT_BYTES)


class WebhookKey:
    """The key that secrets are made of, in a file of its own; it is made when the first secret is needed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def made(self) -> "WebhookKey":
        """The same, and the file is there from now on. Raises NotConfigured."""
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileExistsError):
                self._write(f"{secrets.token_hex(_KEY_BYTES)}\n".encode())
        except OSError as error:
            raise NotConfigured(said("webhook.no_key", file=str(self._path), why=why(error))) from error
        return self

    def secret(self, salt: bytes) -> bytes:
        """The secret that is made of a salt. Raises NotConfigured when the key is lost or cannot be read."""
        # It is read each time: that is little beside a call, and one that was lost and came back counts at once.
        return hmac.digest(self._read(), _PURPOSE + salt, hashlib.sha256)

    def _write(self, text: bytes) -> None:
        """Put the file into its place whole: another process reads it as soon as it is there."""
        unnamed = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(unnamed, self._path)
        finally:
            unnamed.unlink()

    def _read(self) -> bytes:
        try:
            key = bytes.fromhex(self._path.read_text(encoding="ascii"))
        except OSError as error:
            raise NotConfigured(said("webhook.no_key", file=str(self._path), why=why(error))) from error
        except ValueError:
            key = b""
        if len(key) != _KEY_BYTES:
            raise NotConfigured(said("webhook.bad_key", file=str(self._path)))
        return key


def shown(secret: bytes) -> str:
    """A secret as its owner is shown it, once."""
    return PREFIX + base64.b64encode(secret).decode()


def signed(identifier: str, timestamp: int, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers that go with a body: who it is, when it was sent (seconds since 1970), and a signature by each key.

    What is signed is ``identifier.timestamp.body``, so that none of the three can be exchanged.
    """
    content = b".".join((identifier.encode(), str(timestamp).encode(), body))
    signatures = (base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
