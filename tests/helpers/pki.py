"""The throw-away PKI in ``fixtures/pki``: its files by name, loaded."""

from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from esad_gateway.signing.pem import load_certificate
from esad_gateway.signing.pki import Identity

PKI = Path(__file__).parents[2] / "fixtures" / "pki"


def certificate_path(name: str) -> Path:
    """The certificate file of ``name`` (``trader-rsa``)."""
    return PKI / f"{name}.cert.pem"


def key_path(name: str) -> Path:
    """The private key file of ``name``; a key that is published protects nothing."""
    return PKI / f"{name}.throw-away-key.pem"


def certificate(name: str) -> x509.Certificate:
    """The certificate of ``name``."""
    return load_certificate(certificate_path(name))


@cache
def load(name: str) -> Identity:
    """Certificate and key of ``name``; the key is taken as consistent, which saves its check."""
    key = load_pem_private_key(key_path(name).read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return Identity(certificate=certificate(name), key=key)
