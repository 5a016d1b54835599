"""What the signature of a batch proves, before it is taken: by the certificate that is registered for its trader.

A file that is XML may carry a signature under ESAD-SIG-1; beside a file of any format there may be a detached one.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from esad_gateway.errors import SignerNotAllowed, TooLarge
from esad_gateway.ports.batches import LARGEST_SIGNED
from esad_gateway.ports.crypto import Verifier
from esad_gateway.signing.profile import DS
from esad_gateway.signing.trust import Trust
from esad_gateway.store.registry import Directory
from esad_gateway.xml.parse import Limits, parse

SIGNED_XML: Final = Limits(max_bytes=16 * 1024 * 1024, max_elements=400_000, max_all_attributes=400_000)
"""What a file that carries its signature may have; a larger one is signed by a signature beside it."""

SIGNATURE: Final = Limits(max_bytes=256 * 1024)
"""What a detached signature may have."""

_BEGINNING: Final = 64


class Proof:
    """Finds out who signed files. ``directory`` and ``trust`` say whose certificates are believed now."""

    def __init__(self, verifier: Verifier, directory: Callable[[], Directory], trust: Callable[[], Trust]) -> None:
        self._verifier = verifier
        self._directory = directory
        self._trust = trust

    def signer(self, path: Path, trader: str, signature: bytes | None, at: datetime) -> str | None:
        """The fingerprint of the certificate by which a file is signed for its trader; ``None`` for one without.

        Raises SignatureRefused, with the step, SignerNotAllowed when it is somebody else's, MalformedXml and TooLarge.
        """
        if signature is not None:
            fingerprint, holders = self._beside(path, signature, at)
        elif _carries_signature(path):
            signed = self._verifier.verify(parse(_content(path, SIGNED_XML.max_bytes), SIGNED_XML), at)
            fingerprint, holders = signed.fingerprint, signed.holders
        else:
            return None
        if trader not in holders:
            raise SignerNotAllowed(trader, holders)
        return fingerprint

    def _beside(self, path: Path, signature: bytes, at: datetime) -> tuple[str, frozenset[str]]:
        # Loaded for those who sign: it takes longer than reading a thousand rows.
        from esad_gateway.signing.detached import verify_file  # noqa: PLC0415

        root = parse(signature, SIGNATURE)
        proved = verify_file(_content(path, LARGEST_SIGNED), root, self._trust(), at)
        return proved.fingerprint, self._directory().holders_of(proved.fingerprint, at)


def _carries_signature(path: Path) -> bool:
    """Whether a file is XML with something in it that belongs to a signature; what it is, is found out later."""
    with path.open("rb") as file:
        if not file.read(_BEGINNING).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return False
        file.seek(0)
        sought, kept = DS.encode(), b""
        while piece := file.read(1024 * 1024):
            if sought in kept + piece:
                return True
            kept = piece[-len(sought) :]
    return False


def _content(path: Path, most: int) -> bytes:
    if path.stat().st_size > most:
        raise TooLarge(most)
    return path.read_bytes()
