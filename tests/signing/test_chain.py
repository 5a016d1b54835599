import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA224, SHA256
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.signing import pki
from esad_gateway.signing.chain import check_authority
from esad_gateway.signing.trust import Trust
from helpers.counting import calls
from helpers.pki import certificate, load

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
BEGIN, END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2053, 1, 1, tzinfo=UTC)
LONG_HASH = SHA256()
KEY = ec.generate_private_key(ec.SECP256R1())
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
Extensions = tuple[tuple[x509.ExtensionType, bool], ...]

LEAF: Extensions = ((pki.SIGNING_USAGE, True),)
CA: Extensions = ((x509.BasicConstraints(ca=True, path_length=0), True), (pki.CA_USAGE, True))
POLICY = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), None)])
FOLDER_NAME = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "LT")]))


def name(text: str = "CA", encoding: _ASN1Type = _ASN1Type.UTF8String) -> x509.Name:
    """A name of one attribute, in one of the string types that X.509 allows."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text, _type=encoding)])


def made(
    key: Key,
    extensions: Extensions,
    *,
    issuer: x509.Name | None = None,
    subject: x509.Name | None = None,
    signer: Key | None = None,
    hashed: SHA256 | SHA224 | None = LONG_HASH,
) -> x509.Certificate:
    """A certificate; by itself it is a self-signed one in the name of the CA."""
    builder = x509.CertificateBuilder(issuer or name(), subject or name(), key.public_key(), 7, BEGIN, END)
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    return builder.sign(signer or key, hashed)


def leaf(
    *more: tuple[x509.ExtensionType, bool], signer: Key = KEY, hashed: SHA256 | SHA224 = LONG_HASH
) -> x509.Certificate:
    """A trader's certificate of the CA."""
    return made(KEY, (*LEAF, *more), subject=name("LT00000000101"), signer=signer, hashed=hashed)


def reason(judged: x509.Certificate, *authorities: x509.Certificate) -> str:
    """Why step 16 refuses a certificate."""
    with pytest.raises(SignatureRefused) as caught:
        Trust(authorities).check(judged, AT)
    assert caught.value.step == 16
    return caught.value.reason


def test_certificate_of_an_unknown_ca_names_the_issuer() -> None:
    """Nobody of that name is configured: that is the cause, and nothing else is said."""
    assert reason(leaf(), certificate("ca")) == (
        "no configured CA issued it; its issuer is CN=CA, and no CA of that name is configured"
    )


def test_certificate_of_another_key_of_the_name_says_so() -> None:
    """A CA that only has the configured CA's name: the library's words are kept."""
    assert reason(certificate("impostor"), certificate("ca")) == (
        "no configured CA issued it; of its issuer CN=Throw-away Test CA, which is configured: signature does not match"
    )


def test_name_in_another_encoding_says_so() -> None:
    """The same text as PrintableString and as UTF8String is not the same name (RFC 5280 7.1, as libraries read it)."""
    printable = name(encoding=_ASN1Type.PrintableString)
    judged = made(KEY, LEAF, issuer=printable, subject=name("LT00000000101"), signer=KEY)
    said = reason(judged, made(KEY, CA))
    assert "writes its issuer's name in another encoding than the CA's certificate does (CN: PrintableString" in said


TRIAL = "esad_gateway.signing.chain._unfit_extensions"


@pytest.mark.parametrize(
    ("extension", "words"),
    [
        (POLICY, "the critical extension CertificatePolicies: invalid extension: 2.5.29.32"),
        (
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"), b"\x30\x00"),
            "the critical extension UnrecognizedExtension: invalid extension: 1.3.6.1.5.5.7.1.3",
        ),
    ],
    ids=["policies", "statements-of-qualified-certificates"],
)
def test_critical_extension_is_named(extension: x509.ExtensionType, words: str) -> None:
    """What the issuer marked critical and nobody here understands refuses the certificate, by name and number."""
    assert words in reason(leaf((extension, True)), made(KEY, CA))
    Trust((made(KEY, CA),)).check(leaf((extension, False)), AT)


def test_short_hash_is_named() -> None:
    """A certificate signed with SHA-224 says so."""
    assert "the certificate is signed with sha224: Forbidden signature algorithm" in reason(
        leaf(hashed=SHA224()), made(KEY, CA)
    )


