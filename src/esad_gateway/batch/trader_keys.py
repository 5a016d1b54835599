"""The keys that traders had this gateway keep, to sign the drafts of their deferred dispatches.

Nothing else is signed with them: only rows of a batch that its own trader has handed in.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.access import make_folder
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.signing.pem import load_certificate, write_certificate, write_key
from esad_gateway.signing.signer import XmlSigner, algorithm_for, load_signer


@frozen(kw_only=True)
class TraderKey:
    """A key that is kept: for which SEED number, the certificate of it (fingerprint, subject), and until when."""

    seed: str
    fingerprint: str
    subject: str
    valid_to: datetime


_File: TypeAlias = tuple[int, int, int]
"""What is another one when somebody has written a file: its place, its size, and when that was."""


class TraderKeys:
    """The keys in a folder, one a trader: ``SEED.key`` (mode 600) and ``SEED.pem``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, tuple[list[_File | None], XmlSigner]] = {}

    def keep(self, seed: str, key: PrivateKeyTypes, certificate: x509.Certificate) -> TraderKey:
        """Keep the key of a trader. Raises NotConfigured where there is one, or the two do not belong together.

        Not checked: that the certificate is registered for the trader; a message that it signs would be refused.
        """
        algorithm_for(key, certificate)
        make_folder(self._folder)
        if self._key(seed).exists():
            raise NotConfigured(said("trader_key.there", file=str(self._key(seed)), seed=seed))
        # The key last: a certificate alone signs nothing.
        write_certificate(self._certificate(seed), certificate)
        write_key(self._key(seed), key)
        return _described(seed, certificate)

    def forget(self, seed: str) -> None:
        """Remove the key of a trader for good. Raises NotConfigured where none is kept."""
        if not self._key(seed).exists():
            raise NotConfigured(said("trader_key.none_of", seed=seed))
        self._key(seed).unlink()
        self._certificate(seed).unlink(missing_ok=True)

    def every(self) -> Sequence[TraderKey]:
        """All that are kept, by SEED number. Raises NotConfigured for what cannot be read."""
        seeds = sorted(path.stem for path in self._folder.glob("*.key"))
        return [_described(seed, load_certificate(self._certificate(seed))) for seed in seeds]

    def signer(self, seed: str) -> XmlSigner | None:
        """What signs for a trader now; ``None`` where no key of it is kept.

        The files are read when they have changed. Raises NotConfigured for a key that is broken.
        """
        found = [_as_it_is(path) for path in (self._key(seed), self._certificate(seed))]
        if found[0] is None:
            return None
        if seed not in self._loaded or self._loaded[seed][0] != found:
            self._loaded[seed] = found, load_signer(self._key(seed), self._certificate(seed))
        return self._loaded[seed][1]

    def _key(self, seed: str) -> Path:
        return self._folder / f"{seed}.key"

    def _certificate(self, seed: str) -> Path:
        return self._folder / f"{seed}.pem"


def _as_it_is(path: Path) -> _File | None:
    try:
        now = path.stat()
    except FileNotFoundError:
        return None
    return now.st_ino, now.st_size, now.st_mtime_ns


def _described(seed: str, certificate: x509.Certificate) -> TraderKey:
    return TraderKey(
        seed=seed,
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        subject=certificate.subject.rfc4514_string(),
        valid_to=certificate.not_valid_after_utc,
    )
