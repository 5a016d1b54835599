from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtensionOID

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.signing import pem, pki
from esad_gateway.signing.revocation import RevocationList
from esad_gateway.signing.trust import Trust
from helpers.operations import operations
from helpers.pki import PKI, certificate, certificate_path, load

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
LONG = pki.Period(not_before=datetime(2023, 1, 1, tzinfo=UTC), not_after=datetime(2053, 1, 1, tzinfo=UTC))
FIRST = pki.Period(not_before=LONG.not_before, not_after=datetime(2025, 1, 1, tzinfo=UTC))
SECOND = pki.Period(not_before=datetime(2024, 6, 1, tzinfo=UTC), not_after=LONG.not_after)
TRADER = certificate("trader-rsa")
KEY = pki.new_key(pki.KeyKind.P256)


def step_of(trust: Trust, judged: x509.Certificate, at: datetime = AT) -> int | None:
    """The step at which the certificate is refused, ``None`` when it is trusted."""
    try:
        trust.check(judged, at)
    except SignatureRefused as refusal:
        return refusal.step
    return None


def authority(
    name: str, key: pki.PrivateKey, issuer: pki.Identity | None = None, usage: x509.KeyUsage = pki.CA_USAGE
) -> pki.Identity:
    """A CA, self-signed or issued by another."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    parent = subject if issuer is None else issuer.certificate.subject
    serial = x509.random_serial_number()
    builder = x509.CertificateBuilder(parent, subject, key.public_key(), serial, LONG.not_before, LONG.not_after)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    signed = builder.sign(key if issuer is None else issuer.key, SHA256())
    return pki.Identity(certificate=signed, key=key)


def written(folder: Path, crl: x509.CertificateRevocationList) -> Path:
    """A file with the revocation list."""
    path = folder / "crl.pem"
    pem.write_revocation_list(path, crl)
    return path


def test_certificate_of_a_configured_ca_is_trusted() -> None:
    """Issued by the CA, for signing, valid, not revoked."""
    assert step_of(Trust.load([certificate_path("ca")], [PKI / "ca.crl.pem"]), TRADER) is None


def test_trust_without_authorities_trusts_nobody() -> None:
    """An empty configuration opens nothing."""
    assert step_of(Trust(()), TRADER) == 16


def test_self_signed_certificate_is_not_its_own_anchor() -> None:
    """A trader's certificate among the authorities would make it a CA: it is refused when it is configured."""
    with pytest.raises(NotConfigured, match="is not one"):
        Trust.load([certificate_path("trader-rsa")])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (LONG.not_before - timedelta(seconds=1), 17),
        (LONG.not_before, None),
        (LONG.not_after, None),
        (LONG.not_after + timedelta(seconds=1), 17),
    ],
    ids=["a-second-early", "first-second", "last-second", "a-second-late"],
)
def test_validity_includes_both_ends(at: datetime, expected: int | None) -> None:
    """A certificate is valid from the first to the last second it names (RFC 5280 4.1.2.5)."""
    assert step_of(Trust((certificate("ca"),)), TRADER, at) == expected


def test_certificate_is_not_valid_longer_than_its_ca() -> None:
    """An expired CA takes its certificates with it."""
    ca = pki.create_ca("CA", FIRST, KEY)
    assert step_of(Trust((ca.certificate,)), pki.issue(ca, "LT00000000101", LONG, KEY).certificate) == 17


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2024, None),
        (2026, "the CA that issued it is valid from 2023-01-01 00:00:00+00:00 to 2025-01-01 00:00:00+00:00"),
        (2060, "the certificate is valid from 2023-01-01 00:00:00+00:00 to 2053-01-01 00:00:00+00:00"),
    ],
)
def test_refusal_says_whether_certificate_or_ca_is_out_of_time(year: int, said: str | None) -> None:
    """Who has to renew something learns what."""
    ca = pki.create_ca("CA", FIRST, KEY)
    judged, at = pki.issue(ca, "LT00000000101", LONG, KEY).certificate, datetime(year, 1, 15, tzinfo=UTC)
    try:
        Trust((ca.certificate,)).check(judged, at)
    except SignatureRefused as refusal:
        reason: str | None = refusal.reason
    else:
        reason = None
    assert (reason is None) == (said is None)
    assert said is None or f"{said}, not at {at}" in (reason or "")


