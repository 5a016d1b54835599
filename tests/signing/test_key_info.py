from datetime import datetime
from itertools import permutations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, said
from esad_gateway.signing.verifier import Verifier
from helpers import templates
from helpers.pki import certificate, load
from helpers.signature_edits import part, plain, replaced
from helpers.signatures import fingerprint_of, index, read, refusal, seal, tree, trust, verified, verifier

AT = index().at
OWN, OTHER, CA = "trader-rsa", "second-trader-rsa", "ca"
ORDERS = list(permutations((OWN, CA, "untrusted-ca")))


def with_certificates(*names: str) -> bytes:
    """A document signed by ``trader-rsa`` whose X509Data holds these certificates; KeyInfo is not signed."""
    element = part(plain(), "X509Certificate")
    return replaced(plain(), element, b"".join(_element(certificate(name)) for name in names))


def _element(held: x509.Certificate) -> bytes:
    body = held.public_bytes(Encoding.PEM).replace(b"-----BEGIN CERTIFICATE-----", b"")
    return b"<ds:X509Certificate>" + body.replace(b"-----END CERTIFICATE-----", b"") + b"</ds:X509Certificate>"


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_registered_certificate_is_found_in_a_chain_of_any_order(order: tuple[str, ...]) -> None:
    """The chain beside the signer's certificate is not believed, and its order says nothing."""
    assert verified(with_certificates(*order)).fingerprint == fingerprint_of("trader-rsa.cert.pem")


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_signer_is_found_without_a_registry(order: tuple[str, ...]) -> None:
    """Offline the signer's certificate is the one whose key the signature belongs to."""
    signed = Verifier(trust(), None).verify(tree(with_certificates(*order)), AT)
    assert signed.certificate_subject == "CN=LT00000000101"


@pytest.mark.parametrize("order", [(OWN, OTHER), (OTHER, OWN)], ids=" ".join)
def test_certificate_of_another_trader_beside_the_own_changes_nothing(order: tuple[str, ...]) -> None:
    """Two registered certificates: who signed is whose key signed, never who stands first."""
    signed = verified(with_certificates(*order))
    assert signed.holders == {"LT00000000101"}


def test_certificate_of_another_trader_alone_is_refused() -> None:
    """Naming somebody else's certificate proves nothing: the key has to verify."""
    assert refusal(tree(with_certificates(OTHER, CA))).step == 22


def test_chain_without_the_registered_certificate_is_refused_with_all_fingerprints() -> None:
    """None is registered: every one is named, so that the right one can be."""
    refused = refusal(tree(with_certificates(CA, "unregistered")))
    assert refused.step == 12
    assert f"{fingerprint_of('ca.cert.pem')} or {fingerprint_of('unregistered.cert.pem')}" in refused.reason


def test_certificate_that_was_replaced_is_passed_over_in_a_chain() -> None:
    """A registry that says why it refuses one certificate does not refuse the other that is registered."""
    replaced_one, held = fingerprint_of("second-trader-rsa.cert.pem"), fingerprint_of("trader-rsa.cert.pem")

    def holders(fingerprint: str, _at: datetime) -> frozenset[str]:
        if fingerprint == replaced_one:
            raise SignatureRefused(
                12,
                said("refused.replaced", fingerprint=fingerprint, other="0a", until="noon"),
                Said("wanted.key_in_place"),
            )
        return frozenset({"LT00000000101"}) if fingerprint == held else frozenset()

    judge = Verifier(trust(), holders)
    assert judge.verify(tree(with_certificates(OTHER, OWN)), AT).holders == {"LT00000000101"}
    with pytest.raises(SignatureRefused, match="was replaced by 0a"):
        judge.verify(tree(with_certificates(CA, OTHER)), AT)


def test_altered_document_with_a_chain_is_refused_for_its_digest() -> None:
    """With several certificates and no registry the cause stays the digest, not a CA's certificate in the chain."""
    document = with_certificates(CA, OWN).replace(b"fixture-0001", b"fixture-0002")
    verification = Verifier(trust(), None).explain(tree(document), AT)
    assert (verification.step, verification.subject) == (20, "CN=LT00000000101")


def test_refusal_names_the_trader_of_a_chain() -> None:
    """Whom a refused document claims to be from is not the CA that stands first."""
    document = with_certificates(CA, OWN).replace(b"fixture-0001", b"fixture-0002")
    assert verifier().explain(tree(document), AT).subject == "CN=LT00000000101"


def test_chain_with_rubbish_is_no_matter() -> None:
    """What stands beside the registered certificate is not even read."""
    document = replaced(plain(), b"<ds:X509Data>", b"<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate>")
    assert verified(document).holders == {"LT00000000101"}
    assert Verifier(trust(), None).verify(tree(document), AT).certificate_subject == "CN=LT00000000101"


def test_bare_key_is_not_believed() -> None:
    """A KeyValue of another key beside the certificate changes nothing: the registered certificate's key is used."""
    other = templates.key_value(certificate(OTHER))
    assert verified(replaced(plain(), b"<ds:X509Data>", other + b"<ds:X509Data>")).holders == {"LT00000000101"}


def test_signature_of_the_bare_key_is_refused() -> None:
    """Somebody's own key in KeyValue, and a registered certificate that is not theirs: refused."""
    root = tree(replaced(plain(), b"<ds:X509Data>", templates.key_value(certificate(OTHER)) + b"<ds:X509Data>"))
    assert refusal(tree(seal(root, load(OTHER).key))).step == 22


def test_unsigned_properties_are_not_believed() -> None:
    """A time stamp that nobody signed may be changed: what was proved stays the same, and nothing else is said."""
    root = read("valid/dss-rsa.xml")
    for stamp in root.iter("{*}EncapsulatedTimeStamp"):
        stamp.text = "AAAA"
    assert verifier().verify(root, AT).xades


@pytest.mark.parametrize("name", ["valid/dss-rsa.xml", "valid/dss-without-transforms-p256.xml"])
def test_signed_key_info_is_proved(name: str) -> None:
    """A KeyInfo that was signed may not be changed, not even in a hint that nobody believes."""
    root = read(name)
    next(root.iter("{*}X509IssuerName")).text = "CN=Another CA"
    refused = refusal(root)
    assert refused.step == 21
    assert refused.reason.startswith("the digest of KeyInfo is ")


def test_certificate_and_key_info_cost_no_second_parse() -> None:
    """Refusals of the chain come before any digest of the document."""
    with pytest.raises(SignatureRefused) as caught:
        verifier().verify(etree.fromstring(with_certificates(*["trader-rsa"] * 9)), AT)
    assert caught.value.step == 10
