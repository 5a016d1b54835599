from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA224, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.signing import pem, pki
from esad_gateway.signing.trust import Trust
from helpers.pki import certificate, certificate_path, load

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
BEGIN, END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2053, 1, 1, tzinfo=UTC)
LONG = pki.Period(not_before=BEGIN, not_after=END)
HERE, THERE = "http://crl.example/here.crl", "http://crl.example/there.crl"
TRADER, OTHER = certificate("trader-rsa"), certificate("trader-p256")

Revoked = tuple[x509.Certificate, ...]


def refused(trust: Trust, judged: x509.Certificate, at: datetime = AT) -> str | None:
    """Why the revocation lists refuse a certificate; ``None`` when they do not."""
    try:
        trust.check(judged, at)
    except SignatureRefused as refusal:
        return f"{refusal.reason}; {refusal.expected}" if refusal.step == 18 else f"step {refusal.step}"
    return None


def crl_builder(
    issuer: str = "ca", since: datetime = BEGIN, until: datetime = END
) -> x509.CertificateRevocationListBuilder:
    """An empty list in the name of a CA."""
    return x509.CertificateRevocationListBuilder(certificate(issuer).subject, since, until)


def point(
    *,
    full_name: list[x509.GeneralName] | None = None,
    relative_name: x509.RelativeDistinguishedName | None = None,
    reasons: frozenset[x509.ReasonFlags] | None = None,
    only: str = "",
) -> x509.IssuingDistributionPoint:
    """The issuingDistributionPoint of a list; ``only`` is the limit that is set."""
    limits = ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs")
    flags = {limit: limit == only for limit in limits}
    return x509.IssuingDistributionPoint(
        full_name=full_name, relative_name=relative_name, only_some_reasons=reasons, **flags
    )


def address(uri: str) -> list[x509.GeneralName]:
    """A distribution point's name."""
    return [x509.UniformResourceIdentifier(uri)]


def edition(
    ca: pki.Identity, number: int | None, since: datetime, revoked: Revoked = (), uri: str | None = None
) -> x509.CertificateRevocationList:
    """A list of the CA, with number, thisUpdate and the address of its distribution point."""
    builder = x509.CertificateRevocationListBuilder(ca.certificate.subject, since, END)
    if number is not None:
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    if uri is not None:
        builder = builder.add_extension(point(full_name=address(uri)), critical=True)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder(one.serial_number, BEGIN)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(ca.key, SHA256())


def named(ca: pki.Identity, *uris: str) -> x509.Certificate:
    """A certificate that says where its CA publishes its lists."""
    made = pki.issue(ca, "LT00000000101", LONG, pki.new_key(pki.KeyKind.P256)).certificate
    builder = x509.CertificateBuilder(made.issuer, made.subject, made.public_key(), made.serial_number, BEGIN, END)
    for item in made.extensions:
        builder = builder.add_extension(item.value, critical=item.critical)
    points = [x509.DistributionPoint(address(uri), None, None, None) for uri in uris]
    return builder.add_extension(x509.CRLDistributionPoints(points), critical=False).sign(ca.key, SHA256())


def trusted(folder: Path, authorities: list[pki.Identity], *lists: x509.CertificateRevocationList) -> Trust:
    """Trust in the CAs with these lists, from files."""
    cas, crls = [], []
    for number, ca in enumerate(authorities):
        cas.append(folder / f"ca{number}.pem")
        pem.write_certificate(cas[-1], ca.certificate)
    for number, crl in enumerate(lists):
        crls.append(folder / f"crl{number}.pem")
        pem.write_revocation_list(crls[-1], crl)
    return Trust.load(cas, crls)


@pytest.mark.parametrize("order", [1, -1], ids=["old-first", "new-first"])
def test_lists_of_two_keys_of_one_name_stand_beside_each_other(order: int, tmp_path: Path) -> None:
    """A CA that renewed its key and kept its name: each list speaks for the certificates of its own key."""
    old, new = load("ca"), load("impostor-ca")
    assert old.certificate.subject == new.certificate.subject
    lists = [edition(old, 50, AT, (TRADER,)), edition(new, 3, AT + timedelta(days=1))][::order]
    trust = trusted(tmp_path, [old, new], *lists)
    assert refused(trust, TRADER) == (
        "the certificate was revoked at 2023-01-01 00:00:00+00:00, says list number 50 of 2026-01-15T12:00:00Z; "
        "the revocation list is current and does not name the certificate"
    )
    assert [refused(trust, one) for one in (OTHER, certificate("impostor"))] == [None, None]