def reason_of(ca: pki.Identity, at: datetime) -> str:
    """Why a certificate of :data:`LONG` that this CA issued is refused at that moment."""
    with pytest.raises(SignatureRefused) as refused:
        Trust((ca.certificate,)).check(pki.issue(ca, "LT00000000101", LONG, KEY).certificate, at)
    return refused.value.reason


def test_refusal_names_both_when_certificate_and_ca_are_out_of_time() -> None:
    """Whoever renews only one of them would be refused again."""
    at = datetime(2060, 1, 15, tzinfo=UTC)
    assert reason_of(pki.create_ca("CA", FIRST, KEY), at) == (
        f"the certificate is valid from {LONG.not_before} to {LONG.not_after}, not at {at} and "
        f"the CA that issued it is valid from {FIRST.not_before} to {FIRST.not_after}, not at {at}"
    )


@pytest.mark.parametrize("at", [LONG.not_before, LONG.not_after], ids=["first-second", "last-second"])
def test_refusal_does_not_blame_a_certificate_in_its_first_and_last_second(at: datetime) -> None:
    """Only the CA is out of time then."""
    between = pki.Period(not_before=FIRST.not_after, not_after=datetime(2030, 1, 1, tzinfo=UTC))
    assert reason_of(pki.create_ca("CA", between, KEY), at) == (
        f"the CA that issued it is valid from {between.not_before} to {between.not_after}, not at {at}"
    )


def test_certificate_that_is_never_valid_with_its_ca_has_no_path() -> None:
    """Periods that do not meet make no chain."""
    ca = pki.create_ca("CA", FIRST, KEY)
    after = pki.Period(not_before=datetime(2030, 1, 1, tzinfo=UTC), not_after=LONG.not_after)
    assert step_of(Trust((ca.certificate,)), pki.issue(ca, "LT00000000101", after, KEY).certificate) == 16


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
def test_renewed_ca_is_trusted_beside_the_old_one(order: int) -> None:
    """Two certificates of one CA key overlap while it is renewed: each is enough in its own time."""
    old, new = (pki.create_ca("CA", period, KEY) for period in (FIRST, SECOND))
    leaf = pki.issue(old, "LT00000000101", LONG, KEY).certificate
    trust = Trust((old.certificate, new.certificate)[::order])
    assert [step_of(trust, leaf, datetime(year, 1, 15, tzinfo=UTC)) for year in (2024, 2026)] == [None, None]


def test_intermediate_ca_is_trusted_only_when_configured() -> None:
    """A signature carries one certificate, so the path to a root alone cannot be built."""
    root = authority("root", KEY)
    middle = authority("middle", pki.new_key(pki.KeyKind.P256), root)
    leaf = pki.issue(middle, "LT00000000101", LONG, KEY).certificate
    assert step_of(Trust((root.certificate,)), leaf) == 16
    assert step_of(Trust((root.certificate, middle.certificate)), leaf) is None


def test_intermediate_ca_that_its_root_revoked_is_not_trusted(tmp_path: Path) -> None:
    """The revocation list of the root is asked for the intermediate CA as well."""
    root = authority("root", KEY)
    middle = authority("middle", pki.new_key(pki.KeyKind.P256), root)
    leaf = pki.issue(middle, "LT00000000101", LONG, KEY).certificate
    crl = pki.revoke(root, {middle.certificate: AT}, LONG)
    for name, identity in (("root", root), ("middle", middle)):
        pem.write_certificate(tmp_path / name, identity.certificate)
    trust = Trust.load([tmp_path / "root", tmp_path / "middle"], [written(tmp_path, crl)])
    assert step_of(trust, leaf) == 18


def test_ca_that_may_not_sign_certificates_issues_none() -> None:
    """A CA's keyUsage limits it."""
    ca = authority("CA", KEY, usage=pki.usage("crl_sign"))
    assert step_of(Trust((ca.certificate,)), pki.issue(ca, "LT00000000101", LONG, KEY).certificate) == 16


def test_certificate_for_non_repudiation_only_is_trusted() -> None:
    """Qualified certificates often have nonRepudiation (contentCommitment) alone; it is as good as digitalSignature."""
    qualified = pki.issue(load("ca"), "LT00000000101", LONG, KEY, pki.usage("content_commitment")).certificate
    assert step_of(Trust((certificate("ca"),)), qualified) is None


