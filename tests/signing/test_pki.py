import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from esad_gateway.errors import NotConfigured
from esad_gateway.signing import pem, pki
from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Verifier
from helpers.pki import certificate_path, key_path, load
from helpers.signatures import tree
from helpers.templates import PAYLOAD

START = datetime(2026, 1, 1, tzinfo=UTC)
PERIOD = pki.Period(not_before=START, not_after=START + timedelta(days=365))


@pytest.mark.parametrize("kind", list(pki.KeyKind), ids=lambda kind: kind.value)
def test_issued_certificate_signs_what_its_ca_verifies(kind: pki.KeyKind) -> None:
    """A new CA, a certificate of it, and a signature by that: the whole chain works."""
    ca = pki.create_ca("Test CA", PERIOD, pki.new_key(pki.KeyKind.P256))
    trader = pki.issue(ca, "LT00000000101", PERIOD, pki.new_key(kind))
    document = XmlSigner(trader.key, trader.certificate).sign(tree(PAYLOAD))
    signed = Verifier(Trust((ca.certificate,)), None).verify(tree(document), START)
    assert signed.certificate_subject == "CN=LT00000000101"


def test_new_keys_are_as_long_as_the_profile_has_them() -> None:
    """RSA of 2048 bit, with the exponent that everybody takes, where nothing else is asked for; EC on P-256."""
    usual, curve = pki.new_key(), pki.new_key(pki.KeyKind.P256)
    assert isinstance(usual, rsa.RSAPrivateKey)
    assert (usual.key_size, usual.public_key().public_numbers().e) == (2048, 65537)
    assert isinstance(curve, ec.EllipticCurvePrivateKey)
    assert curve.curve.name == "secp256r1"


def test_issued_certificate_is_for_signing_only() -> None:
    """Its extensions say so: no CA, digitalSignature and nothing else, both critical."""
    trader = pki.issue(load("ca"), "LT00000000101", PERIOD, load("trader-p256").key).certificate
    constraints = trader.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = trader.extensions.get_extension_for_class(x509.KeyUsage)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    assert (usage.critical, usage.value) == (True, pki.usage("digital_signature"))


def test_issued_certificate_names_key_and_issuer() -> None:
    """Subject and authority key identifiers let others find the chain."""
    ca = load("ca")
    trader = pki.issue(ca, "LT00000000101", PERIOD, load("trader-p256").key).certificate
    authority = trader.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    issuer = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert authority.key_identifier == issuer.digest


def test_revoked_certificate_is_on_the_list() -> None:
    """The list names serial number and time, and is signed by its CA."""
    ca, trader = load("ca"), load("trader-rsa").certificate
    crl = pki.revoke(ca, {trader: START}, PERIOD, number=7)
    entry = crl.get_revoked_certificate_by_serial_number(trader.serial_number)
    assert entry is not None
    assert entry.revocation_date_utc == START
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    assert (crl.last_update_utc, crl.next_update_utc) == (PERIOD.not_before, PERIOD.not_after)


def test_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """A private key is written with mode 0600, and read again as the same key."""
    path = tmp_path / "key.pem"
    pem.write_key(path, load("trader-p256").key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert pem.load_key(path).public_key() == load("trader-p256").key.public_key()


def test_key_file_is_never_overwritten(tmp_path: Path) -> None:
    """A key that is overwritten is lost, with everything that was registered for it."""
    path = tmp_path / "key.pem"
    pem.write_key(path, load("trader-p256").key)
    before = path.read_bytes()
    with pytest.raises(NotConfigured, match="cannot be written"):
        pem.write_key(path, load("trader-rsa").key)
    assert path.read_bytes() == before


def test_encrypted_key_is_refused_by_name(tmp_path: Path) -> None:
    """A password cannot be asked for, so it is said what the matter is."""
    path = tmp_path / "key.pem"
    encryption = serialization.BestAvailableEncryption(b"throw-away")
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(load("trader-p256").key.private_bytes(encoding, form, encryption))
    with pytest.raises(NotConfigured, match="without password"):
        load_signer(path, certificate_path("trader-p256"))


def test_published_keys_say_so() -> None:
    """Every private key among the fixtures is named a throw-away key."""
    keys = [path for path in key_path("ca").parent.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert keys
    assert all(path.name.endswith(".throw-away-key.pem") for path in keys)