def test_list_says_nothing_about_certificates_of_another_key(tmp_path: Path) -> None:
    """Serial numbers are the business of a key: those of the other key are not revoked, nor missed."""
    old, new = load("ca"), load("impostor-ca")
    trust = trusted(tmp_path, [old, new], edition(new, 1, BEGIN, (TRADER,)))
    assert refused(trust, TRADER) is None


@pytest.mark.parametrize("order", [1, -1], ids=["older-first", "newer-first"])
@pytest.mark.parametrize("numbers", [(2, 3), (None, None), (None, 1)], ids=str)
def test_newest_list_of_a_key_counts(numbers: tuple[int | None, int | None], order: int, tmp_path: Path) -> None:
    """Old lists may stay configured: the later one is asked, by number and date, by date where there is no number."""
    older = edition(load("ca"), numbers[0], BEGIN, (OTHER,))
    newer = edition(load("ca"), numbers[1], AT, (TRADER,))
    trust = trusted(tmp_path, [load("ca")], *[older, newer][::order])
    assert "number" in (refused(trust, TRADER) or "")
    assert refused(trust, OTHER) is None


def test_lists_whose_numbers_and_dates_disagree_are_refused(tmp_path: Path) -> None:
    """Which of them is true nobody can say; both are named by both."""
    lists = edition(load("ca"), 5, BEGIN), edition(load("ca"), 4, AT)
    with pytest.raises(NotConfigured) as caught:
        trusted(tmp_path, [load("ca")], *lists)
    assert "number 4 of 2026-01-15T12:00:00Z, and number 5 of 2023-01-01T00:00:00Z" in str(caught.value)


def test_same_list_twice_is_one_list(tmp_path: Path) -> None:
    """Nothing is contradictory about the same list in two files."""
    crl = edition(load("ca"), 5, BEGIN)
    assert len(trusted(tmp_path, [load("ca")], crl, crl).revocation_lists) == 1


@pytest.mark.parametrize("critical", [True, False])
def test_complete_list_with_an_address_is_taken(critical: bool, tmp_path: Path) -> None:  # noqa: FBT001  a case
    """A distribution point that only says where the list is published limits nothing."""
    builder = crl_builder().add_extension(point(full_name=address(HERE)), critical=critical)
    builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder(TRADER.serial_number, BEGIN).build())
    trust = trusted(tmp_path, [load("ca")], builder.sign(load("ca").key, SHA256()))
    assert "was revoked" in (refused(trust, TRADER) or "")
    assert refused(trust, OTHER) is None


def test_lists_of_two_addresses_stand_beside_each_other(tmp_path: Path) -> None:
    """A CA may divide its list by distribution points: neither part takes the place of the other."""
    ca = load("ca")
    here, there = named(ca, HERE), named(ca, THERE)
    lists = edition(ca, 7, AT, (here,), HERE), edition(ca, 8, AT, (), THERE)
    trust = trusted(tmp_path, [ca], *lists)
    assert "number 7" in (refused(trust, here) or "")
    assert refused(trust, there) is None


def test_certificate_of_another_address_needs_the_list_of_its_own(tmp_path: Path) -> None:
    """A list of other certificates does not say that this one is good."""
    trust = trusted(tmp_path, [load("ca")], edition(load("ca"), 7, AT, (), HERE))
    assert refused(trust, named(load("ca"), THERE)) == (
        f"the lists held of the issuer's key are those of {HERE}; the list of {THERE}, which it names"
    )


def test_one_current_list_of_the_scope_is_enough(tmp_path: Path) -> None:
    """A CA that begins to name its address leaves an old list behind, which lapses and harms nobody."""
    ca = load("ca")
    lapsed = crl_builder(until=AT - timedelta(days=1)).sign(ca.key, SHA256())
    trust = trusted(tmp_path, [ca], lapsed, edition(ca, 2, BEGIN, (), HERE))
    assert refused(trust, TRADER) is None
    alone = trusted(tmp_path, [ca], lapsed)
    assert refused(alone, TRADER) == (
        "the revocation list should have been renewed by 2026-01-14 12:00:00+00:00; a current list of the issuer's key"
    )


