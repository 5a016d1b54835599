"""Keys that sign for a client: in PEM files, with or without a password, or in one PKCS #12 file."""

from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why
from esad_gateway.signing.pem import load_certificate
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.xml.parse import parse

_P12: Final = frozenset({".p12", ".pfx"})


class DocumentSigner(XmlSigner):
    """Signs documents as they are, bytes to bytes, under ESAD-SIG-1."""

    def sign_document(self, document: bytes) -> bytes:
        """Sign a document. Raises UnreadableInput when it is signed already, and MalformedXml when it is no XML."""
        return self.sign(parse(document))


def signer_of(key: Path, certificate: Path | None, password: bytes | None) -> DocumentSigner:
    """The signer of a key file and its certificate; see :func:`esad_gateway.client.load_signer`."""
    content = _read(key)
    try:
        if certificate is None and key.suffix.lower() in _P12:
            pair = pkcs12.load_key_and_certificates(content, password)[:2]
        else:
            pair = load_pem_private_key(content, password), load_certificate(certificate or key)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotConfigured(said("pem.holds_no", file=str(key), what=Said("client.key"))) from error
    return DocumentSigner(*_both(key, *pair))


def _both(
    file: Path, key: PrivateKeyTypes | None, certificate: x509.Certificate | None
) -> tuple[PrivateKeyTypes, x509.Certificate]:
    if key is None or certificate is None:
        raise NotConfigured(said("pem.holds_no", file=str(file), what=Said("client.key")))
    return key, certificate


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotConfigured(said("pem.unread", file=str(file), why=why(error))) from error
