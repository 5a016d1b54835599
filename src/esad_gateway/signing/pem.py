"""Keys, certificates and revocation lists in PEM files: errors name the file, keys are written for the owner only."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from esad_gateway.errors import NotConfigured

T = TypeVar("T")


def load_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """All certificates of a PEM file, in the file's order; at least one.

    Raises ``NotConfigured`` when the file cannot be read or holds no certificate.
    """
    return tuple(_loaded(path, "certificate", x509.load_pem_x509_certificates))


def load_certificate(path: Path) -> x509.Certificate:
    """The first certificate of a PEM file. Raises ``NotConfigured`` as ``load_certificates`` does."""
    return load_certificates(path)[0]


def load_key(path: Path) -> PrivateKeyTypes:
    """The private key of a PEM file without password, checked for consistency once (30 ms for RSA).

    Raises ``NotConfigured`` when the file cannot be read, is encrypted or holds no key.
    """
    return _loaded(path, "private key without password", lambda data: serialization.load_pem_private_key(data, None))


def load_revocation_list(path: Path) -> x509.CertificateRevocationList:
    """The revocation list of a PEM file; its signature is not looked at. Raises ``NotConfigured``."""
    return _loaded(path, "revocation list", x509.load_pem_x509_crl)


def write_certificate(path: Path, certificate: x509.Certificate) -> None:
    """Write ``certificate`` to ``path`` as PEM; what was there is replaced."""
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def write_revocation_list(path: Path, revocation_list: x509.CertificateRevocationList) -> None:
    """Write ``revocation_list`` to ``path`` as PEM; what was there is replaced."""
    path.write_bytes(revocation_list.public_bytes(serialization.Encoding.PEM))


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
        raise NotConfigured(f"{path}: the key cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _loaded(path: Path, what: str, load: Callable[[bytes], T]) -> T:
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise NotConfigured(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotConfigured(f"{path}: holds no {what} in PEM form") from error