def test_every_list_of_a_file_is_read(tmp_path: Path) -> None:
    """Several lists in one PEM file are several lists."""
    old, new = load("ca"), load("impostor-ca")
    lists = edition(old, 1, BEGIN), edition(new, 1, BEGIN, (certificate("impostor"),))
    (tmp_path / "lists.pem").write_bytes(b"".join(crl.public_bytes(Encoding.PEM) for crl in lists))
    paths = [certificate_path(name) for name in ("ca", "impostor-ca")]
    trust = Trust.load(paths, [tmp_path / "lists.pem"])
    assert "was revoked" in (refused(trust, certificate("impostor")) or "")


def test_list_and_ca_are_read_in_der_as_well(tmp_path: Path) -> None:
    """Most CAs publish both in DER."""
    (tmp_path / "ca.cer").write_bytes(certificate("ca").public_bytes(Encoding.DER))
    (tmp_path / "ca.crl").write_bytes(edition(load("ca"), 1, BEGIN, (TRADER,)).public_bytes(Encoding.DER))
    assert "was revoked" in (refused(Trust.load([tmp_path / "ca.cer"], [tmp_path / "ca.crl"]), TRADER) or "")


def with_point(**what: object) -> Callable[[], x509.CertificateRevocationList]:
    """A list with this distribution point."""
    return lambda: crl_builder().add_extension(point(**what), critical=True).sign(load("ca").key, SHA256())  # type: ignore[arg-type]


def with_extension(value: x509.ExtensionType) -> Callable[[], x509.CertificateRevocationList]:
    """A list with this critical extension."""
    return lambda: crl_builder().add_extension(value, critical=True).sign(load("ca").key, SHA256())


