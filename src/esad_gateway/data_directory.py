"""Where the parts of one gateway lie in its data directory, and reading those that stand in files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.json_errors import no_utf8
from esad_gateway.settings import FILE
from esad_gateway.signing.pem import load_certificate
from esad_gateway.signing.trust import Trust
from esad_gateway.xml.release import FOLDER as RELEASES
from esad_gateway.xml.release import Releases, shipped


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Where the parts of one gateway lie; everything it is stands in this one folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.root / "store.db"

    @property
    def checkpoints(self) -> Path:
        """The folder of the signed checkpoints of the store."""
        return self.root / "checkpoints"

    @property
    def batches(self) -> Path:
        """The folder of the files of batches, each in a folder of its number."""
        return self.root / "batches"

    @property
    def trader_keys(self) -> Path:
        """The folder of the keys that traders had this gateway keep, to sign their deferred dispatches."""
        return self.root / "trader-keys"

    @property
    def key(self) -> Path:
        """The administration's private key."""
        return self.root / "keys" / "administration.key"

    @property
    def certificate(self) -> Path:
        """The administration's certificate."""
        return self.root / "keys" / "administration.pem"

    @property
    def webhook_key(self) -> Path:
        """The key that the secrets of webhooks are made of."""
        return self.root / "keys" / "webhooks.key"

    @property
    def authority_key(self) -> Path:
        """The private key of the test CA."""
        return self.root / "pki" / "ca.key"

    @property
    def authority_certificate(self) -> Path:
        """The certificate of the test CA."""
        return self.root / "pki" / "ca.pem"

    @property
    def trust(self) -> Path:
        """The folder of the CA certificates that are trusted."""
        return self.root / "trust"

    @property
    def revocations(self) -> Path:
        """The folder of the revocation lists."""
        return self.root / "trust" / "crl"

    def releases(self) -> Releases:
        """The releases of the messages: of the package and in the folder ``schemas``. Raises NotConfigured."""
        return shipped(self.root / RELEASES)

    def settings_text(self) -> str:
        """The text of the settings. Raises NotConfigured."""
        try:
            return (self.root / FILE).read_text(encoding="utf-8")
        except OSError as error:
            raise NotConfigured(said("data.unreadable", file=str(self.root / FILE), why=why(error))) from error
        except UnicodeDecodeError as error:
            raise NotConfigured(said("data.unreadable", file=str(self.root / FILE), why=no_utf8(error))) from error

    def signing_pair(self, fingerprint: str, holder: str) -> tuple[Path, Path]:
        """The files of the key and the certificate with that fingerprint (SHA-256, hexadecimal). Raises NotConfigured.

        The registry says which certificate signs, not the name of a file: replacing files replaces no key.
        """
        folder, path = self.certificate.parent, self.own_certificates().get(fingerprint)
        if path is not None:
            return path.with_suffix(".key"), path
        command = f"esad key renew --data {self.root} --overlap 0"
        raise NotConfigured(
            said("key.lost", folder=str(folder), fingerprint=fingerprint, holder=holder, command=command)
        )

    def own_certificates(self) -> dict[str, Path]:
        """The files of the certificates that this administration signs or signed with, by fingerprint."""
        return {
            load_certificate(path).fingerprint(SHA256()).hex(): path for path in _pem_files(self.certificate.parent)
        }

    def load_trust(self) -> Trust:
        """The trusted CAs and their revocation lists. Raises NotConfigured."""
        return Trust.load(_pem_files(self.trust), _pem_files(self.revocations))


def _pem_files(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.pem"))
