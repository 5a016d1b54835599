"""Keys, certificates and revocation lists in files: errors name the file, keys are written for the owner only.

Certificates and lists are read as PEM and as DER, in which many CAs publish them; written is PEM.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why

T = TypeVar("T")

_PEM: Final = b"-----BEGIN "
_LIST: Final = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)


def load_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """All certificates of a file, in the file's order; at least one.

    Raises ``NotConfigured`` when the file cannot be read or holds no certificate.
    """
    return _loaded(path, Said("pem.certificate"), _certificates)


def load_certificate(path: Path) -> x509.Certificate:
    """The first certificate of a file. Raises ``NotConfigured`` as ``load_certificates`` does."""
    return load_certificates(path)[0]


def load_key(path: Path) -> PrivateKeyTypes:
    """The private key of a PEM file without password, checked for consistency once (30 ms for RSA).

    Raises ``NotConfigured`` when the file cannot be read, is encrypted or holds no key.
    """
    what = Said("pem.private")
    return _loaded(path, what, lambda data: serialization.load_pem_private_key(data, None))


def load_crls(path: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """All revocation lists of a file, in the file's order; at least one. Their signatures are not looked at.

    Raises ``NotConfigured`` when the file cannot be read or holds no list.
    """
    return _loaded(path, Said("pem.list"), _crls)


def write_certificate(path: Path, certificate: x509.Certificate) -> None:
    """Write ``certificate`` to ``path`` as PEM; what was there is replaced."""
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def write_revocation_list(path: Path, revocation_list: x509.CertificateRevocationList) -> None:
    """Write ``revocation_list`` to ``path`` as PEM; what was there is replaced, at once and whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(revocation_list.public_bytes(serialization.Encoding.PEM))
    unfinished.replace(path)


def write_key(path: Path, key: PrivateKeyTypes) -> None:
    """Write ``key`` to the new file ``path`` as PEM (PKCS #8, no password), readable by its owner only (mode 0600).

    Raises ``NotConfigured`` when the file exists: a key that is overwritten is lost.
    """
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise NotConfigured(said("pem.unwritten", file=str(path), why=why(error))) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _loaded(path: Path, what: Said, load: Callable[[bytes], T]) -> T:
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise NotConfigured(said("pem.unread", file=str(path), why=why(error))) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotConfigured(said("pem.holds_no", file=str(path), what=what)) from error


def _certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    if _PEM in data:
        return tuple(x509.load_pem_x509_certificates(data))
    return (x509.load_der_x509_certificate(data),)


def _crls(data: bytes) -> tuple[x509.CertificateRevocationList, ...]:
    if _PEM not in data:
        return (x509.load_der_x509_crl(data),)
    # The library reads the first list of a file and no other, which would lose the rest without a word.
    return tuple(x509.load_pem_x509_crl(block) for block in _LIST.findall(data) or (data,))