def with_entry_extension(value: x509.ExtensionType) -> Callable[[], x509.CertificateRevocationList]:
    """A list with an entry that has this critical extension."""
    entry = x509.RevokedCertificateBuilder(1, BEGIN).add_extension(value, critical=True).build()
    return lambda: crl_builder().add_revoked_certificate(entry).sign(load("ca").key, SHA256())


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
RELATIVE = x509.RelativeDistinguishedName([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")])
LESS_THAN_COMPLETE: dict[str, Callable[[], x509.CertificateRevocationList]] = {
    "a delta list: it holds what changed since number 6": with_extension(x509.DeltaCRLIndicator(6)),
    "an indirect list: it also speaks for certificates of other CAs": with_point(only="indirect_crl"),
    "limited to some reasons of revocation": with_point(reasons=frozenset({x509.ReasonFlags.key_compromise})),
    "limited to end certificates": with_point(only="only_contains_user_certs"),
    "limited to CA certificates": with_point(only="only_contains_ca_certs"),
    "limited to attribute certificates": with_point(only="only_contains_attribute_certs"),
    "limited to a distribution point that has a relative name, not an address": with_point(relative_name=RELATIVE),
    "one with the critical extension 1.2.3.4, which is not understood here": with_extension(UNKNOWN),
    "an indirect list: an entry names another issuer": with_entry_extension(
        x509.CertificateIssuer([x509.DirectoryName(certificate("untrusted-ca").subject)])
    ),
    "one whose entries have the critical extension 1.2.3.4": with_entry_extension(UNKNOWN),
}


@pytest.mark.parametrize("what", LESS_THAN_COMPLETE)
def test_list_that_is_not_complete_is_refused_by_what_it_is(what: str, tmp_path: Path) -> None:
    """What such a list leaves out would pass as good; whoever loads it reads which kind it is."""
    with pytest.raises(NotConfigured) as caught:
        trusted(tmp_path, [load("ca")], LESS_THAN_COMPLETE[what]())
    said = str(caught.value)
    assert said == f"{tmp_path / 'crl0.pem'}: only complete revocation lists are taken, and this is {what}"


def test_delta_list_that_hides_it_is_refused(tmp_path: Path) -> None:
    """The mark counts also where it is wrongly not critical."""
    builder = crl_builder().add_extension(x509.DeltaCRLIndicator(1), critical=False)
    with pytest.raises(NotConfigured, match="a delta list"):
        trusted(tmp_path, [load("ca")], builder.sign(load("ca").key, SHA256()))


def of_a_ca_that_may_not() -> tuple[pki.Identity, x509.CertificateRevocationList]:
    """A CA whose keyUsage leaves lists out."""
    key = pki.new_key(pki.KeyKind.P256)
    name = certificate("ca").subject
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, BEGIN, END)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(pki.usage("key_cert_sign"), critical=True)
    ca = pki.Identity(certificate=builder.sign(key, SHA256()), key=key)
    return ca, edition(ca, 1, BEGIN)


def of_another_ca() -> tuple[pki.Identity, x509.CertificateRevocationList]:
    """A list of a CA that nobody configured."""
    return load("ca"), edition(load("untrusted-ca"), 1, BEGIN)


def of_another_key() -> tuple[pki.Identity, x509.CertificateRevocationList]:
    """A list of a CA with the name of the configured one."""
    return load("ca"), edition(load("impostor-ca"), 1, BEGIN)


def with_a_short_hash() -> tuple[pki.Identity, x509.CertificateRevocationList]:
    """A list of the CA, signed with a shorter hash."""
    return load("ca"), crl_builder().sign(load("ca").key, SHA224())


def unreadable() -> tuple[pki.Identity, x509.CertificateRevocationList]:
    """A list with a number that is none."""
    number = x509.UnrecognizedExtension(ExtensionOID.CRL_NUMBER, b"a")
    return load("ca"), crl_builder().add_extension(number, critical=False).sign(load("ca").key, SHA256())


UNFIT: dict[Callable[[], tuple[pki.Identity, x509.CertificateRevocationList]], str] = {
    of_a_ca_that_may_not: "CN=Throw-away Test CA is not signed by a CA that may sign lists: its keyUsage lacks cRLSign",
    of_another_ca: "CN=Throw-away Untrusted CA is not signed by a configured CA: none of that name is",
    of_another_key: "CN=Throw-away Test CA is not signed by a configured CA: the one of that name has another key",
    with_a_short_hash: "the revocation list is signed with sha224, not with SHA-256 or longer",
    unreadable: "the revocation list cannot be read",
}


@pytest.mark.parametrize("made", UNFIT, ids=lambda made: made.__name__)
def test_unfit_list_is_refused_when_it_is_loaded(
    made: Callable[[], tuple[pki.Identity, x509.CertificateRevocationList]], tmp_path: Path
) -> None:
    """A list that says nothing for certain stops the start, with its cause, and lets no revoked certificate through."""
    ca, crl = made()
    with pytest.raises(NotConfigured) as caught:
        trusted(tmp_path, [ca], crl)
    assert UNFIT[made] in str(caught.value)


def test_list_in_the_name_of_another_configured_ca_is_refused(tmp_path: Path) -> None:
    """Each CA speaks for itself only."""
    crl = crl_builder("untrusted-ca").sign(load("ca").key, SHA256())
    with pytest.raises(NotConfigured, match="the one of that name has another key"):
        trusted(tmp_path, [load("ca"), load("untrusted-ca")], crl)


def test_file_of_another_kind_is_no_list() -> None:
    """A certificate is no revocation list."""
    with pytest.raises(NotConfigured, match="holds no revocation list in PEM or DER form"):
        Trust.load([certificate_path("ca")], [certificate_path("ca")])


def test_list_without_renewal_date_is_refused(tmp_path: Path) -> None:
    """A list that never lapses could be kept back for ever."""
    ca = pki.create_ca("CA", LONG, pki.new_key(pki.KeyKind.P256))
    pem.write_certificate(tmp_path / "ca.pem", ca.certificate)
    (tmp_path / "crl.der").write_bytes(without_next_update(ca))
    with pytest.raises(NotConfigured, match=r"does not say when it is renewed \(nextUpdate\)"):
        Trust.load([tmp_path / "ca.pem"], [tmp_path / "crl.der"])


def without_next_update(ca: pki.Identity) -> bytes:
    """A list in DER from which nextUpdate was cut before it was signed; the builder always writes one."""
    assert isinstance(ca.key, ec.EllipticCurvePrivateKey)
    content = edition(ca, None, BEGIN).tbs_certlist_bytes.replace(b"\x18\x0f20530101000000Z", b"")[2:]
    signed = element(0x30, content)
    value = element(0x03, b"\x00" + ca.key.sign(signed, ec.ECDSA(SHA256())))
    return element(0x30, signed + bytes.fromhex("300a06082a8648ce3d040302") + value)


def element(tag: int, content: bytes) -> bytes:
    """A DER element of less than 256 bytes."""
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content