def test_certificate_without_key_usage_is_refused() -> None:
    """What a key is for must be said."""
    ca = authority("CA", KEY)
    serial = x509.random_serial_number()
    name = ca.certificate.subject
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), serial, LONG.not_before, LONG.not_after)
    assert step_of(Trust((ca.certificate,)), builder.sign(KEY, SHA256())) == 15


def test_certificate_with_an_unknown_critical_extension_is_refused() -> None:
    """An issuer's condition that nobody here understands is not ignored (RFC 5280 4.2)."""
    ca = authority("CA", KEY)
    serial, name = x509.random_serial_number(), ca.certificate.subject
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), serial, LONG.not_before, LONG.not_after)
    builder = builder.add_extension(pki.SIGNING_USAGE, critical=True)
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert step_of(Trust((ca.certificate,)), builder.add_extension(unknown, critical=True).sign(KEY, SHA256())) == 16


def test_revocation_counts_from_its_date_on() -> None:
    """What was signed before the certificate was revoked stays signed."""
    trust = Trust.load([certificate_path("ca")], [PKI / "ca.crl.pem"])
    since = datetime(2024, 6, 1, tzinfo=UTC)
    judged = certificate("revoked")
    assert [step_of(trust, judged, at) for at in (since - timedelta(seconds=1), since)] == [None, 18]


def test_list_counts_until_its_next_update() -> None:
    """A list that was not renewed in time refuses everybody, from the second after."""
    trust = Trust.load([certificate_path("lapsed-ca")], [PKI / "lapsed-ca.crl.pem"])
    end = datetime(2024, 1, 1, tzinfo=UTC)
    judged = certificate("lapsed")
    assert [step_of(trust, judged, at) for at in (end, end + timedelta(seconds=1))] == [None, 18]


def test_ca_without_list_revokes_nobody() -> None:
    """Revocation is checked where a list is configured, per issuer."""
    trust = Trust.load([certificate_path("ca"), certificate_path("lapsed-ca")], [PKI / "lapsed-ca.crl.pem"])
    assert step_of(trust, certificate("revoked")) is None


def test_ca_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """An extension that is broken is no reason to guess."""
    pem.write_certificate(tmp_path / "ca", with_broken_extension(ExtensionOID.BASIC_CONSTRAINTS))
    with pytest.raises(NotConfigured, match="CN=broken cannot be read"):
        Trust.load([tmp_path / "ca"])


def test_certificate_with_a_broken_extension_is_refused() -> None:
    """What the certificate is for cannot be read, so it is for nothing."""
    assert step_of(Trust((certificate("ca"),)), with_broken_extension(ExtensionOID.KEY_USAGE)) == 13


def with_broken_extension(kind: x509.ObjectIdentifier) -> x509.Certificate:
    """A certificate with an extension of this kind that has no meaning."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broken")])
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 1, LONG.not_before, LONG.not_after)
    return builder.add_extension(x509.UnrecognizedExtension(kind, b"a"), critical=False).sign(KEY, SHA256())


@pytest.mark.parametrize("name", ["none.pem", "ca.crl.pem"])
def test_file_without_certificate_is_named(name: str) -> None:
    """Whoever configures a CA learns which file is wrong."""
    with pytest.raises(NotConfigured, match=name):
        Trust.load([PKI / name])


def test_several_authorities_may_share_a_file(tmp_path: Path) -> None:
    """A bundle of CA certificates is read whole."""
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(certificate_path("untrusted-ca").read_bytes() + certificate_path("ca").read_bytes())
    trust = Trust.load([bundle])
    assert [step_of(trust, certificate(name)) for name in ("trader-rsa", "untrusted")] == [None, None]


def test_path_is_found_once() -> None:
    """The second check of a certificate verifies nothing again, whether it was trusted or not."""
    trust = Trust((certificate("ca"),))
    judged = (TRADER, certificate("untrusted"))
    first = [step_of(trust, item) for item in judged]
    counts = operations(lambda: [step_of(trust, item) for item in judged])
    assert first == [None, 16]
    assert counts["_found_paths"] == counts["objection"] == 0


def test_trusts_are_compared_by_what_they_trust() -> None:
    """A trust is a value: the cache is no part of it."""
    revoked = RevocationList(issuer=TRADER.issuer, key="", this_update=AT, next_update=AT, revoked={1: AT})
    assert Trust((TRADER,)) == Trust((TRADER,))
    assert Trust((TRADER,)) != Trust((TRADER,), (revoked,))