def test_certificate_and_ca_that_never_meet_say_so() -> None:
    """Periods that do not meet are the cause, not the CA."""
    past = pki.create_ca("CA", pki.Period(not_before=BEGIN, not_after=datetime(2024, 1, 1, tzinfo=UTC)), KEY)
    later = pki.Period(not_before=datetime(2025, 1, 1, tzinfo=UTC), not_after=END)
    judged = pki.issue(past, "LT00000000101", later, KEY).certificate
    assert "certificate and CA are never valid at the same time" in reason(judged, past.certificate)


def test_objections_to_all_of_a_name_are_told_once() -> None:
    """Two CAs of one name: what each lacks is said, the same words not twice."""
    other = ec.generate_private_key(ec.SECP256R1())
    unfit = made(KEY, (CA[0], (pki.usage("crl_sign"), True)))
    said = reason(leaf(), made(other, CA), made(other, CA), unfit)
    assert said.endswith("which is configured: signature does not match; the CA's keyUsage lacks keyCertSign")


def constrained(*, critical: bool) -> x509.Certificate:
    """A CA that may issue for one country only."""
    return made(KEY, (*CA, (x509.NameConstraints([FOLDER_NAME], None), critical)))


UNFIT: dict[str, Callable[[], x509.Certificate]] = {
    "its key is EC on brainpoolP256r1, and must be": lambda: made(ec.generate_private_key(ec.BrainpoolP256R1()), CA),
    "its key is EC on secp224r1, and must be": lambda: made(ec.generate_private_key(ec.SECP224R1()), CA),
    "its key is Ed25519, and must be": lambda: made(ed25519.Ed25519PrivateKey.generate(), CA, hashed=None),
    "its key is RSA of 1024 bit, and must be": lambda: made(load("rsa-1024").key, CA),
    "critical nameConstraints extension contains an unsupported directoryName constraint": lambda: constrained(
        critical=True
    ),
    "the critical extension CertificatePolicies": lambda: made(KEY, (*CA, (POLICY, True))),
    "the critical extension PolicyConstraints": lambda: made(KEY, (*CA, (x509.PolicyConstraints(0, None), True))),
    "the critical extension InhibitAnyPolicy": lambda: made(KEY, (*CA, (x509.InhibitAnyPolicy(0), True))),
    "the CA's keyUsage lacks keyCertSign": lambda: made(KEY, (CA[0], (pki.usage("crl_sign"), True))),
}


@pytest.mark.parametrize("words", UNFIT)
def test_ca_of_which_nothing_can_pass_is_refused_when_it_is_configured(words: str) -> None:
    """Whoever configures it learns the cause then, and not from every trader afterwards."""
    with pytest.raises(NotConfigured, match=re.escape(words)) as caught:
        check_authority(UNFIT[words]())
    assert str(caught.value).startswith("no certificate of the CA CN=CA can ever pass: ")


FIT: dict[str, Callable[[], x509.Certificate]] = {
    "P-256": lambda: made(KEY, CA),
    "P-384": lambda: made(ec.generate_private_key(ec.SECP384R1()), CA),
    "P-521": lambda: made(ec.generate_private_key(ec.SECP521R1()), CA),
    "RSA": lambda: certificate("ca"),
    "SHA-224 over itself": lambda: made(KEY, CA, hashed=SHA224()),
    "directory names, not critical": lambda: constrained(critical=False),
    "policies, not critical": lambda: made(KEY, (*CA, (POLICY, False))),
}


@pytest.mark.parametrize("kind", FIT)
def test_ca_that_is_taken_issues_what_passes(kind: str) -> None:
    """What the configuration lets through works: a certificate of that CA passes."""
    ca = FIT[kind]()
    check_authority(ca)
    if ca.public_key() == KEY.public_key():
        Trust((ca,)).check(leaf(), AT)


def test_ca_is_tried_once_and_refused_every_time() -> None:
    """A gateway that loads its trust anew tries no CA again; one that is unfit is told again and again."""
    fit, unfit = made(KEY, CA, hashed=SHA224()), UNFIT["the CA's keyUsage lacks keyCertSign"]()
    with calls() as first:
        check_authority(fit)
    with calls() as then:
        check_authority(fit)
        for _ in range(2):
            with pytest.raises(NotConfigured, match="can ever pass"):
                check_authority(unfit)

    assert (first[TRIAL], then[TRIAL]) == (1, 2)
