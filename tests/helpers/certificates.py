"""Certificates for tests that only need some: self-signed, P-256, valid for a century."""

import inspect
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


def some_certificate(name: str) -> x509.Certificate:
    """A fresh self-signed certificate for ``name``, for digital signatures."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    usage = dict.fromkeys(inspect.signature(x509.KeyUsage).parameters, False) | {"digital_signature": True}
    builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    return builder.not_valid_after(datetime(2120, 1, 1, tzinfo=UTC)).sign(key, SHA256())


def pem(certificate: x509.Certificate) -> bytes:
    """``certificate`` as it stands in a file."""
    return certificate.public_bytes(Encoding.PEM)
